//! What a command has to say, before it is printed. Not the printing.

use crate::report::words::is_unsafe;

/// The answer of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// For standard output; ends with a line's end unless empty.
    pub text: String,
    /// For standard error: warnings, or what went wrong; ends with a line's end unless empty.
    pub notes: String,
    /// Whether it could be done.
    pub success: bool,
}

/// Text from outside in one line that cannot steer a terminal.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(|c| if is_unsafe(c) { '\u{fffd}' } else { c }).collect()
}

/// The same for text of several lines.
pub(crate) fn plain_lines(text: &str) -> String {
    text.lines().map(plain).collect::<Vec<_>>().join("\n")
}
