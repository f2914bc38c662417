//! An exercise as it goes into a comparison or a history: its report, and what its plan was. Not the comparing.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::exercise::state::State;
use crate::report::model::Report;

/// An exercise to be compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// Where its recording is, for people.
    pub file: String,
    /// What its report says.
    pub report: Report,
    /// Its plan, as JSON.
    pub(in crate::report) plan: Value,
    /// What each injection does to whom, in the order of the report; without its name.
    pub(in crate::report) faults: Vec<String>,
}

impl Side {
    /// The exercise in the recording `file`, as it stands after its last event.
    pub fn from_state(state: &State, file: String, warnings: Vec<String>) -> Self {
        let plan = state.plan();
        let report = Report::from_state(state).with_warnings(warnings);
        let faults = plan.injections().map(|(_, planned)| {
            let json = serde_json::to_value(&planned.experiment).unwrap_or_default();
            let of = |key: &str| json.get(key).map(ToString::to_string).unwrap_or_default();
            format!("{} {} {}", of("type"), of("selector"), of("destination"))
        });
        Self {
            file,
            plan: serde_json::to_value(plan).unwrap_or_default(),
            faults: faults.collect(),
            report,
        }
    }

    /// A part of the plan.
    pub(in crate::report) fn part(&self, key: &str) -> &Value {
        self.plan.get(key).unwrap_or(&Value::Null)
    }
}

/// The first digits of the SHA-256 of something's JSON.
pub(in crate::report) fn digest(of: &impl Serialize) -> String {
    let json = serde_json::to_vec(of).unwrap_or_default();
    Sha256::digest(json).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// The letter of the exercise at a place.
pub fn letter(nth: usize) -> &'static str {
    ["A", "B", "C", "D"].get(nth).copied().unwrap_or("?")
}
