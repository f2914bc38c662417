//! What a person types where there is no screen yet.

use std::io::{BufRead as _, stdin};

/// A line, without its end.
///
/// # Errors
/// When nothing can be typed here.
pub(super) async fn typed_line() -> Result<String, String> {
    let read = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        stdin().lock().read_line(&mut line).map(|_| line)
    });
    let line = read.await.map_err(|error| error.to_string())?;
    let line = line.map_err(|error| format!("nothing can be typed here: {error}"))?;
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}
