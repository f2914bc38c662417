//! The exercise in virtual time: eighty minutes in milliseconds, no clock, no sleep.

mod board;
mod briefing;
mod crew;
mod guardrails;
mod halt;
mod hold;
mod inside;
mod life;
mod people;
mod properties;
mod queries;
mod real;
mod rehearsal;
mod silences;
pub mod stage;
