//! Times that are told afterwards: what was before anybody looked, and gaps in which nobody answered. Pure: instants are
//! passed in.

use super::board::Board;
use crate::gameday::span::Span;

/// The past is waited for so long; then what is now goes ahead without it.
const PATIENCE: Span = Span::from_secs(15);

/// Where it stands with the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    /// It is told, and each second as it comes.
    Told,
    /// Nobody answers since then: nothing is told, so that it can be filled in.
    Gap { from: Span },
    /// Somebody answers since `since`; what was from `from` on is waited for.
    Awaited { from: Span, since: Span },
}

/// What of the past is still to be told.
#[derive(Debug)]
pub(super) struct Past {
    known: Known,
    /// Gaps are filled in; else each second of them is told as it comes, without data.
    fills: bool,
}

impl Past {
    pub(super) const fn new(fills: bool) -> Self {
        let (from, since) = (Span::ZERO, Span::ZERO);
        Self { known: Known::Awaited { from, since }, fills }
    }

    /// Somebody begins to look.
    pub(super) const fn begin(&mut self, now: Span) {
        self.known = Known::Awaited { from: Span::ZERO, since: now };
    }

    /// Takes in whether no panel has a current answer at `at`.
    pub(super) fn look(&mut self, board: &mut Board, silent: bool, at: Span) {
        match self.known {
            Known::Told if silent && self.fills => {
                // The second that would be told now, and every one after it.
                let from = Span::from_secs(at.as_millis() / 1_000) - Span::from_secs(1);
                self.known = Known::Gap { from };
            }
            Known::Gap { from } if !silent => {
                board.await_answers();
                self.known = Known::Awaited { from, since: at };
            }
            _ => {}
        }
    }

    /// From when on the past is to be told now; `None`: there is nothing to be told, or not yet.
    pub(super) fn told(&mut self, board: &Board, at: Span) -> Option<Span> {
        let Known::Awaited { from, since } = self.known else { return None };
        if !board.all_answered() && at - since < PATIENCE {
            return None;
        }
        self.known = Known::Told;
        Some(from)
    }

    /// Whether each second is told as it comes.
    pub(super) fn is_told(&self) -> bool {
        self.known == Known::Told
    }
}
