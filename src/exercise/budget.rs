//! What a promise may cost and has cost: its error budget in this exercise, and how fast that burns. Not whether the
//! promise is kept right now (see `slo`).
//!
//! Only a promise about a share has a budget: of requests that may fail, of questions to the cache that may miss, and of
//! answers that may be slower than a quantile's limit (p99 ≤ 200 ms: one in a hundred). The burn rate over a window is the
//! bad share of it ÷ what may be bad: at 1× the budget lasts exactly as long as the exercise. The budget is for the
//! planned length of the exercise. What has no data has no rate: no data is not zero.

use super::figure::Figures;
use super::reading::Reading;
use super::series::Point;
use super::slo::WINDOW;
use crate::gameday::instrument::Instrument;
use crate::gameday::metric::Metric;
use crate::gameday::plan::Limit;
use crate::gameday::span::Span;

/// A rate says nothing about fewer seconds.
pub const LEAST: u32 = 4;

/// Two windows and the rate at which both together raise the alarm: the long one says that it matters, the short one
/// that it still goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The window that ends the alarm.
    pub short: Span,
    /// The window that raises it.
    pub long: Span,
    /// The least rate, in multiples of what may be bad.
    pub factor: u32,
}

/// The pairs of an exercise, the faster first.
pub const PAIRS: [Pair; 2] = [
    Pair { short: Span::from_secs(30), long: Span::from_secs(120), factor: 6 },
    Pair { short: Span::from_secs(120), long: Span::from_secs(600), factor: 2 },
];

/// The windows of the pairs, each once, the shortest first.
pub const WINDOWS: [Span; 3] = [Span::from_secs(30), Span::from_secs(120), Span::from_secs(600)];

/// What a pair says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// One of the windows has too little data.
    NoData,
    /// Not even a window in which everything is bad reaches its rate: it is refused.
    Impossible,
    /// Below its rate in one of the windows.
    Quiet,
    /// At its rate or above it in both.
    Burning,
}

/// The share that may be bad, above 0 and up to 1; `None`: the promise is not about a share, or leaves no room at all.
pub fn allowed(limit: &Limit) -> Option<f64> {
    let share = match (limit.metric, limit.min, limit.max) {
        (Metric::Availability | Metric::CacheHitRate, Some(min), _) => 1.0 - min,
        (Metric::ErrorRate, _, Some(max)) => max,
        (Metric::Latency(thousandths), _, Some(_)) => 1.0 - f64::from(thousandths) / 1_000.0,
        _ => return None,
    };
    (share > 0.0 && share <= 1.0).then_some(share)
}

/// What everything up to the end of a second adds up to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Sum {
    start: Span,
    end: Span,
    bad: f64,
    all: f64,
    /// How many seconds had something that could be bad, and how long they were.
    seconds: u32,
    measured: Span,
}

/// The account of one promise. It takes every second in once; after that no question costs more than a search.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    limit: Limit,
    allowed: Option<f64>,
    sums: Vec<Sum>,
    extremes: Option<(f64, f64)>,
}

impl Account {
    /// An empty account of a promise.
    pub fn new(limit: &Limit) -> Self {
        let allowed = allowed(limit);
        Self { limit: limit.clone(), allowed, sums: Vec::new(), extremes: None }
    }

    /// The promise.
    pub const fn limit(&self) -> &Limit {
        &self.limit
    }

    /// Whether it has taken in everything that `figures`, all that was measured, has.
    pub fn is_current(&self, figures: Figures<'_>) -> bool {
        self.sums.len() == self.source(figures)
    }

    /// Takes in what is new in `figures`, all that was measured. Where that is less than before, it begins anew.
    pub fn catch_up(&mut self, figures: Figures<'_>) {
        let metric = self.limit.metric;
        if self.source(figures) < self.sums.len() {
            *self = Self::new(&self.limit);
        }
        let taken = self.sums.len();
        if metric.is_inside() {
            for one in figures.readings.iter().skip(taken) {
                self.take(one.start, one.end(), read(metric, one));
                self.reach(self.value(figures, one.end(), || one.value(metric)));
            }
        } else {
            for one in figures.points.iter().skip(taken) {
                self.take(one.sample.start, one.end(), felt(&self.limit, one));
                self.reach(self.value(figures, one.end(), || one.value(metric)));
            }
        }
    }

