//! The grammar of the log's line: what a typed line means, and how a command is written as a line. Not what the screen says
//! of it, and not its recording.

mod improve;
pub mod known;
pub mod line;
mod open;
pub mod parse;
mod verb;
mod words;
pub mod write;
pub mod wrong;

pub use known::Known;
pub use line::LogLine;
pub use parse::parse;
pub use words::{ago, plain};
pub use write::write;
pub use wrong::Wrong;
