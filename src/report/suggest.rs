//! What is worth doing after an exercise, each with the evidence it rests on: seconds, a measured value, lines of the log.
//! Rules over what was recorded, and nothing else. Not the evidence itself.

mod felt;
mod found;
mod inside;
mod people;
mod watch;

use super::model::{Report, Suggestion};
use crate::exercise::state::State;
use crate::lang::Lang;

/// Every suggestion, by what it is about; a calm exercise gives none.
pub fn suggestions(state: &State, report: &Report, lang: &Lang) -> Vec<Suggestion> {
    let mut all = felt::all(state, report, lang);
    all.extend(inside::all(state, report, lang));
    all.extend(people::all(state, report, lang));
    all.extend(watch::all(state, report, lang));
    // What customers felt and nobody noticed comes first.
    let order = ["detection", "resilience", "capacity", "automation", "process", "runbook"];
    all.sort_by_key(|one| order.iter().position(|category| *category == one.category));
    all
}
