//! What the report says of incidents, team times and the log. Not of faults.

use crate::exercise::incident::{Cause, Incident as Noticed, IncidentStatus};
use crate::exercise::log::{EntryKind, LogEntry};
use crate::exercise::signal::Signal;
use crate::exercise::stamp::Stamp;
use crate::exercise::state::State;
use crate::exercise::times;
use crate::gameday::measure::TimeTo;
use crate::lang::Lang;
use crate::report::model::{Incident, Line, Times};
use crate::report::time::{length, moment};

/// Every incident.
pub(super) fn incidents(state: &State) -> Vec<Incident> {
    let incidents = state.incidents.iter().map(|incident| {
        let cause = times::cause(state, incident).and_then(|id| state.planned(id));
        let real = times::is_real(incident);
        let resolves = incident.moves.iter().rfind(|(_, to, _)| *to == IncidentStatus::Resolved);
        let resolved = resolves.filter(|_| incident.status == IncidentStatus::Resolved);
        Incident {
            id: incident.id.0,
            severity: incident.severity.to_string(),
            team: incident.team.clone(),
            title: incident.title.clone(),
            status: incident.status.to_string(),
            opened: moment(state, incident.opened),
            resolved: resolved.map(|(at, _, _)| moment(state, *at)),
            injection: cause.filter(|_| real).map(|planned| planned.name.clone()),
            cause: cause_word(incident, cause.is_some()),
            alert: incident.signal.as_ref().map(|signal| alert(state, signal)),
            people: incident.people.clone(),
            tags: incident.tags.clone(),
            duplicate_of: incident.duplicate_of.map(|id| id.0),
            back_dated_ms: back_dated(incident.recorded, incident.opened),
            edits: incident.edits.len(),
            time_to_acknowledge: times::acknowledged(state, incident).filter(|_| real).map(length),
            time_to_resolve: times::resolved(state, incident).map(length),
        }
    });
    incidents.collect()
}

/// How it is known what is behind an incident.
fn cause_word(incident: &Noticed, known: bool) -> &'static str {
    match incident.cause {
        _ if !times::is_real(incident) => "none",
        Some(Cause::Injection(_)) => "said by the facilitator",
        Some(Cause::Discovery) => "a discovery",
        Some(Cause::Unknown) => "unexplained",
        None if known => "worked out by time and target",
        None => "unexplained",
    }
}

fn alert(state: &State, signal: &Signal) -> String {
    match signal {
        Signal::Slo { slo, .. } => {
            let name = state.plan().slos.get(*slo).map(|slo| slo.name.as_str());
            format!("SLO {}", name.unwrap_or("?"))
        }
        Signal::Guardrail { .. } => "guardrail".to_owned(),
        Signal::Pods { .. } => "dead pods".to_owned(),
        Signal::Alert { nth } => {
            let alert = state.watching.alerts.fired.get(*nth).map(|one| one.alert.name.as_str());
            format!("alert {}", alert.unwrap_or("?"))
        }
    }
}

fn back_dated(recorded: Stamp, at: Stamp) -> Option<u64> {
    Some(recorded.since(at).as_millis()).filter(|millis| *millis > 0)
}

/// Every kind of time over all, then of each team: first the teams of the plan, then others that opened incidents.
pub(super) fn times(state: &State) -> Vec<Times> {
    let mut teams: Vec<Option<&str>> = vec![None];
    let named = state.plan().teams.iter().map(String::as_str);
    for team in named.chain(state.incidents.iter().map(|incident| incident.team.as_str())) {
        if !teams.contains(&Some(team)) {
            teams.push(Some(team));
        }
    }
    let kinds = [
        ("TTD", TimeTo::Detect),
        ("TTA", TimeTo::Acknowledge),
        ("TTM", TimeTo::Mitigate),
        ("TTR", TimeTo::Resolve),
    ];
    let rows = teams.into_iter().flat_map(|team| {
        kinds.into_iter().map(move |(kind, which)| {
            let times = times::times(state, which, team);
            Times {
                kind,
                team: team.map(str::to_owned),
                mean: times.mean().map(length),
                median: times.median().map(length),
                missing: times.missing,
                values: times.values.into_iter().map(length).collect(),
            }
        })
    });
    rows.collect()
}

/// What people marked as learned.
pub(super) fn lessons(state: &State, lang: &Lang) -> Vec<Line> {
    let lessons = state.log.iter().filter(|entry| entry.kind == EntryKind::Lesson);
    lessons.map(|entry| line(state, entry, lang)).collect()
}

/// The whole log.
pub(super) fn log(state: &State, lang: &Lang) -> Vec<Line> {
    state.log.iter().map(|entry| line(state, entry, lang)).collect()
}

/// A line of the log.
pub(super) fn line(state: &State, entry: &LogEntry, lang: &Lang) -> Line {
    Line {
        seq: entry.seq,
        at: moment(state, entry.stamp),
        team: entry.team.clone(),
        author: entry.author.clone(),
        text: lang.said(&entry.text).into_owned(),
        kind: entry.kind.name(),
        incident: entry.incident.map(|id| id.0),
        back_dated_ms: back_dated(entry.recorded, entry.stamp),
        before: entry.before.iter().map(|(_, text)| text.to_string()).collect(),
    }
}
