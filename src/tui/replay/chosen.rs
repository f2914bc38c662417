//! Which injection was selected on a live screen on which nobody selected: found by looking into the recording. Not what a person
//! selects.

use crate::exercise::state::State;
use crate::port::tape::{Tape, TapeError};

/// From which event on which injection was selected, as far as it was asked for.
pub struct Chosen(Vec<(u64, usize)>);

impl Default for Chosen {
    fn default() -> Self {
        Self(vec![(0, 0)])
    }
}

impl Chosen {
    /// Which injection a live screen has selected after event `seq`, where nobody selects: the first, and when that is
    /// over the one that was next then.
    ///
    /// # Errors
    /// When the recording cannot be read.
    pub fn after(&mut self, seq: u64, tape: &mut dyn Tape) -> Result<usize, TapeError> {
        let known = self.0.iter().rposition(|(from, _)| *from <= seq).unwrap_or_default();
        let (mut from, mut chosen) = self.0.get(known).copied().unwrap_or_default();
        if known + 1 < self.0.len() {
            return Ok(chosen);
        }
        while is_over(&tape.state(seq)?, chosen) && !is_over(&tape.state(from)?, chosen) {
            // The first event behind `from` after which it was over.
            let (mut before, mut after) = (from, seq);
            while before + 1 < after {
                let middle = before.midpoint(after);
                if is_over(&tape.state(middle)?, chosen) { after = middle } else { before = middle }
            }
            let next = tape.state(after)?.next_injection().map(|(run, _)| run.id.0);
            (from, chosen) = (after, next.unwrap_or(chosen));
            self.0.push((from, chosen));
        }
        Ok(chosen)
    }
}

fn is_over(state: &State, injection: usize) -> bool {
    state.injections.get(injection).is_some_and(|run| run.status.is_over())
}
