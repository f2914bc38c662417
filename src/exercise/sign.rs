//! What showed first that an injection had taken effect: a person, an SLO, or the steady state. Not how long teams took,
//! which is `times`.

use super::id::{IncidentId, InjectionId};
use super::stamp::Stamp;
use super::state::{InjectionRun, State};
use super::times::{Recovery, Taken, behind, first_incident, recovery};

/// What showed it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    /// Somebody opened an incident.
    Incident(IncidentId),
    /// The SLO with this name was violated.
    Slo(String),
    /// The steady state was left.
    SteadyState,
}

/// The first sign of an injection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    /// What showed it.
    pub shown: Shown,
    /// When; a sample shows something when its second is over.
    pub at: Stamp,
    /// From T0 until then.
    pub taken: Taken,
}

/// What showed the injection first; `None`: it took no effect, or nothing and nobody noticed it.
pub fn first_sign(state: &State, run: &InjectionRun) -> Option<Sign> {
    let t0 = run.t0?;
    let incident = first_incident(state, run.id, None)
        .map(|incident| (incident.opened, Shown::Incident(incident.id)));
    let left = left_at(state, run, t0).map(|at| (at, Shown::SteadyState));
    let signs = incident.into_iter().chain(violated(state, run.id)).chain(left);
    let (at, shown) = signs.min()?;
    Some(Sign { shown, at, taken: Taken::between(state, t0, at) })
}

/// The first violation of each SLO that belongs to the injection.
fn violated(state: &State, id: InjectionId) -> impl Iterator<Item = (Stamp, Shown)> {
    state.plan().slos.iter().zip(&state.slos).filter_map(move |(slo, run)| {
        let mut ours = run.violations.iter().filter(|one| behind(state, one.from) == Some(id));
        ours.next().map(|first| (first.from, Shown::Slo(slo.name.clone())))
    })
}

/// When it was known that the steady state was left.
fn left_at(state: &State, run: &InjectionRun, t0: Stamp) -> Option<Stamp> {
    let (Recovery::NotRecovered { left } | Recovery::Recovered { left, .. }) = recovery(state, run)
    else {
        return None;
    };
    let points = state.series.points();
    let first = points.iter().find(|point| point.sample.start == left)?;
    let after = first.end() - t0.elapsed;
    let wall = i64::try_from(after.as_millis()).unwrap_or_default();
    Some(Stamp::new(t0.elapsed + after, t0.wall.saturating_add(wall)))
}
