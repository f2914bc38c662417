//! What is handed over and how far back, and instants in the words of a handover. Not what is said of it.

use crate::exercise::stamp::Stamp;
use crate::exercise::state::State;
use crate::gameday::span::Span;
use crate::lang::Lang;
use crate::report::markdown::page::told;
use crate::report::time::moment;
use crate::report::words;

/// What is handed over, and how far back.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    pub(super) state: &'a State,
    pub(super) lang: &'a Lang,
    /// Since the recording began.
    pub(super) from: Span,
}

impl Look<'_> {
    /// Whether it was in the time that is looked at.
    pub(super) fn is_in(&self, at: Stamp) -> bool {
        at.elapsed >= self.from
    }

    pub(super) fn moment(&self, at: Stamp) -> String {
        words::moment(self.lang, moment(self.state, at))
    }

    /// Since when, and for how long.
    pub(super) fn since(&self, at: Stamp) -> String {
        let lasts = words::length(self.state.now.since(at).as_millis());
        let places = [("when", &*self.moment(at)), ("lasts", &*lasts)];
        told(self.lang, "handover-since", &places)
    }
}
