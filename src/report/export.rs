//! What is in a recording for other programs: improvements and lessons as a table (CSV) and as issues of a tracker
//! (Markdown), what was measured as a table and as OpenMetrics, the incident log. Pure; not the reading of the recording,
//! and not the report.

mod csv;
mod issues;
mod log;
mod rows;
pub mod series;

use super::time::moment;
use super::words;
use crate::exercise::log::EntryKind;
use crate::exercise::stamp::Stamp;
use crate::exercise::state::State;
use crate::lang::{Lang, Language};

pub use self::csv::csv;
pub use self::issues::{Issue, issues};
pub use self::log::log;
pub use self::rows::{Evidence, Export, Row, Source};

/// What of a recording is exported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wanted {
    /// What nobody took back.
    #[default]
    Open,
    /// Everything.
    All,
}

impl Export {
    /// What there is to export of an exercise.
    pub fn from_state(state: &State, wanted: Wanted) -> Self {
        let header = &state.header;
        // Trackers and spreadsheets are shared by people of several languages.
        let lang = Lang::new(Language::English);
        let source = Source {
            exercise: header.exercise.clone(),
            gameday: header.plan.name.clone(),
            title: header.plan.title.clone(),
            began: words::date(header.began),
            drill: header.drill,
            watch: state.is_watch(),
        };
        let when = |at: Stamp| words::date(at.wall);
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
                evidence: one
                    .says
                    .evidence
                    .iter()
                    .map(|seq| evidence(state, &lang, *seq))
                    .collect(),
                dropped: one.dropped.as_ref().map(|(_, by, why)| (by.clone(), why.clone())),
            });
        let lessons = state.log.iter().filter(|entry| entry.kind == EntryKind::Lesson);
        let lessons = lessons.map(|entry| Row {
            id: None,
            kind: "lesson",
            status: None,
            category: None,
            text: entry.text.to_string(),
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

fn evidence(state: &State, lang: &Lang, seq: u64) -> Evidence {
    let found = state.log.iter().find(|entry| entry.seq == seq);
    found.map_or_else(
        || Evidence { seq, at: String::new(), says: format!("event {seq}") },
        |entry| Evidence {
            seq,
            at: words::moment(lang, moment(state, entry.stamp)),
            says: entry.text.to_string(),
        },
    )
}
