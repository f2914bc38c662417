//! The disk of a pod, as far as it can be harmed: every file operation of a store asks here first. It may be late or fail
//! with the error of a broken disk, and the folder with the pod's data takes no more than its limit, whoever writes there.
//! Does no file operation itself but a trial.

use std::cell::Cell;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError, RwLock};
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use rustix::io::Errno;

use super::faults::Dice;
use crate::gameday::fault::IoAction;
use crate::lab::lock::lock;
use crate::lab::pod::metrics::Metrics;

/// Written at once.
const PIECE: usize = 256 * 1024;

thread_local! {
    /// Whether what this thread does is the lab's work and not the pod's.
    static PAST: Cell<bool> = const { Cell::new(false) };
}

/// What is done to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    /// Bytes are read.
    Read,
    /// Bytes are written, or cut off.
    Write,
    /// What was written is brought to the disk.
    Sync,
}

/// The disk.
pub(super) struct Disk {
    folder: PathBuf,
    harmed: AtomicBool,
    actions: Mutex<Vec<IoAction>>,
    changed: Condvar,
    dice: Dice,
    limit: RwLock<Option<u64>>,
    late: Counter,
    failed: [Counter; 3],
    full: Counter,
}

impl Disk {
    /// Makes the folder of the data, if it is not there. Nothing is late, nothing fails, and there is no limit.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub(super) fn open(folder: PathBuf, seed: u64, metrics: &Metrics) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        let failed = |what: &str| {
            let help = "File operations of this kind failed by a fault";
            metrics.counter(&format!("file_{what}_failed"), help)
        };
        Ok(Self {
            folder: std::path::absolute(folder)?,
            harmed: AtomicBool::new(false),
            actions: Mutex::default(),
            changed: Condvar::new(),
            dice: Dice::new(seed),
            limit: RwLock::default(),
            late: metrics.counter("file_operations_late", "File operations held up by a fault"),
            failed: [failed("reads"), failed("writes"), failed("syncs")],
            full: metrics
                .counter("file_writes_refused", "Writes that the data folder had no room for"),
        })
    }

    /// The folder with the data.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// From now on this is done to file operations; whoever waits does not wait any longer.
    pub(super) fn set(&self, actions: Vec<IoAction>) {
        self.harmed.store(!actions.is_empty(), Ordering::Relaxed);
        *lock(&self.actions) = actions;
        self.changed.notify_all();
    }

    /// Comes before every file operation; holds up the thread.
    ///
    /// # Errors
    /// The operation fails; it must not be done.
    pub(super) fn operate(&self, operation: Operation) -> io::Result<()> {
        if !self.harmed.load(Ordering::Relaxed) || PAST.get() {
            return Ok(());
        }
        let actions = lock(&self.actions);
        let mut late = Duration::ZERO;
        for action in &*actions {
            match *action {
                IoAction::Latency { latency, share } if self.dice.roll() < share => {
                    late += Duration::from(latency);
                }
                IoAction::Fault { share } if self.dice.roll() < share => {
                    self.failed[operation as usize].inc();
                    return Err(Errno::IO.into());
                }
                _ => {}
            }
        }
        if !late.is_zero() {
            self.late.inc();
            let before = actions.clone();
            // Woken by the end of the fault or by nothing: both go on.
            let _ = self
                .changed
                .wait_timeout_while(actions, late, |now| *now == before)
                .unwrap_or_else(PoisonError::into_inner);
        }
        Ok(())
    }

    /// Lets the folder grow by so many bytes and no further, all its files together; `None`: as far as it likes.
    ///
    /// # Errors
    /// When the files cannot be looked at.
    pub(super) fn limit(&self, free: Option<u64>) -> io::Result<()> {
        // Waits for whoever is just writing.
        let mut limit = self.limit.write().unwrap_or_else(PoisonError::into_inner);
        *limit = match free {
            Some(free) => Some(used(&self.folder)?.saturating_add(free)),
            None => None,
        };
        Ok(())
    }

    /// Does what makes a file of the folder `more` bytes longer, if there is room.
    ///
    /// # Errors
    /// `StorageFull` when there is not, or what `work` says.
    pub(super) fn grow<T>(&self, more: u64, work: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        if more == 0 || PAST.get() {
            return work();
        }
        let limit = self.limit.read().unwrap_or_else(PoisonError::into_inner);
        if limit.is_none() {
            return work();
        }
        drop(limit);
        // One at a time: two could take the same room.
        let limit = self.limit.write().unwrap_or_else(PoisonError::into_inner);
        match *limit {
            Some(limit) if used(&self.folder)?.saturating_add(more) > limit => {
                self.full.inc();
                Err(io::ErrorKind::StorageFull.into())
            }
            _ => work(),
        }
    }

    /// Writes a file of so many bytes into the folder and removes it; asks whether it could be synced as well.
    ///
    /// # Errors
    /// When any of that fails, or the room is not there.
    pub(super) fn try_write(&self, bytes: u64) -> io::Result<()> {
        // Nothing is written at all that would not fit.
        self.grow(bytes, || Ok(()))?;
        let path = self.folder.join("trial");
        let written = self.write_new(&path, bytes);
        let removed = fs::remove_file(&path);
        written.and(removed)
    }

    fn write_new(&self, path: &Path, bytes: u64) -> io::Result<()> {
        let mut file = fs::File::create(path)?;
        let mut left = bytes;
        let piece = vec![0_u8; PIECE.min(usize::try_from(bytes).unwrap_or(PIECE))];
        while left > 0 {
            let size = piece.len().min(usize::try_from(left).unwrap_or(PIECE));
            self.operate(Operation::Write)?;
            self.grow(size as u64, || file.write_all(&piece[..size]))?;
            left -= size as u64;
        }
        // What is removed at once need not be on the disk, and a slow one is no fault.
        self.operate(Operation::Sync)
    }
}

