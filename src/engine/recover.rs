//! Cleaning up after an exercise that died: what may still be in the target is undone, looked at, and recorded.

use super::act::{lift_one, revert_all};
use super::world::Bounds;
use crate::exercise::command::Command;
use crate::exercise::decide::decide;
use crate::exercise::event::{Envelope, Event, Outcome};
use crate::exercise::fold::apply;
use crate::exercise::quiet::name_of;
use crate::exercise::said::{Said, said};
use crate::exercise::silencing::place_of;
use crate::exercise::stamp::Stamp;
use crate::exercise::state::State;
use crate::exercise::undo::Undo;
use crate::gameday::span::Span;
use crate::port::alerts::Silencers;
use crate::port::clock::Clock;
use crate::port::recording::{Recording, RecordingError};
use crate::port::target::FaultInjector;

/// What became of one fault that an exercise left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleared {
    /// The injection's name.
    pub name: String,
    /// What was seen when it was undone, or why it could not be.
    pub outcome: Result<Said, Said>,
}

/// Undoes whatever `state`, folded from a recording that just stops, says may still be there, and closes the
/// recording. An exercise with a fault that could not be undone stays open: the next start tries again.
///
/// # Errors
/// When the recording cannot be written; then nothing was undone.
pub async fn recover(
    state: &mut State,
    recording: &mut dyn Recording,
    (injector, bounds): (&dyn FaultInjector, Bounds),
    silencers: &dyn Silencers,
    clock: &dyn Clock,
) -> Result<Vec<Cleared>, RecordingError> {
    let open: Vec<_> = state
        .injections
        .iter()
        .filter(|run| !run.undos.is_empty())
        .map(|run| (run.id, run.attempts + 1, run.undos.clone()))
        .collect();
    let mut cleared = Vec::new();
    for (id, attempt, undos) in open {
        let name = state.name_of(id);
        let why = said!("why-died-found", "the program died; found by a later start");
        write(state, recording, clock, Event::RevertStarted { id, attempt, why })?;
        let outcome = revert_all(injector, bounds, &undos).await;
        let event = match outcome.clone() {
            Ok(evidence) => Event::Reverted { id, evidence },
            Err(error) => Event::RevertFailed { id, attempt, error },
        };
        write(state, recording, clock, event)?;
        cleared.push(Cleared { name, outcome });
    }
    let silences: Vec<_> = state
        .silencings
        .iter()
        .enumerate()
        .filter_map(|(silence, run)| Some((silence, run.attempts + 1, run.undo.clone()?)))
        .collect();
    for (silence, attempt, undo) in silences {
        let name = name_of(state, silence);
        let why = said!("why-died-found", "the program died; found by a later start");
        write(state, recording, clock, Event::LiftStarted { silence, attempt, why })?;
        let became = match lifted(silencers, &undo).await {
            Ok(evidence) => Command::SilenceIsLifted { silence, attempt, evidence },
            Err(error) => Command::LiftHasFailed { silence, attempt, error },
        };
        let now = Stamp::new(state.now.elapsed, clock.wall_millis());
        for event in decide(state, became, now).unwrap_or_default() {
            let outcome = match &event {
                Event::Lifted { evidence, .. } => Ok(evidence.clone()),
                Event::LiftFailed { error, .. } => Err(error.clone()),
                _ => continue,
            };
            write(state, recording, clock, event)?;
            cleared.push(Cleared { name: name.to_string(), outcome });
        }
    }
    if cleared.iter().all(|one| one.outcome.is_ok()) {
        let why = said!("why-died", "the program died; a later start cleaned up");
        write(state, recording, clock, Event::Ended { outcome: Outcome::Died, why })?;
    }
    Ok(cleared)
}

/// Lifts a silence at the server that its way back names.
async fn lifted(silencers: &dyn Silencers, undo: &Undo) -> Result<Said, Said> {
    let server = place_of(undo)
        .ok_or_else(|| said!("why-no-server", "the recording does not say where it was made"))?;
    lift_one(&*silencers.at(server)?, undo).await
}

fn write(
    state: &mut State,
    recording: &mut dyn Recording,
    clock: &dyn Clock,
    event: Event,
) -> Result<(), RecordingError> {
    let wall = clock.wall_millis();
    let since = u64::try_from(wall.saturating_sub(state.header.began)).unwrap_or_default();
    // Never before the last event, whatever happened to the wall clock meanwhile.
    let elapsed = Span::from_millis(since).max(state.now.elapsed);
    let envelope = Envelope { seq: state.seq + 1, stamp: Stamp::new(elapsed, wall), event };
    recording.append(std::slice::from_ref(&envelope))?;
    apply(state, &envelope);
    Ok(())
}
