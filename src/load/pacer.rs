//! When requests fall due: the curve's integral, turned into instants. Reads no clock and sends nothing.

use std::time::Duration;

use crate::gameday::load::RateCurve;
use crate::gameday::span::Span;

/// One cell of the grid on which the integral is taken.
const CELL: Duration = Duration::from_millis(1);

/// Sums of floating-point cells miss whole numbers by less than this.
const EPSILON: f64 = 1e-6;

/// Hands out arrivals. Arrival number k falls due when the integral of everything followed so far reaches
/// k, so nothing is lost when curves change, fractions included.
///
/// The integral is exact at whole milliseconds since a curve was handed over and a straight line between.
#[derive(Clone, Debug)]
pub struct Pacer {
    curve: RateCurve,
    /// The instant the curve was handed over.
    anchor: Duration,
    cell: Cell,
    issued: u64,
}

/// One millisecond of the curve.
#[derive(Clone, Copy, Debug)]
struct Cell {
    /// Milliseconds since the anchor.
    index: u64,
    /// Arrivals asked for before this cell, by all curves together.
    before: f64,
    /// Arrivals asked for within it.
    amount: f64,
}

impl Pacer {
    /// A pacer at rate zero.
    pub fn new(now: Duration) -> Self {
        let curve = RateCurve::flat(0.0);
        Self { curve, anchor: now, cell: first_cell(&curve, 0.0), issued: 0 }
    }

    /// Follows `curve`, handed over at `at`. Take what the old curve made due until then first.
    pub fn follow(&mut self, mut curve: RateCurve, at: Duration) {
        // What was already looked at stays as it was: the new curve begins there, moved along as far.
        let begin = at.max(self.start_of(self.cell.index));
        curve.position += Span::from(begin - at);
        let before = self.asked(begin);
        self.cell = first_cell(&curve, before);
        self.curve = curve;
        self.anchor = begin;
    }

    /// The next arrival that is due at `until` or before, with the instant it fell due.
    pub fn pop(&mut self, until: Duration) -> Option<Duration> {
        let wanted = (self.issued + 1) as f64;
        loop {
            if let Some(due) = self.reached(&self.cell, wanted) {
                if due > until {
                    return None;
                }
                self.issued += 1;
                return Some(due);
            }
            if self.start_of(self.cell.index + 1) > until {
                return None;
            }
            self.cell = self.after(&self.cell);
        }
    }

    /// When the next arrival falls due, looking no further than `horizon`.
    pub fn peek(&self, horizon: Duration) -> Option<Duration> {
        let wanted = (self.issued + 1) as f64;
        let mut cell = self.cell;
        loop {
            if let Some(due) = self.reached(&cell, wanted) {
                return (due <= horizon).then_some(due);
            }
            if self.start_of(cell.index + 1) > horizon {
                return None;
            }
            cell = self.after(&cell);
        }
    }

    /// Arrivals asked for from the beginning until `at`, which is not before the last look.
    pub fn asked(&self, at: Duration) -> f64 {
        let into = at.saturating_sub(self.start_of(self.cell.index));
        self.cell.before + self.cell.amount * (into.as_secs_f64() / CELL.as_secs_f64()).min(1.0)
    }

    /// The rate at the last look, per second.
    pub fn rate(&self) -> f64 {
        self.cell.amount / CELL.as_secs_f64()
    }

    /// The instant within `cell` at which the count reaches `wanted`.
    fn reached(&self, cell: &Cell, wanted: f64) -> Option<Duration> {
        let missing = wanted - cell.before;
        if missing > cell.amount + EPSILON {
            return None;
        }
        let share = if cell.amount > 0.0 { (missing / cell.amount).clamp(0.0, 1.0) } else { 0.0 };
        Some(self.start_of(cell.index) + CELL.mul_f64(share))
    }

    fn start_of(&self, index: u64) -> Duration {
        self.anchor + Duration::from_millis(index)
    }

    fn after(&self, cell: &Cell) -> Cell {
        let index = cell.index + 1;
        Cell { index, before: cell.before + cell.amount, amount: amount(&self.curve, index) }
    }
}

fn first_cell(curve: &RateCurve, before: f64) -> Cell {
    Cell { index: 0, before, amount: amount(curve, 0) }
}

