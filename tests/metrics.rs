//! Prometheus and Alertmanager, from outside: answers recorded and made up, and servers that behave, misbehave and lie.

mod answers;
mod client;
mod fake;
mod hostile;
mod round;
mod schedule;
mod secure;
