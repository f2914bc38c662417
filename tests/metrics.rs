//! Prometheus and Alertmanager, from outside: answers recorded and made up, and servers that behave, misbehave and lie.

mod alerts;
mod answers;
mod client;
mod explore;
mod fake;
mod hostile;
mod offers;
pub mod real;
mod round;
mod schedule;
mod secure;
