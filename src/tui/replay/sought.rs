//! Lines of a log that hold what somebody looks for. Not the going there.

use std::sync::Arc;

use crate::exercise::state::State;

/// The events of the lines of a log that hold `text`, whatever the case of its letters, in order.
pub fn sought(state: &State, text: &str) -> Vec<u64> {
    let text = text.to_lowercase();
    let holds = |said: &str| said.to_lowercase().contains(&text);
    let mut found: Vec<u64> = state
        .log
        .iter()
        .filter(|entry| {
            let team = entry.team.as_deref().unwrap_or_default();
            let said: &str = &entry.text;
            holds(said) || holds(team) || holds(&entry.author)
        })
        .map(|entry| entry.seq)
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The same, and the events of notes that were added afterwards and hold it.
pub fn with_notes<'a>(
    state: &State,
    notes: impl Iterator<Item = &'a crate::exercise::note::Note>,
    text: &str,
) -> Arc<[u64]> {
    let lower = text.to_lowercase();
    let noted = notes.filter(|note| note.text.to_lowercase().contains(&lower));
    let mut found = sought(state, text);
    found.extend(noted.map(|note| note.seq));
    found.sort_unstable();
    found.dedup();
    found.into()
}
