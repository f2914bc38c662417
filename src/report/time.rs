//! Instants and lengths of time of an exercise as the report gives them. Not what happened then.

use crate::exercise::stamp::Stamp;
use crate::exercise::state::State;
use crate::exercise::times::{Taken, clock_at};
use crate::gameday::span::Span;
use crate::report::model::{Length, Moment};

/// An instant by every clock.
pub(in crate::report) fn moment(state: &State, at: Stamp) -> Moment {
    Moment {
        elapsed_ms: at.elapsed.as_millis(),
        clock_ms: clock_at(state, at).map(|clock| clock.as_millis()),
        wall_ms: at.wall,
        dated: state.is_watch().then(|| {
            let first = day(state.header.began);
            day(state.now.wall) != first || day(at.wall) != first
        }),
    }
}

/// The day of a wall time, in UTC.
const fn day(wall: i64) -> i64 {
    wall.div_euclid(86_400_000)
}

/// A length of time by both clocks.
pub(super) fn length(taken: Taken) -> Length {
    Length { running_ms: taken.running.as_millis(), total_ms: taken.total.as_millis() }
}

/// An instant that is known only since the recording began.
pub(super) fn instant(state: &State, at: Span) -> Moment {
    let wall = i64::try_from(at.as_millis()).unwrap_or(i64::MAX);
    moment(state, Stamp::new(at, state.header.began.saturating_add(wall)))
}

/// From one instant to another, without the time the exercise stood still.
pub(super) fn between(state: &State, from: Stamp, to: Stamp) -> Span {
    to.since(from) - state.stopped_between(from, to)
}
