//! What cannot be asked with, because of what somebody wrote. Not what a server says.

/// Why, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unfit(pub String);
