//! Suggestions from what was outside in a watch, and whether anything told anybody.

use super::found::{Found, millis};
use crate::exercise::incident::{Incident, IncidentStatus};
use crate::exercise::stamp::Stamp;
use crate::exercise::state::State;
use crate::exercise::times::real_incidents;
use crate::gameday::span::Span;
use crate::lang::Lang;
use crate::report::model::{Report, Slo, Suggestion, Violation, Watch};
use crate::report::words::length;

/// From here on somebody should have been told.
const TOLD: Span = Span::from_secs(60);

/// All of them; none where it is no watch.
pub(super) fn all(state: &State, report: &Report, lang: &Lang) -> Vec<Suggestion> {
    let Some(watch) = &report.watch else { return Vec::new() };
    let each = report.slos.iter().filter_map(|slo| nothing_told(state, report, watch, slo));
    each.map(|one| one.suggestion(lang)).collect()
}

/// The longest time outside an SLO during which no alert fired and no incident was open.
fn nothing_told(state: &State, report: &Report, watch: &Watch, slo: &Slo) -> Option<Found> {
    // Without a word from whoever knows the alerts, nobody can say that none fired.
    if watch.alert_source.is_none() || watch.alerts_unknown.is_some() {
        return None;
    }
    let since = watch.since?.elapsed_ms;
    let end = |one: &Violation| one.to.unwrap_or(report.last).elapsed_ms;
    let quiet = |one: &&Violation| {
        let (from, to) = (one.from.elapsed_ms, end(one));
        let fired = watch.alerts.iter().any(|alert| {
            let until = alert.to.unwrap_or(report.last).elapsed_ms;
            alert.from.elapsed_ms < to && until > from
        });
        let open = real_incidents(state).any(|incident| {
            let (opened, closed) = open(incident, state.now);
            opened < to && closed > from
        });
        // What alerts there were before somebody watched is not known.
        from >= since && !fired && !open
    };
    let lasted = |one: &Violation| end(one).saturating_sub(one.from.elapsed_ms);
    let longest = slo.violations.iter().filter(quiet).max_by_key(|one| lasted(one))?;
    let lasted = lasted(longest);
    (lasted >= millis(TOLD)).then(|| Found {
        category: "detection",
        rule: "nothing-told",
        places: vec![("name", slo.name.clone())],
        from: longest.from,
        to: longest.to,
        metric: slo.metric.as_str().into(),
        value: lasted as f64,
        value_words: length(lasted),
        lines: super::found::lines_of(state, &["log-breached"], Some(&slo.name)),
    })
}

/// From when to when an incident was open.
fn open(incident: &Incident, now: Stamp) -> (u64, u64) {
    let resolved = incident.moves.iter().rfind(|(_, to, _)| *to == IncidentStatus::Resolved);
    let closed = resolved.filter(|_| incident.status.is_closed()).map_or(now, |(at, ..)| *at);
    (incident.opened.elapsed.as_millis(), closed.elapsed.as_millis())
}
