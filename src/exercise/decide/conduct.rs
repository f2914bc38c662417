//! Conducting: hold, skip, extend, inject, revert, halt, load by hand, end (design section 6).

use crate::exercise::approval;
use crate::exercise::command::{Command, LoadChange, Refusal, refuse};
use crate::exercise::due::{skipped, start_phase};
use crate::exercise::event::{Event, Outcome, PhaseEnd};
use crate::exercise::go::{self, NotYet};
use crate::exercise::id::InjectionId;
use crate::exercise::said::{Said, said};
use crate::exercise::schedule::{held, load_now, planned_curve};
use crate::exercise::stamp::Stamp;
use crate::exercise::state::{InjectionRun, InjectionStatus, Stage, State};
use crate::exercise::who::who;
use crate::gameday::load::RateCurve;
use crate::gameday::span::Span;

/// The highest rate that may be set by hand, per second.
const HIGHEST_RATE: f64 = 200_000.0;

/// How much a phase may be given, or an injection moved, at once.
const LONGEST_MOVE: Span = Span::from_secs(24 * 3_600);

pub(super) fn decide(state: &State, command: Command, now: Stamp) -> Result<Vec<Event>, Refusal> {
    if state.stage == Stage::Ended {
        return refuse(said!("refused-over", "the exercise is over"));
    }
    match command {
        Command::Go { by } => go(state, &by, now),
        Command::HoldBriefing { by } => hold_briefing(state, by),
        Command::OverrideNoGo { by, reason } => override_no_go(state, by, reason, now),
        Command::Hold { by, reason } => hold(state, by, reason, now),
        Command::Resume { by } => resume(state, by, now),
        Command::SkipPhase { by } => skip(state, &by),
        Command::ExtendPhase { amount, by } => extend(state, amount, by),
        Command::InjectNow { id, by } => inject_now(state, id, by),
        Command::CancelInjection { id, by } => {
            let run = planned(state, id)?;
            Ok(vec![Event::InjectionSkipped {
                id: run.id,
                why: said!("why-cancelled", "cancelled by {by}", by = who(&by)),
            }])
        }
        Command::DelayInjection { id, amount, by } => {
            let run = planned(state, id)?;
            if amount.is_zero() || amount > LONGEST_MOVE {
                return refuse(said!("refused-move", "an injection can be moved by 1ms to 24h"));
            }
            Ok(vec![Event::InjectionDelayed { id: run.id, amount, by }])
        }
        Command::Revert { id, by } => revert(state, id, &by),
        Command::Halt { by, reason } => halt(state, by, reason),
        Command::Release { by, reason } => release(state, by, reason, now),
        Command::ChangeLoad { change, by } => change_load(state, change, by, now),
        Command::End { by, reason } => end(state, &by, &reason),
        _ => Ok(Vec::new()),
    }
}

fn running(state: &State) -> Result<(), Refusal> {
    match state.stage {
        Stage::Running => Ok(()),
        Stage::Preparing | Stage::Preflight | Stage::NoGo => {
            refuse(said!("refused-no-phase-yet", "no phase runs yet"))
        }
        Stage::Closing | Stage::Ended => {
            refuse(said!("refused-no-phase-more", "no phase runs any more"))
        }
    }
}

fn not_halted(state: &State) -> Result<(), Refusal> {
    if state.halted.is_some() {
        return refuse(said!(
            "refused-release-first",
            "halted: release the halt first, with a reason"
        ));
    }
    Ok(())
}

fn reason_given(reason: &str) -> Result<(), Refusal> {
    if reason.trim().is_empty() {
        return refuse(said!("refused-no-reason", "a reason is needed: it stands in the report"));
    }
    Ok(())
}

fn in_briefing(state: &State) -> Result<(), Refusal> {
    if !go::is_open(state) {
        return refuse(said!("refused-no-briefing", "there is no briefing now"));
    }
    Ok(())
}

fn go(state: &State, by: &str, now: Stamp) -> Result<Vec<Event>, Refusal> {
    in_briefing(state)?;
    go::given(state, by, now).or_else(|why| match why {
        NotYet::Measuring => {
            refuse(said!("refused-measuring", "wait: the steady state is being measured"))
        }
        NotYet::NoGo => refuse(said!(
            "refused-no-go",
            "no-go: the steady state does not hold; go anyway with a reason"
        )),
    })
}

