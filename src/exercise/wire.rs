//! An event as one line of JSON, and back. Not the file it stands in, and not the hash chain around it.
//!
//! `{"seq":3,"t":61000,"at":1795363561000,"type":"phase-started","data":{"phase":0}}`; `data` is absent where
//! an event has nothing to say. A type this program does not know is kept as it is; a type it does know with
//! data that does not fit is an error.

mod sane;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::event::{Envelope, Event};
use super::stamp::Stamp;
use crate::gameday::span::Span;

/// Every type this program writes.
pub const KINDS: [&str; 82] = [
    "target-ready",
    "target-failed",
    "preflight-started",
    "steady-state-checked",
    "briefing-held",
    "go-given",
    "no-go-overridden",
    "reach-approved",
    "phase-started",
    "phase-ended",
    "phase-extended",
    "closing-started",
    "held",
    "resumed",
    "halted",
    "released",
    "injection-armed",
    "injection-started",
    "injection-active",
    "injection-failed",
    "injection-skipped",
    "injection-delayed",
    "revert-started",
    "reverted",
    "revert-failed",
    "silence-agreed",
    "silence-started",
    "silence-active",
    "silence-failed",
    "lift-started",
    "lifted",
    "lift-failed",
    "load-followed",
    "load-overridden",
    "load-stopped",
    "load-failed",
    "sampled",
    "target-seen",
    "cluster-noted",
    "slo-breached",
    "slo-recovered",
    "guardrail-fired",
    "guardrail-cleared",
    "observed",
    "failed-over",
    "checkpoint-taken",
    "comparison-started",
    "integrity-checked",
    "integrity-failed",
    "watch-started",
    "watch-resumed",
    "then-known",
    "asking-changed",
    "share-heard",
    "alerts-changed",
    "alerts-unknown",
    "lever-pulled",
    "lever-done",
    "logged",
    "entry-edited",
    "moment-pinned",
    "incident-opened",
    "incident-moved",
    "incident-edited",
    "incident-linked",
    "suggestion-set-aside",
    "real-incident-declared",
    "team-added",
    "person-joined",
    "role-taken",
    "card-shown",
    "card-drawn",
    "card-acknowledged",
    "hint-given",
    "board-shown",
    "board-hidden",
    "objective-scored",
    "expectation-judged",
    "improvement-noted",
    "improvement-dropped",
    "earlier-settled",
    "ended",
];

/// Why a line is no event, or an event cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// Not JSON at all.
    #[error("not JSON: {0}")]
    NotJson(String),
    /// JSON, but a field every event has is missing or wrong.
    #[error("not an event: {0}")]
    NotAnEvent(&'static str),
    /// A known type whose data does not fit it.
    #[error("{kind}: {why}")]
    WrongData { kind: String, why: String },
}

#[derive(Serialize)]
struct Known<'a> {
    seq: u64,
    t: Span,
    at: i64,
    #[serde(flatten)]
    event: &'a Event,
}

#[derive(Serialize)]
struct Foreign<'a> {
    seq: u64,
    t: Span,
    at: i64,
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(skip_serializing_if = "Value::is_null")]
    data: &'a Value,
}

/// Writes an event as one line, without the line's end.
///
/// # Errors
/// When it holds a figure that JSON or the format cannot carry: not finite, or beyond any sane range.
pub fn encode(envelope: &Envelope) -> Result<String, WireError> {
    sane::check(envelope)
        .map_err(|why| WireError::WrongData { kind: kind_of(&envelope.event), why })?;
    let (seq, t, at) = (envelope.seq, envelope.stamp.elapsed, envelope.stamp.wall);
    let line = match &envelope.event {
        Event::Unknown { kind, data } => {
            if KINDS.contains(&kind.as_str()) {
                let why = "a type this program knows cannot stand for an unknown one".to_owned();
                return Err(WireError::WrongData { kind: kind.clone(), why });
            }
            serde_json::to_string(&Foreign { seq, t, at, kind, data })
        }
        event => serde_json::to_string(&Known { seq, t, at, event }),
    };
    line.map_err(|error| WireError::WrongData {
        kind: kind_of(&envelope.event),
        why: error.to_string(),
    })
}

/// Reads an event from one line.
///
/// # Errors
/// When the line is no event, or a known type has data that does not fit.
pub fn decode(line: &str) -> Result<Envelope, WireError> {
    match measured(line) {
        Some(envelope) => Ok(envelope),
        None => any(line),
    }
}

/// A line as it mostly is.
#[derive(Deserialize)]
struct Measured<'a> {
    seq: u64,
    t: Span,
    at: i64,
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(borrow)]
    data: &'a RawValue,
}

/// The two events that come each second, in one pass: nearly all of a recording. `None`: it is another one, or there
/// is something about it; [`any`] says what.
fn measured(line: &str) -> Option<Envelope> {
    let Measured { seq, t, at, kind, data } = serde_json::from_str(line).ok()?;
    let event = match kind {
        "sampled" => Event::Sampled(serde_json::from_str(data.get()).ok()?),
        "observed" => Event::Observed(serde_json::from_str(data.get()).ok()?),
        _ => return None,
    };
    let envelope = Envelope { seq, stamp: Stamp::new(t, at), event };
    sane::check(&envelope).is_ok().then_some(envelope)
}

