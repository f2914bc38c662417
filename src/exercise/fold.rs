//! The fold: the one place that changes [`State`]. Total: any sequence of events gives a state.
//!
//! It decides nothing. What an event says has happened; here it is only remembered.

mod cluster;
mod crew;
mod injections;
mod inside;
mod measured;
mod people;
mod say;
mod silences;
mod watch;

use std::sync::Arc;

use super::event::{Envelope, Event, Outcome, When};
use super::header::Header;
use super::log::Audience;
use super::said::{Said, said};
use super::stamp::Stamp;
use super::standings;
use super::state::{Pause, Stage, State, SteadyCheck, Stop};
use super::who::who;

use say::{because, say};

/// The state after all of `envelopes`.
pub fn folded(header: Header, envelopes: &[Envelope]) -> State {
    let mut state = State::new(Arc::new(header));
    for envelope in envelopes {
        apply(&mut state, envelope);
    }
    state
}

/// Takes one event in.
pub fn apply(state: &mut State, envelope: &Envelope) {
    state.seq = envelope.seq;
    state.now = envelope.stamp;
    if let Some(shown) = &mut state.people.standings {
        shown.changed |= standings::changes(&envelope.event);
    }
    hand_over(state, envelope);
}

/// Hands an event to the part that it belongs to.
fn hand_over(state: &mut State, envelope: &Envelope) {
    match &envelope.event {
        Event::TargetReady { .. }
        | Event::TargetFailed { .. }
        | Event::PreflightStarted
        | Event::SteadyStateChecked { .. }
        | Event::BriefingHeld { .. }
        | Event::GoGiven { .. }
        | Event::NoGoOverridden { .. }
        | Event::PhaseStarted { .. }
        | Event::PhaseEnded { .. }
        | Event::PhaseExtended { .. }
        | Event::ClosingStarted { .. }
        | Event::Ended { .. } => course(state, envelope),
        Event::Held { .. }
        | Event::Resumed { .. }
        | Event::Halted { .. }
        | Event::Released { .. } => stops(state, envelope),
        Event::ReachApproved { .. } | Event::ClusterNoted { .. } => cluster::apply(state, envelope),
        Event::InjectionArmed { .. }
        | Event::InjectionStarted { .. }
        | Event::InjectionActive { .. }
        | Event::InjectionFailed { .. }
        | Event::InjectionSkipped { .. }
        | Event::InjectionDelayed { .. }
        | Event::RevertStarted { .. }
        | Event::Reverted { .. }
        | Event::RevertFailed { .. } => injections::apply(state, envelope),
        Event::SilenceAgreed { .. }
        | Event::SilenceStarted { .. }
        | Event::SilenceActive { .. }
        | Event::SilenceFailed { .. }
        | Event::LiftStarted { .. }
        | Event::Lifted { .. }
        | Event::LiftFailed { .. } => silences::apply(state, envelope),
        Event::LoadFollowed { .. }
        | Event::LoadOverridden { .. }
        | Event::LoadStopped
        | Event::LoadFailed { .. }
        | Event::Sampled(_)
        | Event::TargetSeen(_)
        | Event::SloBreached { .. }
        | Event::SloRecovered { .. }
        | Event::GuardrailFired { .. }
        | Event::GuardrailCleared { .. } => measured::apply(state, envelope),
        Event::Observed(_)
        | Event::FailedOver(_)
        | Event::CheckpointTaken(_)
        | Event::ComparisonStarted
        | Event::IntegrityChecked(_)
        | Event::IntegrityFailed { .. }
        | Event::LeverPulled { .. }
        | Event::LeverDone { .. } => inside::apply(state, envelope),
        Event::WatchStarted
        | Event::WatchResumed { .. }
        | Event::ThenKnown { .. }
        | Event::AskingChanged { .. }
        | Event::ShareHeard { .. }
        | Event::AlertsChanged { .. }
        | Event::AlertsUnknown { .. }
        | Event::Unknown { .. } => watch::apply(state, envelope),
        _ => hand_over_of_people(state, envelope),
    }
}

