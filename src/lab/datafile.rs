//! The data file of a running pod, read from outside while the pod uses it. Changes nothing in it.

use std::path::PathBuf;
use std::time::Duration;

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

/// Whoever has the file at the moment is waited for so long.
pub(super) const BUSY_LIMIT: Duration = Duration::from_secs(2);

/// Reads in the data file of a running pod.
///
/// # Errors
/// When it cannot be read.
pub(super) async fn read<T: Send + 'static>(
    line: &Line,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
) -> Result<T, TargetError> {
    let path = folder(line)?.join(format!("{}.db", line.pod));
    read_file(path, line.pod, work).await
}

/// Reads in the data file of a pod, whether it runs or not.
///
/// # Errors
/// When it cannot be read.
pub(super) async fn read_file<T: Send + 'static>(
    path: PathBuf,
    pod: &str,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
) -> Result<T, TargetError> {
    let done = tokio::task::spawn_blocking(move || {
        let file = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        file.busy_timeout(BUSY_LIMIT)?;
        work(&file)
    });
    let done = done.await.map_err(|error| TargetError(error.to_string()))?;
    done.map_err(|error| TargetError(format!("{pod}: {error}")))
}
