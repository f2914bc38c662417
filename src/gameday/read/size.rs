//! Amounts of data: `64KiB`, `1.5MB`, `512B`, also `10Mbit`. Not times and not rates of requests.

use super::findings::Findings;
use super::value;
use crate::gameday::node::Node;
use crate::gameday::text::printable;

/// Units with their bytes; the longer of two that could match stands first.
const UNITS: [(&str, f64); 11] = [
    ("KiB", 1_024.0),
    ("MiB", 1_048_576.0),
    ("GiB", 1_073_741_824.0),
    ("kbit", 125.0),
    ("Mbit", 125_000.0),
    ("Gbit", 125_000_000.0),
    ("kB", 1_000.0),
    ("KB", 1_000.0),
    ("MB", 1_000_000.0),
    ("GB", 1_000_000_000.0),
    ("B", 1.0),
];

/// An amount in bytes between two bounds, both allowed; a `/s` behind it changes nothing.
pub(super) fn between(
    node: &Node,
    least: u64,
    most: u64,
    example: &str,
    findings: &mut Findings,
) -> Option<u64> {
    let text = value::raw(node, findings)?;
    let amount = text.strip_suffix("/s").unwrap_or(text);
    let found = UNITS.into_iter().find_map(|(unit, factor)| {
        let number = value::bare(amount.strip_suffix(unit)?.trim_end())?;
        Some(number * factor)
    });
    let shown = printable(text, 60);
    let Some(bytes) = found else {
        let (what, why) = if value::bare(amount).is_some() {
            (format!("\"{shown}\" has no unit"), "a bare number could be bytes, bits or kilobytes")
        } else if amount.ends_with("bps") {
            (format!("\"{shown}\" could be bits or bytes"), "tools disagree on bps")
        } else {
            (format!("\"{shown}\" is no amount of data"), "")
        };
        findings.error(node.place, what, why, format!("write {example}"));
        return None;
    };
    if !(least as f64..=most as f64).contains(&bytes) {
        let what = format!("{shown} is not between {} and {}", words(least), words(most));
        findings.error(node.place, what, "", format!("write {example}"));
        return None;
    }
    Some(bytes.round() as u64)
}

fn words(bytes: u64) -> String {
    match bytes {
        bytes if bytes >= 1 << 30 => format!("{}GiB", bytes >> 30),
        bytes if bytes >= 1 << 20 => format!("{}MiB", bytes >> 20),
        bytes if bytes >= 1 << 10 => format!("{}KiB", bytes >> 10),
        bytes => format!("{bytes}B"),
    }
}
