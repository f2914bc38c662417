//! Writes a recording: whole batches or nothing, on the disk before it is called done. Not the reading.
//!
//! The file is locked while it is written (`flock`), so two programs never write the same one, and a file without a
//! lock and without an end belongs to an exercise that died.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use super::chain::Chain;
use super::input::Input;
use super::read::{ReadError, Reader, Recorded, Trust};
use crate::exercise::event::Envelope;
use crate::exercise::header::Header;
use crate::exercise::wire::encode;
use crate::port::recording::{Recording, RecordingError};

/// How often a lock is tried for: whoever only looks whether a recording is live holds it for an instant.
const TRIES: u32 = 200;

/// A recording that is being written.
#[derive(Debug)]
pub struct FileRecording {
    path: PathBuf,
    file: File,
    chain: Chain,
    next_seq: u64,
    length: u64,
    /// Bytes of a failed batch may stand behind `length`.
    dirty: bool,
}

impl FileRecording {
    /// Begins a recording; the file must not be there yet.
    ///
    /// # Errors
    /// When the file is there, or cannot be written.
    pub fn create(path: &Path, header: &Header) -> Result<Self, RecordingError> {
        let body = serde_json::to_string(header)
            .map_err(|error| RecordingError::Broken(error.to_string()))?;
        let mut chain = Chain::new();
        let line = chain.seal(&body);
        // Written aside and then named: nobody ever sees a recording without its lock or with half a header.
        let aside = path.with_extension(format!("{}.new", std::process::id()));
        let named =
            prepare(&aside, line.as_bytes()).and_then(|file| name(&aside, path).map(|()| file));
        let _ = std::fs::remove_file(&aside);
        let file = named.map_err(|error| failure(&error))?;
        sync_folder(path).map_err(|error| failure(&error))?;
        let length = line.len() as u64;
        Ok(Self { path: path.to_owned(), file, chain, next_seq: 1, length, dirty: false })
    }

    /// Goes on with a recording whose program died. A torn last line is taken off; the warnings say so, and also where
    /// lines were changed, which is no reason to leave faults in a target.
    ///
    /// # Errors
    /// When another program writes it, or it cannot be read.
    pub fn reopen(path: &Path) -> Result<(Self, Recorded), ReadError> {
        let io = |error: io::Error| ReadError::Io(error.to_string());
        if Input::open(path)?.is_packed() {
            return Err(ReadError::Io(
                "it is packed, and cannot be gone on with; unpack it first: gameday pack --unpack"
                    .to_owned(),
            ));
        }
        let file = OpenOptions::new().read(true).write(true).open(path).map_err(io)?;
        if !try_lock(&file, FlockOperation::NonBlockingLockExclusive).map_err(io)? {
            return Err(ReadError::Busy);
        }
        let mut reader = Reader::new(BufReader::new(&file), Trust::Anyway)?;
        let envelopes = reader.rest()?;
        let recorded =
            Recorded { header: reader.header().clone(), warnings: reader.warnings(), envelopes };
        let (chain, length) = (reader.chain().clone(), reader.whole_bytes());
        let next_seq = reader.events() + 1;
        drop(reader);
        file.set_len(length).and_then(|()| file.sync_data()).map_err(io)?;
        Ok((Self { path: path.to_owned(), file, chain, next_seq, length, dirty: false }, recorded))
    }

    /// Where it is written.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The hash of the last line.
    pub fn last_hash(&self) -> &str {
        self.chain.last()
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.dirty {
            self.file.set_len(self.length)?;
            self.dirty = false;
        }
        let outcome =
            self.file.write_all_at(bytes, self.length).and_then(|()| self.file.sync_data());
        if outcome.is_err() {
            // What is there of the batch must not be taken for accepted; where it cannot be cut off now, it is
            // before anything else is written.
            self.dirty =
                self.file.set_len(self.length).and_then(|()| self.file.sync_data()).is_err();
        }
        outcome
    }
}

impl Recording for FileRecording {
    fn append(&mut self, envelopes: &[Envelope]) -> Result<(), RecordingError> {
        let mut chain = self.chain.clone();
        let mut next_seq = self.next_seq;
        let mut batch = String::new();
        for envelope in envelopes {
            if envelope.seq != next_seq {
                let why = format!("event {} where event {next_seq} belongs", envelope.seq);
                return Err(RecordingError::Broken(why));
            }
            let body =
                encode(envelope).map_err(|error| RecordingError::Broken(error.to_string()))?;
            batch.push_str(&chain.seal(&body));
            next_seq += 1;
        }
        if batch.is_empty() {
            return Ok(());
        }
        self.write(batch.as_bytes()).map_err(|error| failure(&error))?;
        self.length += batch.len() as u64;
        self.chain = chain;
        self.next_seq = next_seq;
        Ok(())
    }
}

/// Whether a program writes this recording now.
///
/// # Errors
/// When that cannot be found out.
pub fn is_live(path: &Path) -> io::Result<bool> {
    let file = File::open(path)?;
    Ok(!try_lock(&file, FlockOperation::NonBlockingLockShared)?)
}

fn prepare(path: &Path, header: &[u8]) -> io::Result<File> {
    let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)?;
    if !try_lock(&file, FlockOperation::NonBlockingLockExclusive)? {
        return Err(io::Error::other("another program has locked it"));
    }
    file.write_all_at(header, 0)?;
    file.sync_all()?;
    Ok(file)
}

/// Gives the file its name, unless that is taken.
pub(super) fn name(aside: &Path, path: &Path) -> io::Result<()> {
    match std::fs::hard_link(aside, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists && !path.try_exists()? => {
            // A file system without links.
            std::fs::rename(aside, path)
        }
        outcome => outcome,
    }
}

/// A new name is durable when its folder is.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

fn try_lock(file: &File, operation: FlockOperation) -> io::Result<bool> {
    for _ in 0..TRIES {
        match flock(file, operation) {
            Ok(()) => return Ok(true),
            Err(Errno::WOULDBLOCK | Errno::INTR) => std::thread::yield_now(),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(false)
}

fn failure(error: &io::Error) -> RecordingError {
    let errno = error.raw_os_error().map(Errno::from_raw_os_error);
    // A short write that cannot go on shows as `WriteZero`.
    if matches!(errno, Some(Errno::NOSPC | Errno::DQUOT | Errno::FBIG))
        || error.kind() == io::ErrorKind::WriteZero
    {
        RecordingError::Full
    } else {
        RecordingError::Broken(error.to_string())
    }
}
