//! The curves that one run of k6 follows, and the straight lines that k6 knows. Pure.

use crate::gameday::load::{LoadPattern, RateCurve};
use crate::gameday::plan::Phase;
use crate::gameday::span::Span;

/// A rate without an end goes on for so long; then a new run goes on with it.
pub const ENDLESS: Span = Span::from_secs(2 * 60 * 60);
/// One turn of a wave is drawn with so many lines.
const LINES_A_TURN: u64 = 24;
/// A line is no shorter.
const SHORTEST: Span = Span::from_millis(500);
/// k6 takes whole numbers: a rate is so many arrivals in so many seconds.
pub const TIME_UNIT: Span = Span::from_secs(1_000);

/// Curves, one after the other. A rate without an end has [`ENDLESS`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Legs(Vec<RateCurve>);

/// A straight line from the rate before to `rate`, in so much time; none: at once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// How long it is.
    pub lasts: Span,
    /// The rate at its end, a second.
    pub rate: f64,
}

impl Legs {
    /// What has to be followed from now on: `curve`, and where it is one of the plan's from the phase at `hint` on, the phases
    /// behind it too.
    pub fn of(curve: &RateCurve, phases: &[Phase], hint: usize) -> (Self, Option<usize>) {
        let same = |(_, phase): &(usize, &Phase)| {
            phase.duration == curve.duration && pattern(phase) == curve.pattern
        };
        let found = match curve.duration.is_zero() {
            true => None,
            false => phases.iter().enumerate().skip(hint).find(same).map(|(index, _)| index),
        };
        let duration = if curve.duration.is_zero() { ENDLESS } else { curve.duration };
        let mut legs = vec![RateCurve { duration, ..*curve }];
        if let Some(index) = found {
            legs.extend(phases.iter().skip(index + 1).map(|phase| RateCurve {
                pattern: pattern(phase),
                duration: phase.duration,
                position: Span::ZERO,
            }));
        }
        (Self(legs), found)
    }

    /// What is left of them after `ahead`: a run that starts late begins where the plan is by then.
    pub fn after(&self, ahead: Span) -> Self {
        let mut left = ahead;
        let mut legs = Vec::new();
        for leg in &self.0 {
            let length = length(leg);
            if left >= length {
                left = left - length;
                continue;
            }
            legs.push(RateCurve { position: leg.position + left, ..*leg });
            left = Span::ZERO;
        }
        Self(legs)
    }

    /// How long they last together.
    pub fn length(&self) -> Span {
        self.0.iter().fold(Span::ZERO, |sum, leg| sum + length(leg))
    }

    /// The rate at `since` after their beginning; `None`: they are over.
    pub fn rate_at(&self, since: Span) -> Option<f64> {
        let mut left = since;
        for leg in &self.0 {
            let length = length(leg);
            if left < length {
                return Some(leg.rate_after(left));
            }
            left = left - length;
        }
        None
    }

    /// The requests asked for between two times after their beginning.
    pub fn arrivals(&self, from: Span, to: Span) -> f64 {
        let (mut begin, mut sum) = (Span::ZERO, 0.0);
        for leg in &self.0 {
            let end = begin + length(leg);
            let (first, last) = (from.clamp(begin, end), to.clamp(begin, end));
            sum += leg.arrivals(first - begin, last - begin);
            begin = end;
        }
        sum
    }

    /// The highest rate of all.
    pub fn peak(&self) -> f64 {
        self.0.iter().map(|leg| leg.pattern.peak()).fold(0.0, f64::max)
    }

    /// The rate at the beginning, and the lines that k6 draws from there.
    pub fn lines(&self) -> (f64, Vec<Line>) {
        let begin = self.rate_at(Span::ZERO).unwrap_or(0.0);
        let mut lines = Vec::new();
        let mut at = begin;
        for leg in &self.0 {
            for (from, line) in drawn(leg) {
                if (from - at).abs() > f64::EPSILON {
                    lines.push(Line { lasts: Span::ZERO, rate: from });
                }
                at = line.rate;
                lines.push(line);
            }
        }
        (begin, lines)
    }
}

const fn length(leg: &RateCurve) -> Span {
    leg.duration.saturating_sub(leg.position)
}

/// What a phase asks for; one without a load asks for none.
fn pattern(phase: &Phase) -> LoadPattern {
    phase.load.unwrap_or(LoadPattern::Constant { rps: 0.0 })
}

