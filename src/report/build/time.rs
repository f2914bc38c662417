//! Instants and lengths of time of an exercise as the report gives them. Not what happened then.

use crate::exercise::stamp::Stamp;
use crate::exercise::state::State;
use crate::exercise::times::{Taken, clock_at};
use crate::report::model::{Length, Moment};

/// An instant by every clock.
pub(in crate::report) fn moment(state: &State, at: Stamp) -> Moment {
    Moment {
        elapsed_ms: at.elapsed.as_millis(),
        clock_ms: clock_at(state, at).map(|clock| clock.as_millis()),
        wall_ms: at.wall,
    }
}

/// A length of time by both clocks.
pub(super) fn length(taken: Taken) -> Length {
    Length { running_ms: taken.running.as_millis(), total_ms: taken.total.as_millis() }
}