/// Arrivals in millisecond `index` of `curve`.
fn amount(curve: &RateCurve, index: u64) -> f64 {
    curve.arrivals(Span::from_millis(index), Span::from_millis(index.saturating_add(1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gameday::load::LoadPattern;

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn curve(pattern: LoadPattern, secs: u64) -> RateCurve {
        RateCurve { pattern, duration: Span::from_secs(secs), position: Span::ZERO }
    }

    /// All arrivals until `until`, looked for every `tick`.
    fn take(pacer: &mut Pacer, from: Duration, until: Duration, tick: Duration) -> Vec<Duration> {
        let mut all = Vec::new();
        let mut now = from;
        while now < until {
            now = (now + tick).min(until);
            while let Some(due) = pacer.pop(now) {
                all.push(due);
            }
        }
        all
    }

    #[test]
    fn a_constant_rate_is_evenly_spaced_whatever_the_tick() {
        for tick in [Duration::from_micros(130), ms(1), ms(7), ms(400)] {
            let mut pacer = Pacer::new(ms(5));
            pacer.follow(RateCurve::flat(4_000.0), ms(5));
            let all = take(&mut pacer, ms(5), ms(1_005), tick);
            assert_eq!(all.len(), 4_000, "tick {tick:?}");
            for (index, due) in all.iter().enumerate() {
                let ideal = ms(5) + Duration::from_micros(250 * (index as u64 + 1));
                assert!(
                    due.abs_diff(ideal) < Duration::from_micros(1),
                    "{index}: {due:?} is not {ideal:?}"
                );
            }
        }
    }

    #[test]
    fn every_second_of_every_pattern_matches_its_integral() {
        let patterns = [
            (LoadPattern::Linear { start: 1_000.0, end: 5_000.0 }, 20),
            (LoadPattern::Step { start: 100.0, end: 900.0, steps: 5 }, 10),
            (
                LoadPattern::Spike {
                    base: 500.0,
                    peak: 5_000.0,
                    at: Span::from_secs(2),
                    width: Span::from_millis(1_500),
                },
                6,
            ),
            (LoadPattern::Sine { mean: 700.0, amplitude: 900.0, period: Span::from_secs(3) }, 9),
        ];
        for (pattern, secs) in patterns {
            let mut pacer = Pacer::new(Duration::ZERO);
            pacer.follow(curve(pattern, secs), Duration::ZERO);
            let mut before = 0.0;
            for second in 0..secs {
                let got = take(&mut pacer, ms(second * 1_000), ms(second * 1_000 + 1_000), ms(1))
                    .len() as f64;
                // An integral of our own, a hundred times finer than the pacer's.
                let exact: f64 = (0..1_000_u64)
                    .map(|m| {
                        pattern
                            .rate_at(Span::from_millis(second * 1_000 + m), Span::from_secs(secs))
                    })
                    .sum::<f64>()
                    / 1_000.0;
                let planned = pacer.asked(ms(second * 1_000 + 1_000)) - before;
                before += planned;
                let tolerance = 1.0 + exact * 0.005;
                assert!(
                    (got - planned).abs() <= 1.0,
                    "{pattern:?} second {second}: {got} of {planned}"
                );
                assert!(
                    (planned - exact).abs() <= tolerance,
                    "{pattern:?} second {second}: {planned}, truly {exact}"
                );
            }
        }
    }

    #[test]
    fn changing_the_curve_loses_no_fraction() {
        let mut pacer = Pacer::new(Duration::ZERO);
        let mut count = 0;
        // 0.35 of an arrival between changes: 1,000 changes are 350 arrivals.
        for change in 0..1_000_u64 {
            while pacer.pop(ms(change * 5)).is_some() {
                count += 1;
            }
            pacer.follow(RateCurve::flat(70.0), ms(change * 5));
        }
        while pacer.pop(ms(5_000)).is_some() {
            count += 1;
        }
        assert_eq!(count, 350);
        assert!((pacer.asked(ms(5_000)) - 350.0).abs() < 1e-6);
    }

    #[test]
    fn a_curve_handed_over_late_is_moved_along() {
        let mut pacer = Pacer::new(Duration::ZERO);
        pacer.follow(RateCurve::flat(1_000.0), Duration::ZERO);
        while pacer.pop(ms(10)).is_some() {}
        // Picked up at 10 ms although handed over at 8: the two milliseconds are not sent twice.
        pacer.follow(RateCurve::flat(2_000.0), ms(8));
        let rest = take(&mut pacer, ms(10), ms(20), ms(1));
        assert_eq!(rest.len(), 20);
    }

    #[test]
    fn looking_ahead_changes_nothing_and_stops_at_the_horizon() {
        let mut pacer = Pacer::new(Duration::ZERO);
        assert_eq!(pacer.peek(ms(1_000)), None);
        pacer.follow(RateCurve::flat(10.0), Duration::ZERO);
        assert_eq!(pacer.peek(ms(99)), None);
        let next = pacer.peek(ms(1_000)).unwrap();
        assert!(next.abs_diff(ms(100)) < Duration::from_micros(2), "{next:?}");
        assert_eq!(pacer.pop(ms(99)), None);
        assert_eq!(pacer.pop(ms(101)), Some(next));
    }
}