/// Does the lab's own work in this thread, which no fault of the pod may stop.
pub(super) fn past<T>(work: impl FnOnce() -> T) -> T {
    let before = PAST.replace(true);
    let done = work();
    PAST.set(before);
    done
}

/// How many bytes the files of a folder have, with those of its folders.
fn used(folder: &Path) -> io::Result<u64> {
    let mut sum = 0_u64;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let about = match entry.metadata() {
            Ok(about) => about,
            // Removed meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        sum += if about.is_dir() {
            match used(&entry.path()) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
                other => other?,
            }
        } else {
            about.len()
        };
    }
    Ok(sum)
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::gameday::defence::Defences;
    use crate::gameday::span::Span;
    use crate::lab::channel::PodSpec;
    use crate::lab::shop::Role;

    /// A sound disk with this folder.
    pub(in crate::lab::pod) fn disk(folder: &Path) -> Arc<Disk> {
        let spec = PodSpec {
            lab_id: "lab".to_owned(),
            name: "database-primary".to_owned(),
            role: Role::Primary,
            parent_pid: 1,
            folder: "/".into(),
            port: 0,
            secure_port: 0,
            seed: 1,
            defences: Defences::resilient(),
        };
        Arc::new(Disk::open(folder.to_owned(), 1, &Metrics::new(&spec)).unwrap())
    }

    #[test]
    fn whoever_is_held_up_goes_on_when_the_fault_ends() {
        let folder = tempfile::tempdir().unwrap();
        let disk = disk(folder.path());
        let latency = Span::from_secs(3_600);
        disk.set(vec![IoAction::Latency { latency, share: 1.0 }]);
        let held = Arc::clone(&disk);
        let writer = std::thread::spawn(move || held.operate(Operation::Write));
        while disk.late.get() < 1 {
            std::thread::yield_now();
        }
        assert!(!writer.is_finished());
        past(|| disk.operate(Operation::Write)).unwrap();
        disk.set(Vec::new());
        writer.join().unwrap().unwrap();
    }

    #[test]
    fn a_share_of_operations_fails_of_every_kind() {
        let folder = tempfile::tempdir().unwrap();
        let disk = disk(folder.path());
        for operation in [Operation::Read, Operation::Write, Operation::Sync] {
            disk.set(vec![IoAction::Fault { share: 0.5 }]);
            let mut failed = 0;
            for _ in 0..1_000 {
                failed += u32::from(disk.operate(operation).is_err());
            }
            assert!((400..600).contains(&failed), "{failed}");
            assert_eq!(disk.failed[operation as usize].get(), u64::from(failed));
            disk.set(vec![IoAction::Fault { share: 1.0 }]);
            let error = disk.operate(operation).unwrap_err();
            assert_eq!(error.raw_os_error(), Some(Errno::IO.raw_os_error()));
            disk.set(Vec::new());
            disk.operate(operation).unwrap();
        }
    }

    #[test]
    fn the_folder_takes_what_its_limit_says_whoever_writes_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let disk = disk(folder.path());
        fs::create_dir(folder.path().join("below")).unwrap();
        fs::write(folder.path().join("below/there"), [0; 1_000]).unwrap();
        disk.limit(Some(10_000)).unwrap();
        assert!(disk.try_write(10_001).is_err() && used(folder.path()).unwrap() == 1_000);
        disk.try_write(10_000).unwrap();
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let (disk, path) = (&disk, folder.path().join(writer.to_string()));
                scope.spawn(move || {
                    let mut file = fs::File::create(path).unwrap();
                    while disk.grow(7, || file.write_all(&[1; 7])).is_ok() {}
                });
            }
        });
        let used = used(folder.path()).unwrap();
        assert!((10_994..=11_000).contains(&used), "{used}");
        disk.limit(None).unwrap();
        disk.try_write(1_000_000).unwrap();
    }
}
