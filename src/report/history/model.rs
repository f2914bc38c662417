//! What the history of a game day says, as plain data. Not how it is found out, and not how it is written.
//!
//! `None` is "no data", never zero. All text may come from outside and is neutralised by whoever writes it.

use serde::Serialize;

use crate::report::compare::model::{Difference, Figure};

/// The exercises of one game day, in order of time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct History {
    /// Version of this format.
    pub gameday_history: u32,
    /// The game day.
    pub name: String,
    /// Real incidents, and no drills.
    pub real: bool,
    pub exercises: Vec<Entry>,
    pub measures: Vec<Measure>,
}

/// One exercise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// Where its recording is.
    pub file: String,
    pub exercise: String,
    pub title: String,
    /// Milliseconds since 1970-01-01 UTC.
    pub began_ms: i64,
    /// `completed`, …; `None`: the recording stops before the end.
    pub outcome: Option<&'static str>,
    pub planned_ms: u64,
    /// On the exercise clock.
    pub ran_ms: u64,
    pub objectives_met: usize,
    pub objectives: usize,
    /// Injections that took effect.
    pub in_effect: usize,
    /// Improvements written in it that nobody took back.
    pub improvements: usize,
    /// Whether trends count it.
    pub counted: bool,
    /// Why not: `ending`, `real incident`, or what is not as in the latest one: `target`, `length`, …
    pub why: Option<&'static str>,
    /// What is not as in the exercise before; in both.
    pub changes: Vec<Difference>,
    /// What is odd about its recording.
    pub warnings: Vec<String>,
}

/// One thing in every exercise, and where it goes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measure {
    /// `TTD-median`, `undetected`, …
    pub what: &'static str,
    /// The unit of its values: `count`, `share`, `length`.
    pub unit: &'static str,
    /// `higher` or `lower`.
    pub better: &'static str,
    /// One for every exercise.
    pub values: Vec<Value>,
    pub trend: Trend,
}

/// What one exercise has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Value {
    /// `None`: no data.
    pub value: Option<Figure>,
    /// From so many single times; of times alone.
    pub of: Option<usize>,
    /// So many have none: not detected, not acknowledged, …; of times alone.
    pub missing: Option<usize>,
}

/// Where a measure goes, over the exercises that can be compared with the latest.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Trend {
    /// So many exercises count and have a value.
    pub exercises: usize,
    /// The median of all slopes between two exercises: by so much it changes from one to the next; `None`: too few.
    pub slope: Option<f64>,
    /// From the first of them to the last, at this slope.
    pub by: Option<f64>,
    /// Kendall's S in standard errors.
    pub z: Option<f64>,
    /// `better`, `worse`, `no trend`, `too few`.
    pub answer: &'static str,
    /// Of no trend: `noise` or `chance`.
    pub why: Option<&'static str>,
}
