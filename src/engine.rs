//! The engine: one task that owns the state and the recording, and drives the ports.
//!
//! Everything that happens goes the same way: a command, events, the disk, and only then screens and effects.
//! It knows no adapter and no screen by name.

mod act;
mod beside;
mod bounded;
pub mod clock;
mod hub;
mod journal;
mod look;
mod message;
pub mod recover;
mod run;
mod timekeeper;
mod world;

pub use run::{Bringing, Finish, Handle, start, watch};
pub use world::{Bounds, World};
