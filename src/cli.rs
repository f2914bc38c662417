//! The door: arguments in, exit code out; the one place that names every part.

pub mod report;
pub mod said;
pub mod verify;
