//! What the report says of moments that were pinned. Not of the log.

use crate::exercise::pin::Pin as Pinned;
use crate::exercise::state::State;
use crate::report::model::{Pin, PinnedIncident, PinnedSlo};
use crate::report::time::moment;
use crate::report::words::NO_DATA;

/// Every moment, in order.
pub(in crate::report) fn pins(state: &State) -> Vec<Pin> {
    state.pins.iter().map(|one| pin(state, one)).collect()
}

fn pin(state: &State, one: &Pinned) -> Pin {
    let slos = state.plan().slos.iter().zip(&one.slos);
    let slos = slos.map(|(slo, (value, since))| PinnedSlo {
        name: slo.name.clone(),
        value: *value,
        value_words: value
            .map_or_else(|| NO_DATA.to_owned(), |value| slo.limit.metric.unit().show(value)),
        broken_since: since.map(|since| moment(state, since)),
    });
    let incidents = one.incidents.iter().map(|(id, severity, status)| PinnedIncident {
        id: id.0,
        severity: severity.to_string(),
        status: status.to_string(),
    });
    Pin {
        seq: one.seq,
        at: moment(state, one.at),
        team: one.team.clone(),
        author: one.author.clone(),
        text: one.text.clone(),
        slos: slos.collect(),
        incidents: incidents.collect(),
        faults: one.faults.iter().map(|id| state.name_of(*id)).collect(),
    }
}
