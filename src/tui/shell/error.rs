//! Why there is no screen. Not why a screen was left, which is no error.

/// Why there is no screen.
#[derive(Debug, thiserror::Error)]
pub enum ShellError {
    /// Standard input or output is no terminal.
    #[error("there is no terminal to draw on; --headless runs without one")]
    NoTerminal,
    /// The terminal cannot be set up.
    #[error("the terminal cannot be set up: {0}")]
    Setup(#[source] std::io::Error),
    /// Some part of the program panicked; the terminal is restored, the message stands above.
    #[error("a part of the program panicked")]
    Panicked,
}
