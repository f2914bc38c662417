//! A place in a recording as people type it. Not the going there.

use std::time::Duration;

use crate::exercise::state::State;
use crate::gameday::span::Span;
use crate::tui::axis::Axis;

const DAY: i64 = 24 * 60 * 60 * 1_000;

/// What was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Since the recording began: `12m30s`, `1:02:03`, `90`.
    Recorded(Span),
    /// On the exercise clock: `T+12m30s`.
    Exercise(Span),
    /// So much further: `+30s`.
    Later(Span),
    /// So much back: `-30s`.
    Earlier(Span),
    /// The time of day, UTC, in milliseconds since midnight: `14:05`.
    Clock(i64),
}

/// Reads it; `None`: it is none.
pub fn parse(text: &str) -> Option<When> {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix(['T', 't']).and_then(|rest| rest.strip_prefix('+')) {
        return span(rest).map(When::Exercise);
    }
    if let Some(rest) = text.strip_prefix('+') {
        return span(rest).map(When::Later);
    }
    if let Some(rest) = text.strip_prefix(['-', '−']) {
        return span(rest).map(When::Earlier);
    }
    if text.matches(':').count() == 1 {
        let (hours, minutes) = text.split_once(':')?;
        let (hours, minutes) = (figures(hours)?, figures(minutes)?);
        let millis = i64::try_from((hours * 60 + minutes) * 60_000).ok()?;
        return (hours < 24 && minutes < 60).then_some(When::Clock(millis));
    }
    span(text).map(When::Recorded)
}

fn figures(text: &str) -> Option<u64> {
    let plain = (1..=6).contains(&text.len()) && text.bytes().all(|one| one.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// `12m30s`, `1:02:03`, or seconds alone.
fn span(text: &str) -> Option<Span> {
    let text = text.trim();
    if let Some(secs) = figures(text) {
        return Some(Span::from_secs(secs));
    }
    if text.contains(':') {
        let parts: Vec<u64> = text.split(':').map(figures).collect::<Option<_>>()?;
        let [hours, minutes, secs] = *parts.as_slice() else { return None };
        let fits = minutes < 60 && secs < 60;
        return fits.then(|| Span::from_secs((hours * 60 + minutes) * 60 + secs));
    }
    // A year is more than any recording has.
    let length = humantime::parse_duration(text).ok()?;
    (length < Duration::from_secs(366 * 24 * 60 * 60)).then(|| length.into())
}

impl When {
    /// Where it is in a recording whose last state is `end`, seen from `at`; a time of day is the next one since the
    /// recording began, or the last where that lies behind its end.
    pub fn resolve(self, at: Span, end: &State) -> Span {
        match self {
            Self::Recorded(span) => span,
            Self::Exercise(span) => Axis::new(end, end.now).elapsed_at(span).unwrap_or_default(),
            Self::Later(span) => at + span,
            Self::Earlier(span) => at.saturating_sub(span),
            Self::Clock(millis) => {
                let began = end.header.began.rem_euclid(DAY);
                let after = (millis - began).rem_euclid(DAY);
                Span::from_millis(after.unsigned_abs())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_as_people_type_it() {
        let secs = Span::from_secs;
        for (text, want) in [
            ("12m30s", Some(When::Recorded(secs(750)))),
            (" 12m 30s ", Some(When::Recorded(secs(750)))),
            ("1:02:03", Some(When::Recorded(secs(3_723)))),
            ("90", Some(When::Recorded(secs(90)))),
            ("1h", Some(When::Recorded(secs(3_600)))),
            ("+30s", Some(When::Later(secs(30)))),
            ("-30", Some(When::Earlier(secs(30)))),
            ("-1m", Some(When::Earlier(secs(60)))),
            ("T+5m", Some(When::Exercise(secs(300)))),
            ("t+0:05:00", Some(When::Exercise(secs(300)))),
            ("14:05", Some(When::Clock(50_700_000))),
            ("24:05", None),
            ("14:60", None),
            ("1:60:00", None),
            ("1:2:3:4", None),
            ("", None),
            ("+", None),
            ("soon", None),
            ("12x", None),
            ("99999999999999999999", None),
            ("5000000000y", None),
        ] {
            assert_eq!(parse(text), want, "{text:?}");
        }
    }
}
