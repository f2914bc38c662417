//! The data of a pod, read from outside out of a copy, whether the pod runs or not. Changes nothing of the original.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::{Connection, OpenFlags};

use super::line::Line;
use super::process::works_in;
use super::snapshot::{database_of, snapshot};
use crate::port::target::TargetError;

/// Copies made so far: each has a name of its own.
static COPIES: AtomicU64 = AtomicU64::new(0);

/// The folder in which the pod works: that of the lab.
///
/// # Errors
/// When the system does not show it.
pub(super) fn folder(line: &Line) -> Result<PathBuf, TargetError> {
    works_in(line.pid)
        .ok_or_else(|| TargetError(format!("the folder of {} cannot be seen", line.pod)))
}

/// Reads in the data of a running pod.
///
/// # Errors
/// When it cannot be read.
pub(super) async fn read<T: Send + 'static>(
    line: &Line,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
) -> Result<T, TargetError> {
    read_in(&folder(line)?, line.pod, work).await
}

/// Reads in the data that the lab in this folder has for a pod, whether it runs or not.
///
/// # Errors
/// When it cannot be read.
pub(super) async fn read_in<T: Send + 'static>(
    lab: &Path,
    pod: &str,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
) -> Result<T, TargetError> {
    let number = COPIES.fetch_add(1, Ordering::Relaxed);
    let (file, copy) = (database_of(lab, pod), lab.join(format!("{pod}.look-{number}")));
    let done = tokio::task::spawn_blocking(move || {
        snapshot(&file, &copy).map_err(|error| error.to_string())?;
        let done = Connection::open_with_flags(&copy, OpenFlags::SQLITE_OPEN_READ_ONLY)
            .and_then(|file| work(&file));
        // One that stays goes with the lab's folder.
        let _ = std::fs::remove_file(&copy);
        done.map_err(|error| error.to_string())
    });
    let done = done.await.map_err(|error| TargetError(error.to_string()))?;
    done.map_err(|error| TargetError(format!("{pod}: {error}")))
}
