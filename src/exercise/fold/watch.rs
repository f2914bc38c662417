//! The fold's part for watching a real system: when it began, what its monitoring says, how far that can be trusted.

use super::say::say;
use crate::exercise::event::{Envelope, Event};
use crate::exercise::log::Audience;
use crate::exercise::said::said;
use crate::exercise::state::{ExerciseClock, Stage, State};
use crate::exercise::watch::Asking;
use crate::gameday::metric::Metric;
use crate::gameday::plan::Slo;
use crate::gameday::query::Query;
use crate::gameday::span::Span;

/// Takes one event about watching in.
pub(super) fn apply(state: &mut State, envelope: &Envelope) {
    let now = envelope.stamp;
    match &envelope.event {
        Event::WatchStarted => {
            state.stage = Stage::Running;
            state.stage_since = now;
            state.watching.since = Some(now);
            // It counts from before the beginning, as far back as the monitoring is asked.
            state.clock = ExerciseClock { banked: Span::ZERO, since: Some(Span::ZERO) };
            let source = state.header.watch.as_ref().map_or("", |watch| watch.source.as_str());
            let text = said!("log-watch-started", "Watching {source}", source = source);
            say(state, envelope, text, Audience::All);
        }
        Event::WatchResumed { away } => {
            let millis = i64::try_from(away.as_millis()).unwrap_or(i64::MAX);
            let left = now.back_at(now.wall.saturating_sub(millis));
            state.watching.away.push((left, now));
            let text = said!("log-watch-resumed", "Watching again after {away}", away = away);
            say(state, envelope, text, Audience::All);
        }
        Event::ThenKnown { readings } => {
            for reading in readings {
                let after = state.readings.last().is_none_or(|last| reading.start >= last.end());
                if after && !state.readings.go_on(|next| next == reading) {
                    state.readings.push(reading.clone());
                }
            }
        }
        Event::AskingChanged { query, asking } => asked(state, envelope, *query, asking),
        Event::ShareHeard { service, over, share } => {
            if let Some(account) = state.watching.accounts.get_mut(*service) {
                account.take(*over, *share, now);
            }
            state.watching.remember_burns(*service, now);
        }
        Event::AlertsChanged { alerts } => {
            let known = state.watching.alerts.fired.len();
            state.watching.alerts.take(alerts, now);
            let fired: Vec<String> = state
                .watching
                .alerts
                .fired
                .iter()
                .skip(known)
                .map(|one| one.alert.name.clone())
                .collect();
            if !fired.is_empty() {
                let text = said!("log-alerts", "Alert fires: {alerts}", alerts = fired.join(", "));
                say(state, envelope, text, Audience::All);
            }
        }
        Event::AlertsUnknown { why } => {
            let new = state.watching.alerts.unknown.is_none();
            state.watching.alerts.unknown = Some((now, why.clone()));
            if new {
                let text = said!("log-alerts-unknown", "Alerts are not known: {why}", why = why);
                say(state, envelope, text, Audience::All);
            }
        }
        _ => {}
    }
}

/// It is told once when data stops to come, of whichever query, and once when all of it comes again.
fn asked(state: &mut State, envelope: &Envelope, query: usize, asking: &Asking) {
    let silent = |state: &State| state.watching.asking.iter().any(|one| one.silent.is_some());
    let before = silent(state);
    let Some(place) = state.watching.asking.get_mut(query) else { return };
    *place = asking.clone();
    state.watching.remember_silence(query, envelope.stamp);
    let queries = state.header.queries();
    if asking.silent.is_some() {
        no_value(state, queries.get(query).copied());
    }
    let name = queries.get(query).map_or("", |query| query.name());
    let text = match (before, silent(state)) {
        (false, true) => {
            let why = asking.standing(envelope.stamp).said().unwrap_or_default();
            said!("log-silent", "{query}: {why}", query = name, why = why)
        }
        (true, false) => said!("log-heard-again", "Every query has current data again"),
        _ => return,
    };
    say(state, envelope, text, Audience::All);
}

/// What is silent has no value now, also where nothing more is read.
fn no_value(state: &mut State, query: Option<Query>) {
    let Some(metric) = query.map(Metric::Asked) else { return };
    for (run, slo) in state.slos.iter_mut().zip(&state.header.plan.slos) {
        if slo.limit.metric == metric {
            run.value = None;
        }
    }
}

/// Since when the last readings have been outside an SLO without a break; `None`: the last one is not, or it is no watch.
/// What was outside before somebody looked was outside all the same.
pub(super) fn outside_since(state: &State, slo: &Slo) -> Option<Span> {
    state.header.watch.as_ref()?;
    let metric = slo.limit.metric;
    let mut since = None;
    for reading in state.readings.iter().rev() {
        match reading.value(metric) {
            Some(value) if !slo.limit.holds(value) => since = Some(reading.start),
            // A gap says nothing of what was before it.
            _ => break,
        }
    }
    since
}