    fn source(&self, figures: Figures<'_>) -> usize {
        let inside = self.limit.metric.is_inside();
        if inside { figures.readings.len() } else { figures.points.len() }
    }

    /// The value of a second; of what is counted, the count over the window it is judged by.
    fn value(
        &self,
        figures: Figures<'_>,
        end: Span,
        alone: impl Fn() -> Option<f64>,
    ) -> Option<f64> {
        let metric = self.limit.metric;
        if metric.is_count() { figures.between(end - WINDOW, end).value(metric) } else { alone() }
    }

    fn take(&mut self, start: Span, end: Span, (bad, all): (f64, f64)) {
        let before = self.sums.last().copied().unwrap_or_default();
        let some = all > 0.0;
        self.sums.push(Sum {
            start,
            end,
            bad: before.bad + bad,
            all: before.all + all,
            seconds: before.seconds + u32::from(some),
            measured: before.measured + if some { end - start } else { Span::ZERO },
        });
    }

    fn reach(&mut self, value: Option<f64>) {
        let Some(value) = value else { return };
        let (low, high) = self.extremes.unwrap_or((value, value));
        self.extremes = Some((low.min(value), high.max(value)));
    }

    /// The lowest and the highest value of any second so far; `None`: no data.
    pub const fn extremes(&self) -> Option<(f64, f64)> {
        self.extremes
    }

    /// How fast the budget burns over the last `window` of what was measured, or over what there is of it, in multiples
    /// of what may be bad. `None`: there is no budget, or there are fewer than [`LEAST`] seconds with data.
    pub fn rate(&self, window: Span) -> Option<f64> {
        let allowed = self.allowed?;
        let last = self.sums.last()?;
        let from = last.end - window;
        let first = self.sums.partition_point(|sum| sum.start < from);
        let before = first.checked_sub(1).and_then(|at| self.sums.get(at)).copied();
        let before = before.unwrap_or_default();
        let (bad, all) = (last.bad - before.bad, last.all - before.all);
        (last.seconds - before.seconds >= LEAST && all > 0.0).then(|| bad / all / allowed)
    }

    /// The highest rate there can be: everything is bad.
    pub fn ceiling(&self) -> Option<f64> {
        self.allowed.map(|allowed| 1.0 / allowed)
    }

    /// What a pair of windows says; `None`: there is no budget.
    pub fn alarm(&self, pair: Pair) -> Option<Alarm> {
        // What is exactly at the rate is so in spite of floating point.
        let reaches = |rate: f64| rate * (1.0 + 1e-9) >= f64::from(pair.factor);
        if !reaches(self.ceiling()?) {
            return Some(Alarm::Impossible);
        }
        Some(match (self.rate(pair.short), self.rate(pair.long)) {
            (Some(short), Some(long)) if reaches(short) && reaches(long) => Alarm::Burning,
            (Some(_), Some(_)) => Alarm::Quiet,
            _ => Alarm::NoData,
        })
    }

    /// What is spent of the budget of an exercise of the length `period`: 1 is all of it. `None`: there is no budget, or
    /// no data.
    pub fn spent(&self, period: Span) -> Option<f64> {
        let (allowed, last) = (self.allowed?, self.sums.last()?);
        let measured = last.measured.as_secs_f64();
        let period = period.as_secs_f64().max(measured);
        (last.all > 0.0).then(|| last.bad / last.all / allowed * measured / period)
    }
}

/// What was bad of what customers did in a second, and how much they did.
fn felt(limit: &Limit, point: &Point) -> (f64, f64) {
    match (limit.metric, limit.max) {
        (Metric::Availability | Metric::ErrorRate, _) => {
            let all = point.sample.settled();
            ((all - point.sample.ok) as f64, all as f64)
        }
        (Metric::Latency(_), Some(max)) => {
            let (slower, all) = point.slower(max);
            (slower as f64, all as f64)
        }
        _ => (0.0, 0.0),
    }
}

