//! An exercise as it goes into a history: its report, its plan, what it taught. Not the history.

use crate::exercise::state::State;
use crate::report::compare::side::Side;
use crate::report::earlier::Exercise;

/// An exercise as it goes into a history.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    pub(in crate::report) side: Side,
    pub(in crate::report) taught: Exercise,
}

impl Past {
    /// The exercise in the recording `file`, as it stands after its last event.
    pub fn from_state(state: &State, file: String, warnings: Vec<String>) -> Self {
        let mut side = Side::from_state(state, file, warnings);
        // What would fill the memory where there are many.
        side.report.series = Vec::new();
        side.report.curve = Vec::new();
        side.report.log = Vec::new();
        Self { side, taught: Exercise::from_state(state) }
    }
}
