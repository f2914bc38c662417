//! Text in cells: made harmless, measured, cut and wrapped by display width. Not its styling.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::gameday::text::{is_hidden, shown};

/// `text` with everything that could act on a terminal replaced: control characters, escape sequences,
/// bidirectional overrides and invisible characters. Line breaks and tabs become blanks.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(|one| harmless(one) == Some(one)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter_map(harmless).collect())
}

/// The character to show for `one`; `None`: nothing.
fn harmless(one: char) -> Option<char> {
    match one {
        '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => Some(' '),
        one if is_hidden(one) => None,
        one => Some(shown(one)),
    }
}

/// How many cells `text` takes.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// `text`, harmless and in at most `cells` cells; what does not fit is cut off with an ellipsis.
pub fn fit(text: &str, cells: usize) -> String {
    let text = clean(text);
    if width(&text) <= cells {
        return text.into_owned();
    }
    if cells == 0 {
        return String::new();
    }
    let mut out = String::with_capacity(cells + 4);
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let wide = grapheme.width();
        if used + wide > cells - 1 {
            break;
        }
        out.push_str(grapheme);
        used += wide;
    }
    out.push('…');
    out
}

/// `text` in exactly `cells` cells, filled up with blanks on the right.
pub fn pad(text: &str, cells: usize) -> String {
    let mut out = fit(text, cells);
    let used = width(&out);
    out.extend(std::iter::repeat_n(' ', cells.saturating_sub(used)));
    out
}

/// What no line ends with: brackets that open, and signs of numbers. Fullwidth ones are written by their numbers.
const OPENING: [char; 9] =
    ['(', '[', '{', '\u{300c}', '\u{300e}', '\u{ff08}', '\u{2212}', '±', '+'];
/// What no line begins with: brackets that close, and marks at the end of a word.
const CLOSING: [char; 15] = [
    ')', ']', '}', ',', '.', ';', ':', '!', '?', '\u{3001}', '\u{3002}', '\u{300d}', '\u{300f}',
    '\u{ff09}', '…',
];

/// Words, each with what may not be parted from it.
fn words(text: &str) -> Vec<&str> {
    let mut words: Vec<&str> = Vec::new();
    let mut from = 0;
    for (at, word) in text.split_word_bound_indices() {
        let before = text.get(from..at).unwrap_or_default();
        let calls =
            word.starts_with('(') && before.ends_with(|it: char| it.is_ascii_alphanumeric());
        let ends = word.starts_with(CLOSING) && !before.ends_with(char::is_whitespace);
        let begins = before.ends_with(OPENING) && !word.starts_with(char::is_whitespace);
        let sticks = calls || ends || begins;
        if !sticks && at > from {
            words.push(before);
            from = at;
        }
    }
    words.extend(text.get(from..).filter(|rest| !rest.is_empty()));
    words
}

/// `text`, harmless, in lines of at most `cells` cells, broken at blanks where there are any.
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    let text = clean(text);
    let cells = cells.max(2);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in words(&text) {
        let wide = width(word);
        if used + wide <= cells {
            line.push_str(word);
            used += wide;
            continue;
        }
        if word.trim().is_empty() {
            lines.push(std::mem::take(&mut line));
            used = 0;
            continue;
        }
        if wide <= cells && used > 0 {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            used = 0;
        }
        for grapheme in word.graphemes(true) {
            let wide = grapheme.width();
            if used + wide > cells {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push_str(grapheme);
            used += wide;
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outside_text_cannot_act_on_the_terminal() {
        for (text, want) in [
            ("plain 日本語 👩‍👩‍👧 é", "plain 日本語 👩‍👩‍👧 é"),
            ("a\u{1b}[31mred", "a\u{fffd}[31mred"),
            ("bell\u{7}", "bell\u{fffd}"),
            ("c1\u{9b}2J", "c1\u{fffd}2J"),
            ("two\nlines\tand", "two lines and"),
            ("evil\u{202e}txt.exe", "evil\u{fffd}txt.exe"),
            ("hid\u{200b}den\u{feff}", "hidden"),
        ] {
            assert_eq!(clean(text), want);
        }
    }

    #[test]
    fn width_counts_cells_not_characters() {
        for (text, cells) in
            [("abc", 3), ("日本", 4), ("e\u{301}", 1), ("🐢", 2), ("👩‍👩‍👧", 2), ("ｱ", 1), ("", 0)]
        {
            assert_eq!(width(text), cells, "{text}");
        }
    }

    #[test]
    fn cutting_never_splits_a_wide_character() {
        for (text, cells, want) in [
            ("日本語テスト", 12, "日本語テスト"),
            ("日本語テスト", 7, "日本語…"),
            ("日本語テスト", 6, "日本…"),
            ("abc", 2, "a…"),
            ("abc", 1, "…"),
            ("abc", 0, ""),
            ("👩‍👩‍👧👩‍👩‍👧", 3, "👩‍👩‍👧…"),
            ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
        ] {
            assert_eq!(fit(text, cells), want);
            assert!(width(&fit(text, cells)) <= cells);
        }
        assert_eq!(pad("日", 4), "日  ");
        assert_eq!(width(&pad("日本語", 4)), 4);
    }

    #[test]
    fn wrapping_keeps_every_word_and_every_width() {
        assert_eq!(wrap("two pods are gone", 9), ["two pods", "are gone"]);
        assert_eq!(wrap("日本語は空白がない", 8), ["日本語は", "空白がな", "い"]);
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("", 4), [""]);
        assert_eq!(wrap("the best (two), so far", 11), ["the best", "(two), so", "far"]);
        assert_eq!(wrap("a change of −0.3, ±2 or + 1", 13), ["a change of", "−0.3, ±2 or +", "1"]);
        assert_eq!(wrap("and mttr(sre) < 5m", 9), ["and", "mttr(sre)", "< 5m"]);
        assert_eq!(wrap("決済が遅い。復旧「した」", 10), ["決済が遅", "い。復旧", "「した」"]);
        for line in wrap("決済が遅い。p99 が 1200ms 🐢🐢🐢 を超えた", 11) {
            assert!(width(&line) <= 11, "{line}");
        }
    }
}