/// A curve as straight lines, each with the rate that it begins at.
fn drawn(leg: &RateCurve) -> Vec<(f64, Line)> {
    let (start, end) = (leg.position, leg.duration);
    let mut corners = vec![start];
    match leg.pattern {
        LoadPattern::Constant { .. } | LoadPattern::Linear { .. } => {}
        LoadPattern::Step { steps, .. } => {
            let tread = |nth: u32| end.scaled(f64::from(nth) / f64::from(steps.max(1)));
            corners.extend((1..steps.max(1)).map(tread));
        }
        LoadPattern::Spike { at, width, .. } => corners.extend([at, at + width]),
        LoadPattern::Sine { period, .. } => {
            let cell = Span::from_millis(period.as_millis() / LINES_A_TURN).max(SHORTEST);
            let mut corner = start + cell;
            while corner < end {
                corners.push(corner);
                corner += cell;
            }
        }
    }
    corners.retain(|corner| (start..end).contains(corner));
    corners.push(end);
    corners.dedup();
    let sloped = matches!(leg.pattern, LoadPattern::Linear { .. } | LoadPattern::Sine { .. });
    let rate = |at: Span| leg.pattern.rate_at(at, leg.duration);
    let pairs = corners.windows(2).filter_map(|pair| match pair {
        [from, to] => Some((*from, *to)),
        _ => None,
    });
    pairs
        .map(|(from, to)| {
            // Between two corners a stair is level; at a corner itself it could be either.
            let middle = rate(from + (to - from).scaled(0.5));
            let (begin, stop) = if sloped { (rate(from), rate(to)) } else { (middle, middle) };
            (begin, Line { lasts: to - from, rate: stop })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phase(secs: u64, load: Option<LoadPattern>) -> Phase {
        Phase {
            name: "p".to_owned(),
            duration: Span::from_secs(secs),
            load,
            injections: Vec::new(),
            cards: Vec::new(),
        }
    }

    /// The area under the lines.
    fn drawn_arrivals(legs: &Legs) -> f64 {
        let (mut at, lines) = legs.lines();
        let mut sum = 0.0;
        for line in lines {
            sum += line.lasts.as_secs_f64() * (at + line.rate) / 2.0;
            at = line.rate;
        }
        sum
    }

    fn curve(pattern: LoadPattern, secs: u64, position: u64) -> RateCurve {
        RateCurve { pattern, duration: Span::from_secs(secs), position: Span::from_secs(position) }
    }

    #[test]
    fn lines_ask_for_as_much_as_the_curves() {
        let (at, width) = (Span::from_secs(20), Span::from_secs(7));
        for pattern in [
            LoadPattern::Constant { rps: 12.5 },
            LoadPattern::Linear { start: 10.0, end: 50.0 },
            LoadPattern::Step { start: 10.0, end: 50.0, steps: 5 },
            LoadPattern::Spike { base: 3.0, peak: 90.0, at, width },
            LoadPattern::Sine { mean: 30.0, amplitude: 20.0, period: Span::from_secs(30) },
        ] {
            for position in [0, 7, 23, 40] {
                let (legs, _) = Legs::of(&curve(pattern, 60, position), &[], 0);
                let asked = legs.arrivals(Span::ZERO, legs.length());
                let drawn = drawn_arrivals(&legs);
                assert!((asked - drawn).abs() <= asked * 0.01, "{pattern:?}: {asked} {drawn}");
                let length: u64 = legs.lines().1.iter().map(|line| line.lasts.as_millis()).sum();
                assert_eq!(length, (60 - position) * 1_000);
            }
        }
    }

    #[test]
    fn a_phase_goes_on_into_those_behind_it() {
        let steady = LoadPattern::Constant { rps: 5.0 };
        let ramp = LoadPattern::Linear { start: 5.0, end: 9.0 };
        let phases = [phase(10, Some(steady)), phase(20, Some(ramp)), phase(5, None)];
        let (legs, found) = Legs::of(&curve(steady, 10, 4), &phases, 0);
        assert_eq!((found, legs.length()), (Some(0), Span::from_secs(31)));
        assert_eq!(legs.rate_at(Span::from_secs(16)), Some(7.0));
        assert_eq!(legs.rate_at(Span::from_secs(30)), Some(0.0));
        assert_eq!(legs.rate_at(Span::from_secs(31)), None);
        assert_eq!(legs.peak(), 9.0);
        let late = legs.after(Span::from_secs(16));
        assert_eq!((late.rate_at(Span::ZERO), late.length()), (Some(7.0), Span::from_secs(15)));
        let all = legs.arrivals(Span::ZERO, legs.length());
        assert!((all - (30.0 + 140.0)).abs() < 1e-6, "{all}");
        let (flat, found) = Legs::of(&RateCurve::flat(5.0), &phases, 0);
        assert_eq!((found, flat.length()), (None, ENDLESS));
    }
}