/// The same for what an instrument said.
fn read(metric: Metric, reading: &Reading) -> (f64, f64) {
    if metric != Metric::CacheHitRate {
        return (0.0, 0.0);
    }
    let count = |instrument| reading.values.get(&instrument).copied().unwrap_or_default();
    let misses = count(Instrument::CacheMisses);
    (misses, misses + count(Instrument::CacheHits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::histogram::{LatencyHistogram, PackedHistogram};
    use crate::exercise::sample::{ErrorCounts, Sample};
    use crate::exercise::series::Series;

    const fn secs(secs: u64) -> Span {
        Span::from_secs(secs)
    }

    const fn limit(metric: Metric, min: Option<f64>, max: Option<f64>) -> Limit {
        Limit { metric, min, max }
    }

    /// Seconds of `all` requests of which `bad` fail, `slow` of them taking 300 ms and the rest 20 ms.
    fn series(seconds: &[(u64, u64, u64)]) -> Series {
        let mut series = Series::default();
        for (start, (all, bad, slow)) in (0..).zip(seconds) {
            let mut latency = LatencyHistogram::new();
            for one in 0..*all {
                latency.record(if one < *slow { 300_000 } else { 20_000 });
            }
            series.push(Sample {
                start: secs(start),
                length: secs(1),
                attempted: *all,
                ok: all - bad,
                errors: ErrorCounts { server: *bad, ..ErrorCounts::default() },
                latency: PackedHistogram::pack(&latency),
                ..Sample::default()
            });
        }
        series
    }

    fn account(limit: &Limit, seconds: &[(u64, u64, u64)]) -> Account {
        let series = series(seconds);
        let mut account = Account::new(limit);
        account.catch_up(Figures::all(&series, &[]));
        assert!(account.is_current(Figures::all(&series, &[])));
        account
    }

    fn is(found: Option<f64>, want: f64) -> bool {
        found.is_some_and(|found| (found - want).abs() < 1e-6)
    }

    /// So many seconds alike.
    fn times(count: usize, second: (u64, u64, u64)) -> Vec<(u64, u64, u64)> {
        vec![second; count]
    }

    #[test]
    fn rates_are_the_bad_share_over_what_may_be_bad() {
        let promise = limit(Metric::Availability, Some(0.99), None);
        // 90 good seconds of 100 requests, then 30 in which 12 of 100 fail.
        let all = [times(90, (100, 0, 0)), times(30, (100, 12, 0))].concat();
        let account = account(&promise, &all);
        // 30 s: 360 of 3,000 = 12 % of which 1 % may: 12×. 2 min: 360 of 12,000 = 3 %: 3×.
        assert!(is(account.rate(secs(30)), 12.0), "{:?}", account.rate(secs(30)));
        assert!(is(account.rate(secs(120)), 3.0));
        assert!(is(account.rate(secs(600)), 3.0), "what there is of ten minutes");
        // The fast pair needs 6× in both; the slow one 2×.
        assert_eq!(account.alarm(PAIRS[0]), Some(Alarm::Quiet));
        assert_eq!(account.alarm(PAIRS[1]), Some(Alarm::Burning));
        // In an exercise of ten minutes at this load 600 of 60,000 may fail; 360 did.
        assert!(is(account.spent(secs(600)), 0.6), "{:?}", account.spent(secs(600)));
        // One that was planned shorter than it took: 360 where 120 may.
        assert!(is(account.spent(secs(60)), 3.0));
        assert_eq!(account.extremes(), Some((0.88, 1.0)));
    }

    #[test]
    fn both_windows_must_burn_and_exactly_at_the_rate_counts() {
        let promise = limit(Metric::Availability, Some(0.999), None);
        // 6 of 1,000 where 1 may: exactly 6×.
        let at = account(&promise, &times(120, (1_000, 6, 0)));
        assert_eq!(at.alarm(PAIRS[0]), Some(Alarm::Burning));
        assert_eq!(at.alarm(PAIRS[1]), Some(Alarm::Burning));
        let below = account(&promise, &times(120, (1_000, 5, 0)));
        assert_eq!(below.alarm(PAIRS[0]), Some(Alarm::Quiet));
        // It was bad, and is over: the short window says so.
        let over = [times(90, (1_000, 50, 0)), times(30, (1_000, 0, 0))].concat();
        let over = account(&promise, &over);
        assert!(is(over.rate(secs(30)), 0.0) && is(over.rate(secs(120)), 37.5));
        assert_eq!(over.alarm(PAIRS[0]), Some(Alarm::Quiet));
    }

    #[test]
    fn no_data_is_no_data() {
        let promise = limit(Metric::Availability, Some(0.999), None);
        let empty = Account::new(&promise);
        assert_eq!((empty.rate(secs(30)), empty.spent(secs(60))), (None, None));
        assert_eq!(empty.alarm(PAIRS[0]), Some(Alarm::NoData));
        let three = account(&promise, &times(3, (100, 100, 0)));
        assert_eq!(three.rate(secs(30)), None, "three seconds are no window");
        assert!(
            is(three.spent(secs(600)), 5.0),
            "but what is spent is spent: 1,000× for 3 of 600 s"
        );
        let four = account(&promise, &times(4, (100, 100, 0)));
        assert!(is(four.rate(secs(30)), 1_000.0));
        // Seconds without traffic are neither good nor bad: the last half minute says nothing.
        let quiet = [times(60, (100, 1, 0)), times(30, (0, 0, 0))].concat();
        let quiet = account(&promise, &quiet);
        assert_eq!(quiet.rate(secs(30)), None);
        assert!(is(quiet.rate(secs(120)), 10.0));
        assert_eq!(quiet.alarm(PAIRS[0]), Some(Alarm::NoData));
        assert!(is(quiet.spent(secs(600)), 1.0), "10× for 60 of 600 seconds");
    }

    #[test]
    fn a_rate_that_cannot_be_reached_is_refused() {
        // Half may fail: more than 2× cannot be.
        let half = account(&limit(Metric::ErrorRate, None, Some(0.5)), &times(10, (10, 10, 0)));
        assert!(is(half.ceiling(), 2.0) && is(half.rate(secs(30)), 2.0));
        assert_eq!(half.alarm(PAIRS[0]), Some(Alarm::Impossible));
        assert_eq!(half.alarm(PAIRS[1]), Some(Alarm::Burning));
        let most = account(&limit(Metric::ErrorRate, None, Some(0.6)), &times(10, (10, 10, 0)));
        assert_eq!(most.alarm(PAIRS[1]), Some(Alarm::Impossible));
    }

    #[test]
    fn slow_answers_are_what_a_quantile_may_cost() {
        let promise = limit(Metric::Latency(990), None, Some(200.0));
        // 5 of 100 are slower than 200 ms where 1 may.
        let account = account(&promise, &times(40, (100, 0, 5)));
        assert!(is(account.rate(secs(30)), 5.0), "{:?}", account.rate(secs(30)));
        assert!(is(account.ceiling(), 100.0));
        // 40 s of 5× in 400 s.
        assert!(is(account.spent(secs(400)), 0.5));
    }

    #[test]
    fn what_is_no_share_has_no_budget() {
        for promise in [
            limit(Metric::Throughput, Some(100.0), None),
            limit(Metric::LatencyMean, None, Some(50.0)),
            limit(Metric::Availability, Some(1.0), None),
            limit(Metric::Latency(990), Some(5.0), None),
            limit(Metric::Inside(Instrument::QueueDepth), None, Some(5.0)),
        ] {
            let account = account(&promise, &times(10, (100, 50, 50)));
            assert_eq!(account.rate(secs(30)), None, "{promise:?}");
            assert_eq!((account.alarm(PAIRS[0]), account.spent(secs(60))), (None, None));
        }
    }

    #[test]
    fn seconds_are_taken_in_once_and_less_than_before_begins_anew() {
        let promise = limit(Metric::Availability, Some(0.9), None);
        let (short, long) = (series(&times(5, (10, 1, 0))), series(&times(9, (10, 5, 0))));
        let mut step = Account::new(&promise);
        for until in 0..=9 {
            let figures = Figures::all(&long, &[]).within(Span::ZERO, secs(until));
            step.catch_up(figures);
            step.catch_up(figures);
        }
        let mut once = Account::new(&promise);
        once.catch_up(Figures::all(&long, &[]));
        assert_eq!(step, once);
        step.catch_up(Figures::all(&short, &[]));
        assert!(is(step.rate(secs(30)), 1.0));
    }

    #[test]
    fn the_windows_are_those_of_the_pairs() {
        let mut windows: Vec<_> = PAIRS.iter().flat_map(|pair| [pair.short, pair.long]).collect();
        windows.dedup();
        assert_eq!(windows, WINDOWS);
    }
}
