//! What a report suggests to do, and what that rests on, as plain data. Not the rules (`suggest`).

use serde::Serialize;

use super::time::Moment;

/// Something worth doing, with its evidence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Suggestion {
    /// `automation`, `detection`, `resilience`, `capacity`, `runbook`, `process`.
    pub category: &'static str,
    /// The rule that found it.
    pub rule: &'static str,
    /// What to do, in English.
    pub sentence: String,
    /// What stands in the places of the sentence.
    pub places: Places,
    /// The seconds it rests on; `to` is `None` where it lasted to the end.
    pub from: Moment,
    pub to: Option<Moment>,
    /// What was measured, and its value.
    pub metric: String,
    pub value: Option<f64>,
    pub value_words: String,
    /// The lines of the log it rests on, by `seq`.
    pub lines: Vec<u64>,
}

/// What stands in the places of a suggestion's sentence, in whatever language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Places {
    /// What it is about: an injection, a phase, a lever, an incident.
    pub what: Option<String>,
    /// Whom it happened to, or who did it.
    pub who: Option<String>,
    /// What else has a name: an SLO, a title.
    pub name: Option<String>,
}
