//! How long it took: to detect, acknowledge, mitigate, resolve and recover, by the definitions of the project. Not the
//! judging of it.
//!
//! An incident belongs to the injection that the facilitator says. Until then, to one that had taken effect when it was
//! opened and was not undone more than [`AFTERMATH`] before: of several such, to one whose target the incident names, and
//! of those to the latest. Of several incidents of one injection the first one detected it, and of those of a team the
//! first one is when that team detected it. False alarms and duplicates detect nothing and have no times. An SLO violation
//! belongs to an injection in the same way.
//!
//! That the steady state was left belongs to an injection only if the first sample outside it was over before the next
//! injection took effect: from then on nobody can tell the two apart, and the later one is taken to be behind it.

use super::id::{IncidentId, InjectionId};
use super::incident::{Cause, Incident, IncidentStatus};
use super::series::Point;
use super::signal::Signal;
use super::stamp::Stamp;
use super::state::{InjectionRun, State};
use crate::gameday::measure::TimeTo;
use crate::gameday::plan::Limit;
use crate::gameday::span::Span;

/// So long after it is undone, an injection may still be what people notice.
pub const AFTERMATH: Span = Span::from_secs(60);
/// So long before T0 pods may be seen dead that the injection killed: a fault takes effect when the adapter has looked at
/// all of it, and whoever watches the pods looks once a second and may see the first of them gone before that.
pub const EARLY: Span = Span::from_secs(1);
/// So many samples in a row inside the steady state mean recovery.
pub const IN_A_ROW: usize = 3;

/// A length of time by both clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Taken {
    /// Without the time the exercise stood still: what a team is measured by.
    pub running: Span,
    /// Everything, holds and halts included.
    pub total: Span,
}

impl Taken {
    /// The time between two instants.
    pub fn between(state: &State, from: Stamp, to: Stamp) -> Self {
        let total = to.since(from);
        Self { running: total - state.stopped_between(from, to), total }
    }
}

/// Whether and when an injection was noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Detection {
    /// It never took effect: there was nothing to notice.
    NotInEffect,
    /// Nobody opened an incident for it.
    NotDetected,
    /// T0 to the opening of the first incident.
    Detected { incident: IncidentId, team: String, taken: Taken },
}

/// Whether and when customers no longer felt an injection: T0 to the SLOs being back inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mitigation {
    /// It never took effect.
    NotInEffect,
    /// No SLO was violated: there was nothing to mitigate.
    NothingBroken,
    /// An SLO was still violated at the end.
    NotMitigated,
    /// T0 to the end of the last violation that belongs to it.
    Mitigated(Taken),
}

/// Whether and when the steady state came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// It never took effect.
    NotInEffect,
    /// The game day names no steady state.
    NoSteadyState,
    /// Nothing was measured after T0.
    NoData,
    /// Every sample that belongs to it stayed inside.
    NeverLeft,
    /// It left at `left` (since the recording began) and did not come back for [`IN_A_ROW`] samples.
    NotRecovered { left: Span },
    /// From the first sample outside to the first of [`IN_A_ROW`] inside.
    Recovered { left: Span, took: Span },
}

/// Several times of the same kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// Every single one, in the order of the incidents or injections.
    pub values: Vec<Taken>,
    /// How many have none: not detected, not acknowledged, not mitigated, not resolved.
    pub missing: usize,
}

impl Times {
    /// The mean by both clocks; `None`: there is no value.
    pub fn mean(&self) -> Option<Taken> {
        Some(Taken {
            running: mean(self.values.iter().map(|one| one.running))?,
            total: mean(self.values.iter().map(|one| one.total))?,
        })
    }

    /// The median by both clocks; `None`: there is no value.
    pub fn median(&self) -> Option<Taken> {
        Some(Taken {
            running: median(self.values.iter().map(|one| one.running).collect())?,
            total: median(self.values.iter().map(|one| one.total).collect())?,
        })
    }

    fn add(&mut self, value: Option<Taken>) {
        match value {
            Some(value) => self.values.push(value),
            None => self.missing += 1,
        }
    }
}

fn mean(spans: impl ExactSizeIterator<Item = Span>) -> Option<Span> {
    let count = spans.len() as u64;
    let sum = spans.fold(Span::ZERO, |sum, span| sum + span).as_millis();
    sum.saturating_add(count / 2).checked_div(count).map(Span::from_millis)
}

fn median(mut spans: Vec<Span>) -> Option<Span> {
    spans.sort_unstable();
    let upper = *spans.get(spans.len() / 2)?;
    let lower = *spans.get((spans.len() - 1) / 2)?;
    mean([lower, upper].into_iter())
}

