//! The door: arguments in, exit code out; the one place that names every part.

pub mod check;
pub mod library;
pub mod list;
pub mod new;
pub mod plan;
pub mod schema;
