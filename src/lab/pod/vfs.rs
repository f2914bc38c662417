//! The file operations of the pod's databases: every open, read, write, sync, cut and removal that SQLite asks for is done
//! here, on the real file, after the pod's disk was asked. What is in the files is SQLite's.
//!
//! One connection has a file at a time, and the kernel's lock on the file says so: no memory is shared, and the write-ahead
//! log needs none. From outside only a copy can be read, see `snapshot`.

use std::borrow::Cow;
use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ring::rand::{SecureRandom, SystemRandom};
use sqlite_vfs::{DatabaseHandle, LockKind, OpenAccess, OpenKind, OpenOptions, Vfs, wip};

use super::batch::{Batch, Step};
use super::disk::{Disk, Operation};

/// How many there are in this process; each has a name of its own.
static COUNT: AtomicU64 = AtomicU64::new(0);

/// Registers the file operations on this disk with SQLite; the name to open databases with. They stay until the process
/// ends.
///
/// # Errors
/// When SQLite refuses.
pub(super) fn register(disk: &Arc<Disk>) -> io::Result<String> {
    let name = format!("pod-{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let files = Files { disk: Arc::clone(disk), temporary: AtomicU64::new(0) };
    sqlite_vfs::register(&name, files, false).map_err(io::Error::other)?;
    Ok(name)
}

struct Files {
    disk: Arc<Disk>,
    temporary: AtomicU64,
}

impl Vfs for Files {
    type Handle = Handle;

    fn open(&self, path: &str, options: OpenOptions) -> io::Result<Handle> {
        let mut how = fs::OpenOptions::new();
        how.read(true).write(options.access != OpenAccess::Read);
        match options.access {
            OpenAccess::Create => how.create(true),
            OpenAccess::CreateNew => how.create_new(true),
            OpenAccess::Read | OpenAccess::Write => &mut how,
        };
        let file = how.open(path)?;
        Ok(Handle {
            length: file.metadata()?.len(),
            file,
            // Other files take no room in the folder.
            counts: Path::new(path).starts_with(self.disk.folder()),
            batch: (options.kind == OpenKind::Wal).then(Batch::default),
            level: LockKind::None,
            disk: Arc::clone(&self.disk),
        })
    }

    fn delete(&self, path: &str) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn exists(&self, path: &str) -> io::Result<bool> {
        fs::exists(path)
    }

    fn temporary_name(&self) -> String {
        let count = self.temporary.fetch_add(1, Ordering::Relaxed);
        self.disk.folder().join(format!("temporary-{count}")).to_string_lossy().into_owned()
    }

    fn random(&self, buffer: &mut [i8]) {
        let mut bytes = vec![0_u8; buffer.len()];
        // Without chance the names of temporary files are still different.
        let _ = SystemRandom::new().fill(&mut bytes);
        for (into, from) in buffer.iter_mut().zip(bytes) {
            *into = from.cast_signed();
        }
    }

    fn sleep(&self, duration: Duration) -> Duration {
        std::thread::park_timeout(duration);
        duration
    }

    fn full_pathname<'a>(&self, path: &'a str) -> io::Result<Cow<'a, str>> {
        let path = std::path::absolute(path)?;
        let path = path.into_os_string().into_string();
        path.map(Cow::Owned).map_err(|_| io::ErrorKind::InvalidFilename.into())
    }
}

/// One open file.
struct Handle {
    file: File,
    length: u64,
    counts: bool,
    batch: Option<Batch>,
    level: LockKind,
    disk: Arc<Disk>,
}

impl Handle {
    fn put(&mut self, data: &[u8], offset: u64) -> io::Result<()> {
        self.disk.operate(Operation::Write)?;
        let end = offset + data.len() as u64;
        let file = &self.file;
        let write = || file.write_all_at(data, offset);
        let more = end.saturating_sub(self.length);
        let written = if self.counts { self.disk.grow(more, write) } else { write() };
        self.length = match written {
            Ok(()) => self.length.max(end),
            // A part of it may be there.
            Err(_) => self.file.metadata()?.len(),
        };
        // The kind that SQLite is told as "full".
        written.map_err(|error| match error.kind() {
            io::ErrorKind::StorageFull => io::ErrorKind::WriteZero.into(),
            _ => error,
        })
    }

