//! The last pass over a finished frame for terminals that show ASCII alone: every symbol of ours becomes an ASCII one,
//! every other character a question mark in each of its cells. Nothing moves. Not the choice of when.

use ratatui::buffer::Buffer;

use super::text::width;

/// What stands for a character of ours; `None`: it is not one of ours.
pub const fn stand_in(one: char) -> Option<char> {
    Some(match one {
        // Lines and corners.
        '─' | '╌' | '┄' | '┈' | '╴' | '╶' | '–' | '—' | '−' => '-',
        '━' | '═' | '╍' | '┅' | '┉' => '=',
        '│' | '┃' | '║' | '╎' | '┆' | '┊' | '╵' | '╷' | '▏' | '▎' | '▍' | '▌' | '▐' | '▕' => {
            '|'
        }
        '╭' | '╮' | '╰' | '╯' | '┌' | '┐' | '└' | '┘' | '├' | '┤' | '┬' | '┴' | '┼' | '┏' | '┓'
        | '┗' | '┛' | '┣' | '┫' | '┳' | '┻' | '╋' | '╔' | '╗' | '╚' | '╝' => {
            '+'
        }
        // Heights.
        '▁' => '_',
        '▂' => ',',
        '▃' => ':',
        '▄' => '=',
        '▅' => '%',
        '▆' => '&',
        '▇' => '$',
        '█' => '#',
        '▀' => '"',
        '░' => '.',
        '▒' => 'H',
        '▓' => 'M',
        // Signs.
        '✓' => '+',
        '✗' => 'x',
        '●' | '◉' => '@',
        '◆' => '*',
        '◈' => '%',
        '◌' => 'o',
        '▲' => '!',
        '■' => '#',
        '►' => '>',
        '‖' => '=',
        '○' => '0',
        '□' => '[',
        '◔' => ':',
        '◐' => '(',
        '◕' => ';',
        '◑' => ')',
        '◇' => '~',
        '▼' | '▾' => 'V',
        '▶' | '▸' => '>',
        '◀' | '◂' => '<',
        '★' => '*',
        '✚' => '+',
        '☆' => '\'',
        '↻' => '&',
        '✎' => '&',
        '↶' => '<',
        '⇧' => '^',
        '◎' => '@',
        '≡' => '=',
        // Arrows.
        '←' | '‹' | '≤' | '«' => '<',
        '→' | '›' | '≥' | '»' => '>',
        '↑' => '^',
        '↓' => 'v',
        '↔' | '⇄' | '↕' | '…' | '≈' | '≠' | '~' => '~',
        '⏎' => 'J',
        // Letters and figures.
        '·' => '.',
        // Someone said something.
        '•' => '"',
        '×' => 'x',
        '÷' => '/',
        '±' => '+',
        'µ' | 'μ' => 'u',
        '°' => 'o',
        '‘' | '’' | '′' => '\'',
        '“' | '”' | '″' => '"',
        '\u{a0}' | '\u{202f}' | '\u{2009}' => ' ',
        _ => return None,
    })
}

/// Makes every cell of a frame ASCII.
pub fn replace(buf: &mut Buffer) {
    // Cells that belong to a wide character to their left.
    let mut covered = 0;
    for cell in &mut buf.content {
        if covered > 0 {
            covered -= 1;
            cell.set_symbol("?");
            continue;
        }
        let symbol = cell.symbol();
        if symbol.len() == 1 && symbol.is_ascii() {
            continue;
        }
        covered = width(symbol).saturating_sub(1);
        let mut all = symbol.chars();
        let one = match (all.next(), all.next()) {
            (Some(one), None) if covered == 0 => stand_in(one),
            (None, _) => Some(' '),
            _ => None,
        };
        cell.set_char(one.unwrap_or('?'));
    }
}

/// Whether the locale of the environment is one without more than ASCII for sure; `lookup` gives a variable's value. Where
/// nothing is said, terminals of today show everything.
pub fn detect(lookup: impl Fn(&str) -> Option<String>) -> bool {
    let set = |name: &str| lookup(name).filter(|value| !value.is_empty());
    let Some(locale) = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set) else {
        return false;
    };
    match locale.split_once('.') {
        Some((_, set)) => {
            let set = set.split('@').next().unwrap_or_default();
            !(set.eq_ignore_ascii_case("utf-8") || set.eq_ignore_ascii_case("utf8"))
        }
        None => matches!(locale.as_str(), "C" | "POSIX"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ratatui::layout::Rect;

    use super::*;

    #[test]
    fn what_differs_still_differs() {
        for group in ["✓✗●◆◈◌▲■►‖–○□◔◕", "▁▂▃▄▅▆▇█ ", "←→↑↓", "─│╭", "█─?", "█░▒●▲•□"]
        {
            let made: BTreeSet<_> = group.chars().map(|one| stand_in(one).unwrap_or(one)).collect();
            assert_eq!(made.len(), group.chars().count(), "{group} became {made:?}");
        }
        for one in ('\u{80}'..='\u{ffff}').filter_map(stand_in) {
            assert!(one.is_ascii() && !one.is_ascii_control() && one != '?', "{one:?}");
        }
    }

    #[test]
    fn columns_stay_and_what_cannot_be_shown_says_so() {
        let rows = ["│✓ 決済 ▃█│", "│e\u{301}👩‍👩‍👧x…│"];
        let mut buf = Buffer::empty(Rect::new(0, 0, 10, 2));
        for (row, y) in rows.iter().zip(0..) {
            buf.set_string(0, y, row, ratatui::style::Style::new());
        }
        replace(&mut buf);
        assert_eq!(buf, Buffer::with_lines(["|+ ???? :#", "|???x~|   "]));
    }

    #[test]
    fn the_locale_says_whether_there_is_more() {
        for (pairs, want) in [
            (&[("LANG", "en_US.UTF-8")][..], false),
            (&[("LANG", "C.utf8")], false),
            (&[("LANG", "de_DE.ISO-8859-15@euro")], true),
            (&[("LANG", "ja_JP.UTF-8"), ("LC_ALL", "C")], true),
            (&[("LANG", "en_US.UTF-8"), ("LC_CTYPE", "POSIX")], true),
            (&[("LANG", "en_US")], false),
            (&[], false),
        ] {
            let found = detect(|name| {
                pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            });
            assert_eq!(found, want, "{pairs:?}");
        }
    }
}
