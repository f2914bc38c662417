//! Which clocks a screen shows running: once a second, once a minute, or not at all. Not the showing.

use crate::exercise::stamp::Stamp;
use crate::exercise::state::{Stage, State};
use crate::gameday::span::Span;

/// How often the text of clocks changes while nothing else happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beat {
    /// Something is counted in seconds.
    Second,
    /// Only the time of day is shown, in minutes.
    Minute,
    /// Nothing is counted.
    Never,
}

/// How often the clocks of `state` change.
pub fn beat(state: &State) -> Beat {
    let counting = state.live_injections().next().is_some()
        || state.incidents.iter().any(|incident| !incident.status.is_closed());
    match state.stage {
        Stage::Ended => Beat::Never,
        Stage::Preflight | Stage::Closing | Stage::Preparing => Beat::Second,
        Stage::Running if state.halted.is_none() => Beat::Second,
        Stage::Running | Stage::NoGo if counting => Beat::Second,
        Stage::Running | Stage::NoGo => Beat::Minute,
    }
}

/// A number that changes when the text of clocks does.
pub fn pulse(state: &State, now: Stamp) -> u64 {
    match beat(state) {
        Beat::Second => now.elapsed.as_millis() / 1_000,
        Beat::Minute => now.wall.div_euclid(60_000).unsigned_abs(),
        Beat::Never => 0,
    }
}

/// The instant that clocks show: the present, but the end once the exercise has ended.
pub fn shown(state: &State, now: Stamp) -> Stamp {
    if state.stage == Stage::Ended {
        return state.now;
    }
    // Whole seconds: what is drawn between two beats looks the same.
    Stamp::new(Span::from_secs(now.elapsed.as_millis() / 1_000), now.wall)
}
