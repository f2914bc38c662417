//! The frames of one transaction on their way into SQLite's write-ahead log: gathered, so that a commit is one write and
//! not two for each page. Does not touch files.
//!
//! Only frames that follow each other are gathered, and what is gathered goes to the file with the page of the frame that
//! commits. Everything else (the log's head, pages and checksums that are overwritten) is for the file at once.

/// The head of a frame, and where it says how large the database is after the commit; 0: not a commit.
const HEAD: usize = 24;
const SIZE: std::ops::Range<usize> = 4..8;

/// More is not kept back.
const MOST: usize = 1024 * 1024;

/// What becomes of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It was gathered.
    Gathered,
    /// It was gathered, and everything gathered is to be written now.
    Write,
    /// It goes to the file after what was gathered.
    Direct,
}

/// What was gathered.
#[derive(Debug, Default)]
pub(super) struct Batch {
    start: u64,
    bytes: Vec<u8>,
    /// The end of the last write, gathered or not.
    end: Option<u64>,
    commits: bool,
}

impl Batch {
    /// Looks at a write, and takes it if it can be gathered.
    pub(super) fn take(&mut self, data: &[u8], offset: u64) -> Step {
        let follows = self.end == Some(offset);
        let head = data.len() == HEAD;
        self.end = Some(offset + data.len() as u64);
        if head {
            self.commits = data[SIZE] != [0; 4];
        }
        if offset == 0 || (head && offset <= self.start) {
            // The log or the transaction is begun anew: what was left counts no longer.
            self.bytes.clear();
        }
        if !follows || (!head && self.bytes.is_empty()) {
            return Step::Direct;
        }
        if self.bytes.is_empty() {
            self.start = offset;
        }
        self.bytes.extend_from_slice(data);
        match (head, self.commits) {
            // With this page the commit is complete.
            (false, true) => Step::Write,
            (false, false) if self.bytes.len() >= MOST => Step::Write,
            _ => Step::Gathered,
        }
    }

    /// What waits for the file, and where; `None`: nothing.
    pub(super) fn waiting(&self) -> Option<(&[u8], u64)> {
        (!self.bytes.is_empty()).then_some((&self.bytes, self.start))
    }

    /// The end of what waits.
    pub(super) fn reach(&self) -> u64 {
        self.waiting().map_or(0, |(bytes, start)| start + bytes.len() as u64)
    }

    /// Nothing waits any longer: it is in the file, or counts no longer.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(commit: bool) -> [u8; HEAD] {
        let mut head = [1; HEAD];
        head[SIZE].fill(u8::from(commit));
        head
    }

    #[test]
    fn a_transaction_is_one_write_and_nothing_stays_behind_a_commit() {
        let page = [2; 512];
        let mut batch = Batch::default();
        assert_eq!(batch.take(&[0; 32], 0), Step::Direct, "the log's head");
        assert_eq!(batch.take(&head(false), 32), Step::Gathered);
        assert_eq!(batch.take(&page, 56), Step::Gathered);
        assert_eq!(batch.take(&head(true), 568), Step::Gathered);
        assert_eq!(batch.take(&page, 592), Step::Write);
        let (bytes, start) = batch.waiting().unwrap();
        assert_eq!((bytes.len(), start, batch.reach()), (1_072, 32, 1_104));
        batch.clear();
        assert_eq!(batch.take(&page, 56), Step::Direct, "a page that is overwritten");
        assert_eq!(batch.take(&head(true), 32), Step::Direct, "a checksum that is overwritten");
        assert_eq!(batch.waiting(), None);
    }

    #[test]
    fn what_was_rolled_back_never_reaches_the_file() {
        let page = [2; 512];
        let mut batch = Batch::default();
        batch.take(&[0; 32], 0);
        batch.take(&head(false), 32);
        batch.take(&page, 56);
        assert_eq!(batch.take(&head(true), 32), Step::Direct);
        assert_eq!(batch.waiting(), None);
        assert_eq!(batch.take(&page, 56), Step::Direct, "after its head");
    }
}
