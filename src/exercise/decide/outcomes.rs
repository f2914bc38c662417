//! What adapters report: the target, the load, and what became of faults.

use crate::exercise::approval;
use crate::exercise::blast::BlastRadius;
use crate::exercise::command::{Command, Refusal};
use crate::exercise::event::{Event, Outcome};
use crate::exercise::id::InjectionId;
use crate::exercise::said::{Said, said};
use crate::exercise::state::{InjectionRun, InjectionStatus, Stage, State};

pub(super) fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
    Ok(match command {
        Command::TargetIsReady { base_url, what } => vec![Event::TargetReady { base_url, what }],
        Command::TargetHasFailed { error } => {
            failed(state, Event::TargetFailed { error: error.clone() }, error)
        }
        Command::LoadHasFailed { error } => {
            failed(state, Event::LoadFailed { error: error.clone() }, error)
        }
        Command::TargetLooks(topology)
            if state.stage != Stage::Ended && topology != state.topology =>
        {
            vec![Event::TargetSeen(topology)]
        }
        Command::ClusterSays(news) if state.stage != Stage::Ended => {
            let news = news.beyond(&state.cluster);
            if news.is_empty() { Vec::new() } else { vec![Event::ClusterNoted { news }] }
        }
        Command::SampleTaken(sample) if state.stage != Stage::Ended => vec![Event::Sampled(sample)],
        Command::FaultPrepared { id, round, victims, peers, undo, blast } => {
            match state.injections.get(id.0) {
                Some(run) => {
                    vec![obstacle(state, run, round, &blast).unwrap_or(Event::InjectionStarted {
                        id,
                        round,
                        victims,
                        peers,
                        undo,
                        blast,
                    })]
                }
                None => Vec::new(),
            }
        }
        Command::FaultTookEffect { id, round, t0, evidence } => {
            took_effect(state, id, Event::InjectionActive { id, round, t0, evidence })
        }
        Command::FaultHasFailed { id, round, error } if may_fail(state, id) => {
            vec![Event::InjectionFailed { id, round, error }]
        }
        Command::FaultReverted { id, attempt, evidence } if awaited(state, id, attempt) => {
            vec![Event::Reverted { id, evidence }]
        }
        Command::RevertHasFailed { id, attempt, error } if awaited(state, id, attempt) => {
            vec![Event::RevertFailed { id, attempt, error }]
        }
        _ => Vec::new(),
    })
}

/// Without target or load an exercise cannot begin; one that runs is halted.
fn failed(state: &State, event: Event, error: Said) -> Vec<Event> {
    match state.stage {
        Stage::Preparing | Stage::Preflight | Stage::NoGo => {
            vec![event, Event::ClosingStarted { outcome: Outcome::NotStarted, why: error }]
        }
        Stage::Running if state.halted.is_none() => {
            vec![event, Event::Halted { by: "gameday".into(), reason: error }, Event::LoadStopped]
        }
        _ => vec![event],
    }
}

/// A fault that takes effect while it is being undone is undone once more; one that is over stays over.
fn took_effect(state: &State, id: InjectionId, active: Event) -> Vec<Event> {
    let Some(run) = state.injections.get(id.0) else { return Vec::new() };
    match run.status {
        InjectionStatus::Injecting | InjectionStatus::Active => vec![active],
        InjectionStatus::Reverting | InjectionStatus::NotReverted => {
            let why = said!("why-late", "it took effect while it was being undone");
            vec![active, Event::RevertStarted { id, attempt: run.attempts + 1, why }]
        }
        _ => Vec::new(),
    }
}

/// Once undoing has begun, how the injecting ended no longer matters.
fn may_fail(state: &State, id: InjectionId) -> bool {
    use InjectionStatus::{Active, Armed, Injecting};
    let status = state.injections.get(id.0).map(|run| run.status);
    matches!(status, Some(Armed | Injecting | Active))
}

/// Whether this is the answer to the undoing that is under way, not to an earlier one.
fn awaited(state: &State, id: InjectionId, attempt: u32) -> bool {
    state
        .injections
        .get(id.0)
        .is_some_and(|run| run.status == InjectionStatus::Reverting && run.attempts == attempt)
}

/// Why an injection whose victims are known may not start after all, as the event that says so.
fn obstacle(state: &State, run: &InjectionRun, round: u32, blast: &BlastRadius) -> Option<Event> {
    let id = run.id;
    let skipped = |why| Event::InjectionSkipped { id, why };
    let failed = |error: Said| Event::InjectionFailed { id, round, error };
    if round > 0 && run.status != InjectionStatus::Active {
        return Some(failed(said!("why-late-round", "a further round came too late")));
    }
    if state.halted.is_some() {
        return Some(if round == 0 {
            skipped(said!("why-halted-before", "halted before it took effect"))
        } else {
            failed(said!("why-halted", "halted"))
        });
    }
    if state.stage != Stage::Running {
        return Some(skipped(said!(
            "why-over-before",
            "the exercise was over before it took effect"
        )));
    }
    let grown = approval::grown(state, id, blast);
    if !grown.is_empty() {
        return Some(failed(said!(
            "why-grown",
            "blast radius: it reaches farther than was approved: {grown}",
            grown = grown
        )));
    }
    if !state.header.ceiling.allows(blast.risk) {
        let critical = match blast.critical.is_empty() {
            true => said!("why-none-critical", "none"),
            false => blast.critical.join(", ").into(),
        };
        return Some(failed(said!(
            "why-blast",
            "blast radius: risk {risk} ({pods} pods, critical: {critical}) is more than {ceiling} allows",
            risk = blast.risk.said(),
            pods = blast.pods,
            critical = critical,
            ceiling = state.header.ceiling.to_string()
        )));
    }
    None
}
