//! The real binary: in a pseudo-terminal through a whole short game day, and killed at random instants. Waits for text, never sleeps.

mod compare;
mod day;
mod death;
mod disk;
mod drafts;
mod every_fault;
mod faults;
mod join;
mod killed;
mod levers;
pub mod program;
mod queries;
pub mod readme;
mod replay;
mod silences;
mod terminal;
mod watch;
mod way;
