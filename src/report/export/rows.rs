//! What is exported, as plain data. Not where it comes from, and not how it is written.

/// The exercise that rows and issues belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name.
    pub exercise: String,
    /// The name of its game day.
    pub gameday: String,
    /// What people call that.
    pub title: String,
    /// When it began.
    pub began: String,
    /// A drill, no real incident.
    pub drill: bool,
    /// A watch over a real system, which cannot be run again.
    pub watch: bool,
}

/// An improvement, or a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// `I1`; lessons have none.
    pub id: Option<u32>,
    /// `improvement` or `lesson`.
    pub kind: &'static str,
    /// `open` or `dropped`; of an improvement.
    pub status: Option<&'static str>,
    /// Of an improvement.
    pub category: Option<&'static str>,
    pub text: String,
    pub owner: Option<String>,
    /// `2026-12-01`.
    pub due: Option<String>,
    /// Who wrote it.
    pub team: String,
    pub author: String,
    /// When, in UTC.
    pub noted: String,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// Why it was dropped, and by whom.
    pub dropped: Option<(String, String)>,
}

/// A line of the recording that an improvement rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Its event.
    pub seq: u64,
    /// When; empty: the log has no line of it.
    pub at: String,
    /// What it says.
    pub says: String,
}

/// Everything that is exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Of which exercise.
    pub source: Source,
    /// Improvements, then lessons.
    pub rows: Vec<Row>,
}
