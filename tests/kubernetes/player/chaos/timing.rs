//! When an experiment is to run and when to stop, and spans of time as Go reads them. Pure.

use std::time::Duration;

use serde_json::Value;

use super::record::Desired;

/// Why an experiment stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    Deleted,
    TimeUp,
    Paused,
}

impl Stop {
    pub fn reason(self) -> (&'static str, &'static str) {
        match self {
            Self::Deleted => ("Deleted", "Experiment has been deleted"),
            Self::TimeUp => ("TimeUp", "Time up according to the duration"),
            Self::Paused => ("Paused", "Experiment has been paused"),
        }
    }
}

/// What an experiment is to be now, why, and after how long it may be something else.
pub struct Phase {
    pub desired: Desired,
    pub stop: Option<Stop>,
    pub again: Option<Duration>,
}

/// `age`: since it was created, the only thing that the duration counts from.
pub fn phase(spec: &Value, one_shot: bool, deleted: bool, paused: bool, age: Duration) -> Phase {
    let stopped = |stop| Phase { desired: Desired::Stop, stop: Some(stop), again: None };
    if deleted {
        return stopped(Stop::Deleted);
    }
    let runs = |again| Phase { desired: Desired::Run, stop: None, again };
    if one_shot {
        return runs(None);
    }
    // What cannot be read never stops it.
    let lasts = spec["duration"].as_str().and_then(go);
    let left = lasts.map(|lasts| lasts - age.as_secs_f64());
    if left.is_some_and(|left| left <= 0.0) {
        return stopped(Stop::TimeUp);
    }
    let again = left.map(Duration::from_secs_f64);
    if paused {
        return Phase { again, ..stopped(Stop::Paused) };
    }
    runs(again)
}

/// Seconds of a span as Go writes it: `1h2m`, `-1.5s`, `300ms`.
pub fn go(text: &str) -> Option<f64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0.0);
    }
    let mut seconds = 0.0;
    let mut any = false;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let letters = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
        seconds += number
            * match &rest[..letters] {
                "ns" => 1e-9,
                "us" | "µs" => 1e-6,
                "ms" => 1e-3,
                "s" => 1.0,
                "m" => 60.0,
                "h" => 3600.0,
                _ => return None,
            };
        rest = &rest[letters..];
        any = true;
    }
    any.then_some(sign * seconds)
}

#[test]
fn the_desired_phase_follows_deletion_kind_duration_and_pause_in_this_order() {
    use serde_json::json;
    let at = |spec: Value, one_shot, deleted, paused, age| {
        let phase = phase(&spec, one_shot, deleted, paused, Duration::from_secs(age));
        (phase.stop, phase.again.map(|again| again.as_secs()))
    };
    let minute = || json!({"duration": "1m"});
    assert_eq!(at(minute(), false, false, false, 20), (None, Some(40)));
    assert_eq!(at(minute(), false, false, false, 60), (Some(Stop::TimeUp), None));
    assert_eq!(at(minute(), false, false, true, 20), (Some(Stop::Paused), Some(40)));
    assert_eq!(at(minute(), false, true, true, 70), (Some(Stop::Deleted), None));
    assert_eq!(at(minute(), true, false, true, 70), (None, None));
    assert_eq!(at(json!({"duration": "-5s"}), false, false, false, 0).0, Some(Stop::TimeUp));
    for never in ["", "5minutes"] {
        assert_eq!(at(json!({"duration": never}), false, false, false, 9_999), (None, None));
    }
    assert_eq!(go("1h2m3.5s"), Some(3723.5));
    assert_eq!(go("90"), None);
}