/// The same of what people did.
fn hand_over_of_people(state: &mut State, envelope: &Envelope) {
    match &envelope.event {
        Event::Logged { .. }
        | Event::EntryEdited { .. }
        | Event::MomentPinned { .. }
        | Event::IncidentOpened { .. }
        | Event::IncidentMoved { .. }
        | Event::IncidentEdited { .. } => people::apply(state, envelope),
        _ => crew::apply(state, envelope),
    }
}

/// How the exercise goes on: preparing, preflight, phases, closing, end.
fn course(state: &mut State, envelope: &Envelope) {
    let now = envelope.stamp;
    match &envelope.event {
        Event::TargetReady { base_url, what } => {
            state.base_url = Some(base_url.clone());
            let text = said!("log-target-ready", "Target ready: {what}", what = what);
            say(state, envelope, text, Audience::All);
        }
        Event::TargetFailed { error } => {
            let text = said!("log-target-failed", "Target failed: {error}", error = error);
            say(state, envelope, text, Audience::All);
        }
        Event::PreflightStarted => {
            enter(state, Stage::Preflight, now);
            let text = said!("log-preflight", "Preflight: measuring the steady state");
            say(state, envelope, text, Audience::All);
        }
        Event::SteadyStateChecked { when, findings, holds } => {
            if *when == When::Before && !*holds {
                enter(state, Stage::NoGo, now);
            }
            say(state, envelope, say::steady(*when, *holds), Audience::All);
            state.steady.push(SteadyCheck {
                when: *when,
                stamp: now,
                findings: findings.clone(),
                holds: *holds,
            });
        }
        Event::BriefingHeld { by } => {
            state.briefing.held = Some((now, by.clone()));
            let text = said!("log-briefing-held", "{by} holds the briefing", by = who(by));
            say(state, envelope, text, Audience::All);
        }
        Event::GoGiven { by } => {
            state.briefing.go = Some((now, by.clone()));
            say(state, envelope, said!("log-go", "Go, by {by}", by = who(by)), Audience::All);
        }
        Event::NoGoOverridden { by, reason } => {
            state.overridden = Some((by.clone(), reason.clone()));
            let what = said!("log-no-go-overridden", "No-go overridden by {by}", by = who(by));
            say(state, envelope, because(what, reason), Audience::All);
        }
        Event::PhaseStarted { phase } => phase_started(state, envelope, *phase),
        Event::PhaseEnded { phase, why } => {
            let time = state.exercise_time(now);
            if let Some(run) = state.phases.get_mut(*phase) {
                run.ended = Some((time, now, *why));
            }
        }
        Event::PhaseExtended { phase, amount, by } => {
            if let Some(run) = state.phases.get_mut(*phase) {
                run.extension += *amount;
            }
            let name = phase_name(state, *phase);
            let text = said!(
                "log-extended",
                "{by} gave {name} {more} more",
                by = who(by),
                name = name,
                more = amount
            );
            say(state, envelope, text, Audience::All);
        }
        Event::ClosingStarted { outcome, why } => {
            enter(state, Stage::Closing, now);
            stop_clock(state, now);
            state.ending = Some((*outcome, why.clone()));
            if !state.is_watch() {
                let text = said!("log-closing", "Closing: undoing what is left");
                say(state, envelope, text, Audience::All);
            }
        }
        Event::Ended { outcome, why } => ended(state, envelope, *outcome, why),
        _ => {}
    }
}

fn phase_started(state: &mut State, envelope: &Envelope, phase: usize) {
    let now = envelope.stamp;
    if state.stage != Stage::Running {
        enter(state, Stage::Running, now);
    }
    if state.clock.since.is_none() && state.held.is_none() && state.halted.is_none() {
        state.clock.since = Some(now.elapsed);
    }
    let time = state.exercise_time(now);
    if let Some(run) = state.phases.get_mut(phase) {
        run.started = Some((time, now));
        run.started_seq = envelope.seq;
    }
    // Participants do not know how many there are.
    let (number, name) = (phase.saturating_add(1), phase_name(state, phase));
    let text = if state.participants {
        said!("log-phase", "Phase {number}: {name}", number = number, name = name)
    } else {
        let all = state.phases.len();
        said!(
            "log-phase-of",
            "Phase {number} of {all}: {name}",
            number = number,
            all = all,
            name = name
        )
    };
    say(state, envelope, text, Audience::All);
}

