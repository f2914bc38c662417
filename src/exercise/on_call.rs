//! Simulated teams of a rehearsal: what they do, decided from what the exercise shows them. Not how long they take.
//!
//! They know what participants' screens show: broken SLOs, firing guardrails, dead pods, cards. They learn of no fault that
//! shows nowhere. Which of several teams reacts is the one that the game day expects to notice.

use super::command::Command;
use super::id::{IncidentId, InjectionId};
use super::incident::{Incident, IncidentStatus};
use super::log::FACILITATOR;
use super::rehearsal::{Rehearsal, SIMULATED};
use super::signal::Signal;
use super::stamp::Stamp;
use super::state::{Stage, State};
use super::suggestion::suggestions;
use super::times::cause;
use crate::gameday::people::Noticed;
use crate::gameday::span::Span;

/// What was asked for already: commands take a moment to become events, and one that was refused is not asked again.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Asked {
    Open(Signal),
    Move(IncidentId, IncidentStatus),
    Card(usize, String),
}

/// The simulated teams of a rehearsal.
#[derive(Debug)]
pub struct OnCall {
    rehearsal: Rehearsal,
    asked: Vec<Asked>,
}

impl OnCall {
    /// Teams that have done nothing yet.
    pub const fn new(rehearsal: Rehearsal) -> Self {
        Self { rehearsal, asked: Vec::new() }
    }

    /// What the teams do now.
    pub fn acts(&mut self, state: &State) -> Vec<Command> {
        let Some(pace) = self.rehearsal.crew.pace() else { return Vec::new() };
        if state.stage != Stage::Running {
            return Vec::new();
        }
        let mut due = opened(state, |since| self.is_over(state, since, pace.notice));
        due.extend(moved(state, |since, status| {
            let wait = match status {
                IncidentStatus::Acknowledged => pace.acknowledge,
                IncidentStatus::Mitigated => pace.mitigate,
                _ => pace.resolve,
            };
            self.is_over(state, since, wait)
        }));
        due.extend(seen(state, |since| self.is_over(state, since, pace.notice)));
        due.retain(|(what, _)| !self.asked.contains(what));
        let (asked, commands): (Vec<_>, Vec<_>) = due.into_iter().unzip();
        self.asked.extend(asked);
        commands
    }

    /// Whether a team that took `wait` at the speed of the plan is done by now. While the exercise stands still, teams do too.
    fn is_over(&self, state: &State, since: Stamp, wait: Span) -> bool {
        let ran = state.now.since(since) - state.stopped_between(since, state.now);
        ran >= wait.scaled(1.0 / self.rehearsal.speed)
    }
}

/// Incidents for what shows.
fn opened(state: &State, over: impl Fn(Stamp) -> bool) -> Vec<(Asked, Command)> {
    let shown = suggestions(state, state.now).into_iter().filter(|one| over(one.at));
    shown
        .map(|one| {
            let open = Command::OpenIncident {
                team: team_of(state, one.injection),
                author: SIMULATED.to_owned(),
                title: one.title.to_string(),
                severity: one.severity,
                ago: Span::ZERO,
                people: Vec::new(),
                tags: Vec::new(),
                signal: Some(one.signal.clone()),
            };
            (Asked::Open(one.signal), open)
        })
        .collect()
}

/// The team that is expected to notice an injection, else the first.
fn team_of(state: &State, injection: Option<InjectionId>) -> String {
    let planned = injection.and_then(|id| state.planned(id));
    match planned.and_then(|planned| planned.expected.noticed.as_ref()) {
        Some(Noticed::Team(team)) => team.clone(),
        _ => state.plan().teams.first().cloned().unwrap_or_else(|| FACILITATOR.to_owned()),
    }
}

/// Incidents a step further, each of them one that a simulated team opened.
fn moved(state: &State, over: impl Fn(Stamp, IncidentStatus) -> bool) -> Vec<(Asked, Command)> {
    let ours = state.incidents.iter().filter(|one| one.author == SIMULATED);
    ours.filter_map(|incident| {
        let since = incident.moves.last().map_or(incident.opened, |(at, _, _)| *at);
        let to = next(state, incident).filter(|to| over(since, *to))?;
        let step = Command::MoveIncident {
            id: incident.id,
            to,
            team: incident.team.clone(),
            author: SIMULATED.to_owned(),
            ago: Span::ZERO,
            of: None,
        };
        Some((Asked::Move(incident.id, to), step))
    })
    .collect()
}

/// The next step of an incident, if what it waits for has come.
fn next(state: &State, incident: &Incident) -> Option<IncidentStatus> {
    match incident.status {
        IncidentStatus::Open => Some(IncidentStatus::Acknowledged),
        IncidentStatus::Acknowledged | IncidentStatus::Investigating => {
            (!is_felt(state)).then_some(IncidentStatus::Mitigated)
        }
        IncidentStatus::Mitigated => {
            let run = cause(state, incident).and_then(|id| state.injections.get(id.0));
            let gone = run.is_none_or(|run| !run.status.is_live());
            (gone && !is_felt(state)).then_some(IncidentStatus::Resolved)
        }
        IncidentStatus::Resolved | IncidentStatus::FalseAlarm | IncidentStatus::Duplicate => None,
    }
}

/// Whether customers feel something now, or pods are dead.
fn is_felt(state: &State) -> bool {
    state.slos.iter().any(|slo| slo.breached().is_some())
        || state.outages.iter().any(|outage| outage.to.is_none())
}

/// Cards that their teams have read.
fn seen(state: &State, over: impl Fn(Stamp) -> bool) -> Vec<(Asked, Command)> {
    let cards = state.cards.iter().enumerate().filter(|(_, card)| over(card.at));
    cards
        .flat_map(|(nth, card)| {
            let teams = state.plan().teams.iter().filter(move |team| {
                card.is_for(team) && !card.seen_by.iter().any(|(_, by, _)| by == *team)
            });
            teams.map(move |team| {
                let (team, author) = (team.clone(), SIMULATED.to_owned());
                let seen = Command::AcknowledgeCard { card: nth, team: team.clone(), author };
                (Asked::Card(nth, team), seen)
            })
        })
        .collect()
}
