//! The exercise: events, what they mean, and what follows from them. Pure; every instant is passed in.

pub mod blast;
pub mod command;
pub mod decide;
pub mod due;
pub mod effect;
pub mod event;
pub mod fold;
pub mod header;
pub mod histogram;
pub mod id;
pub mod incident;
pub mod injection;
pub mod judge;
pub mod log;
pub mod log_line;
pub mod sample;
pub mod schedule;
pub mod series;
pub mod slo;
pub mod stamp;
pub mod state;
pub mod steady;
pub mod target;
pub mod times;
pub mod undo;
pub mod wire;
