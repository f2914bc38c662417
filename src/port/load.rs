//! The load generator as a port: it follows a curve, open loop, and reports every second.

use std::time::Duration;

use tokio::sync::mpsc;

use crate::exercise::sample::Sample;
use crate::gameday::load::RateCurve;
use crate::gameday::plan::Traffic;

/// What the generator needs to know before it starts.
#[derive(Clone, Debug)]
pub struct LoadOrder {
    /// `http://127.0.0.1:8080`, the address customers use.
    pub base_url: String,
    /// Hosts that may be sent to; any other is refused.
    pub allowed_hosts: Vec<String>,
    /// The customers' mix (never empty here), timeout and bound.
    pub traffic: Traffic,
    /// A certificate authority (PEM) to trust for `https`, and no other; `None`: whom this machine trusts.
    pub certificate_authority: Option<String>,
    /// Where the recording's time begins on the clock; samples are aligned to full seconds since it.
    pub origin: Duration,
    /// Seed of the choice among routes.
    pub seed: u64,
}

/// Why there is no load.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// The address is not one the game day names.
    #[error("refusing to send load to {host}: the game day names only {allowed}")]
    HostNotAllowed { host: String, allowed: String },
    /// The order cannot be understood.
    #[error("{0}")]
    Invalid(String),
}

/// Sends requests on a schedule that never waits for answers.
pub trait LoadGenerator: Send + Sync {
    /// Starts at rate zero; samples arrive once a second until [`LoadGenerator::stop`].
    ///
    /// # Errors
    /// When the order is refused.
    fn start(&self, order: LoadOrder) -> Result<mpsc::UnboundedReceiver<Sample>, LoadError>;

    /// Follows `curve` from now on.
    fn follow(&self, curve: RateCurve);

    /// Sends nothing more; requests under way are left to end or time out, then the samples end.
    fn stop(&self);
}
