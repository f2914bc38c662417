//! Between exercise time and elapsed time, for pictures: where in the recording a moment of the plan was. Not a clock.

use crate::exercise::stamp::Stamp;
use crate::exercise::state::State;
use crate::gameday::span::Span;

/// Both times of one exercise.
pub struct Axis<'a> {
    stops: &'a [(Stamp, Option<Stamp>)],
    start: Option<Stamp>,
    now: Stamp,
}

impl<'a> Axis<'a> {
    /// The axis of an exercise at `now`.
    pub fn new(state: &'a State, now: Stamp) -> Self {
        let first = state.phases.first().and_then(|run| run.started).map(|(_, stamp)| stamp);
        // A watch has no phases; its clock begins with its recording.
        let start = match state.is_watch() {
            true => Some(Stamp::new(Span::ZERO, state.header.began)),
            false => first,
        };
        Self { stops: &state.stops, start, now }
    }

    /// The elapsed time at which the exercise clock showed `exercise`; `None` before the first phase.
    pub fn elapsed_at(&self, exercise: Span) -> Option<Span> {
        let mut elapsed = self.start?.elapsed + exercise;
        for (from, to) in self.stops {
            if from.elapsed > elapsed {
                break;
            }
            elapsed += to.unwrap_or(self.now).since(*from);
        }
        Some(elapsed)
    }

    /// What the exercise clock showed at `stamp`.
    pub fn exercise_at(&self, stamp: Stamp) -> Span {
        let Some(start) = self.start else { return Span::ZERO };
        let stopped = self.stops.iter().fold(Span::ZERO, |sum, (from, to)| {
            let from = from.elapsed.max(start.elapsed);
            let to = to.map_or(stamp.elapsed, |to| to.elapsed.min(stamp.elapsed));
            sum + (to - from)
        });
        stamp.since(start) - stopped
    }
}
