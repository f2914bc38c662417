//! A copy of a pod's database, made from its files alone, whether the pod works, hangs or is gone. The pod's own
//! connection has the file to itself; from outside only such a copy can be read. Changes nothing of the original.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rusqlite::Connection;

/// The head of the write-ahead log: another one each time the log is begun anew.
const HEAD: u64 = 32;

/// So often the copying is begun again at most.
const TRIES: u32 = 50;

/// The folder with a pod's data in the lab's folder.
pub(super) fn data_of(lab: &Path, pod: &str) -> PathBuf {
    lab.join(pod).join("data")
}

/// The database of a pod in the lab's folder.
pub(super) fn database_of(lab: &Path, pod: &str) -> PathBuf {
    data_of(lab, pod).join(format!("{pod}.db"))
}

/// Writes what is committed in the database to the file `copy`, which it makes or replaces.
///
/// What is copied fits together: pages that are moved from the log into the database meanwhile are still in the log, as
/// long as the log was not begun anew; then it is copied again.
///
/// # Errors
/// When a file cannot be read or written, or the copy is no database.
pub(super) fn snapshot(database: &Path, copy: &Path) -> io::Result<()> {
    let log = with(database, "-wal");
    let (part, part_log) = (with(copy, ".part"), with(copy, ".part-wal"));
    for _ in 0..TRIES {
        let before = head(&log)?;
        fs::copy(database, &part)?;
        match fs::copy(&log, &part_log) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => remove(&part_log)?,
            Err(error) => return Err(error),
        }
        if head(&log)? == before {
            settle(&part).map_err(io::Error::other)?;
            return fs::rename(&part, copy);
        }
    }
    Err(io::Error::other("the database changes too fast to be copied"))
}

/// Brings the log into the database; then there is one file.
fn settle(database: &Path) -> rusqlite::Result<()> {
    let connection = Connection::open(database)?;
    // A copy need not survive a power cut: whoever wants to look does not wait for the disk.
    connection.pragma_update(None, "synchronous", "OFF")?;
    connection.pragma_update(None, "journal_mode", "DELETE")?;
    connection.close().map_err(|(_, error)| error)
}

fn head(log: &Path) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    match File::open(log) {
        Ok(file) => file.take(HEAD).read_to_end(&mut head)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
        Err(error) => return Err(error),
    };
    Ok(head)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn with(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
