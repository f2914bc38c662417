//! Why an answer could not be used. Not the words for people, who also want to know which server it was.

use serde_json::error::Category;

use crate::gameday::text::printable;

/// No text of a server is kept longer.
pub(super) const LONGEST_TEXT: usize = 1_000;

/// Why a server refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Its word for the kind of error: `bad_data`, `timeout`, …
    pub kind: String,
    /// Its words.
    pub why: String,
}

/// Why an answer could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// The server understood the question and refused it.
    Refused(Refusal),
    /// More values than are kept.
    TooMany(usize),
    /// It is not what the API answers.
    Garbage(String),
}

impl From<serde_json::Error> for Unusable {
    fn from(error: serde_json::Error) -> Self {
        // What it quotes is text from outside.
        let words = printable(&error.to_string(), 200);
        Self::Garbage(match error.classify() {
            Category::Eof => format!("it is cut off ({words})"),
            Category::Syntax => format!("it is no JSON ({words})"),
            Category::Data | Category::Io => words,
        })
    }
}
