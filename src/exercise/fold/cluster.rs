//! The fold's part for clusters: what was approved of the faults in one, and what it says of itself.

use super::say::say;
use crate::exercise::approved::Approved;
use crate::exercise::event::{Envelope, Event};
use crate::exercise::log::Audience;
use crate::exercise::reach;
use crate::exercise::said::said;
use crate::exercise::state::State;
use crate::exercise::who::who;

/// Takes one event about a cluster in.
pub(super) fn apply(state: &mut State, envelope: &Envelope) {
    match &envelope.event {
        Event::ReachApproved { by, injections } => approved(state, envelope, by, injections),
        Event::ClusterNoted { news } => state.cluster.take(news),
        _ => {}
    }
}

/// Keeps what was approved, and says it.
fn approved(state: &mut State, envelope: &Envelope, by: &str, injections: &[Approved]) {
    for one in injections {
        let name = state.name_of(one.id);
        let text = match one.problem.is_empty() {
            true => said!(
                "log-approved",
                "Approved by {by}: {name}: {reach} ({hash})",
                by = who(by),
                name = name,
                reach = reach::words(&one.blast),
                hash = &one.hash
            ),
            false => said!(
                "log-nothing-to-approve",
                "Nothing to approve of {name}: {why}",
                name = name,
                why = &one.problem
            ),
        };
        say(state, envelope, text, Audience::Facilitator);
        state.approved.retain(|other| other.id != one.id);
        state.approved.push(one.clone());
    }
}
