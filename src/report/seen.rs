//! Text from outside as a report shows it: in one line, and nothing in it acts or hides. Not the markup of any format.

use std::fmt::Write as _;

use crate::gameday::text::is_plain;

/// `raw` in one line: its ends of lines as `⏎`, control characters as their pictures, marks of writing direction and
/// what no document may hold as their names.
pub fn seen(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in raw.trim().replace("\r\n", "\n").chars() {
        match c {
            '\n' => out.push('⏎'),
            '\t' => out.push(' '),
            '\u{0}'..='\u{1f}' => {
                out.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'));
            }
            c if !is_plain(c) || is_no_character(c) => {
                let _ = write!(out, "⟨U+{:04X}⟩", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// Whether it can never stand for anything: XML refuses some of these.
const fn is_no_character(c: char) -> bool {
    let code = c as u32;
    code & 0xfffe == 0xfffe || (code >= 0xfdd0 && code <= 0xfdef)
}

#[cfg(test)]
mod tests {
    use super::seen;

    #[test]
    fn nothing_acts_or_hides() {
        for (raw, shown) in [
            ("plain 店 👩‍💻", "plain 店 👩‍💻"),
            ("one\ntwo\r\nthree\tfour", "one⏎two⏎three four"),
            ("\u{1b}[2J\u{7}", "␛[2J␇"),
            ("\u{9b}2J\u{202e}x", "⟨U+009B⟩2J⟨U+202E⟩x"),
            ("\u{ffff}\u{fdd0}\u{1fffe}", "⟨U+FFFF⟩⟨U+FDD0⟩⟨U+1FFFE⟩"),
            ("<b> & \"q\"", "<b> & \"q\""),
        ] {
            assert_eq!(seen(raw), shown, "{raw:?}");
        }
    }
}
