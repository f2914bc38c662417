//! What of each injection was approved before the first phase, and whether it reaches farther now. Only where the target is not
//! ours alone, as a cluster is: what is there may have changed since. Pure.

use super::approved::Approved;
use super::blast::{self, BlastRadius, Choice};
use super::event::Event;
use super::id::InjectionId;
use super::injection::InjectionStatus;
use super::reach;
use super::said::{Between, Said, said};
use super::state::State;
use crate::gameday::fault::{Experiment, Mode};
use crate::gameday::plan::Target;

/// Whether what an exercise reaches has to be approved.
pub fn is_needed(state: &State) -> bool {
    matches!(state.plan().target, Target::Kubernetes(_)) && !state.is_watch()
}

/// What there is to approve of one injection, as the target was last seen.
pub fn foreseen(state: &State, id: InjectionId) -> Option<Approved> {
    let planned = state.planned(id)?;
    let (experiment, topology) = (&planned.experiment, &state.topology);
    let salt = blast::salt(&planned.name, 0);
    let choose =
        |experiment: &Experiment| blast::choose(experiment, topology, state.header.seed, &salt);
    let with = |mode: Mode| choose(&Experiment { mode, ..experiment.clone() });
    let most = match experiment.mode {
        Mode::RandomMaxPercent(percent) => with(Mode::FixedPercent(percent)),
        _ => choose(experiment),
    };
    let all = match experiment.mode {
        Mode::All => most.clone(),
        _ => with(Mode::All),
    };
    Some(match most.and_then(|most| Ok((most, all?))) {
        Ok((most, all)) => {
            let hash = hash(&most, &all.blast);
            let Choice { victims, blast, .. } = most;
            let (services, zones) = (all.blast.services, all.blast.zones);
            Approved { id, victims, blast, services, zones, hash, problem: Said::default() }
        }
        Err(problem) => Approved {
            id,
            victims: Vec::new(),
            blast: BlastRadius::default(),
            services: Vec::new(),
            zones: Vec::new(),
            hash: String::new(),
            problem: problem.into(),
        },
    })
}

/// The event that says what of every injection still to come is approved; `None`: nothing has to be.
pub fn whole(state: &State, by: &str) -> Option<Event> {
    if !is_needed(state) {
        return None;
    }
    let waiting = state.injections.iter().filter(|run| run.status == InjectionStatus::Planned);
    let injections: Vec<Approved> = waiting.filter_map(|run| foreseen(state, run.id)).collect();
    (!injections.is_empty()).then(|| Event::ReachApproved { by: by.to_owned(), injections })
}

/// The same for a single one, when a person calls for it.
pub fn single(state: &State, id: InjectionId, by: &str) -> Option<Event> {
    if !is_needed(state) {
        return None;
    }
    let approved = foreseen(state, id)?;
    Some(Event::ReachApproved { by: by.to_owned(), injections: vec![approved] })
}

/// Why what is about to be hit is more than was approved; empty: it is not.
pub fn grown(state: &State, id: InjectionId, now: &BlastRadius) -> Said {
    if !is_needed(state) {
        return Said::default();
    }
    let Some(approved) = state.approved.iter().find(|one| one.id == id) else {
        return said!("grown-unapproved", "nobody approved it");
    };
    if !approved.problem.is_empty() {
        return said!(
            "grown-from-nothing",
            "there was nothing to approve when it was looked at: {why}",
            why = &approved.problem
        );
    }
    let mut grown = Vec::new();
    if now.pods > approved.blast.pods {
        let (pods, was) = (now.pods, approved.blast.pods);
        grown.push(said!("grown-pods", "{pods} pods instead of {was}", pods = pods, was = was));
    }
    if now.risk > approved.blast.risk {
        let (risk, was) = (now.risk.said(), approved.blast.risk.said());
        grown.push(said!("grown-risk", "risk {risk} instead of {was}", risk = risk, was = was));
    }
    let more = |now: &[String], was: &[String]| {
        let new: Vec<&str> =
            now.iter().filter(|one| !was.contains(one)).map(String::as_str).collect();
        (!new.is_empty()).then(|| new.join(", "))
    };
    if let Some(names) = more(&now.services, &approved.services) {
        grown.push(said!("grown-services", "more services: {names}", names = names));
    }
    // A pod that was made again may be in another zone: other zones are more only where they are more of them.
    if now.zones.len() > approved.zones.len()
        && let Some(names) = more(&now.zones, &approved.zones)
    {
        grown.push(said!("grown-zones", "more zones: {names}", names = names));
    }
    Said::all(grown, Between::Comma)
}

/// How far an injection would reach now, in words, and whether that is more than was approved; `None`: nobody has to know.
pub fn told(state: &State, id: InjectionId) -> Option<Said> {
    if !is_needed(state) {
        return None;
    }
    let now = foreseen(state, id)?;
    if !now.problem.is_empty() {
        return Some(said!("reach-nothing", "nothing to hit: {why}", why = now.problem));
    }
    let reach = reach::words(&now.blast);
    let grown = match state.approved.is_empty() {
        true => Said::default(),
        false => grown(state, id, &now.blast),
    };
    Some(match grown.is_empty() {
        true => said!("reach-now", "would reach: {reach}", reach = reach),
        false => said!(
            "reach-grown",
            "would reach: {reach}; more than was approved: {grown}",
            reach = reach,
            grown = grown
        ),
    })
}

/// FNV-1a over what was approved, in hex: stable over versions of this program.
fn hash(choice: &Choice, all: &BlastRadius) -> String {
    let blast = &choice.blast;
    let lists = [
        &choice.victims,
        &choice.peers,
        &blast.services,
        &blast.dependents,
        &blast.zones,
        &blast.owners,
        &blast.budgets,
        &all.services,
        &all.zones,
    ];
    let mut text = format!("{} {}", blast.pods, blast.risk);
    for list in lists {
        text.push('\n');
        text.push_str(&list.join(" "));
    }
    format!("{:016x}", blast::digest(&text))
}

#[cfg(test)]
mod tests;
