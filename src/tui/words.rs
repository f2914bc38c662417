//! Domain values in the words of the screen: times, limits, states. Not their placing, and not faults (see `fault`).

use crate::exercise::blast::Risk;
use crate::exercise::improvement::Category;
use crate::exercise::incident::IncidentStatus;
use crate::exercise::log::LogEntry;
use crate::exercise::stamp::Stamp;
use crate::exercise::state::{InjectionStatus, Stage, State};
use crate::gameday::metric::Unit;
use crate::gameday::plan::Limit;
use crate::gameday::span::Span;

/// `01:02:03`, as on a clock.
pub fn clock(span: Span) -> String {
    let secs = span.as_millis() / 1_000;
    format!("{:02}:{:02}:{:02}", secs / 3_600, secs / 60 % 60, secs % 60)
}

/// `1h02m`, `1m12s`, `7s`: as people say it, in whole seconds.
pub fn span(span: Span) -> String {
    let secs = span.as_millis() / 1_000;
    match (secs / 3_600, secs / 60 % 60, secs % 60) {
        (0, 0, s) => format!("{s}s"),
        (0, m, s) => format!("{m}m{s:02}s"),
        (h, m, _) => format!("{h}h{m:02}m"),
    }
}

/// The time of day in a watch, as everybody else has it on the clock; in an exercise what its own clock showed.
pub fn time(state: &State, at: Stamp) -> String {
    if state.is_watch() { wall(at.wall, true) } else { clock(state.exercise_time(at)) }
}

/// The same of a line of the log.
pub fn time_of(state: &State, entry: &LogEntry) -> String {
    if state.is_watch() { wall(entry.stamp.wall, true) } else { clock(entry.exercise_time) }
}

/// What remains, rounded up: something that has not happened yet is never `0s` away.
pub fn remaining(left: Span) -> String {
    span(Span::from_secs(left.as_millis().div_ceil(1_000)))
}

/// `12:34:56` of a wall time in milliseconds since 1970, UTC; without seconds where nothing counts them.
pub fn wall(millis: i64, seconds: bool) -> String {
    let secs = millis.div_euclid(1_000).rem_euclid(86_400);
    let (hours, minutes) = (secs / 3_600, secs / 60 % 60);
    if seconds {
        format!("{hours:02}:{minutes:02}:{:02}", secs % 60)
    } else {
        format!("{hours:02}:{minutes:02}")
    }
}

/// A value in as few cells as it takes: `99.9%`, `200ms`.
pub fn short(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Share => format!("{}%", (value * 1e6).round() / 1e4),
        Unit::Millis if value < 10_000.0 => format!("{}ms", (value * 100.0).round() / 100.0),
        _ => unit.show(value),
    }
}

/// A limit in as few cells as it takes: `≥99.9%`, `≤200ms`.
pub fn limit(limit: &Limit) -> String {
    let show = |value| short(limit.metric.unit(), value);
    match (limit.min, limit.max) {
        (Some(min), Some(max)) => format!("{}–{}", show(min), show(max)),
        (Some(min), None) => format!("≥{}", show(min)),
        (None, Some(max)) => format!("≤{}", show(max)),
        (None, None) => String::new(),
    }
}

/// The sign of an injection's status: never the colour alone.
pub const fn sign(status: InjectionStatus) -> &'static str {
    match status {
        InjectionStatus::Planned => "◆",
        InjectionStatus::Armed | InjectionStatus::Injecting => "◈",
        InjectionStatus::Active => "●",
        InjectionStatus::Reverting => "◌",
        InjectionStatus::Reverted => "✓",
        InjectionStatus::Failed => "✗",
        InjectionStatus::Skipped => "–",
        InjectionStatus::NotReverted => "▲",
    }
}

/// The exercise in one word: its shape, and the key of its word in the catalogues.
pub fn stage(state: &State) -> (&'static str, &'static str) {
    let watches = state.is_watch();
    match state.stage {
        Stage::Ended => ("□", "stage-ended"),
        _ if state.real.is_some() => ("▲", "stage-real"),
        _ if watches => ("◉", "stage-watch"),
        Stage::Preparing => ("○", "stage-preparing"),
        Stage::NoGo => ("✗", "stage-no-go"),
        _ if state.halted.is_some() => ("■", "stage-halted"),
        Stage::Preflight => ("◔", "stage-preflight"),
        Stage::Closing => ("◕", "stage-closing"),
        Stage::Running if state.held.is_some() => ("‖", "stage-held"),
        Stage::Running => ("►", "stage-running"),
    }
}

/// The key of an improvement's category in the catalogues.
pub const fn category(category: Category) -> &'static str {
    match category {
        Category::Automation => "category-automation",
        Category::Detection => "category-detection",
        Category::Resilience => "category-resilience",
        Category::Capacity => "category-capacity",
        Category::Runbook => "category-runbook",
        Category::Process => "category-process",
    }
}

/// The key of an incident's status in the catalogues.
pub const fn incident(status: IncidentStatus) -> &'static str {
    match status {
        IncidentStatus::Open => "incident-open",
        IncidentStatus::Acknowledged => "incident-acknowledged",
        IncidentStatus::Investigating => "incident-investigating",
        IncidentStatus::Mitigated => "incident-mitigated",
        IncidentStatus::Resolved => "incident-resolved",
        IncidentStatus::FalseAlarm => "incident-false-alarm",
        IncidentStatus::Duplicate => "incident-duplicate",
    }
}

/// The key of a risk in the catalogues.
pub const fn risk(risk: Risk) -> &'static str {
    match risk {
        Risk::Low => "risk-low",
        Risk::Medium => "risk-medium",
        Risk::High => "risk-high",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_people_say_them() {
        for (millis, said, clocked) in [
            (0, "0s", "00:00:00"),
            (7_900, "7s", "00:00:07"),
            (72_000, "1m12s", "00:01:12"),
            (3_725_000, "1h02m", "01:02:05"),
        ] {
            assert_eq!(span(Span::from_millis(millis)), said);
            assert_eq!(clock(Span::from_millis(millis)), clocked);
        }
        assert_eq!(remaining(Span::from_millis(1)), "1s");
        assert_eq!(remaining(Span::ZERO), "0s");
        assert_eq!(wall(20_779 * 86_400_000 + 3_661_000, true), "01:01:01");
        assert_eq!(wall(-1_000, true), "23:59:59");
    }
}
