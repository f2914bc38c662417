//! Prometheus and Alertmanager, from outside: answers recorded and made up, and servers that behave, misbehave and lie.

pub mod alerts;
mod answers;
mod client;
mod command;
mod explore;
pub mod fake;
mod hostile;
mod offers;
mod probe;
mod reach;
pub mod real;
mod round;
mod schedule;
mod secure;
mod shares;
mod watcher;