/// The times of one kind, of the incidents of a team or of all.
pub fn times(state: &State, which: TimeTo, team: Option<&str>) -> Times {
    let mut times = Times::default();
    match which {
        TimeTo::Acknowledge | TimeTo::Resolve => {
            for incident in real_incidents(state) {
                if team.is_none_or(|team| team == incident.team) {
                    times.add(match which {
                        TimeTo::Acknowledge => acknowledged(state, incident),
                        _ => resolved(state, incident),
                    });
                }
            }
        }
        TimeTo::Detect => {
            for run in &state.injections {
                match detection_by(state, run, team) {
                    Detection::Detected { taken, .. } => times.add(Some(taken)),
                    // What nobody noticed is no team's.
                    Detection::NotDetected if team.is_none() => times.add(None),
                    _ => {}
                }
            }
        }
        TimeTo::Mitigate => {
            for run in &state.injections {
                // A team has the times of what it worked on.
                if team.is_some() && first_incident(state, run.id, team).is_none() {
                    continue;
                }
                match mitigation(state, run) {
                    Mitigation::Mitigated(taken) => times.add(Some(taken)),
                    Mitigation::NotMitigated => times.add(None),
                    Mitigation::NothingBroken | Mitigation::NotInEffect => {}
                }
            }
        }
    }
    times
}

/// Incidents without false alarms and duplicates.
pub fn real_incidents(state: &State) -> impl Iterator<Item = &Incident> {
    state.incidents.iter().filter(|incident| is_real(incident))
}

/// Whether an incident is neither a false alarm nor a duplicate.
pub const fn is_real(incident: &Incident) -> bool {
    !matches!(incident.status, IncidentStatus::FalseAlarm | IncidentStatus::Duplicate)
}

/// The injection an incident belongs to.
pub fn cause(state: &State, incident: &Incident) -> Option<InjectionId> {
    match incident.cause {
        Some(Cause::Injection(id)) => Some(id),
        Some(Cause::Discovery | Cause::Unknown) => None,
        None => likely(state, incident.opened, Span::ZERO, || about(state, incident)),
    }
}

/// What an incident is about: its tags, the words of its title, and the app whose pods asked for it.
fn about(state: &State, incident: &Incident) -> Vec<String> {
    let words = incident.title.split(|one: char| !one.is_alphanumeric() && one != '-');
    let app = match incident.signal {
        Some(Signal::Pods { nth }) => state.outages.get(nth).map(|one| one.app.as_str()),
        _ => None,
    };
    let tags = incident.tags.iter().map(String::as_str);
    words.chain(tags).chain(app).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// The injection that something at `at` likely belongs to: one that took effect at most `early` after it; `about`: what it names, in lower case, asked for only where
/// several could be meant.
pub fn likely(
    state: &State,
    at: Stamp,
    early: Span,
    about: impl FnOnce() -> Vec<String>,
) -> Option<InjectionId> {
    let lasts = |run: &&InjectionRun| {
        run.t0.is_some_and(|t0| t0.elapsed <= at.elapsed + early)
            && run.reverted.is_none_or(|end| at.elapsed <= end.elapsed + AFTERMATH)
    };
    let mut candidates = state.injections.iter().filter(lasts);
    let first = candidates.next()?;
    let Some(second) = candidates.next() else { return Some(first.id) };
    let about = about();
    let named = |run: &InjectionRun| {
        state.planned(run.id).is_some_and(|planned| {
            let targets = planned.experiment.selector.values();
            targets.chain([&planned.name]).any(|one| about.contains(&one.to_lowercase()))
        })
    };
    let all = [first, second].into_iter().chain(candidates);
    all.max_by_key(|run| (named(run), run.t0, run.id)).map(|run| run.id)
}

/// The injection that something seen at `at` belongs to.
pub(super) fn behind(state: &State, at: Stamp) -> Option<InjectionId> {
    likely(state, at, Span::ZERO, Vec::new)
}

/// The first incident of an injection, of a team or of all.
pub fn first_incident<'a>(
    state: &'a State,
    id: InjectionId,
    team: Option<&str>,
) -> Option<&'a Incident> {
    real_incidents(state)
        .filter(|incident| team.is_none_or(|team| team == incident.team))
        .filter(|incident| cause(state, incident) == Some(id))
        .min_by_key(|incident| (incident.opened, incident.id))
}

/// Time to detect.
pub fn detection(state: &State, run: &InjectionRun) -> Detection {
    detection_by(state, run, None)
}

/// Time to detect of a team, or of whoever was first.
pub fn detection_by(state: &State, run: &InjectionRun, team: Option<&str>) -> Detection {
    let Some(t0) = run.t0 else { return Detection::NotInEffect };
    first_incident(state, run.id, team).map_or(Detection::NotDetected, |incident| {
        Detection::Detected {
            incident: incident.id,
            team: incident.team.clone(),
            taken: Taken::between(state, t0, incident.opened),
        }
    })
}

