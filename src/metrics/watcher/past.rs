//! Times that are told afterwards: what was before anybody looked, and gaps in which nobody answered. Pure: instants are
//! passed in.

use super::board::Board;
use crate::exercise::standing::Standing;
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
    /// Somebody begins to look.
    pub(super) const fn begun(fills: bool, now: Span) -> Self {
        Self { known: Known::Awaited { from: Span::ZERO, since: now }, fills }
    }

    /// Takes in how it stands with each panel at `at`, when the second that began at `start` would be told.
    pub(super) fn look(
        &mut self,
        board: &mut Board,
        stand: &[Standing],
        (start, at): (Span, Span),
    ) {
        let silent = !stand.is_empty() && !stand.iter().any(Standing::is_answered);
        match self.known {
            Known::Told if silent && self.fills => self.known = Known::Gap { from: start },
            Known::Gap { from } if !silent => {
                board.await_answers(stand);
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
