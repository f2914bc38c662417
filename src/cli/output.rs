//! Writing to standard output and error. A reader that went away is no error.

use std::io::{self, Write};

/// Prints `text` as it is, with a line end where it lacks one.
///
/// # Errors
/// When standard output cannot be written, other than because its reader went away.
pub(super) fn print(text: &str) -> io::Result<()> {
    put(&mut io::stdout().lock(), text)
}

/// Says something on standard error; if that fails there is nobody left to tell.
pub(super) fn complain(text: &str) {
    drop(put(&mut io::stderr().lock(), text));
}

fn put(out: &mut dyn Write, text: &str) -> io::Result<()> {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    match write!(out, "{text}{end}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
