//! The hash chain around lines: each ends in a hash over the hash before it and its own bytes. Not the reading or
//! writing of files.
//!
//! A line is `{…,"hash":"32 hexadecimal digits"}`. The digits are the first half of SHA-256 over the hash of the line
//! before (nothing, for the first line) followed by the line without its hash field, byte for byte. A changed line,
//! a line taken out and a line put in are found; lines cut off at the end are not, and neither is a file whose hashes
//! were all made again: keep the last hash elsewhere where that matters.

use sha2::{Digest, Sha256};

/// What stands before the digits.
const MARK: &[u8] = br#","hash":""#;
/// What stands after them.
const CLOSE: &[u8] = br#""}"#;
/// How many digits.
const DIGITS: usize = 32;

/// The chain up to some line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    last: String,
}

/// A line taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The JSON without the hash field.
    pub body: Vec<u8>,
    /// Whether the line is as it was written, and follows the line before.
    pub intact: bool,
}

impl Chain {
    /// Before the first line.
    pub fn new() -> Self {
        Self::default()
    }

    /// The hash of the last line; empty before the first.
    pub fn last(&self) -> &str {
        &self.last
    }

    /// Adds a JSON object as a line with its end. `body` must be an object that is not empty.
    pub fn seal(&mut self, body: &str) -> String {
        let hash = self.hash(body.as_bytes());
        let open = body.strip_suffix('}').unwrap_or(body);
        let line = format!("{open},\"hash\":\"{hash}\"}}\n");
        self.last = hash;
        line
    }

    /// Takes the next line (without its end) apart and goes on from the hash that stands in it.
    pub fn check(&mut self, line: &[u8]) -> Link {
        let Some((body, written)) = split(line) else {
            return Link { body: line.to_vec(), intact: false };
        };
        let intact = self.hash(&body) == written;
        self.last = written;
        Link { body, intact }
    }

    fn hash(&self, body: &[u8]) -> String {
        let digest = Sha256::new().chain_update(self.last.as_bytes()).chain_update(body).finalize();
        let digits = digest.iter().take(DIGITS / 2).flat_map(|byte| [byte >> 4, byte & 0xf]);
        digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
    }
}

fn split(line: &[u8]) -> Option<(Vec<u8>, String)> {
    let (rest, digits) = line.strip_suffix(CLOSE)?.split_last_chunk::<DIGITS>()?;
    let body = rest.strip_suffix(MARK)?;
    let hex = digits.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let written = String::from_utf8(digits.to_vec()).ok().filter(|_| hex)?;
    Some(([body, b"}"].concat(), written))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_line_checks_and_any_changed_byte_does_not() {
        let mut writer = Chain::new();
        let first = writer.seal(r#"{"a":1}"#);
        let second = writer.seal(r#"{"b":2}"#);
        let lines = [first.trim_end(), second.trim_end()];

        let mut reader = Chain::new();
        for (line, body) in lines.iter().zip([r#"{"a":1}"#, r#"{"b":2}"#]) {
            let link = reader.check(line.as_bytes());
            assert!(link.intact);
            assert_eq!(link.body, body.as_bytes());
        }
        assert_eq!(reader, writer);

        for at in 0..second.trim_end().len() {
            let mut changed = second.trim_end().as_bytes().to_vec();
            changed[at] ^= 1;
            let mut reader = Chain::new();
            assert!(reader.check(first.trim_end().as_bytes()).intact);
            assert!(!reader.check(&changed).intact, "byte {at}");
        }
        assert!(!Chain::new().check(second.trim_end().as_bytes()).intact, "the first line is gone");
    }

    /// The way the hash is made is part of the format: recordings outlive this program.
    #[test]
    fn the_hash_is_sha_256_over_the_hash_before_and_the_line() {
        let mut chain = Chain::new();
        let line = chain.seal(r#"{"a":1}"#);
        // printf '{"a":1}' | sha256sum
        assert_eq!(line, "{\"a\":1,\"hash\":\"015abd7f5cc57a2dd94b7590f04ad808\"}\n");
    }
}
