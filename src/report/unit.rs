//! How a place of the JSON report is written for people, by the unit that its documentation names. Not where it stands.

use serde_json::Value;

use super::model::{Length, Moment};
use super::words;
use crate::gameday::metric::Unit as Measured;
use crate::lang::Lang;

/// The unit of a place in the JSON report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Text, as it is.
    Text,
    /// One of a few words, which other languages have words for.
    Word,
    /// A number that counts.
    Count,
    /// A number that names: a seed, an incident.
    Number,
    /// A share from 0 to 1, in percent.
    Share,
    /// Milliseconds that were measured.
    Millis,
    /// Microseconds that were measured.
    Micros,
    /// Per second.
    Rate,
    /// Milliseconds that something lasted.
    Length,
    /// The same by both clocks.
    Both,
    /// An instant: exercise clock and time of day.
    Moment,
    /// The same with its day.
    Date,
    /// Milliseconds since the recording began, as a clock.
    Clock,
    /// Yes or no.
    Truth,
    /// In multiples of something.
    Times,
}

impl Unit {
    /// Every unit with its name, as documentation and templates write it.
    pub const NAMED: [(&'static str, Self); 15] = [
        ("text", Self::Text),
        ("word", Self::Word),
        ("count", Self::Count),
        ("number", Self::Number),
        ("share", Self::Share),
        ("ms", Self::Millis),
        ("us", Self::Micros),
        ("rate", Self::Rate),
        ("length", Self::Length),
        ("both", Self::Both),
        ("moment", Self::Moment),
        ("date", Self::Date),
        ("clock", Self::Clock),
        ("truth", Self::Truth),
        ("times", Self::Times),
    ];

    /// The unit of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMED.into_iter().find(|(known, _)| *known == name).map(|(_, unit)| unit)
    }

    /// What stands at a place, for people; `None`: nothing, or nothing of this unit.
    pub fn show(self, value: &Value, lang: &Lang) -> Option<String> {
        let measured = |unit: Measured| value.as_f64().map(|value| unit.show(value));
        match self {
            Self::Text => value.as_str().map(str::to_owned),
            Self::Word => value.as_str().map(|word| words::word(lang, word)),
            Self::Count => measured(Measured::Count),
            Self::Number => value.is_number().then(|| value.to_string()),
            Self::Share => measured(Measured::Share),
            Self::Millis => measured(Measured::Millis),
            Self::Micros => value.as_f64().map(|value| Measured::Millis.show(value / 1_000.0)),
            Self::Rate => measured(Measured::PerSecond),
            Self::Length => value.as_u64().map(words::length),
            Self::Both => length(value).map(|both| words::taken(lang, both)),
            Self::Moment => moment(value).map(|at| words::moment(lang, at)),
            Self::Date => moment(value).map(|at| words::date(at.wall_ms)),
            Self::Clock => value.as_u64().map(words::clock_words),
            Self::Times => value.as_f64().map(words::times),
            Self::Truth => value
                .as_bool()
                .map(|yes| lang.say(if yes { "report-yes" } else { "report-no" }).into_owned()),
        }
    }
}

fn moment(value: &Value) -> Option<Moment> {
    Some(Moment {
        elapsed_ms: value.get("elapsed_ms")?.as_u64()?,
        clock_ms: value.get("clock_ms")?.as_u64(),
        wall_ms: value.get("wall_ms")?.as_i64()?,
        dated: value.get("dated").and_then(Value::as_bool),
    })
}

fn length(value: &Value) -> Option<Length> {
    Some(Length {
        running_ms: value.get("running_ms")?.as_u64()?,
        total_ms: value.get("total_ms")?.as_u64()?,
    })
}
