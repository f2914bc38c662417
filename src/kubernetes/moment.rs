//! Times as the API writes them, from and to milliseconds since 1970-01-01 UTC. Pure.

use chrono::{DateTime, SecondsFormat};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::MicroTime;
use k8s_openapi::jiff::Timestamp;

/// RFC 3339, in seconds; what no calendar has becomes its beginning.
pub fn rfc3339(millis: i64) -> String {
    let at = DateTime::from_timestamp_millis(millis).unwrap_or_default();
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// What an annotation of ours says.
pub fn millis_of(text: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(text).ok().map(|at| at.timestamp_millis())
}

/// As a Lease has it.
pub fn micro(millis: i64) -> MicroTime {
    MicroTime(Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_back() {
        assert_eq!(rfc3339(1_764_439_200_000), "2025-11-29T18:00:00Z");
        assert_eq!(millis_of("2025-11-29T18:00:00Z"), Some(1_764_439_200_000));
        assert_eq!(millis_of("soon"), None);
        assert_eq!(micro(1_764_439_200_123).0.as_millisecond(), 1_764_439_200_123);
        assert_eq!(rfc3339(i64::MAX), "1970-01-01T00:00:00Z");
    }
}
