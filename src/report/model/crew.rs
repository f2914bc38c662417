//! What a report says of people: who took part, cards and hints, every team's times, what should become better. Plain data.

use serde::Serialize;

use super::line::{Line, Score};
use super::time::{Length, Moment};

/// Everything about people that is no incident and no log line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Crew {
    /// Something real happened; from then on it was no exercise.
    pub real_incident: Option<RealIncident>,
    pub persons: Vec<Person>,
    pub roles: Vec<RoleHeld>,
    pub cards: Vec<Card>,
    pub hints: Vec<Hint>,
    pub board: Board,
    pub went_well: Vec<DebriefLine>,
    pub went_badly: Vec<DebriefLine>,
    pub lucky: Vec<DebriefLine>,
    pub improvements: Vec<Improvement>,
}

/// A real incident that ended the exercise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RealIncident {
    pub at: Moment,
    pub by: String,
    pub reason: String,
}

/// Somebody who took part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    pub name: String,
    pub team: Option<String>,
}

/// A role that somebody had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoleHeld {
    /// `incident-commander`, `scribe`, …
    pub role: &'static str,
    pub person: String,
    pub since: Moment,
    /// `None`: to the end.
    pub until: Option<Moment>,
    pub by: String,
}

/// A card that reached its teams.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Card {
    pub number: usize,
    /// `None`: all teams.
    pub to: Option<String>,
    pub text: String,
    /// Who is away from then on.
    pub away: Option<String>,
    pub at: Moment,
    /// Drawn by the facilitator, and not by the plan.
    pub drawn: bool,
    pub seen_by: Vec<Seen>,
}

/// A team that has seen a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Seen {
    pub team: String,
    pub author: String,
    /// After the card came.
    pub after: Length,
}

/// Help that was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hint {
    pub injection: Option<String>,
    pub text: String,
    /// In points; it stands beside the times and changes none.
    pub cost: u32,
    /// `None`: all teams.
    pub to: Option<String>,
    pub at: Moment,
}

/// The score board.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Board {
    pub targets: Targets,
    /// Injections that took effect.
    pub rows: Vec<BoardRow>,
    /// Every team, and last all together.
    pub teams: Vec<BoardTeam>,
}

/// Times that teams should keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Targets {
    pub ttd_ms: Option<u64>,
    pub tta_ms: Option<u64>,
    pub ttm_ms: Option<u64>,
    pub ttr_ms: Option<u64>,
}

/// An injection on the board.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BoardRow {
    pub injection: String,
    /// The team that was first to detect it.
    pub first: Option<String>,
    /// One for every team, in the order of [`Board::teams`].
    pub cells: Vec<BoardCell>,
}

/// How long a team took on an injection.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BoardCell {
    pub team: String,
    /// `None`: not detected by it.
    pub incident: Option<u32>,
    pub ttd: Option<Timed>,
    pub tta: Option<Timed>,
    pub ttm: Option<Timed>,
    pub ttr: Option<Timed>,
}

/// A time, and whether it keeps its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Timed {
    pub took: Length,
    /// `None`: there is no target.
    pub kept: Option<bool>,
}

/// What is counted of a team beside its times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BoardTeam {
    /// `None`: all.
    pub team: Option<String>,
    pub undetected: usize,
    pub first: usize,
    pub false_alarms: usize,
    pub discoveries: usize,
    /// Without an injection, and nobody said what it was.
    pub unexplained: usize,
    pub duplicates: usize,
    pub hints: usize,
    pub hint_cost: u32,
    pub cards_not_seen: usize,
}

/// Whether an injection went as expected.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Expectation {
    /// `met`, `not met`, `no data`, `not scored`.
    pub answer: &'static str,
    pub evidence: String,
    pub score: Option<Score>,
}

/// What people said went well or badly, or was luck.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DebriefLine {
    #[serde(flatten)]
    pub line: Line,
    /// What it rests on.
    #[serde(flatten)]
    pub rests_on: RestsOn,
}

/// What something that people decided rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RestsOn {
    /// Lines of the log.
    pub evidence: Vec<Line>,
    /// Events that have no line in the log.
    pub other_evidence: Vec<u64>,
}

/// What should become better.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Improvement {
    pub id: u32,
    /// `automation`, `detection`, `resilience`, `capacity`, `runbook`, `process`.
    pub category: &'static str,
    pub text: String,
    pub owner: Option<String>,
    /// `2026-12-15`.
    pub due: Option<String>,
    pub team: String,
    pub author: String,
    pub at: Moment,
    /// What it rests on.
    #[serde(flatten)]
    pub rests_on: RestsOn,
    /// Taken back: why.
    pub dropped: Option<String>,
}
