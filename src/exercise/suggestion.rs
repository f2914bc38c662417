//! Suggestions of incidents from what was measured: what asks for one, and which injection is likely behind it. Not the
//! opening of it.

use super::alert::Alert;
use super::id::InjectionId;
use super::incident::{Incident, Severity};
use super::said::{Said, said};
use super::signal::Signal;
use super::stamp::Stamp;
use super::state::State;
use super::times::{AFTERMATH, EARLY, cause, is_real, likely};
use crate::gameday::plan::GuardrailAction;
use crate::gameday::span::Span;

/// What somebody may make an incident of with one key.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// What asks for it.
    pub signal: Signal,
    /// Since when.
    pub at: Stamp,
    /// A title to begin with.
    pub title: Said,
    /// How bad; unsure, the higher.
    pub severity: Severity,
    /// The injection that is likely behind it, by time and target. For the facilitator alone.
    pub injection: Option<InjectionId>,
}

/// What asks for an incident at `now`, the oldest first. Not what has one, what was set aside, and what ended more than
/// [`AFTERMATH`] ago.
pub fn suggestions(state: &State, now: Stamp) -> Vec<Suggestion> {
    let recent = |to| is_recent(to, now);
    let slos = state.plan().slos.iter().zip(&state.slos).enumerate();
    let slos = slos.flat_map(|(slo, (plan, run))| {
        let open = run.violations.iter().enumerate().filter(|(_, one)| recent(one.to));
        open.map(move |(nth, one)| {
            let unit = plan.limit.metric.unit();
            let title = said!(
                "asks-slo",
                "SLO {name}: {value} ({limit})",
                name = &plan.name,
                value = unit.show(one.worst),
                limit = plan.limit.to_string()
            );
            (Signal::Slo { slo, nth }, one.from, title, Severity::Sev2, Vec::new())
        })
    });
    let rules = state.plan().guardrails.iter().zip(&state.guardrails).enumerate();
    let rules = rules.flat_map(|(rule, (plan, run))| {
        let last = run.fired.len().checked_sub(1).filter(|_| run.firing);
        last.and_then(|nth| run.fired.get(nth).map(|fired| (nth, fired.0))).map(|(nth, at)| {
            let severity = match plan.then {
                GuardrailAction::Warn => Severity::Sev2,
                GuardrailAction::Hold | GuardrailAction::Halt => Severity::Sev1,
            };
            // The rule itself is the facilitator's: the title may reach participants.
            let value = run.fired.get(nth).map_or(0.0, |fired| fired.1);
            let metric = plan.when.metric;
            let title = said!(
                "asks-guardrail",
                "{metric} is {value}",
                metric = metric.to_string(),
                value = metric.unit().show(value)
            );
            (Signal::Guardrail { rule, nth }, at, title, severity, Vec::new())
        })
    });
    let pods = state.outages.iter().enumerate().filter(|(_, one)| recent(one.to));
    let pods = pods.map(|(nth, one)| {
        let title = match one.pods.as_slice() {
            [only] => said!("asks-pod", "{pod} is dead", pod = only),
            several => said!(
                "asks-pods",
                "{count} pods of {app} are dead",
                count = several.len(),
                app = &one.app
            ),
        };
        (Signal::Pods { nth }, one.from, title, Severity::Sev3, vec![one.app.clone()])
    });
    let mut found: Vec<_> = slos
        .chain(rules)
        .chain(pods)
        .chain(alerts(state, now))
        .filter(|(signal, ..)| !state.people.set_aside.contains(signal))
        .map(|(signal, at, title, severity, apps)| {
            // What died first is seen before the fault is seen to be in effect.
            let early = if matches!(signal, Signal::Pods { .. }) { EARLY } else { Span::ZERO };
            let injection = likely(state, at, early, || apps);
            Suggestion { signal, at, title, severity, injection }
        })
        .filter(|one| !state.incidents.iter().any(|incident| has_it(state, incident, one)))
        .collect();
    found.sort_by(|a, b| (a.at, &a.signal).cmp(&(b.at, &b.signal)));
    found
}

/// What ended long ago asks for nothing.
fn is_recent(to: Option<Stamp>, now: Stamp) -> bool {
    to.is_none_or(|to| now.since(to) <= AFTERMATH)
}

/// What is to become a suggestion: its signal, since when, title, severity, and the apps it is about.
type Asking = (Signal, Stamp, Said, Severity, Vec<String>);

/// The alerts of the monitoring that fire, or did just now.
fn alerts(state: &State, now: Stamp) -> impl Iterator<Item = Asking> {
    let fired = state.watching.alerts.fired.iter().enumerate();
    fired.filter(move |(_, one)| is_recent(one.to, now)).map(|(nth, one)| {
        let alert = &one.alert;
        let title = match &alert.summary {
            Some(what) => {
                said!("asks-alert-what", "Alert {alert}: {what}", alert = &alert.name, what = what)
            }
            None => said!("asks-alert", "Alert {alert}", alert = &alert.name),
        };
        (Signal::Alert { nth }, one.from, title, severity(alert), Vec::new())
    })
}

/// How bad an alert is by what its rule says; unsure, the higher.
fn severity(alert: &Alert) -> Severity {
    let said = alert.labels.get("severity").unwrap_or_default().to_ascii_lowercase();
    match said.as_str() {
        "critical" | "page" | "sev1" => Severity::Sev1,
        "info" | "ticket" | "sev3" => Severity::Sev3,
        _ => Severity::Sev2,
    }
}

/// Whether an incident is what a suggestion would open: opened from it, or by hand since then about the same cause.
fn has_it(state: &State, incident: &Incident, suggestion: &Suggestion) -> bool {
    if incident.signal.as_ref() == Some(&suggestion.signal) {
        return true;
    }
    // Somebody takes care of the same thing; false alarms and duplicates take care of nothing. Where no injection is
    // known, as for participants, only as long as they do.
    is_real(incident)
        && incident.opened >= suggestion.at
        && cause(state, incident) == suggestion.injection
        && (suggestion.injection.is_some() || !incident.status.is_closed())
}
