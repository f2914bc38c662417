//! Text in markup (HTML, SVG, XML). Not the markup.

use super::seen::seen;

/// Text that is only text, in markup and in attributes.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// The same of text from outside, in which nothing acts or hides.
pub fn harmless(text: &str) -> String {
    escaped(&seen(text))
}
