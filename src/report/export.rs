//! Improvements and lessons of a recording for other programs: a table (CSV), and issues of a tracker (Markdown). Pure; not
//! the reading of the recording, and not the report.

mod csv;
mod issues;

use super::build::moment;
use super::words;
use crate::exercise::log::EntryKind;
use crate::exercise::stamp::Stamp;
use crate::exercise::state::State;

pub use self::csv::csv;
pub use self::issues::{Issue, issues};

/// What of a recording is exported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wanted {
    /// What nobody took back.
    #[default]
    Open,
    /// Everything.
    All,
}

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
    /// When, on both clocks.
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

impl Export {
    /// What there is to export of an exercise.
    pub fn from_state(state: &State, wanted: Wanted) -> Self {
        let header = &state.header;
        let source = Source {
            exercise: header.exercise.clone(),
            gameday: header.plan.name.clone(),
            title: header.plan.title.clone(),
            began: words::date(header.began),
            drill: header.drill,
        };
        let when = |at: Stamp| words::moment(moment(state, at));
        let improvements = state.people.improvements.iter();
        let improvements = improvements
            .filter(|one| wanted == Wanted::All || one.dropped.is_none())
            .map(|one| Row {
                id: Some(one.id.0),
                kind: "improvement",
                status: Some(if one.dropped.is_some() { "dropped" } else { "open" }),
                category: Some(one.says.category.name()),
                text: one.says.text.clone(),
                owner: one.says.owner.clone(),
                due: one.says.due.map(|due| due.to_string()),
                team: one.team.clone(),
                author: one.author.clone(),
                noted: when(one.noted),
                evidence: one.says.evidence.iter().map(|seq| evidence(state, *seq)).collect(),
                dropped: one.dropped.as_ref().map(|(_, by, why)| (by.clone(), why.clone())),
            });
        let lessons = state.log.iter().filter(|entry| entry.kind == EntryKind::Lesson);
        let lessons = lessons.map(|entry| Row {
            id: None,
            kind: "lesson",
            status: None,
            category: None,
            text: entry.text.clone(),
            owner: None,
            due: None,
            team: entry.team.clone().unwrap_or_default(),
            author: entry.author.clone(),
            noted: when(entry.stamp),
            evidence: Vec::new(),
            dropped: None,
        });
        Self { source, rows: improvements.chain(lessons).collect() }
    }
}

fn evidence(state: &State, seq: u64) -> Evidence {
    let found = state.log.iter().find(|entry| entry.seq == seq);
    found.map_or_else(
        || Evidence { seq, at: String::new(), says: format!("event {seq}") },
        |entry| Evidence {
            seq,
            at: words::moment(moment(state, entry.stamp)),
            says: entry.text.clone(),
        },
    )
}