fn any(line: &str) -> Result<Envelope, WireError> {
    let value: Value =
        serde_json::from_str(line).map_err(|error| WireError::NotJson(error.to_string()))?;
    let Value::Object(mut fields) = value else {
        return Err(WireError::NotAnEvent("it is no JSON object"));
    };
    let seq = fields.get("seq").and_then(Value::as_u64);
    let seq = seq.ok_or(WireError::NotAnEvent("no number `seq`"))?;
    let t = fields.get("t").and_then(Value::as_u64);
    let elapsed = t.map(Span::from_millis).ok_or(WireError::NotAnEvent("no time `t`"))?;
    let at = fields.get("at").and_then(Value::as_i64);
    let wall = at.ok_or(WireError::NotAnEvent("no time `at`"))?;
    let Some(Value::String(kind)) = fields.remove("type") else {
        return Err(WireError::NotAnEvent("no text `type`"));
    };
    let event = event_from(&kind, fields.remove("data"))?;
    let envelope = Envelope { seq, stamp: Stamp::new(elapsed, wall), event };
    match sane::check(&envelope) {
        Ok(()) => Ok(envelope),
        Err(why) => Err(WireError::WrongData { kind, why }),
    }
}

fn event_from(kind: &str, data: Option<Value>) -> Result<Event, WireError> {
    if !KINDS.contains(&kind) {
        return Ok(Event::Unknown { kind: kind.to_owned(), data: data.unwrap_or(Value::Null) });
    }
    let mut tagged = Map::new();
    tagged.insert("type".to_owned(), Value::String(kind.to_owned()));
    if let Some(data) = data {
        tagged.insert("data".to_owned(), data);
    }
    Event::deserialize(Value::Object(tagged))
        .map_err(|error| WireError::WrongData { kind: kind.to_owned(), why: error.to_string() })
}

/// The `type` of an event as it is written.
pub fn kind_of(event: &Event) -> String {
    if let Event::Unknown { kind, .. } = event {
        return kind.clone();
    }
    match serde_json::to_value(event) {
        Ok(Value::Object(mut fields)) => match fields.remove("type") {
            Some(Value::String(kind)) => kind,
            _ => String::new(),
        },
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// serde itself names every type it knows when it meets one it does not.
    #[test]
    fn the_list_of_kinds_is_the_one_serde_knows() {
        let error = serde_json::from_str::<Event>(r#"{"type":"?"}"#).unwrap_err().to_string();
        let (_, list) = error.split_once("expected one of ").expect(&error);
        let list = list.split(" at line").next().unwrap();
        let known: Vec<&str> = list.split(", ").map(|word| word.trim_matches('`')).collect();
        assert_eq!(known, KINDS);
    }

    #[test]
    fn a_line_looks_as_promised() {
        let envelope = Envelope {
            seq: 3,
            stamp: Stamp::new(Span::from_secs(61), 1_795_363_561_000),
            event: Event::PhaseStarted { phase: 0 },
        };
        let line =
            r#"{"seq":3,"t":61000,"at":1795363561000,"type":"phase-started","data":{"phase":0}}"#;
        assert_eq!(encode(&envelope).unwrap(), line);
        assert_eq!(decode(line).unwrap(), envelope);
    }

    #[test]
    fn an_unknown_type_is_kept_and_a_known_one_must_fit() {
        let line = r#"{"seq":1,"t":0,"at":0,"type":"from-tomorrow","data":{"a":[1,2.5,null]}}"#;
        let envelope = decode(line).unwrap();
        assert!(matches!(&envelope.event, Event::Unknown { kind, .. } if kind == "from-tomorrow"));
        assert_eq!(encode(&envelope).unwrap(), line);

        for (data, word) in [
            (r#"{"phase":"zero"}"#, "invalid type"),
            (r#"{"phase":-1}"#, "invalid value"),
            ("{}", "missing field"),
        ] {
            let line = format!(r#"{{"seq":1,"t":0,"at":0,"type":"phase-started","data":{data}}}"#);
            let error = decode(&line).unwrap_err().to_string();
            assert!(error.starts_with("phase-started: ") && error.contains(word), "{error}");
        }
    }

    #[test]
    fn figures_that_json_cannot_carry_are_refused_and_not_turned_into_null() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300] {
            let event = Event::SloBreached { slo: 0, value };
            let envelope = Envelope { seq: 1, stamp: Stamp::default(), event };
            assert!(encode(&envelope).is_err(), "{value}");
        }
        let far = r#"{"seq":1,"t":18446744073709551615,"at":0,"type":"load-stopped"}"#;
        assert!(decode(far).unwrap_err().to_string().contains("beyond"), "a time out of range");
    }
}