/// Time to mitigate.
pub fn mitigation(state: &State, run: &InjectionRun) -> Mitigation {
    let Some(t0) = run.t0 else { return Mitigation::NotInEffect };
    let violations = state.slos.iter().flat_map(|slo| &slo.violations);
    let mut last = None;
    for violation in violations.filter(|one| behind(state, one.from) == Some(run.id)) {
        let Some(to) = violation.to else { return Mitigation::NotMitigated };
        last = last.max(Some(to));
    }
    last.map_or(Mitigation::NothingBroken, |to| {
        Mitigation::Mitigated(Taken::between(state, t0, to))
    })
}

/// Time to acknowledge: opening to the first thing a person did about it.
pub fn acknowledged(state: &State, incident: &Incident) -> Option<Taken> {
    let (first, _, _) = incident.moves.iter().find(|(_, to, _)| *to != IncidentStatus::Open)?;
    Some(Taken::between(state, incident.opened, *first))
}

/// Time to resolve: T0 to resolved, or opening to resolved where no injection is behind the incident. One that was
/// opened again counts to its last resolving.
pub fn resolved(state: &State, incident: &Incident) -> Option<Taken> {
    if incident.status != IncidentStatus::Resolved {
        return None;
    }
    let resolved = incident.moves.iter().rfind(|(_, to, _)| *to == IncidentStatus::Resolved)?;
    let run = cause(state, incident).and_then(|id| state.injections.get(id.0));
    let from = run.and_then(|run| run.t0).unwrap_or(incident.opened);
    Some(Taken::between(state, from, resolved.0))
}

/// Recovery time of the steady state.
pub fn recovery(state: &State, run: &InjectionRun) -> Recovery {
    let Some(t0) = run.t0 else { return Recovery::NotInEffect };
    let limits = &state.plan().steady_state;
    if limits.is_empty() {
        return Recovery::NoSteadyState;
    }
    let until = run.reverted.map(|end| end.elapsed + AFTERMATH);
    let next = next_effect(state, t0);
    let points = state.series.points();
    // The sample in which T0 lies is the first that can show the fault.
    let first = points.partition_point(|point| point.end() <= t0.elapsed);
    let after = points.get(first..).unwrap_or_default();
    if after.iter().all(|point| place(state, limits, point).is_none()) {
        return Recovery::NoData;
    }
    let mut near = after
        .iter()
        .enumerate()
        .take_while(|(_, point)| until.is_none_or(|until| point.sample.start <= until))
        .take_while(|(_, point)| next.is_none_or(|next| point.end() <= next));
    let Some((at, outside)) = near.find(|(_, point)| place(state, limits, point) == Some(false))
    else {
        return Recovery::NeverLeft;
    };
    let left = outside.sample.start;
    let back = after.get(at..).unwrap_or_default().windows(IN_A_ROW).find(|row| {
        row.iter().all(|point| place(state, limits, point) == Some(true))
            && row.windows(2).all(|pair| matches!(pair, [a, b] if b.sample.start <= a.end()))
    });
    match back.and_then(|row| row.first()) {
        Some(point) => Recovery::Recovered { left, took: point.sample.start - left },
        None => Recovery::NotRecovered { left },
    }
}

/// When the next injection after `t0` took effect.
fn next_effect(state: &State, t0: Stamp) -> Option<Span> {
    let effects = state.injections.iter().filter_map(|run| run.t0);
    effects.map(|at| at.elapsed).filter(|at| *at > t0.elapsed).min()
}

/// Inside the steady state, outside it, or unknown for want of data.
fn place(state: &State, limits: &[Limit], point: &Point) -> Option<bool> {
    let mut inside = Some(true);
    for limit in limits {
        let same_second = || state.figures().touching(point.sample.start, point.end());
        let value = if limit.metric.is_inside() {
            same_second().value(limit.metric)
        } else {
            point.value(limit.metric)
        };
        match value {
            Some(value) if !limit.holds(value) => return Some(false),
            Some(_) => {}
            None => inside = None,
        }
    }
    inside
}

/// What the exercise clock showed at `at`; `None`: before the first phase. Of a watch it counts from its beginning.
pub fn clock_at(state: &State, at: Stamp) -> Option<Span> {
    if state.is_watch() {
        let since = state.watching.since.filter(|since| at.elapsed >= since.elapsed)?;
        return Some(at.since(since));
    }
    let (_, began) = state.phases.iter().find_map(|run| run.started)?;
    if at.elapsed < began.elapsed {
        return None;
    }
    let ran = at.since(began) - state.stopped_between(began, at);
    Some(ran.min(state.exercise_time(state.now)))
}
