//! A suggestion as a rule finds it, and the lines of the log that it rests on. Not the rules.

use std::sync::LazyLock;

use crate::exercise::state::{InjectionRun, State};
use crate::gameday::span::Span;
use crate::lang::{Arg, Lang, Language};
use crate::report::model::{Injection, Moment, Places, Report, Suggestion};

/// The texts of the JSON.
static ENGLISH: LazyLock<Lang> = LazyLock::new(|| Lang::new(Language::English));

/// A suggestion as a rule finds it.
pub(super) struct Found {
    pub(super) category: &'static str,
    pub(super) rule: &'static str,
    /// What stands in the places of its sentence, besides the value.
    pub(super) places: Vec<(&'static str, String)>,
    pub(super) from: Moment,
    pub(super) to: Option<Moment>,
    pub(super) metric: String,
    pub(super) value: f64,
    pub(super) value_words: String,
    pub(super) lines: Vec<u64>,
}

impl Found {
    /// With its sentence.
    pub(super) fn suggestion(self) -> Suggestion {
        let key = format!("report-suggest-{}", self.rule);
        let mut filled: Vec<(&'static str, Arg<'_>)> =
            self.places.iter().map(|(name, text)| (*name, Arg::Text(text))).collect();
        filled.push(("value", Arg::Text(&self.value_words)));
        let sentence = ENGLISH.tell(&key, &filled).into_owned();
        let place = |wanted: &str| {
            let found = self.places.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, text)| text.clone())
        };
        let mut lines = self.lines;
        lines.sort_unstable();
        lines.dedup();
        Suggestion {
            category: self.category,
            rule: self.rule,
            sentence,
            places: Places { what: place("what"), who: place("who"), name: place("name") },
            from: self.from,
            to: self.to,
            metric: self.metric,
            value: Some(self.value),
            value_words: self.value_words,
            lines,
        }
    }
}

/// The injections that took effect, with their place in the report.
pub(super) fn in_effect<'a>(
    state: &'a State,
    report: &'a Report,
) -> impl Iterator<Item = (&'a InjectionRun, &'a Injection)> {
    let both = report.injections.iter().filter_map(|one| {
        let run = state.injections.iter().find(|run| run.id.to_string() == one.id)?;
        Some((run, one))
    });
    both.filter(|(run, _)| run.t0.is_some())
}

/// The apps that the pods of an injection belong to, for a sentence.
pub(super) fn hit(one: &Injection) -> String {
    if one.victims.is_empty() { one.name.clone() } else { one.victims.join(", ") }
}

/// Lines of the exercise itself that begin with one of these.
pub(super) fn lines_of(state: &State, beginnings: &[String]) -> Vec<u64> {
    let own = state.log.iter().filter(|entry| entry.team.is_none());
    let ours = own.filter(|entry| beginnings.iter().any(|words| entry.text.starts_with(words)));
    ours.map(|entry| entry.seq).collect()
}

/// The lines that say when an injection took effect and when it was undone.
pub(super) fn lines_of_injection(state: &State, name: &str) -> Vec<u64> {
    lines_of(state, &[format!("{name} took effect"), format!("{name} is undone")])
}

/// The lines of an incident.
pub(super) fn lines_of_incident(state: &State, id: u32) -> Vec<u64> {
    let ours = state.log.iter().filter(|entry| entry.incident.is_some_and(|one| one.0 == id));
    ours.map(|entry| entry.seq).collect()
}

/// For figures.
pub(super) const fn millis(length: Span) -> u64 {
    length.as_millis()
}
