//! A piece of a file. Not what is in it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// No piece is longer.
const LONGEST: u64 = 1024 * 1024;

/// How long the file is, and what it holds from `offset` on, up to the length of a piece.
pub(super) fn read_piece(path: &Path, offset: u64) -> io::Result<(u64, Vec<u8>)> {
    let mut file = File::open(path)?;
    let total = file.metadata()?.len();
    file.seek(SeekFrom::Start(offset))?;
    let mut data = Vec::new();
    file.take(LONGEST).read_to_end(&mut data)?;
    Ok((total, data))
}
