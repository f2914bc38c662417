//! The keys of one map: each is asked for by name, and what nobody asked for is refused.

use std::collections::HashMap;

use super::findings::Findings;
use crate::gameday::node::{Key, Kind, Node};
use crate::gameday::problem::{Place, Severity, suggestion};
use crate::gameday::text::printable;

/// The keys of a map on their way to being read.
pub(super) struct Fields<'n> {
    /// Where the map begins.
    pub(super) place: Place,
    owner: &'static str,
    entries: &'n [(Key, Node)],
    asked: Vec<&'static str>,
    forgiven: bool,
}

impl<'n> Fields<'n> {
    /// The keys of `node`, which is called `owner` in messages (`a phase`). `None`, with a finding, where it is no map.
    pub(super) fn of(
        node: &'n Node,
        owner: &'static str,
        findings: &mut Findings,
    ) -> Option<Fields<'n>> {
        let Kind::Map(entries) = &node.kind else {
            let what = format!("{owner} is expected here, and this is {}", node.noun());
            findings.error(
                node.place,
                what,
                "",
                format!("write the keys of {owner}, each with a value"),
            );
            return None;
        };
        let mut seen: HashMap<&str, &Key> = HashMap::new();
        for (key, _) in entries {
            if let Some(first) = seen.insert(&key.text, key) {
                let what = format!("\"{}\" stands here a second time", printable(&key.text, 60));
                let why = format!(
                    "it already has a value in line {}; only one can count",
                    first.place.line
                );
                findings.error(key.place, what, why, "remove one of them");
            }
        }
        // An empty flow map has no key to point at.
        let place = entries.first().map_or(node.place, |(key, _)| key.place);
        Some(Fields { place, owner, entries, asked: Vec::new(), forgiven: false })
    }

    /// The value of `key`; an empty one is a finding and counts as absent.
    pub(super) fn take(&mut self, key: &'static str, findings: &mut Findings) -> Option<&'n Node> {
        self.know(&[key]);
        let (key, value) = self.entries.iter().find(|(entry, _)| entry.text == key)?;
        if value.kind == Kind::Empty {
            let what = format!("\"{}\" has no value", key.text);
            findings.error(key.place, what, "", "give it one, or remove the line");
            return None;
        }
        Some(value)
    }

    /// The value of `key`, which must be there.
    pub(super) fn need(
        &mut self,
        key: &'static str,
        example: &str,
        findings: &mut Findings,
    ) -> Option<&'n Node> {
        if !self.has(key) {
            self.know(&[key]);
            let what = format!("{} needs \"{key}\"", self.owner);
            findings.error(self.place, what, "", format!("add {key}: {example}"));
            return None;
        }
        self.take(key, findings)
    }

    /// Whether the file has the key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(entry, _)| entry.text == key)
    }

    /// Where the key stands.
    pub(super) fn place_of(&self, key: &str) -> Option<Place> {
        self.entries.iter().find(|(entry, _)| entry.text == key).map(|(entry, _)| entry.place)
    }

    /// These keys belong here, although what is wrong kept them from being read.
    pub(super) fn know(&mut self, keys: &[&'static str]) {
        for key in keys {
            if !self.asked.contains(key) {
                self.asked.push(key);
            }
        }
    }

    /// Nobody can say which keys belong here, so none is a mistake.
    pub(super) fn forgive(&mut self) {
        self.forgiven = true;
    }

    /// Every key that nobody asked for may be one: the form is another program's, and grows.
    pub(super) fn finish_mildly(self, findings: &mut Findings) {
        for key in self.unasked() {
            if findings.is_full_of(Severity::Warning) {
                break;
            }
            let shown = printable(&key.text, 60);
            let what = format!("{} has no key \"{shown}\" that is known here", self.owner);
            let mend = suggestion(&shown, &self.asked);
            findings.warning(key.place, what, "it is not looked at", mend);
        }
    }

    fn unasked(&self) -> impl Iterator<Item = &'n Key> {
        let keys = self.entries.iter().map(|(key, _)| key);
        keys.filter(|key| !self.forgiven && !self.asked.contains(&key.text.as_str()))
    }

    /// Every key that nobody asked for is a mistake.
    pub(super) fn finish(self, findings: &mut Findings) {
        for key in self.unasked() {
            if findings.is_full() {
                break;
            }
            let shown = printable(&key.text, 60);
            let what = format!("{} has no key \"{shown}\"", self.owner);
            let (why, mend) = match key.text.as_str() {
                "<<" => ("keys are not merged here".to_owned(), "write the keys out".to_owned()),
                "scheduler" | "schedule" | "cron" => (
                    "Chaos Mesh drops it silently".to_owned(),
                    "repeat a pod-failure with interval: 30s".to_owned(),
                ),
                _ => (String::new(), suggestion(&shown, &self.asked)),
            };
            findings.error(key.place, what, why, mend);
        }
    }
}
