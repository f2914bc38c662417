//! Exercises that have not begun and never will: for screens that show a plan, or none. Not how one is run.

use std::sync::Arc;

use crate::exercise::blast::Ceiling;
use crate::exercise::header::{FORMAT_VERSION, Header};
use crate::exercise::state::State;
use crate::gameday::plan::GameDay;
use crate::gameday::read::read;
use crate::port::clock::Clock;

/// The state before a plan begins.
pub(super) fn state(plan: GameDay, clock: &dyn Clock) -> State {
    State::new(Arc::new(Header {
        gameday_recording: FORMAT_VERSION,
        program: String::new(),
        exercise: String::new(),
        began: clock.wall_millis(),
        seed: 0,
        ceiling: Ceiling::default(),
        headless: false,
        briefing: None,
        drill: true,
        rehearsal: None,
        alertmanager: None,
        watch: None,
        plan,
    }))
}

/// A state in which nothing is planned.
pub(super) fn empty(clock: &dyn Clock) -> Result<State, String> {
    let text = "gameday: v1\nname: nothing\ntarget: lab\nphases:\n  - { name: nothing, duration: 1s, load: { rps: 1 } }\n";
    let plan = read(text, "nothing.yaml").map_err(|_| "the empty game day cannot be read")?;
    Ok(state(plan, clock))
}
