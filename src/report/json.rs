//! What a report, a comparison or a history says, as JSON. Not what it says.

use std::fmt::Write as _;

use serde::Serialize;

use crate::gameday::text::is_plain;

/// A report or its like as indented JSON with a line's end. Characters that could harm a terminal are written as escapes, so
/// that it reads back to the same text.
pub fn render(report: &impl Serialize) -> String {
    // Plain structs with text keys: there is nothing that JSON could not hold.
    let json = serde_json::to_string_pretty(report).unwrap_or_default();
    let mut safe = String::with_capacity(json.len() + 1);
    for c in json.chars() {
        if !is_plain(c) && c != '\n' {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(c);
        }
    }
    safe.push('\n');
    safe
}
