//! The defences of the lab's shop, by name, and which of them are on. Not what they do.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Something that keeps a failure of one part from becoming a failure for customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Defence {
    /// Pods that answer their health check badly get no traffic.
    HealthChecks,
    /// Requests that are safe to send twice are sent once more elsewhere, within a budget.
    Retries,
    /// Calls to what keeps failing, or keeps being slow, are stopped for a while.
    CircuitBreakers,
    /// No call waits long.
    Timeouts,
    /// Pages that cannot be made are served as they were.
    StaleCache,
    /// The replica is promoted when the primary is gone.
    Failover,
    /// A commit is acknowledged when the replica has it.
    SynchronousReplication,
    /// Orders the database cannot take now wait in the message queue, and events for the queue wait in the database.
    Outbox,
    /// What comes without a session gets only so much.
    RateLimit,
    /// A certificate that ends is renewed.
    CertificateRenewal,
    /// Tokens and keys of the identity provider are kept for as long as they are valid.
    TokenCache,
    /// What is not known to be permitted is forbidden.
    FailClosed,
    /// Pods of a lost node run elsewhere.
    Rescheduling,
    /// Answers to name look-ups are kept for when none come.
    NameCache,
}

impl Defence {
    /// Every one, in the order people read them.
    pub const ALL: [Self; 14] = [
        Self::HealthChecks,
        Self::Retries,
        Self::CircuitBreakers,
        Self::Timeouts,
        Self::StaleCache,
        Self::Failover,
        Self::SynchronousReplication,
        Self::Outbox,
        Self::RateLimit,
        Self::CertificateRenewal,
        Self::TokenCache,
        Self::FailClosed,
        Self::Rescheduling,
        Self::NameCache,
    ];

    /// As written in a file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::HealthChecks => "health-checks",
            Self::Retries => "retries",
            Self::CircuitBreakers => "circuit-breakers",
            Self::Timeouts => "timeouts",
            Self::StaleCache => "stale-cache",
            Self::Failover => "failover",
            Self::SynchronousReplication => "synchronous-replication",
            Self::Outbox => "outbox",
            Self::RateLimit => "rate-limit",
            Self::CertificateRenewal => "certificate-renewal",
            Self::TokenCache => "token-cache",
            Self::FailClosed => "fail-closed",
            Self::Rescheduling => "rescheduling",
            Self::NameCache => "name-cache",
        }
    }
}

impl fmt::Display for Defence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Defence {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|one| one.name() == text)
            .ok_or_else(|| format!("unknown defence \"{text}\""))
    }
}

/// The defences that are on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Defences(BTreeSet<Defence>);

impl Default for Defences {
    fn default() -> Self {
        Self::resilient()
    }
}

impl Defences {
    /// All of them.
    pub fn resilient() -> Self {
        Self(Defence::ALL.into())
    }

    /// None.
    pub const fn fragile() -> Self {
        Self(BTreeSet::new())
    }

    /// Whether none is off.
    pub fn all_on(&self) -> bool {
        self.off().next().is_none()
    }

    /// Whether `defence` is on.
    pub fn has(&self, defence: Defence) -> bool {
        self.0.contains(&defence)
    }

    /// Switches one on or off.
    pub fn set(&mut self, defence: Defence, on: bool) {
        if on {
            self.0.insert(defence);
        } else {
            self.0.remove(&defence);
        }
    }

    /// Those that are off, in the order people read them.
    pub fn off(&self) -> impl Iterator<Item = Defence> {
        Defence::ALL.into_iter().filter(|one| !self.has(*one))
    }
}

/// `resilient`, `fragile`, or which are off.
impl fmt::Display for Defences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("fragile");
        }
        let off: Vec<&str> = self.off().map(Defence::name).collect();
        if off.is_empty() {
            f.write_str("resilient")
        } else {
            write!(f, "without {}", off.join(", "))
        }
    }
}