fn hold_briefing(state: &State, by: String) -> Result<Vec<Event>, Refusal> {
    in_briefing(state)?;
    if state.briefing.held.is_some() {
        return refuse(said!("refused-briefing-held", "the briefing is held already"));
    }
    Ok(vec![Event::BriefingHeld { by }])
}

fn override_no_go(
    state: &State,
    by: String,
    reason: String,
    now: Stamp,
) -> Result<Vec<Event>, Refusal> {
    if state.stage == Stage::NoGo {
        reason_given(&reason)?;
        return Ok(vec![Event::NoGoOverridden { by, reason }]);
    }
    if !go::is_open(state) {
        return refuse(said!("refused-no-override", "there is no no-go to override"));
    }
    reason_given(&reason)?;
    let Some(findings) = go::findings(state, now) else {
        return refuse(said!("refused-measuring", "wait: the steady state is being measured"));
    };
    // Meanwhile it may hold again: what was seen and what was said both stand in the recording.
    let overridden = Event::NoGoOverridden { by: by.clone(), reason };
    let mut events = vec![go::seen(findings.clone()), overridden];
    if go::hold(&findings) {
        events.push(Event::GoGiven { by });
    }
    Ok(events)
}

fn hold(state: &State, by: String, reason: Said, now: Stamp) -> Result<Vec<Event>, Refusal> {
    running(state)?;
    not_halted(state)?;
    if state.held.is_some() {
        return refuse(said!("refused-held", "held already"));
    }
    Ok(held(state, by, reason, now))
}

fn resume(state: &State, by: String, now: Stamp) -> Result<Vec<Event>, Refusal> {
    running(state)?;
    not_halted(state)?;
    if state.held.is_none() {
        return refuse(said!("refused-not-held", "not held"));
    }
    Ok(vec![Event::Resumed { by }, load_now(state, now, true)])
}

fn skip(state: &State, by: &str) -> Result<Vec<Event>, Refusal> {
    running(state)?;
    not_halted(state)?;
    let Some((index, _, _)) = state.current_phase() else {
        return refuse(said!("refused-no-phase", "no phase runs"));
    };
    let why = said!("why-phase-skipped", "{by} skipped the rest of its phase", by = who(by));
    let mut events = skipped(state, |run| run.phase == index, &why);
    events.push(Event::PhaseEnded { phase: index, why: PhaseEnd::Skipped });
    events.extend(start_phase(state, index + 1));
    Ok(events)
}

fn extend(state: &State, amount: Span, by: String) -> Result<Vec<Event>, Refusal> {
    running(state)?;
    if amount.is_zero() || amount > LONGEST_MOVE {
        return refuse(said!("refused-extend", "a phase can be given 1ms to 24h more"));
    }
    let Some((phase, _, _)) = state.current_phase() else {
        return refuse(said!("refused-no-phase", "no phase runs"));
    };
    Ok(vec![Event::PhaseExtended { phase, amount, by }])
}

fn injection(state: &State, id: InjectionId) -> Result<&InjectionRun, Refusal> {
    state.injections.get(id.0).map_or_else(
        || refuse(said!("refused-no-injection", "there is no injection {id}", id = id)),
        Ok,
    )
}

fn planned(state: &State, id: InjectionId) -> Result<&InjectionRun, Refusal> {
    let run = injection(state, id)?;
    if run.status != InjectionStatus::Planned {
        return refuse(said!(
            "refused-injection-already",
            "{name} is {status} already",
            name = state.name_of(id),
            status = run.status.said()
        ));
    }
    Ok(run)
}

fn inject_now(state: &State, id: InjectionId, by: String) -> Result<Vec<Event>, Refusal> {
    running(state)?;
    not_halted(state)?;
    let run = planned(state, id)?;
    // Whoever calls for it was shown how far it reaches now.
    let approved = approval::single(state, id, &by);
    let armed = Event::InjectionArmed { id: run.id, round: 0, by };
    Ok(approved.into_iter().chain([armed]).collect())
}

