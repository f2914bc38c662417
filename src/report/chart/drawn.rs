//! A chart that is drawn. Not the drawing.

/// A chart: what it shows and the same in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// Markup.
    pub svg: String,
    /// For who does not see it.
    pub summary: String,
}
