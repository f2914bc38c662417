//! Collects what is wrong while a file is read, so that all of it can be said at once; and knows the metrics that the file may
//! name.

use crate::gameday::problem::{Place, Problem, Problems, Severity};
use crate::gameday::query::Query;
use crate::gameday::vocabulary::Vocabulary;

/// Enough is enough: a file with more errors, or more warnings, is shown these first. Neither keeps the other out.
const MOST: usize = 100;

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Findings {
    problems: Problems,
    vocabulary: Vocabulary,
}

impl Findings {
    /// The file names these queries: what comes after may speak of them.
    pub(super) fn learn(&mut self, queries: Vec<Query>) {
        self.vocabulary = Vocabulary::with(queries);
    }

    /// The metrics that the file may name.
    pub(super) const fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    pub(super) fn error(
        &mut self,
        place: Place,
        what: impl Into<String>,
        why: impl Into<String>,
        mend: impl Into<String>,
    ) {
        self.add(Severity::Error, place, what.into(), why.into(), mend.into());
    }

    pub(super) fn warning(
        &mut self,
        place: Place,
        what: impl Into<String>,
        why: impl Into<String>,
        mend: impl Into<String>,
    ) {
        self.add(Severity::Warning, place, what.into(), why.into(), mend.into());
    }

    fn add(&mut self, severity: Severity, place: Place, what: String, why: String, mend: String) {
        if !self.is_full_of(severity) {
            self.problems.push(Problem { severity, place, what, why, mend });
        }
    }

    /// Whether no more errors are taken, so that no more need be looked for.
    pub(super) fn is_full(&self) -> bool {
        self.is_full_of(Severity::Error)
    }

    /// The same for problems of one severity.
    pub(super) fn is_full_of(&self, severity: Severity) -> bool {
        self.problems.count(severity) >= MOST
    }

    pub(super) fn is_fatal(&self) -> bool {
        self.problems.is_fatal()
    }

    pub(super) fn into_problems(self) -> Problems {
        self.problems.sorted()
    }
}
