//! Packs a recording (zstd) into a new file, and unpacks one again, byte for byte. The one it is made of stays as it is. Not
//! the reading: whoever reads a recording reads a packed one too.

use std::fs::OpenOptions;
use std::io::{self, BufRead, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use zstd::stream::write::Encoder;

use super::file::{is_live, name, sync_folder};
use super::input::Input;
use super::read::ReadError;
use super::verify::{Intact, verify};

/// What the name of a packed recording ends in.
pub const ENDING: &str = "zst";
/// Beyond this level a recording becomes hardly smaller: its hashes do not pack.
const LEVEL: i32 = 6;

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Make it small.
    Pack,
    /// Give back what was packed.
    Unpack,
}

/// Why nothing was made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// The recording is none, or not as it was written.
    #[error("{0}")]
    Read(#[from] ReadError),
    /// A program writes it now.
    #[error("an exercise is being recorded into it now; pack it when that is over")]
    Live,
    /// Nothing to do.
    #[error("it is packed already")]
    Packed,
    /// Nothing to do.
    #[error("it is not packed")]
    Unpacked,
    /// The name for the new file cannot be told from that of the old one.
    #[error("its name does not end in .zst: say with --out where the unpacked recording is to be")]
    Nameless,
    /// Never overwritten.
    #[error("{} is there already; move it away, or name another file with --out", .0.display())]
    Taken(PathBuf),
    /// The new file cannot be made.
    #[error("cannot write {}: {why}", path.display())]
    Write { path: PathBuf, why: String },
}

/// A new file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Where it is.
    pub path: PathBuf,
    /// Bytes of the file it was made of.
    pub from: u64,
    /// Bytes of it.
    pub to: u64,
    /// The recording in it.
    pub intact: Intact,
}

/// Packs or unpacks the recording at `path` into a new file: `out`, else beside it.
///
/// # Errors
/// When the recording is being written, is not as it was written, or the new file cannot be made; then there is none.
pub fn pack(path: &Path, way: Way, out: Option<&Path>) -> Result<Made, PackError> {
    let packed = Input::open(path)?.is_packed();
    match way {
        Way::Pack if packed => return Err(PackError::Packed),
        Way::Unpack if !packed => return Err(PackError::Unpacked),
        _ => {}
    }
    if is_live(path).map_err(|error| ReadError::Io(error.to_string()))? {
        return Err(PackError::Live);
    }
    let out = match (out, way) {
        (Some(out), _) => out.to_owned(),
        (None, Way::Pack) => longer(path),
        (None, Way::Unpack) => shorter(path).ok_or(PackError::Nameless)?,
    };
    if out.symlink_metadata().is_ok() {
        return Err(PackError::Taken(out));
    }
    let intact = verify(path)?;
    let aside = aside(&out);
    let made = made(path, way, &aside).and_then(|()| named(&aside, &out));
    drop(std::fs::remove_file(&aside));
    made?;
    let length = |path: &Path| std::fs::metadata(path).map(|about| about.len()).unwrap_or_default();
    Ok(Made { from: length(path), to: length(&out), path: out, intact })
}

/// The name that a recording has without what packing adds to it.
pub fn shorter(path: &Path) -> Option<PathBuf> {
    path.extension().is_some_and(|ending| ending == ENDING).then(|| path.with_extension(""))
}

fn longer(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ENDING);
    name.into()
}

fn aside(out: &Path) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    name.into()
}

/// Writes it aside, and sees that the same bytes come out of it as of the original.
fn made(path: &Path, way: Way, aside: &Path) -> Result<(), PackError> {
    let failed =
        |error: io::Error| PackError::Write { path: aside.to_owned(), why: error.to_string() };
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(aside).map_err(failed)?;
    let mut input = Input::open(path)?;
    match way {
        Way::Pack => {
            let mut encoder = Encoder::new(&mut file, LEVEL).map_err(failed)?;
            encoder.include_checksum(true).map_err(failed)?;
            copy(&mut input, &mut encoder).map_err(failed)?;
            encoder.finish().map_err(failed)?;
        }
        Way::Unpack => copy(&mut input, &mut file).map_err(failed)?,
    }
    file.sync_all().map_err(failed)?;
    if same(Input::open(path)?, Input::open(aside)?)? {
        return Ok(());
    }
    let why = "what comes out of it is not what went in; the recording changed meanwhile, or it is none that can be packed";
    Err(PackError::Write { path: aside.to_owned(), why: why.to_owned() })
}

fn copy(from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
    io::copy(from, to).map(drop)
}

fn same(mut one: Input, mut other: Input) -> Result<bool, ReadError> {
    let io = |error: io::Error| ReadError::Io(error.to_string());
    loop {
        let (left, right) = (one.fill_buf().map_err(io)?, other.fill_buf().map_err(io)?);
        let length = left.len().min(right.len());
        if left.get(..length) != right.get(..length) {
            return Ok(false);
        }
        if length == 0 {
            return Ok(left.is_empty() && right.is_empty());
        }
        one.consume(length);
        other.consume(length);
    }
}

fn named(aside: &Path, out: &Path) -> Result<(), PackError> {
    name(aside, out).and_then(|()| sync_folder(out)).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => PackError::Taken(out.to_owned()),
        _ => PackError::Write { path: out.to_owned(), why: error.to_string() },
    })
}
