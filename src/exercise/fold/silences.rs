//! The fold's part for silences over alerts: their life, and the ways back that are still owed.

use super::say::say;
use crate::exercise::event::{Envelope, Event};
use crate::exercise::log::Audience;
use crate::exercise::quiet::name_of;
use crate::exercise::said::{Said, said};
use crate::exercise::silencing::{Silencing, SilencingStatus};
use crate::exercise::state::State;
use crate::exercise::who::who;

/// Takes one event about a silence in.
pub(super) fn apply(state: &mut State, envelope: &Envelope) {
    let Some(silence) = subject(&envelope.event) else { return };
    let name = name_of(state, silence);
    let Some(run) = state.silencings.get_mut(silence) else { return };
    let before = run.status;
    remember(run, envelope);
    if let Some(text) = line(&envelope.event, before, &name) {
        say(state, envelope, text, Audience::Facilitator);
    }
}

fn subject(event: &Event) -> Option<usize> {
    match event {
        Event::SilenceAgreed { silence, .. }
        | Event::SilenceStarted { silence, .. }
        | Event::SilenceActive { silence, .. }
        | Event::SilenceFailed { silence, .. }
        | Event::LiftStarted { silence, .. }
        | Event::Lifted { silence, .. }
        | Event::LiftFailed { silence, .. } => Some(*silence),
        _ => None,
    }
}

fn remember(run: &mut Silencing, envelope: &Envelope) {
    let now = envelope.stamp;
    match &envelope.event {
        Event::SilenceAgreed { by, .. } => {
            run.agreed = Some((now, by.clone()));
            (run.attempts, run.problem) = (0, None);
            run.status = SilencingStatus::Agreed;
        }
        Event::SilenceStarted { round, order, undo, .. } => {
            run.round = *round;
            run.asked = Some(now);
            run.undo = Some(undo.clone());
            run.longest = run.longest.max(order.until);
            if run.status != SilencingStatus::Active {
                run.status = SilencingStatus::Making;
            }
        }
        Event::SilenceActive { until, .. } => {
            run.until = *until;
            run.longest = run.longest.max(*until);
            run.problem = None;
            run.status = SilencingStatus::Active;
            if run.times.last().is_none_or(|(_, to)| to.is_some()) {
                run.times.push((now, None));
            }
        }
        Event::SilenceFailed { error, nothing, .. } => {
            run.problem = Some(error.clone());
            // Unless something may be there all the same: then it is lifted before this counts as over.
            if *nothing && run.status == SilencingStatus::Making {
                run.undo = None;
                run.status = SilencingStatus::Failed;
            }
        }
        Event::LiftStarted { attempt, .. } => {
            run.attempts = *attempt;
            run.status = SilencingStatus::Lifting;
        }
        Event::Lifted { evidence, .. } => {
            run.lift_evidence.clone_from(evidence);
            let open = run.times.last_mut().filter(|(_, to)| to.is_none());
            run.status = match (&run.undo, &open) {
                (None, _) => SilencingStatus::Offered,
                (Some(_), Some(_)) => SilencingStatus::Lifted,
                (Some(_), None) => SilencingStatus::Failed,
            };
            if let Some((_, to)) = open {
                *to = Some(now);
            }
            run.undo = None;
        }
        Event::LiftFailed { error, .. } => {
            run.last_failure = Some(now);
            run.problem = Some(error.clone());
            run.status = SilencingStatus::NotLifted;
        }
        _ => {}
    }
}

fn line(event: &Event, before: SilencingStatus, name: &Said) -> Option<Said> {
    Some(match event {
        Event::SilenceAgreed { by, .. } => {
            said!("log-silence-agreed", "{by} agrees to {silence}", by = who(by), silence = name)
        }
        Event::SilenceActive { evidence, .. } if before == SilencingStatus::Making => {
            said!("log-silence-active", "Begun: {silence}: {seen}", silence = name, seen = evidence)
        }
        Event::SilenceFailed { error, .. } if before == SilencingStatus::Active => said!(
            "log-silence-not-renewed",
            "Not made longer: {silence}: {why}",
            silence = name,
            why = error
        ),
        Event::SilenceFailed { error, .. } => {
            said!("log-silence-failed", "NOT begun: {silence}: {why}", silence = name, why = error)
        }
        Event::Lifted { evidence, .. } => {
            said!(
                "log-silence-lifted",
                "Lifted: {silence}: {seen}",
                silence = name,
                seen = evidence
            )
        }
        Event::LiftFailed { attempt, error, .. } => said!(
            "log-silence-not-lifted",
            "NOT lifted (attempt {attempt}): {silence}: {why}",
            silence = name,
            attempt = *attempt,
            why = error
        ),
        _ => return None,
    })
}
