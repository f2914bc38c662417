//! Counts of the present second, closed into samples. Reads no clock and decides nothing.

use std::time::Duration;

use super::outcome::Outcome;
use crate::exercise::histogram::{LatencyHistogram, PackedHistogram};
use crate::exercise::sample::{ErrorCounts, Sample};
use crate::gameday::span::Span;

const SECOND: Duration = Duration::from_secs(1);

/// The counts of one window.
#[derive(Debug)]
pub struct Tally {
    origin: Duration,
    start: Duration,
    end: Duration,
    /// Arrivals asked for until the start of this window.
    asked: f64,
    attempted: u64,
    dropped: u64,
    ok: u64,
    errors: ErrorCounts,
    latency: LatencyHistogram,
    lag: LatencyHistogram,
}

impl Tally {
    /// Begins at `now` a window that ends with the next full second since `origin`.
    pub fn new(origin: Duration, now: Duration) -> Self {
        // A clock never goes back; an origin that lies ahead is taken as this instant.
        let origin = origin.min(now);
        Self {
            origin,
            start: now,
            end: next_second(origin, now),
            asked: 0.0,
            attempted: 0,
            dropped: 0,
            ok: 0,
            errors: ErrorCounts::default(),
            latency: LatencyHistogram::new(),
            lag: LatencyHistogram::new(),
        }
    }

    /// The instant this window ends.
    pub const fn end(&self) -> Duration {
        self.end
    }

    /// Counts a request that fell due and was handed to a connection, so long after.
    pub fn sent(&mut self, lag: Duration) {
        self.attempted += 1;
        self.lag.record(micros(lag));
    }

    /// Counts a request that fell due and could not be sent.
    pub const fn dropped(&mut self) {
        self.attempted += 1;
        self.dropped += 1;
    }

    /// Counts how a request that was handed to a connection ended.
    pub fn settled(&mut self, outcome: Outcome, latency: Duration) {
        match outcome {
            Outcome::Ok => self.ok += 1,
            Outcome::Refused => self.errors.refused += 1,
            Outcome::Reset => self.errors.reset += 1,
            Outcome::Timeout => self.errors.timeout += 1,
            Outcome::Tls => self.errors.tls += 1,
            Outcome::Protocol => self.errors.protocol += 1,
            Outcome::Client => self.errors.client += 1,
            Outcome::Server => self.errors.server += 1,
            Outcome::Unsent => {
                self.dropped += 1;
                return;
            }
        }
        self.latency.record(micros(latency));
    }

    /// Closes the window at `at` (its end, or earlier when it is the last) and begins the next.
    /// `asked`: all arrivals asked for until then.
    pub fn close(&mut self, at: Duration, asked: f64, in_flight: u64) -> Sample {
        let start = Span::from(self.start - self.origin);
        let sample = Sample {
            start,
            length: Span::from(at.saturating_sub(self.origin)) - start,
            planned: (asked - self.asked).max(0.0),
            attempted: self.attempted,
            dropped: self.dropped,
            ok: self.ok,
            errors: self.errors,
            latency: PackedHistogram::pack(&self.latency),
            lag_p50_us: quantile_micros(&self.lag, 500),
            lag_p99_us: quantile_micros(&self.lag, 990),
            in_flight,
        };
        self.start = at;
        self.end = next_second(self.origin, at);
        self.asked = asked;
        (self.attempted, self.dropped, self.ok) = (0, 0, 0);
        self.errors = ErrorCounts::default();
        self.latency.clear();
        self.lag.clear();
        sample
    }
}

/// The first full second since `origin` after `now`.
fn next_second(origin: Duration, now: Duration) -> Duration {
    origin + Duration::from_secs((now.saturating_sub(origin)).as_secs()) + SECOND
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

fn quantile_micros(lag: &LatencyHistogram, thousandths: u16) -> u64 {
    lag.quantile_millis(thousandths).map_or(0, |millis| (millis * 1_000.0).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn windows_end_with_full_seconds_since_the_origin() {
        let mut tally = Tally::new(ms(250), ms(1_600));
        assert_eq!(tally.end(), ms(2_250));
        let first = tally.close(ms(2_250), 10.0, 1);
        assert_eq!((first.start.as_millis(), first.length.as_millis()), (1_350, 650));
        let second = tally.close(ms(3_250), 25.0, 0);
        assert_eq!((second.start.as_millis(), second.length.as_millis()), (2_000, 1_000));
        assert_eq!(second.planned, 15.0);
        let last = tally.close(ms(3_400), 25.0, 0);
        assert_eq!((last.start.as_millis(), last.length.as_millis()), (3_000, 150));
    }

    #[test]
    fn every_outcome_is_counted_once_and_each_window_begins_empty() {
        let mut tally = Tally::new(ms(0), ms(0));
        let outcomes = [
            Outcome::Ok,
            Outcome::Refused,
            Outcome::Reset,
            Outcome::Timeout,
            Outcome::Tls,
            Outcome::Protocol,
            Outcome::Client,
            Outcome::Server,
            Outcome::Unsent,
        ];
        for outcome in outcomes {
            tally.sent(ms(1));
            tally.settled(outcome, ms(20));
        }
        tally.dropped();
        let sample = tally.close(ms(1_000), 10.0, 0);
        assert_eq!((sample.attempted, sample.dropped, sample.ok), (10, 2, 1));
        assert_eq!(sample.errors.named().map(|(_, count)| count), [1; 7]);
        assert_eq!(sample.settled(), sample.attempted);
        // What never left has no latency.
        assert_eq!(sample.latency.unpack().count(), 8);
        assert!((990..=1_010).contains(&sample.lag_p50_us), "{}", sample.lag_p50_us);
        let empty = tally.close(ms(2_000), 10.0, 0);
        let blank =
            Sample { start: Span::from_secs(1), length: Span::from_secs(1), ..Sample::default() };
        assert_eq!(empty, blank);
    }
}
