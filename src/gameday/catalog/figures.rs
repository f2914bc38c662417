//! Figures and names of a fault as they stand in every language: spans, sizes, labels, settings. Not the words around them.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::gameday::fault::Selector;
use crate::gameday::metric::Unit;
use crate::gameday::span::Span;
use crate::gameday::text::printable;

/// `app=web-app, tier=frontend`; `None`: it selects everything.
pub fn labels_of(selector: &Selector) -> Option<String> {
    if selector.is_empty() {
        return None;
    }
    let pairs: Vec<String> =
        selector.iter().map(|(key, value)| printable(&format!("{key}={value}"), 120)).collect();
    Some(pairs.join(", "))
}

/// A name from a file, not too long.
pub fn short(text: &str) -> String {
    printable(text, 60)
}

/// `100ms`, `100ms ± 10ms`.
pub fn late(latency: Span, jitter: Span) -> String {
    if jitter.is_zero() { latency.to_string() } else { format!("{latency} ± {jitter}") }
}

/// ` (30%)`, and nothing where all are meant.
pub fn of(share: f64) -> String {
    if share >= 1.0 { String::new() } else { format!(" ({})", Unit::Share.show(share)) }
}

/// `key=value, key=value`.
pub fn settings(set: &BTreeMap<String, String>) -> String {
    let pairs: Vec<String> = set.iter().map(|(key, value)| format!("{key}={value}")).collect();
    printable(&pairs.join(", "), 120)
}

/// `PodChaos`, `2×PodChaos, Schedule`; the name of the file where it was not read yet.
pub fn objects(file: &str, documents: &[Value]) -> String {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for one in documents {
        *kinds.entry(one.get("kind").and_then(Value::as_str).unwrap_or("?")).or_default() += 1;
    }
    if kinds.is_empty() {
        return short(file);
    }
    let each = kinds.iter().map(|(kind, count)| match count {
        1 => (*kind).to_owned(),
        count => format!("{count}×{kind}"),
    });
    short(&each.collect::<Vec<_>>().join(", "))
}

/// `64KiB`, `1.5MiB`.
pub fn size(bytes: u64) -> String {
    const STEPS: [(&str, u64); 3] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
    match STEPS.into_iter().find(|(_, step)| bytes >= *step) {
        Some((unit, step)) if bytes.is_multiple_of(step) => format!("{}{unit}", bytes / step),
        Some((unit, step)) => format!("{:.1}{unit}", bytes as f64 / step as f64),
        None => format!("{bytes}B"),
    }
}
