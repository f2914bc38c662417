//! Text from outside made harmless: nothing in it can steer a terminal, turn the line around or hide. Not the markup
//! of any format, and not how wide text is.

/// Stands in place of a character that is not plain.
pub const SHOWN_INSTEAD: char = '\u{fffd}';

/// Whether a character only shows itself: it does not act, it does not hide. The joiners and variation selectors that
/// scripts and emoji need are plain.
pub const fn is_plain(c: char) -> bool {
    !acts(c) && !is_hidden(c)
}

/// Whether a character acts on what stands around it: control characters (ESC and C1 among them), ends of lines and
/// paragraphs, embeddings, overrides and isolates of writing direction, annotations.
const fn acts(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        | '\u{fff9}'..='\u{fffb}')
}

/// Whether a character shows nothing of its own where it stands: zero-width blanks, marks of direction, soft hyphens,
/// byte order marks, tags.
pub const fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{feff}'
        | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}')
}

/// `text` in one line, every character that is not plain replaced.
pub fn plain(text: &str) -> String {
    text.chars().map(shown).collect()
}

/// The same for text of several lines, which it stays.
pub fn plain_lines(text: &str) -> String {
    text.lines().map(plain).collect::<Vec<_>>().join("\n")
}

/// The same as [`plain`], cut after `most` characters.
pub fn printable(text: &str, most: usize) -> String {
    let mut out: String = text.chars().take(most).map(shown).collect();
    if text.chars().nth(most).is_some() {
        out.push('…');
    }
    out
}

/// A character, or what is shown instead of it.
pub const fn shown(c: char) -> char {
    if is_plain(c) { c } else { SHOWN_INSTEAD }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outside_text_is_only_text() {
        for (text, shown) in [
            ("plain 日本語 é", "plain 日本語 é"),
            ("👩‍👩‍👧 ❤️ 葛\u{e0100} क\u{200d}ष", "👩‍👩‍👧 ❤️ 葛\u{e0100} क\u{200d}ष"),
            ("a\u{1b}[31mb\u{202e}c\n", "a\u{fffd}[31mb\u{fffd}c\u{fffd}"),
            ("\u{9b}2J\u{7}\u{7f}", "\u{fffd}2J\u{fffd}\u{fffd}"),
            ("hid\u{200b}den\u{feff}\u{e0041}", "hid\u{fffd}den\u{fffd}\u{fffd}"),
            ("\u{2066}a\u{2069}\u{200f}\u{61c}", "\u{fffd}a\u{fffd}\u{fffd}\u{fffd}"),
        ] {
            assert_eq!(plain(text), shown, "{text:?}");
        }
        assert_eq!(plain_lines("a\u{1b}\nb\r\nc"), "a\u{fffd}\nb\nc");
        assert_eq!(printable("注文が増える", 3), "注文が…");
        assert_eq!(printable("注文が", 3), "注文が");
    }

    #[test]
    fn no_control_character_is_plain() {
        let wrong = ('\u{0}'..=char::MAX).find(|c| c.is_control() && is_plain(*c));
        assert_eq!(wrong, None);
    }
}
