//! How much of an answer is kept. Not what happens to the rest.

/// How much of an answer is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// An answer of more bytes is not read to its end.
    pub bytes: usize,
    /// Of more series the first are kept, and it is said how many there were.
    pub tracks: usize,
    /// An answer of more values in all is refused: half a series would lie.
    pub dots: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { bytes: 16 * 1024 * 1024, tracks: 200, dots: 500_000 }
    }
}
