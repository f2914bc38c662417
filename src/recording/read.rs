//! Reads a recording, line by line. Not the folding of it, and not what makes a torn file whole again (see `file`).

use std::io::{self, BufRead, Read as _};
use std::path::Path;

use serde::Deserialize;

use super::chain::Chain;
use super::input::Input;
pub use super::wrong::ReadError;
use crate::exercise::event::Envelope;
use crate::exercise::header::{FORMAT_VERSION, Header};
use crate::exercise::wire::decode;

/// No line of ours is longer than this, in bytes.
pub const LONGEST_LINE: usize = 64 * 1024 * 1024;

/// How every recording begins.
const OPENING: &[u8] = br#"{"gameday_recording":"#;

/// What to do with a line whose hash does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Refuse the recording.
    Strict,
    /// Read on and warn.
    Anyway,
}

/// A recording in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// The first line.
    pub header: Header,
    /// Every event in order.
    pub envelopes: Vec<Envelope>,
    /// What was odd: a torn last line, changed lines.
    pub warnings: Vec<String>,
}

/// Reads a recording whose hash chain is intact.
///
/// # Errors
/// When it is damaged, changed, foreign, or from a later program. A torn last line is no error but a warning.
pub fn read(path: &Path) -> Result<Recorded, ReadError> {
    Reader::new(Input::open(path)?, Trust::Strict)?.collect()
}

/// Reads a recording even where lines were changed after they were written; the warnings say so.
///
/// # Errors
/// When it is damaged, foreign, or from a later program.
pub fn read_anyway(path: &Path) -> Result<Recorded, ReadError> {
    Reader::new(Input::open(path)?, Trust::Anyway)?.collect()
}

/// Reads event after event, holding one line in memory.
#[derive(Debug)]
pub struct Reader<R> {
    input: R,
    trust: Trust,
    chain: Chain,
    header: Header,
    line: u64,
    next_seq: u64,
    whole_bytes: u64,
    torn_bytes: u64,
    first_changed: Option<u64>,
}

#[derive(Deserialize)]
struct Version {
    gameday_recording: u64,
}

impl<R: BufRead> Reader<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// When there is none that this program understands.
    pub fn new(mut input: R, trust: Trust) -> Result<Self, ReadError> {
        let line = match next_line(&mut input, 1, OPENING)? {
            Line::End => return Err(ReadError::Empty),
            Line::Torn(_) => return Err(ReadError::Unfinished),
            Line::Whole(line) => line,
        };
        let mut chain = Chain::new();
        let link = chain.check(&line);
        let damaged =
            |error: serde_json::Error| ReadError::Damaged { line: 1, why: error.to_string() };
        let version = serde_json::from_slice::<Version>(&link.body).map_err(damaged);
        match version {
            Ok(version) if version.gameday_recording > u64::from(FORMAT_VERSION) => {
                return Err(ReadError::Future(version.gameday_recording));
            }
            _ if !link.intact && trust == Trust::Strict => return Err(ReadError::Changed(1)),
            Err(error) => return Err(error),
            Ok(_) => {}
        }
        let header = serde_json::from_slice(&link.body).map_err(damaged)?;
        Ok(Self {
            input,
            trust,
            chain,
            header,
            line: 1,
            next_seq: 1,
            whole_bytes: line.len() as u64 + 1,
            torn_bytes: 0,
            first_changed: (!link.intact).then_some(1),
        })
    }

    /// The first line.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The next event; `None` at the end, or at a last line that was never finished.
    ///
    /// # Errors
    /// When the next line cannot be trusted or understood.
    pub fn next_event(&mut self) -> Result<Option<Envelope>, ReadError> {
        let line = match next_line(&mut self.input, self.line + 1, b"")? {
            Line::End => return Ok(None),
            Line::Torn(bytes) => {
                self.torn_bytes = bytes;
                return Ok(None);
            }
            Line::Whole(line) => line,
        };
        self.line += 1;
        let number = self.line;
        let link = self.chain.check(&line);
        if !link.intact {
            if self.trust == Trust::Strict {
                return Err(ReadError::Changed(number));
            }
            self.first_changed.get_or_insert(number);
        }
        let damaged = |why: String| ReadError::Damaged { line: number, why };
        let text = std::str::from_utf8(&link.body)
            .map_err(|error| damaged(format!("not text: {error}")))?;
        let envelope = decode(text).map_err(|error| damaged(error.to_string()))?;
        if envelope.seq != self.next_seq {
            let (expected, found) = (self.next_seq, envelope.seq);
            return Err(ReadError::Order { line: number, expected, found });
        }
        self.next_seq += 1;
        self.whole_bytes += line.len() as u64 + 1;
        Ok(Some(envelope))
    }

    /// How many events were read.
    pub fn events(&self) -> u64 {
        self.next_seq - 1
    }

    /// The chain after the last line that was read.
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// How many bytes the whole lines take that were read so far.
    pub fn whole_bytes(&self) -> u64 {
        self.whole_bytes
    }

    /// What was odd so far.
    pub fn warnings(&self) -> Vec<String> {
        let changed = self.first_changed.map(|line| {
            format!("line {line} was changed after it was written: what follows from it cannot be trusted")
        });
        let torn = (self.torn_bytes > 0).then(|| {
            let (line, bytes) = (self.line + 1, self.torn_bytes);
            format!("line {line} was never finished ({bytes} bytes) and is left out")
        });
        changed.into_iter().chain(torn).collect()
    }

    /// Reads everything that is left.
    ///
    /// # Errors
    /// As [`Reader::next_event`].
    pub fn collect(mut self) -> Result<Recorded, ReadError> {
        let envelopes = self.rest()?;
        Ok(Recorded { warnings: self.warnings(), header: self.header, envelopes })
    }

    /// Every event that is left.
    ///
    /// # Errors
    /// As [`Reader::next_event`].
    pub fn rest(&mut self) -> Result<Vec<Envelope>, ReadError> {
        let mut envelopes = Vec::new();
        while let Some(envelope) = self.next_event()? {
            envelopes.push(envelope);
        }
        Ok(envelopes)
    }
}

enum Line {
    Whole(Vec<u8>),
    Torn(u64),
    End,
}

/// The next line without its end; a line that does not begin with `opening` is not read further.
fn next_line(input: &mut impl BufRead, number: u64, opening: &[u8]) -> Result<Line, ReadError> {
    let io = |error: io::Error| match error.kind() {
        io::ErrorKind::InvalidData => {
            ReadError::Packed { line: number - 1, why: error.to_string() }
        }
        _ => ReadError::Io(error.to_string()),
    };
    let mut line = Vec::new();
    let head = opening.len() as u64;
    input.by_ref().take(head).read_to_end(&mut line).map_err(io)?;
    if line.is_empty() && head > 0 {
        return Ok(Line::End);
    }
    if !opening.starts_with(&line) {
        return Err(ReadError::Foreign);
    }
    let room = (LONGEST_LINE + 1).saturating_sub(line.len()) as u64;
    input.by_ref().take(room).read_until(b'\n', &mut line).map_err(io)?;
    if line.is_empty() {
        return Ok(Line::End);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
        return Ok(Line::Whole(line));
    }
    if line.len() > LONGEST_LINE {
        Err(ReadError::TooLong(number))
    } else {
        Ok(Line::Torn(line.len() as u64))
    }
}
