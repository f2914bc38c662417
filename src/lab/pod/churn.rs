//! Workers that write, sync, read and delete files in a folder of their own without a pause. Nothing else.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use super::disk::Disk;

/// Never more workers, whatever is asked for; each holds one file at a time.
pub(super) const WORKERS_AT_MOST: u32 = 16;

/// The size of one file.
const FILE: usize = 4 * 1024 * 1024;

/// Written and read at once; the end is noticed between two of them.
const PIECE: usize = 256 * 1024;

/// Workers that keep the disk busy; when this is dropped they end, and their folder is gone.
pub(super) struct Churn {
    over: Arc<AtomicBool>,
    workers: Vec<JoinHandle<()>>,
    folder: PathBuf,
}

impl Churn {
    /// Starts the workers in `folder`, which is theirs alone; on this disk, if it is a part of the disk's.
    ///
    /// # Errors
    /// When there are none or too many, or the folder cannot be made.
    pub(super) fn start(
        workers: u32,
        folder: PathBuf,
        disk: Option<&Arc<Disk>>,
    ) -> Result<Self, String> {
        if workers == 0 || workers > WORKERS_AT_MOST {
            return Err(format!("workers must be 1 to {WORKERS_AT_MOST}"));
        }
        clear(&folder);
        fs::create_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let over = Arc::new(AtomicBool::new(false));
        let mut churn = Self { over, workers: Vec::new(), folder };
        for index in 0..workers {
            let (over, path) = (Arc::clone(&churn.over), churn.folder.join(index.to_string()));
            let disk = disk.cloned();
            let worker = thread::Builder::new().name(format!("churn-{index}")).spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    // A full disk is busy as well.
                    let _ = turn(&path, &over, disk.as_deref());
                    let _ = fs::remove_file(&path);
                }
            });
            churn.workers.push(worker.map_err(|error| error.to_string())?);
        }
        Ok(churn)
    }
}

/// Where the files of a stress are in a folder of the pod `pod`.
pub(in crate::lab) fn churn_in(folder: &Path, pod: &str) -> PathBuf {
    folder.join(format!("{pod}.churn"))
}

/// Removes what a process that was killed has left in the folder.
pub(super) fn clear(folder: &Path) {
    // What stays is seen by whoever looks for it.
    let _ = fs::remove_dir_all(folder);
}

impl Drop for Churn {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        for worker in self.workers.drain(..) {
            // A worker that panicked writes no more either.
            let _ = worker.join();
        }
        clear(&self.folder);
    }
}

fn turn(path: &Path, over: &AtomicBool, disk: Option<&Disk>) -> io::Result<()> {
    let mut piece = vec![0x5A_u8; PIECE];
    let mut file = fs::File::create(path)?;
    for _ in 0..FILE / PIECE {
        if over.load(Ordering::Relaxed) {
            return Ok(());
        }
        match disk {
            Some(disk) => disk.grow(PIECE as u64, || file.write_all(&piece))?,
            None => file.write_all(&piece)?,
        }
    }
    file.sync_data()?;
    let mut file = fs::File::open(path)?;
    while !over.load(Ordering::Relaxed) && file.read(&mut piece)? > 0 {}
    Ok(())
}
