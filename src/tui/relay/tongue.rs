//! In which language, and by which templates, something is told to others. Not what is told.

use std::sync::Arc;

use crate::lang::Language;

/// How it is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tongue {
    /// The language of the screen.
    pub language: Language,
    /// The user's own template for status updates; `None`: ours.
    pub updates: Option<Arc<str>>,
    /// There is a recording here, beside which a file can be written.
    pub keeps: bool,
}
