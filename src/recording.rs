//! The recording on disk: one JSON Lines file an exercise, durable, chained by hashes. An adapter; what the
//! events mean is `exercise`.

pub mod chain;
pub mod file;
pub mod folder;
pub mod notes;
pub mod plain;
pub mod read;
pub mod verify;
