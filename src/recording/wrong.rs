//! Why a recording cannot be read, as a sentence for people. Not the reading.

use crate::exercise::header::FORMAT_VERSION;

/// Why a recording cannot be read. Lines are counted from 1; the header is line 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be had.
    #[error("cannot read it: {0}")]
    Io(String),
    /// Not a recording.
    #[error("this is no recording of a game day: it does not begin with {{\"gameday_recording\":")]
    Foreign,
    /// Nothing in it.
    #[error("the file is empty: nothing was recorded")]
    Empty,
    /// Not even the header was written.
    #[error("its first line was never finished: nothing was recorded")]
    Unfinished,
    /// Written by a later program.
    #[error(
        "its format is version {0}; this program reads version {FORMAT_VERSION}. Use the program that wrote it, or a newer one"
    )]
    Future(u64),
    /// No line of ours is so long.
    #[error("line {0} is longer than 64 MB: this was not written by gameday")]
    TooLong(u64),
    /// A line makes no sense.
    #[error("line {line} is damaged: {why}")]
    Damaged { line: u64, why: String },
    /// A line is missing, doubled or moved.
    #[error(
        "line {line} holds event {found} where event {expected} belongs: a line is missing, doubled or moved"
    )]
    Order { line: u64, expected: u64, found: u64 },
    /// A hash does not fit.
    #[error(
        "line {0} was changed after it was written, or a line before it was taken out or put in (its hash does not fit)"
    )]
    Changed(u64),
    /// What is packed cannot be unpacked.
    #[error(
        "it is packed (zstd) and cannot be unpacked beyond line {line}: {why}. Take the file once more from where it came"
    )]
    Packed { line: u64, why: String },
    /// Someone else writes it.
    #[error("another program is writing this recording now")]
    Busy,
}
