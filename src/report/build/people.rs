//! What the report says of incidents, team times and the log. Not of faults.

use crate::exercise::incident::IncidentStatus;
use crate::exercise::log::{EntryKind, LogEntry};
use crate::exercise::state::State;
use crate::exercise::times;
use crate::gameday::measure::TimeTo;
use crate::report::model::{Incident, Line, Times};
use crate::report::time::{length, moment};

/// Every incident.
pub(super) fn incidents(state: &State) -> Vec<Incident> {
    let incidents = state.incidents.iter().map(|incident| {
        let cause = times::cause(state, incident).and_then(|id| state.planned(id));
        let real =
            !matches!(incident.status, IncidentStatus::FalseAlarm | IncidentStatus::Duplicate);
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
            time_to_acknowledge: times::acknowledged(state, incident).filter(|_| real).map(length),
            time_to_resolve: times::resolved(state, incident).map(length),
        }
    });
    incidents.collect()
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
pub(super) fn lessons(state: &State) -> Vec<Line> {
    let lessons = state.log.iter().filter(|entry| entry.kind == EntryKind::Lesson);
    lessons.map(|entry| line(state, entry)).collect()
}

/// The whole log.
pub(super) fn log(state: &State) -> Vec<Line> {
    state.log.iter().map(|entry| line(state, entry)).collect()
}

fn line(state: &State, entry: &LogEntry) -> Line {
    Line {
        seq: entry.seq,
        at: moment(state, entry.stamp),
        team: entry.team.clone(),
        author: entry.author.clone(),
        text: entry.text.clone(),
        incident: entry.incident.map(|id| id.0),
    }
}
