//! Reports from recordings.

mod figures;
mod hostile;
mod judged;

use std::sync::Arc;

use gameday::exercise::event::Envelope;
use gameday::exercise::fold::apply;
use gameday::exercise::header::Header;
use gameday::exercise::state::State;

/// The state after all of `envelopes`.
pub fn folded(header: Header, envelopes: &[Envelope]) -> State {
    let mut state = State::new(Arc::new(header));
    for envelope in envelopes {
        apply(&mut state, envelope);
    }
    state
}
