//! Opens a recording as the bytes that were recorded, packed (zstd) or not: its content says which it is, not its name.
//! Not the reading of lines.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use zstd::stream::read::Decoder;

use super::wrong::ReadError;

/// How a zstd frame begins.
const FRAME: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// How a frame begins that unpackers skip; the low half of the first byte is free.
const SKIPPED: [u8; 4] = [0x50, 0x2a, 0x4d, 0x18];
/// So much may come out of any packed file, in bytes.
const FREE: u64 = 64 * 1024 * 1024;
/// And so many bytes more of each byte that is packed. Every line has a hash of its own, which does not pack: no
/// recording of ours comes near.
const MOST: u64 = 200;
/// The largest window of any frame, as a power of two: what `zstd` itself reads without being asked.
const WINDOW: u32 = 27;
const BUFFER: usize = 1 << 16;

/// The bytes of a recording.
pub struct Input(Source);

enum Source {
    Plain(BufReader<File>),
    Packed(Box<BufReader<Unpacker>>),
}

impl Input {
    /// Opens a plain file for reading.
    ///
    /// # Errors
    /// When it cannot be opened, or is a folder, a pipe or a device.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        let io = |error: io::Error| ReadError::Io(error.to_string());
        let about = std::fs::metadata(path).map_err(io)?;
        if !about.is_file() {
            let what = if about.is_dir() { "it is a folder" } else { "it is not a plain file" };
            return Err(ReadError::Io(what.to_owned()));
        }
        let mut file = BufReader::with_capacity(BUFFER, File::open(path).map_err(io)?);
        if !is_packed(file.fill_buf().map_err(io)?) {
            return Ok(Self(Source::Plain(file)));
        }
        let mut decoder = Decoder::with_buffer(file).map_err(io)?;
        decoder.window_log_max(WINDOW).map_err(io)?;
        let left = FREE.saturating_add(about.len().saturating_mul(MOST));
        let unpacker = BufReader::with_capacity(BUFFER, Unpacker { decoder, left });
        Ok(Self(Source::Packed(Box::new(unpacker))))
    }

    /// Whether the file holds it packed.
    pub fn is_packed(&self) -> bool {
        matches!(self.0, Source::Packed(_))
    }
}

fn is_packed(bytes: &[u8]) -> bool {
    let head = bytes.first_chunk::<4>();
    head.is_some_and(|head| {
        *head == FRAME || [head[0] & 0xf0, head[1], head[2], head[3]] == SKIPPED
    })
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.0 {
            Source::Plain(input) => input.read(buffer),
            Source::Packed(input) => input.read(buffer),
        }
    }
}

impl BufRead for Input {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match &mut self.0 {
            Source::Plain(input) => input.fill_buf(),
            Source::Packed(input) => input.fill_buf(),
        }
    }

    fn consume(&mut self, amount: usize) {
        match &mut self.0 {
            Source::Plain(input) => input.consume(amount),
            Source::Packed(input) => input.consume(amount),
        }
    }
}

/// Unpacks no more than a recording can come to. Whatever is wrong with what is packed is [`io::ErrorKind::InvalidData`].
struct Unpacker {
    decoder: Decoder<'static, BufReader<File>>,
    left: u64,
}

impl Read for Unpacker {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wrong = |why: String| io::Error::new(io::ErrorKind::InvalidData, why);
        let length = self.decoder.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => wrong("the file ends in the middle of it".to_owned()),
            io::ErrorKind::Interrupted => error,
            _ => wrong(error.to_string()),
        })?;
        match self.left.checked_sub(length as u64) {
            Some(left) => self.left = left,
            None => {
                return Err(wrong(format!(
                    "it unpacks to more than {MOST} times its size, which no recording does"
                )));
            }
        }
        Ok(length)
    }
}
