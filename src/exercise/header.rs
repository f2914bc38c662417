//! The first line of a recording: what is played, by which rules, from which seed.

use serde::{Deserialize, Serialize};

use super::blast::Ceiling;
use super::rehearsal::Rehearsal;
use super::watch::Watch;
use crate::gameday::plan::GameDay;
use crate::gameday::query::Query;
use crate::gameday::span::Span;

/// The format this program writes.
pub const FORMAT_VERSION: u32 = 1;

/// What stays the same over a whole exercise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// The format of the recording.
    pub gameday_recording: u32,
    /// The program that wrote it, with its version.
    pub program: String,
    /// Names the exercise: `20261122T160500Z-black-friday-1a2b`.
    pub exercise: String,
    /// Wall time of the beginning, milliseconds since 1970-01-01 UTC.
    pub began: i64,
    /// Seed of every random choice.
    pub seed: u64,
    /// What risk is allowed.
    pub ceiling: Ceiling,
    /// Whether no person sits before it.
    pub headless: bool,
    /// A briefing waits before the first phase, until someone says go or the steady state has held for so long;
    /// `None`: there is none, and the first phase begins as soon as the steady state was seen to hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub briefing: Option<Span>,
    /// It is a drill and no real incident, so that it never enters the statistics of those. Older recordings do not say it,
    /// and are drills: this program runs nothing else.
    #[serde(default = "drill")]
    pub drill: bool,
    /// It is a rehearsal, with simulated teams; `None`: it is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rehearsal: Option<Rehearsal>,
    /// It is a watch over a real system, and this is what it watches; `None`: it is an exercise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watch: Option<Watch>,
    /// The server on which alerts may be silenced, without anything secret; `None`: nobody is offered any silence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alertmanager: Option<String>,
    /// The plan, normalised and already scaled to the asked duration.
    pub plan: GameDay,
}

impl Header {
    /// Everything that is asked of a source of metrics, in the order in which news about it count: the panels of a watch, or
    /// the queries of the plan.
    pub fn queries(&self) -> Vec<Query> {
        match &self.watch {
            Some(watch) => watch.panels.iter().map(|one| one.query).collect(),
            None => self.plan.queries.iter().map(|one| one.query).collect(),
        }
    }
}

const fn drill() -> bool {
    true
}
