//! A source of series as a port: what is asked, and what comes back. Only asks.

use super::target::Answer;
use super::trouble::SourceError;
use crate::exercise::found::Found;
use crate::gameday::span::Span;

/// No server answers more steps of one series.
const MOST_STEPS: u64 = 11_000;

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// In the language of the source; PromQL where it is Prometheus.
    pub query: String,
    /// For when.
    pub over: Over,
}

/// For when something is asked. Instants are milliseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// One instant.
    At(i64),
    /// A value each `step`, both ends included.
    Range { from: i64, to: i64, step: Span },
}

impl Over {
    /// Everything `from..=to` in steps of `step`, or longer ones where those would be too many. Steps lie on multiples of
    /// their length, so that who asks again for a later stretch gets the same instants.
    pub fn range(from: i64, to: i64, step: Span) -> Self {
        let (from, to) = (from.min(to).max(0), to.max(0));
        let length = u64::try_from(to - from).unwrap_or_default();
        let least = length.div_ceil(MOST_STEPS - 1);
        let step = step.as_millis().clamp(1, i64::MAX as u64).max(least);
        let even = i64::try_from(step).unwrap_or(i64::MAX);
        Self::Range { from: from - from % even, to, step: Span::from_millis(step) }
    }

    /// From when to when answers are of use.
    pub const fn bounds(self) -> (i64, i64) {
        match self {
            Self::At(at) => (at, at),
            Self::Range { from, to, .. } => (from, to),
        }
    }
}

/// Something that has measured, and can be asked about it.
pub trait Source: Send + Sync {
    /// Where it is, as people are told: an address without anything secret.
    fn place(&self) -> &str;

    /// Asks it.
    fn ask<'a>(&'a self, ask: &'a Ask) -> Answer<'a, Result<Found, SourceError>>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_no_more_steps_than_a_server_answers() {
        let over = Over::range(1_005, 9_000, Span::from_secs(1));
        assert_eq!(over, Over::Range { from: 1_000, to: 9_000, step: Span::from_secs(1) });
        for (from, to, step) in
            [(0, 30 * 86_400_000, 1_000), (5, 11_000_000, 1), (7, 3, 0), (0, i64::MAX, 15_000)]
        {
            let Over::Range { from, to, step } = Over::range(from, to, Span::from_millis(step))
            else {
                panic!("no range")
            };
            assert!(from <= to && step > Span::ZERO);
            let steps = (to - from) as u64 / step.as_millis() + 1;
            assert!(steps <= MOST_STEPS, "{steps} of {step}");
        }
    }
}
