//! The fold's part for injections: their life and the ways back that are still owed.

use super::say::say;
use crate::exercise::event::{Envelope, Event};
use crate::exercise::id::InjectionId;
use crate::exercise::log::Audience;
use crate::exercise::people::PLAN;
use crate::exercise::said::{Said, said};
use crate::exercise::state::{InjectionRun, InjectionStatus, State};
use crate::exercise::who::who;

/// Takes one event about an injection in.
pub(super) fn apply(state: &mut State, envelope: &Envelope) {
    let Some(id) = subject(&envelope.event) else { return };
    let Some(run) = state.injections.get_mut(id.0) else { return };
    remember(run, envelope);
    let name = state.name_of(id);
    if let Some(text) = line(&envelope.event, &name) {
        say(state, envelope, text, Audience::Facilitator);
    }
}

fn subject(event: &Event) -> Option<InjectionId> {
    match event {
        Event::InjectionArmed { id, .. }
        | Event::InjectionStarted { id, .. }
        | Event::InjectionActive { id, .. }
        | Event::InjectionFailed { id, .. }
        | Event::InjectionSkipped { id, .. }
        | Event::InjectionDelayed { id, .. }
        | Event::RevertStarted { id, .. }
        | Event::Reverted { id, .. }
        | Event::RevertFailed { id, .. } => Some(*id),
        _ => None,
    }
}

fn remember(run: &mut InjectionRun, envelope: &Envelope) {
    let now = envelope.stamp;
    match &envelope.event {
        Event::InjectionArmed { round, by, .. } => {
            run.round = *round;
            run.armed = Some(now);
            if *round == 0 {
                run.by.clone_from(by);
                run.status = InjectionStatus::Armed;
            }
        }
        Event::InjectionStarted { round, victims, undo, blast, .. } => {
            run.undos.push(undo.clone());
            if !run.ways_back.contains(&undo.what) {
                run.ways_back.push(undo.what.clone());
            }
            for victim in victims {
                if !run.victims.contains(victim) {
                    run.victims.push(victim.clone());
                }
            }
            run.blast = Some(blast.clone());
            if *round == 0 {
                run.status = InjectionStatus::Injecting;
            }
        }
        Event::InjectionActive { t0, evidence, .. } => {
            run.t0.get_or_insert(*t0);
            run.evidence.clone_from(evidence);
            run.status = InjectionStatus::Active;
        }
        Event::InjectionFailed { error, .. } => {
            run.problem = Some(error.clone());
            // With a way back on record something may be there: it is undone before this counts as over.
            if run.undos.is_empty() {
                run.status = InjectionStatus::Failed;
            }
        }
        Event::InjectionSkipped { why, .. } => {
            run.problem = Some(why.clone());
            run.status = InjectionStatus::Skipped;
        }
        Event::InjectionDelayed { amount, .. } => run.delay += *amount,
        Event::RevertStarted { attempt, .. } => {
            run.attempts = *attempt;
            run.revert_started.get_or_insert(now);
            run.status = InjectionStatus::Reverting;
        }
        Event::Reverted { evidence, .. } => {
            run.undos.clear();
            run.reverted = Some(now);
            run.revert_evidence.clone_from(evidence);
            run.status = if run.t0.is_none() && run.problem.is_some() {
                InjectionStatus::Failed
            } else {
                InjectionStatus::Reverted
            };
        }
        Event::RevertFailed { error, .. } => {
            run.last_failure = Some(now);
            run.problem = Some(error.clone());
            run.status = InjectionStatus::NotReverted;
        }
        _ => {}
    }
}

fn line(event: &Event, name: &str) -> Option<Said> {
    Some(match event {
        Event::InjectionArmed { by, round: 0, .. } if by != PLAN => {
            said!("log-called-for", "{by} calls for {name}", by = who(by), name = name)
        }
        Event::InjectionActive { evidence, .. } => {
            said!("log-took-effect", "{name} took effect: {seen}", name = name, seen = evidence)
        }
        Event::InjectionFailed { error, .. } => {
            said!("log-failed", "{name} failed: {why}", name = name, why = error)
        }
        Event::InjectionSkipped { why, .. } => {
            said!("log-skipped", "{name} skipped: {why}", name = name, why = why)
        }
        Event::InjectionDelayed { amount, by, .. } => {
            said!(
                "log-moved",
                "{by} moved {name} by {amount}",
                by = who(by),
                name = name,
                amount = amount
            )
        }
        Event::RevertStarted { attempt: 1, why, .. } => {
            said!("log-undoing", "Undoing {name}: {why}", name = name, why = why)
        }
        Event::Reverted { evidence, .. } => {
            said!("log-undone", "{name} is undone: {seen}", name = name, seen = evidence)
        }
        Event::RevertFailed { attempt, error, .. } => said!(
            "log-not-undone",
            "{name} is NOT undone (attempt {attempt}): {why}",
            name = name,
            attempt = *attempt,
            why = error
        ),
        _ => return None,
    })
}
