//! Text from outside, made harmless for a terminal.

/// The text with control and direction-changing characters replaced by `·`; a line end becomes a space.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\n' | '\r' | '\t' => ' ',
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '·',
            character if character.is_control() => '·',
            character => character,
        })
        .collect()
}
