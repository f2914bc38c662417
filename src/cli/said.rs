//! What a command has to say, before it is printed. Not the printing.

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
