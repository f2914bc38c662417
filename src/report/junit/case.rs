//! A case of a JUnit report. Not how it is written.

/// A case and what came of it.
pub(super) struct Case {
    pub(super) class: &'static str,
    pub(super) name: String,
    /// How long it took, in milliseconds.
    pub(super) took: u64,
    pub(super) came: Came,
}

/// What came of a case.
pub(super) enum Came {
    /// It passed; what was seen.
    Passed(String),
    /// It failed: the kind in a word, and the evidence.
    Failed(&'static str, String),
    /// Nobody said, or there was nothing to say.
    Skipped(String),
}
