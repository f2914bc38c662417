//! What a comparison of exercises says, as plain data. Not how it is found out, and not how it is written.
//!
//! The first exercise is what the others are compared with. `None` is "no data", never zero. All text may come from
//! outside and is neutralised by whoever writes it.

use serde::Serialize;

/// By what the time of the exercises is aligned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Align {
    /// T0 of the same injections stand above each other; between them time is stretched.
    #[default]
    Injections,
    /// Beginnings of the same phases stand above each other; between them time is stretched.
    Phases,
    /// Time since the first phase began, holds included; nothing is stretched.
    Wall,
}

/// Every way to align them.
pub const ALIGNS: [Align; 3] = [Align::Injections, Align::Phases, Align::Wall];

/// The whole comparison.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// Version of this format.
    pub gameday_compare: u32,
    pub exercises: Vec<Exercise>,
    /// Why figures tell less than they seem to, or may not be compared at all.
    pub warnings: Vec<Warning>,
    /// What of the plans and of how they were run is not the same.
    pub differences: Vec<Difference>,
    /// How the answers of all rows fall; one for every exercise but the first.
    pub tallies: Vec<Tally>,
    pub groups: Vec<Group>,
    pub chart: Lines,
}

/// One of the exercises.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Exercise {
    /// `A`, `B`, …
    pub letter: &'static str,
    /// Where its recording is.
    pub file: String,
    pub exercise: String,
    pub name: String,
    pub title: String,
    /// Milliseconds since 1970-01-01 UTC.
    pub began_ms: i64,
    pub target: String,
    pub planned_ms: u64,
    /// On the exercise clock.
    pub ran_ms: u64,
    /// `completed`, …; `None`: the recording stops before the end.
    pub outcome: Option<&'static str>,
    /// Objectives met, of so many.
    pub objectives_met: usize,
    pub objectives: usize,
    pub drill: bool,
    pub headless: bool,
    /// The first digits of the plan's SHA-256.
    pub plan: String,
}

/// Why an exercise compares badly with the first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Warning {
    /// `load`, `target`, `drill`, `attended`, `length`, `game day`, `ending`, `dropped`, `lag`, `recording`.
    pub what: &'static str,
    /// The letter of the exercise.
    pub exercise: &'static str,
    /// What the first has there, and what this one has.
    pub first: String,
    pub this: String,
}

/// Something of the plan, or of how it was run, that is not the same everywhere.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// `seed`, `defences`, `length`, `phases`, …
    pub what: &'static str,
    /// One for every exercise, in words; a longer part of the plan by the first digits of its SHA-256.
    pub values: Vec<String>,
}

/// How many rows say what of an exercise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    pub better: usize,
    pub worse: usize,
    pub same: usize,
    /// Not the same, and neither better nor worse.
    pub different: usize,
    pub not_comparable: usize,
}

/// Rows about one thing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    /// `objectives`, `load`, `customers`, `phases`, `slos`, `injections`, `teams`, `team times`.
    pub group: &'static str,
    pub rows: Vec<Row>,
}

/// One thing in every exercise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// What was measured or said: `availability`, `TTD`, `detection`, …
    pub what: &'static str,
    /// Of which objective, phase, SLO or injection; `None`: of the whole exercise.
    pub of: Option<String>,
    /// Of which team; `None`: of all.
    pub team: Option<String>,
    /// The unit of its values: `word`, `count`, `share`, `ms`, `us`, `rate`, `length`.
    pub unit: &'static str,
    /// `higher`, `lower`, or `neither`.
    pub better: &'static str,
    /// One for every exercise.
    pub cells: Vec<Cell>,
    /// One for every exercise but the first.
    pub changes: Vec<Change>,
}

/// What one exercise has in a row.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Cell {
    /// Whether the exercise has such a thing at all.
    pub there: bool,
    /// `None`: no data.
    pub value: Option<Figure>,
    /// In place of a value: `met`, `not detected`, …
    pub word: Option<&'static str>,
    /// The figures behind a word.
    pub evidence: Option<String>,
    /// Requests that a share rests on.
    pub requests: Option<u64>,
}

/// A number as it was counted or measured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Figure {
    /// Whole: a count, a length of time.
    Whole(u64),
    /// A difference of such.
    Signed(i64),
    /// Measured.
    Real(f64),
}

impl Figure {
    /// The number, for reckoning.
    pub fn number(self) -> f64 {
        match self {
            Self::Whole(value) => value as f64,
            Self::Signed(value) => value as f64,
            Self::Real(value) => value,
        }
    }
}

/// From the first exercise to another.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Change {
    /// The difference; `None`: there are no two numbers.
    pub by: Option<Figure>,
    /// `better`, `worse`, `same`, `different`, `not comparable`.
    pub answer: &'static str,
    /// Why it is not comparable: `no data`, `no value`, `only in one`, `load`, `length`, `words`.
    pub why: Option<&'static str>,
}

/// What all exercises measured over one time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lines {
    pub align: Align,
    /// Where the time ends.
    pub to_ms: u64,
    pub marks: Vec<Mark>,
    /// One for every exercise.
    pub lines: Vec<Line>,
}

/// Something that happened in one exercise or several.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mark {
    /// `injection` or `phase`.
    pub kind: &'static str,
    /// Its name in the first exercise that has it.
    pub name: String,
    /// When, on the time of the chart, in each exercise; `None`: it has none, or not yet.
    pub at_ms: Vec<Option<i64>>,
}

/// What one exercise measured.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    pub letter: &'static str,
    pub points: Vec<Point>,
}

/// A stretch of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// On the time of the chart.
    pub from_ms: i64,
    pub to_ms: i64,
    /// Since its recording began.
    pub own_ms: u64,
    pub sent_rps: Option<f64>,
    pub availability: Option<f64>,
    pub latency_p99: Option<f64>,
}
