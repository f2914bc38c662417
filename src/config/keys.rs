//! The keys of one set in a file of settings, and what is wrong with them. No value is ever in a message: it may be a secret.

use std::collections::HashMap;

use crate::gameday::node::{Key, Kind, Node};
use crate::gameday::problem::{Place, Problem, Problems, Severity, suggestion};
use crate::gameday::text::{is_plain, printable};

/// Enough is enough: of a file with more problems these are told.
const MOST: usize = 100;

/// Adds what is wrong.
pub(super) fn wrong(place: Place, what: impl Into<String>, mend: &str, into: &mut Problems) {
    if into.iter().len() >= MOST {
        return;
    }
    into.push(Problem {
        severity: Severity::Error,
        place,
        what: what.into(),
        why: String::new(),
        mend: mend.to_owned(),
    });
}

/// The entries of a set of keys, each key once.
pub(super) fn entries<'n>(
    node: &'n Node,
    owner: &str,
    problems: &mut Problems,
) -> &'n [(Key, Node)] {
    let Kind::Map(entries) = &node.kind else {
        let what = format!("{owner} is expected here, and this is {}", node.noun());
        wrong(node.place, what, "write keys, each with a value", problems);
        return &[];
    };
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for (key, _) in entries {
        if let Some(line) = seen.insert(&key.text, key.place.line) {
            let what = format!(
                "\"{}\" stands here a second time; the first is in line {line}",
                printable(&key.text, 60)
            );
            wrong(key.place, what, "remove one of them", problems);
        }
    }
    entries
}

/// Refuses every key that is not among `known`.
pub(super) fn only(entries: &[(Key, Node)], owner: &str, known: &[&str], problems: &mut Problems) {
    for (key, _) in entries.iter().filter(|(key, _)| !known.contains(&key.text.as_str())) {
        let shown = printable(&key.text, 60);
        let what = format!("{owner} has no key \"{shown}\"");
        wrong(key.place, what, &suggestion(&shown, known), problems);
    }
}

/// The node of a key.
pub(super) fn find<'n>(entries: &'n [(Key, Node)], key: &str) -> Option<(&'n Key, &'n Node)> {
    entries.iter().find(|(one, _)| one.text == key).map(|(key, node)| (key, node))
}

/// A single value of one line, where the key is there.
pub(super) fn text<'n>(
    entries: &'n [(Key, Node)],
    key: &str,
    problems: &mut Problems,
) -> Option<(&'n str, Place)> {
    let (key, node) = find(entries, key)?;
    line(key, node, problems).map(|text| (text, node.place))
}

/// The value of a key as a single line.
pub(super) fn line<'n>(key: &Key, node: &'n Node, problems: &mut Problems) -> Option<&'n str> {
    let shown = printable(&key.text, 60);
    let (place, what) = match &node.kind {
        Kind::Text { text, .. } if text.trim().is_empty() => {
            (key.place, format!("\"{shown}\" has no value"))
        }
        Kind::Text { text, .. } if text.trim().chars().all(is_plain) => return Some(text.trim()),
        Kind::Text { .. } => (
            node.place,
            format!("\"{shown}\" holds several lines, or characters that hide or turn text"),
        ),
        Kind::Empty => (key.place, format!("\"{shown}\" has no value")),
        _ => (node.place, format!("\"{shown}\" is {}, and not a single value", node.noun())),
    };
    wrong(place, what, "give it one value in one line, or remove it", problems);
    None
}
