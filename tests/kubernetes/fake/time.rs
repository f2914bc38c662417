//! The server's clock, as it is written into objects.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

/// Now, to the second.
pub fn now() -> String {
    told(Utc::now())
}

/// So many seconds from now.
pub fn later(seconds: i64) -> String {
    told(Utc::now() + TimeDelta::seconds(seconds))
}

fn told(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
