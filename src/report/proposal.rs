//! What went well, what went badly and where we were lucky, proposed from what was recorded: people decide. Pure; not the
//! deciding, and no praise or blame that nothing recorded supports.
//!
//! Lucky is only what could as well have gone wrong: a fault that nobody noticed and no customer felt although somebody
//! should have noticed it, a defence that was off while nothing broke, an outage that fell into quiet hours.

mod badly;
mod lucky;
mod rests;
mod well;

use crate::exercise::improvement::Category;
use crate::exercise::state::State;
use crate::lang::{Arg, Lang};
use crate::report::model::Report;

pub use self::rests::Line;

/// An improvement that somebody may decide on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposed {
    /// What kind.
    pub category: Category,
    /// What is to be done.
    pub text: String,
    /// The events it rests on.
    pub evidence: Vec<u64>,
}

/// What can be proposed, in the order of the exercise.
pub fn lines(state: &State) -> Vec<Line> {
    let mut lines = well::lines(state);
    lines.extend(badly::lines(state));
    lines.extend(lucky::lines(state));
    lines.sort_by_key(|line| line.at);
    lines
}

/// What the report suggests, as improvements in the words of `lang`.
pub fn improvements(report: &Report, lang: &Lang) -> Vec<Proposed> {
    let suggested = report.suggestions.iter().filter_map(|one| {
        let key = format!("report-suggest-{}", one.rule);
        let places = &one.places;
        let args = [
            ("what", Arg::Text(places.what.as_deref().unwrap_or("—"))),
            ("who", Arg::Text(places.who.as_deref().unwrap_or("—"))),
            ("name", Arg::Text(places.name.as_deref().unwrap_or("—"))),
            ("value", Arg::Text(&one.value_words)),
        ];
        Some(Proposed {
            category: Category::named(one.category)?,
            text: lang.tell(&key, &args).into_owned(),
            evidence: one.lines.clone(),
        })
    });
    suggested.collect()
}
