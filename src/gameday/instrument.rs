//! What is read from inside the target once a second, by name. Not the reading.

use serde::{Deserialize, Serialize};

use super::unit::Unit;

/// Something read from inside the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Instrument {
    /// Answers without the full, fresh page: stale, or taken for later.
    Degraded,
    /// Questions to the cache that found something.
    CacheHits,
    /// Questions to the cache that found nothing, or got no answer.
    CacheMisses,
    /// Calls answered by a stand-in: the replica, a kept page, the message queue, another pod after a failure.
    StandIns,
    /// Requests sent a second time.
    Retries,
    /// Times a circuit breaker opened.
    BreakersOpened,
    /// Requests that were refused because who asked could not be known.
    AuthFailures,
    /// Requests let in by a kept token or key that the identity provider did not confirm just then.
    CachedAuth,
    /// Requests refused because who asked may not do it.
    Forbidden,
    /// Requests that were carried out although they were not permitted.
    Escalations,
    /// TLS handshakes that failed.
    TlsErrors,
    /// Attempts to renew a certificate.
    RenewalAttempts,
    /// Requests refused because too many came.
    RateLimited,
    /// Requests refused to keep the rest alive, by a lever of a team.
    Shed,
    /// Look-ups of names that failed.
    NameErrors,
    /// Times the replica was promoted.
    Failovers,
    /// Events the message queue accepted.
    QueueAccepted,
    /// Events taken from the message queue and dealt with.
    QueueHandled,
    /// Connections to the databases that are open.
    DatabaseConnections,
    /// Events waiting, in the queue and on the way to it.
    QueueDepth,
    /// How far the replica is behind.
    ReplicaLag,
    /// Circuit breakers that are open.
    OpenBreakers,
}

/// How the values of an instrument add up over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Counts of each second; they are summed.
    Counter,
    /// A state at each second; it is never summed.
    Gauge,
}

impl Instrument {
    /// Every one, counters first.
    pub const ALL: [Self; 22] = [
        Self::Degraded,
        Self::CacheHits,
        Self::CacheMisses,
        Self::StandIns,
        Self::Retries,
        Self::BreakersOpened,
        Self::AuthFailures,
        Self::CachedAuth,
        Self::Forbidden,
        Self::Escalations,
        Self::TlsErrors,
        Self::RenewalAttempts,
        Self::RateLimited,
        Self::Shed,
        Self::NameErrors,
        Self::Failovers,
        Self::QueueAccepted,
        Self::QueueHandled,
        Self::DatabaseConnections,
        Self::QueueDepth,
        Self::ReplicaLag,
        Self::OpenBreakers,
    ];

    /// As written in a file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Degraded => "degraded",
            Self::CacheHits => "cache_hits",
            Self::CacheMisses => "cache_misses",
            Self::StandIns => "stand_ins",
            Self::Retries => "retries",
            Self::BreakersOpened => "breakers_opened",
            Self::AuthFailures => "auth_failures",
            Self::CachedAuth => "cached_auth",
            Self::Forbidden => "forbidden",
            Self::Escalations => "escalations",
            Self::TlsErrors => "tls_errors",
            Self::RenewalAttempts => "renewal_attempts",
            Self::RateLimited => "rate_limited",
            Self::Shed => "shed",
            Self::NameErrors => "name_errors",
            Self::Failovers => "failovers",
            Self::QueueAccepted => "queue_accepted",
            Self::QueueHandled => "queue_handled",
            Self::DatabaseConnections => "database_connections",
            Self::QueueDepth => "queue_depth",
            Self::ReplicaLag => "replica_lag",
            Self::OpenBreakers => "open_breakers",
        }
    }

    /// How its values add up.
    pub const fn kind(self) -> Kind {
        match self {
            Self::DatabaseConnections
            | Self::QueueDepth
            | Self::ReplicaLag
            | Self::OpenBreakers => Kind::Gauge,
            _ => Kind::Counter,
        }
    }

    /// The unit of its values.
    pub const fn unit(self) -> Unit {
        match self {
            Self::ReplicaLag => Unit::Millis,
            _ => Unit::Count,
        }
    }
}
