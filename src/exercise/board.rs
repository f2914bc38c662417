//! The score board: how long each team took on each injection, what help cost, and what was no alarm. Figures alone, in
//! the plan's order; definitions are those of `times`.

use super::id::{IncidentId, InjectionId};
use super::incident::{Cause, Incident, IncidentStatus};
use super::state::{InjectionRun, State};
use super::times::{
    self, Detection, Mitigation, Taken, Times, acknowledged, cause, first_incident, is_real,
    mitigation, resolved,
};
use crate::gameday::measure::TimeTo;
use crate::gameday::people::ResponseTargets;
use crate::gameday::span::Span;

/// The kinds of times, in the order in which they happen.
pub const KINDS: [TimeTo; 4] =
    [TimeTo::Detect, TimeTo::Acknowledge, TimeTo::Mitigate, TimeTo::Resolve];

/// The whole board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// Injections that took effect, in the plan's order.
    pub rows: Vec<Row>,
    /// Every team, in the plan's order.
    pub teams: Vec<Line>,
    /// All teams together.
    pub all: Line,
    /// Injections in effect that nobody opened an incident for.
    pub undetected: usize,
}

/// An injection that took effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub injection: InjectionId,
    /// The team that was first.
    pub first: Option<String>,
    /// The first times of all: detected by the first, and so on.
    pub all: Cell,
    /// One for every team.
    pub cells: Vec<Cell>,
}

/// How long a team took on an injection; a time without value did not come, or not yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The first incident it opened for it; `None`: it did not detect it.
    pub incident: Option<IncidentId>,
    /// T0 to the opening of that incident.
    pub detect: Option<Taken>,
    /// Its opening to the first thing a person did about it.
    pub acknowledge: Option<Taken>,
    /// T0 to customers feeling nothing any more.
    pub mitigate: Option<Taken>,
    /// T0 to resolved.
    pub resolve: Option<Taken>,
}

impl Cell {
    /// The time of a kind.
    pub const fn time(&self, kind: TimeTo) -> Option<Taken> {
        match kind {
            TimeTo::Detect => self.detect,
            TimeTo::Acknowledge => self.acknowledge,
            TimeTo::Mitigate => self.mitigate,
            TimeTo::Resolve => self.resolve,
        }
    }
}

/// A team, or all together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its name; `None`: all.
    pub team: Option<String>,
    /// Its times by kind, see [`KINDS`].
    pub times: [Times; 4],
    /// Injections in effect that it did not open an incident for.
    pub undetected: usize,
    /// Injections that it was the first to detect.
    pub first: usize,
    /// Incidents that were nothing.
    pub false_alarms: usize,
    /// Incidents that nobody injected.
    pub discoveries: usize,
    /// Incidents without an injection of which nobody has said what they are.
    pub unexplained: usize,
    /// Incidents that another one is the same as.
    pub duplicates: usize,
    /// Hints it was given, also those for everyone.
    pub hints: usize,
    /// What they cost, in points.
    pub cost: u32,
    /// Cards for it that it has not seen yet.
    pub cards_waiting: usize,
}

/// The target for times of a kind; `None`: there is none.
pub const fn target(targets: &ResponseTargets, kind: TimeTo) -> Option<Span> {
    match kind {
        TimeTo::Detect => targets.detect,
        TimeTo::Acknowledge => targets.acknowledge,
        TimeTo::Mitigate => targets.mitigate,
        TimeTo::Resolve => targets.resolve,
    }
}

/// Whether a time keeps its target: counted without holds, as teams are measured; `None`: there is no target.
pub fn keeps(targets: &ResponseTargets, kind: TimeTo, taken: Taken) -> Option<bool> {
    target(targets, kind).map(|target| taken.running <= target)
}

/// The board as it stands.
pub fn board(state: &State) -> Board {
    let teams = &state.plan().teams;
    let in_effect = state.injections.iter().filter(|run| run.t0.is_some());
    let rows: Vec<Row> = in_effect.map(|run| row(state, run, teams)).collect();
    let undetected = rows.iter().filter(|row| row.all.incident.is_none()).count();
    let lines = teams.iter().map(|team| line(state, Some(team), &rows)).collect();
    Board { teams: lines, all: line(state, None, &rows), rows, undetected }
}

fn row(state: &State, run: &InjectionRun, teams: &[String]) -> Row {
    let first = first_incident(state, run.id, None);
    Row {
        injection: run.id,
        first: first.map(|incident| incident.team.clone()),
        all: cell(state, run, None),
        cells: teams.iter().map(|team| cell(state, run, Some(team))).collect(),
    }
}

fn cell(state: &State, run: &InjectionRun, team: Option<&str>) -> Cell {
    let Some(incident) = first_incident(state, run.id, team) else { return Cell::default() };
    let detect = match times::detection_by(state, run, team) {
        Detection::Detected { taken, .. } => Some(taken),
        Detection::NotInEffect | Detection::NotDetected => None,
    };
    let mitigate = match mitigation(state, run) {
        Mitigation::Mitigated(taken) => Some(taken),
        Mitigation::NotInEffect | Mitigation::NothingBroken | Mitigation::NotMitigated => None,
    };
    Cell {
        incident: Some(incident.id),
        detect,
        acknowledge: acknowledged(state, incident),
        mitigate,
        resolve: resolved(state, incident),
    }
}

fn line(state: &State, team: Option<&String>, rows: &[Row]) -> Line {
    let ours = |incident: &&Incident| team.is_none_or(|team| *team == incident.team);
    let count = |which: &dyn Fn(&Incident) -> bool| {
        state.incidents.iter().filter(ours).filter(|incident| which(incident)).count()
    };
    let place = team.and_then(|team| state.plan().teams.iter().position(|one| one == team));
    let undetected = rows.iter().filter(|row| {
        let cell = place.map_or(Some(&row.all), |place| row.cells.get(place));
        cell.is_some_and(|cell| cell.incident.is_none())
    });
    let for_us =
        |to: &Option<String>| team.is_none_or(|team| to.as_ref().is_none_or(|to| to == team));
    let hints = || state.people.hints.iter().filter(|hint| for_us(&hint.to));
    let waiting = state.cards.iter().filter(|card| {
        for_us(&card.to)
            && !card.seen_by.iter().any(|(_, by, _)| team.is_none_or(|team| team == by))
    });
    let injected = |incident: &Incident| cause(state, incident).is_some();
    Line {
        team: team.cloned(),
        times: KINDS.map(|kind| times::times(state, kind, team.map(String::as_str))),
        undetected: undetected.count(),
        first: rows
            .iter()
            .filter(|row| row.first.is_some() && (team.is_none() || row.first.as_ref() == team))
            .count(),
        false_alarms: count(&|one| one.status == IncidentStatus::FalseAlarm),
        discoveries: count(&|one| is_real(one) && one.cause == Some(Cause::Discovery)),
        unexplained: count(&|one| {
            is_real(one) && !injected(one) && one.cause != Some(Cause::Discovery)
        }),
        duplicates: count(&|one| one.status == IncidentStatus::Duplicate),
        hints: hints().count(),
        cost: hints().fold(0_u32, |sum, hint| sum.saturating_add(hint.cost)),
        cards_waiting: waiting.count(),
    }
}
