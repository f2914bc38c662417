//! A suggestion as a rule finds it, and the lines of the log that it rests on. Not the rules.

use crate::exercise::said::Said;
use crate::exercise::state::{InjectionRun, State};
use crate::gameday::span::Span;
use crate::lang::{Arg, Lang};
use crate::report::model::{Injection, Moment, Places, Report, Suggestion};

/// A suggestion as a rule finds it.
pub(super) struct Found {
    pub(super) category: &'static str,
    pub(super) rule: &'static str,
    /// What stands in the places of its sentence, besides the value.
    pub(super) places: Vec<(&'static str, String)>,
    pub(super) from: Moment,
    pub(super) to: Option<Moment>,
    pub(super) metric: Said,
    pub(super) value: f64,
    pub(super) value_words: String,
    pub(super) lines: Vec<u64>,
}

impl Found {
    /// With its sentence.
    pub(super) fn suggestion(self, lang: &Lang) -> Suggestion {
        let key = format!("report-suggest-{}", self.rule);
        let mut filled: Vec<(&'static str, Arg<'_>)> =
            self.places.iter().map(|(name, text)| (*name, Arg::Text(text))).collect();
        filled.push(("value", Arg::Text(&self.value_words)));
        let sentence = lang.tell(&key, &filled).into_owned();
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
            metric: lang.said(&self.metric).into_owned(),
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

/// Lines in which the exercise itself says one of these; with a name, of the one with that name.
pub(super) fn lines_of(state: &State, keys: &[&str], name: Option<&str>) -> Vec<u64> {
    let says = |said: &Said| {
        let part = keys.iter().find_map(|key| said.part(key));
        part.is_some_and(|part| name.is_none() || part.place("name") == name)
    };
    let own = state.log.iter().filter(|entry| entry.team.is_none() && says(&entry.text));
    own.map(|entry| entry.seq).collect()
}

/// The lines that say when an injection took effect and when it was undone.
pub(super) fn lines_of_injection(state: &State, name: &str) -> Vec<u64> {
    lines_of(state, &["log-took-effect", "log-undone"], Some(name))
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
