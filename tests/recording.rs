//! The recording on disk.

pub mod arbitrary;
pub mod story;
