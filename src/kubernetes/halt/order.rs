//! What is to be stopped.

use std::time::Duration;

use super::super::connect::Connection;
use super::super::reach::Reach;

/// What is to be stopped.
#[derive(Clone, Debug)]
pub struct Order {
    /// One run, or every one.
    pub run: Option<String>,
    pub reach: Reach,
    /// Finalizers are taken away from what does not let go, for this reason.
    pub force: Option<String>,
    /// Who stops it, for those who read of it.
    pub who: String,
    /// How long one thing may take.
    pub bound: Duration,
    /// Journals, leases and reapers stay, for whoever looks afterwards.
    pub keeps: bool,
}

impl Order {
    /// Stops one run, or all of them.
    pub fn of(run: Option<&str>, reach: Reach, who: &str) -> Self {
        let bound = Duration::from_secs(90);
        let run = run.map(str::to_owned);
        Self { run, reach, force: None, who: who.to_owned(), bound, keeps: false }
    }
}

/// The same way to another namespace.
pub(super) fn at(connection: &Connection, namespace: &str) -> Connection {
    Connection { namespace: namespace.to_owned(), ..connection.clone() }
}