fn ended(state: &mut State, envelope: &Envelope, outcome: Outcome, why: &Said) {
    enter(state, Stage::Ended, envelope.stamp);
    stop_clock(state, envelope.stamp);
    if let Some((_, to)) = state.stops.last_mut() {
        to.get_or_insert(envelope.stamp);
    }
    state.outcome = Some((outcome, why.clone()));
    let over = match state.is_watch() {
        true => said!("log-watch-over", "Watch over"),
        false => said!("log-over", "Exercise over"),
    };
    say(state, envelope, because(over, why), Audience::All);
}

/// Hold, resume, halt, release: what stops the exercise clock and lets it go on.
fn stops(state: &mut State, envelope: &Envelope) {
    let now = envelope.stamp;
    match &envelope.event {
        Event::Held { by, reason } => {
            stop_clock(state, now);
            open_stop(state, now);
            let stop = Stop { since: now, by: by.clone(), reason: reason.clone() };
            state.pauses.push(Pause { halt: false, stop: stop.clone(), to: None, ended_by: None });
            state.held = Some(stop);
            say(
                state,
                envelope,
                because(said!("log-held", "Held by {by}", by = who(by)), reason),
                Audience::All,
            );
        }
        Event::Resumed { by } => {
            state.held = None;
            end_pause(state, now, false, by, "");
            go_on(state, now);
            say(
                state,
                envelope,
                said!("log-resumed", "Resumed by {by}", by = who(by)),
                Audience::All,
            );
        }
        Event::Halted { by, reason } => {
            stop_clock(state, now);
            open_stop(state, now);
            let stop = Stop { since: now, by: by.clone(), reason: reason.clone() };
            state.pauses.push(Pause { halt: true, stop: stop.clone(), to: None, ended_by: None });
            state.halted = Some(stop);
            say(
                state,
                envelope,
                because(said!("log-halted", "HALTED by {by}", by = who(by)), reason),
                Audience::All,
            );
        }
        Event::Released { by, reason } => {
            state.halted = None;
            end_pause(state, now, true, by, reason);
            go_on(state, now);
            say(
                state,
                envelope,
                because(said!("log-released", "Halt released by {by}", by = who(by)), reason),
                Audience::All,
            );
        }
        _ => {}
    }
}

fn enter(state: &mut State, stage: Stage, now: Stamp) {
    state.stage = stage;
    state.stage_since = now;
}

fn stop_clock(state: &mut State, now: Stamp) {
    state.clock.banked = state.clock.at(now.elapsed);
    state.clock.since = None;
}

fn open_stop(state: &mut State, now: Stamp) {
    if state.stops.last().is_none_or(|(_, to)| to.is_some()) {
        state.stops.push((now, None));
    }
}

fn end_pause(state: &mut State, now: Stamp, halt: bool, by: &str, reason: &str) {
    let mut open = state.pauses.iter_mut().filter(|pause| pause.halt == halt && pause.to.is_none());
    if let Some(pause) = open.next_back() {
        pause.to = Some(now);
        pause.ended_by = Some((by.to_owned(), reason.to_owned()));
    }
}

/// Lets the clock run again unless something else still stops it.
fn go_on(state: &mut State, now: Stamp) {
    if state.held.is_some() || state.halted.is_some() || state.stage != Stage::Running {
        return;
    }
    state.clock.since.get_or_insert(now.elapsed);
    if let Some((_, to)) = state.stops.last_mut() {
        to.get_or_insert(now);
    }
}

fn phase_name(state: &State, phase: usize) -> String {
    state.plan().phases.get(phase).map_or_else(|| "?".into(), |phase| phase.name.clone())
}