    /// Writes what was gathered.
    fn flush(&mut self) -> io::Result<()> {
        let Some(mut batch) = self.batch.take() else { return Ok(()) };
        let written = match batch.waiting() {
            Some((bytes, start)) => self.put(bytes, start),
            None => Ok(()),
        };
        if written.is_ok() {
            batch.clear();
        }
        self.batch = Some(batch);
        written
    }

    /// As above, where SQLite writes: it rolls back when this fails, and what was gathered counts no longer.
    fn flush_or_forget(&mut self) -> io::Result<()> {
        let written = self.flush();
        if let Some(batch) = &mut self.batch {
            batch.clear();
        }
        written
    }

    /// Whether some of it was gathered and is not in the file.
    fn waits(&self, offset: u64, length: usize) -> bool {
        let waiting = self.batch.as_ref().and_then(Batch::waiting);
        waiting.is_some_and(|(bytes, start)| {
            offset < start + bytes.len() as u64 && start < offset + length as u64
        })
    }
}

impl DatabaseHandle for Handle {
    type WalIndex = NoIndex;

    fn size(&self) -> io::Result<u64> {
        Ok(self.length.max(self.batch.as_ref().map_or(0, Batch::reach)))
    }

    fn read_exact_at(&mut self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        if self.waits(offset, buffer.len()) {
            self.flush()?;
        }
        self.disk.operate(Operation::Read)?;
        let mut done = 0;
        while done < buffer.len() {
            match self.file.read_at(&mut buffer[done..], offset + done as u64) {
                Ok(0) => {
                    // SQLite wants what is not there as zeros.
                    buffer[done..].fill(0);
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                Ok(more) => done += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn write_all_at(&mut self, data: &[u8], offset: u64) -> io::Result<()> {
        match self.batch.as_mut().map_or(Step::Direct, |batch| batch.take(data, offset)) {
            Step::Gathered => Ok(()),
            Step::Write => self.flush_or_forget(),
            Step::Direct => {
                self.flush_or_forget()?;
                self.put(data, offset)
            }
        }
    }

    fn sync(&mut self, data_only: bool) -> io::Result<()> {
        self.flush_or_forget()?;
        self.disk.operate(Operation::Sync)?;
        if data_only { self.file.sync_data() } else { self.file.sync_all() }
    }

    fn set_len(&mut self, size: u64) -> io::Result<()> {
        self.flush_or_forget()?;
        self.disk.operate(Operation::Write)?;
        let file = &self.file;
        let cut = || file.set_len(size);
        let more = size.saturating_sub(self.length);
        if self.counts {
            self.disk.grow(more, cut)?;
        } else {
            cut()?;
        }
        self.length = size;
        Ok(())
    }

    fn lock(&mut self, level: LockKind) -> io::Result<bool> {
        if level == LockKind::None {
            self.file.unlock()?;
        } else if self.level == LockKind::None {
            match self.file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(false),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        self.level = level;
        Ok(true)
    }

    fn reserved(&mut self) -> io::Result<bool> {
        Ok(matches!(self.level, LockKind::Reserved | LockKind::Pending | LockKind::Exclusive))
    }

    fn current_lock(&self) -> io::Result<LockKind> {
        Ok(self.level)
    }

    fn wal_index(&self, _readonly: bool) -> io::Result<NoIndex> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// No memory is shared between connections: there is only one.
struct NoIndex;

impl wip::WalIndex for NoIndex {
    fn enabled() -> bool {
        false
    }

    fn map(&mut self, _region: u32) -> io::Result<[u8; 32_768]> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn lock(&mut self, _locks: std::ops::Range<u8>, _lock: wip::WalIndexLock) -> io::Result<bool> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn delete(self) -> io::Result<()> {
        Ok(())
    }
}