fn revert(state: &State, id: InjectionId, by: &str) -> Result<Vec<Event>, Refusal> {
    let run = injection(state, id)?;
    match run.status {
        InjectionStatus::Injecting | InjectionStatus::Active | InjectionStatus::NotReverted => {
            let why = said!("why-asked", "{by} asked for it", by = who(by));
            Ok(vec![Event::RevertStarted { id, attempt: run.attempts + 1, why }])
        }
        status => refuse(said!(
            "refused-nothing-undo",
            "{name} is {status}: nothing to undo",
            name = state.name_of(id),
            status = status.said()
        )),
    }
}

fn halt(state: &State, by: String, reason: Said) -> Result<Vec<Event>, Refusal> {
    if state.halted.is_some() {
        return refuse(said!("refused-halted", "halted already"));
    }
    if matches!(state.stage, Stage::Preparing | Stage::Preflight | Stage::NoGo) {
        // Nothing was injected yet: stopping everything is ending.
        return Ok(closing(Outcome::Halted, reason));
    }
    Ok(vec![Event::Halted { by, reason }, Event::LoadStopped])
}

fn release(state: &State, by: String, reason: String, now: Stamp) -> Result<Vec<Event>, Refusal> {
    if state.halted.is_none() {
        return refuse(said!("refused-not-halted", "not halted"));
    }
    if state.real.is_some() {
        return refuse(said!(
            "refused-real",
            "something real happened: this is no exercise any more; end it when all is well"
        ));
    }
    if state.stage != Stage::Running {
        return refuse(said!(
            "refused-nothing-to-release",
            "no phase runs any more: there is nothing to go on with"
        ));
    }
    reason_given(&reason)?;
    if state.live_injections().next().is_some() {
        return refuse(said!("refused-faults-left", "wait: not every fault is undone yet"));
    }
    let load = load_now(state, now, state.held.is_none());
    Ok(vec![Event::Released { by, reason }, load])
}

fn change_load(
    state: &State,
    change: LoadChange,
    by: String,
    now: Stamp,
) -> Result<Vec<Event>, Refusal> {
    running(state)?;
    not_halted(state)?;
    let rps = match change {
        LoadChange::Up => (state.load.rate(now) * 1.1).max(1.0),
        LoadChange::Down => state.load.rate(now) * 0.9,
        LoadChange::Set(rps) => rps,
        LoadChange::BackToPlan => {
            if state.load.by_hand.is_none() {
                return refuse(said!("refused-load-planned", "the load follows the plan already"));
            }
            let curve = planned_curve(state, now, state.held.is_none());
            return Ok(vec![
                Event::LoadOverridden { rps: None, by },
                Event::LoadFollowed { curve },
            ]);
        }
    };
    if !rps.is_finite() || !(0.0..=HIGHEST_RATE).contains(&rps) {
        return refuse(said!(
            "refused-load",
            "the load can be set from 0 to 200,000 requests per second"
        ));
    }
    let curve = RateCurve::flat(rps);
    Ok(vec![Event::LoadOverridden { rps: Some(rps), by }, Event::LoadFollowed { curve }])
}

fn end(state: &State, by: &str, reason: &Said) -> Result<Vec<Event>, Refusal> {
    if state.stage == Stage::Closing {
        return refuse(said!("refused-ending", "the exercise is ending: faults are being undone"));
    }
    if state.is_watch() {
        let why =
            said!("why-watch-ended", "ended by {by}: {reason}", by = who(by), reason = reason);
        return Ok(closing(Outcome::Completed, why));
    }
    let outcome = match (state.stage, &state.halted) {
        (Stage::Preparing | Stage::Preflight | Stage::NoGo, _) => Outcome::NotStarted,
        (_, Some(_)) => Outcome::Halted,
        _ => Outcome::EndedEarly,
    };
    let mut events =
        skipped(state, |_| true, &said!("why-ended", "{by} ended the exercise", by = who(by)));
    if let Some((phase, _, _)) = state.current_phase() {
        events.push(Event::PhaseEnded { phase, why: PhaseEnd::Cut });
    }
    events.extend(closing(
        outcome,
        said!("why-ended-by", "ended by {by}: {reason}", by = who(by), reason = reason),
    ));
    Ok(events)
}

fn closing(outcome: Outcome, why: Said) -> Vec<Event> {
    vec![Event::ClosingStarted { outcome, why }]
}
