//! The data file of a running pod, read from outside while the pod uses it. Changes nothing in it.

use std::path::PathBuf;

use rusqlite::{Connection, OpenFlags};

use super::line::Line;
use super::process::works_in;
use crate::port::target::TargetError;

/// The folder in which the pod works.
///
/// # Errors
/// When the system does not show it.
pub(super) fn folder(line: &Line) -> Result<PathBuf, TargetError> {
    works_in(line.pid)
        .ok_or_else(|| TargetError(format!("the folder of {} cannot be seen", line.pod)))
}

/// Reads in the pod's data file.
///
/// # Errors
/// When it cannot be read.
pub(super) async fn read<T: Send + 'static>(
    line: &Line,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
) -> Result<T, TargetError> {
    let pod = line.pod;
    let path = folder(line)?.join(format!("{pod}.db"));
    let done = tokio::task::spawn_blocking(move || {
        work(&Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?)
    });
    let done = done.await.map_err(|error| TargetError(error.to_string()))?;
    done.map_err(|error| TargetError(format!("{pod}: {error}")))
}
