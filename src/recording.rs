//! The recording on disk: one JSON Lines file an exercise, durable, chained by hashes. An adapter; what the
//! events mean is `exercise`.

pub mod chain;
pub mod file;
pub mod folder;
pub mod input;
pub mod notes;
pub mod pack;
pub mod read;
pub mod tape;
pub mod verify;
pub mod wrong;
