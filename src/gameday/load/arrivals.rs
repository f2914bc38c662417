//! How many requests a load pattern asks for between two instants: the integral of its rate, in closed form. Not the rate
//! itself (see `gameday::load`) and not the sending.

use std::f64::consts::{PI, TAU};

use super::{LoadPattern, RateCurve};
use crate::gameday::span::Span;

impl LoadPattern {
    /// The requests asked for from `from` to `to` after the start of a phase that lasts `duration`; zero where `to` is not
    /// after `from`. Beyond the phase's end the pattern goes on as [`LoadPattern::rate_at`] says.
    pub fn arrivals(&self, from: Span, to: Span, duration: Span) -> f64 {
        if to <= from {
            return 0.0;
        }
        let (from_s, to_s, whole) = (from.as_secs_f64(), to.as_secs_f64(), duration.as_secs_f64());
        match *self {
            Self::Constant { rps } => rps * (to_s - from_s),
            Self::Linear { start, end } => {
                let (begin, stop) = (from_s.min(whole), to_s.min(whole));
                let mean = (self.rate_at(from, duration) + self.rate_at(to, duration)) / 2.0;
                let ramp = if stop > begin {
                    let rate = |t: f64| start + (end - start) * t / whole;
                    (stop - begin) * (rate(begin) + rate(stop)) / 2.0
                } else {
                    0.0
                };
                if from >= duration { mean * (to_s - from_s) } else { ramp + end * (to_s - stop) }
            }
            Self::Step { start, end, steps } => {
                let stairs = Stairs { start, end, steps: f64::from(steps.max(1)), whole };
                stairs.until(to_s) - stairs.until(from_s)
            }
            Self::Spike { base, peak, at, width } => {
                let high = to.min(at + width).saturating_sub(from.max(at)).as_secs_f64();
                let all = to_s - from_s;
                base * (all - high) + peak * high
            }
            Self::Sine { mean, amplitude, period } => {
                let wave = Wave { mean, amplitude, period: period.as_secs_f64().max(0.001) };
                wave.until(to_s) - wave.until(from_s)
            }
        }
    }

    /// The requests asked for over a whole phase that lasts `duration`.
    pub fn total(&self, duration: Span) -> f64 {
        self.arrivals(Span::ZERO, duration, duration)
    }
}

impl RateCurve {
    /// The requests asked for between two times after the curve was handed over.
    pub fn arrivals(&self, since: Span, until: Span) -> f64 {
        self.pattern.arrivals(self.position + since, self.position + until, self.duration)
    }
}

/// A staircase from `start` to `end` over `whole` seconds.
struct Stairs {
    start: f64,
    end: f64,
    steps: f64,
    whole: f64,
}

impl Stairs {
    /// The area from zero to `t` seconds.
    fn until(&self, t: f64) -> f64 {
        if self.steps <= 1.0 || self.whole <= 0.0 {
            return self.end * t;
        }
        let tread = self.whole / self.steps;
        let rise = (self.end - self.start) / (self.steps - 1.0);
        let done = (t / tread).floor().min(self.steps - 1.0);
        let below = done * self.start + rise * done * (done - 1.0) / 2.0;
        tread * below + (self.start + rise * done) * (t - done * tread)
    }
}

/// A sine that is cut off at zero.
struct Wave {
    mean: f64,
    amplitude: f64,
    period: f64,
}

impl Wave {
    /// The area from the first upward zero at or before the start to `t` seconds, up to a constant.
    fn until(&self, t: f64) -> f64 {
        let height = self.amplitude.abs();
        let turned = if self.amplitude < 0.0 { PI } else { 0.0 };
        let angle = TAU * (t / self.period) + turned;
        let scale = self.period / TAU;
        if self.mean >= height {
            return self.mean * t - height * angle.cos() * scale;
        }
        if self.mean <= -height {
            return 0.0;
        }
        let rise = (-self.mean / height).asin();
        let fall = PI - rise;
        let area = |to: f64| self.mean * (to - rise) - height * (to.cos() - rise.cos());
        let turns = ((angle - rise) / TAU).floor();
        let rest = angle - turns * TAU;
        scale * (turns * area(fall) + area(rest.clamp(rise, fall)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn patterns() -> impl Strategy<Value = LoadPattern> {
        let rate = 0.0..20_000.0f64;
        let time = (0u64..600_000).prop_map(Span::from_millis);
        prop_oneof![
            rate.clone().prop_map(|rps| LoadPattern::Constant { rps }),
            (rate.clone(), rate.clone())
                .prop_map(|(start, end)| LoadPattern::Linear { start, end }),
            (rate.clone(), rate.clone(), 1u32..40)
                .prop_map(|(start, end, steps)| LoadPattern::Step { start, end, steps }),
            (rate.clone(), rate, time.clone(), time)
                .prop_map(|(base, peak, at, width)| LoadPattern::Spike { base, peak, at, width }),
            (-1_000.0..5_000.0f64, -5_000.0..5_000.0f64, 2_000u64..600_000).prop_map(
                |(mean, amplitude, period)| LoadPattern::Sine {
                    mean,
                    amplitude,
                    period: Span::from_millis(period)
                }
            ),
        ]
    }

    /// Sums the rate in the middle of every 10 ms.
    fn counted(pattern: LoadPattern, from: Span, to: Span, duration: Span) -> f64 {
        (from.as_millis()..to.as_millis())
            .step_by(10)
            .map(|at| {
                let end = (at + 10).min(to.as_millis());
                let width = (end - at) as f64 / 1_000.0;
                pattern.rate_at(Span::from_millis((at + end) / 2), duration) * width
            })
            .sum()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_closed_form_agrees_with_counting(
            pattern in patterns(), from in 0u64..200_000, length in 0u64..60_000, whole in 0u64..300_000,
        ) {
            let (from, to) = (Span::from_millis(from), Span::from_millis(from + length));
            let duration = Span::from_millis(whole);
            let exact = pattern.arrivals(from, to, duration);
            let counted = counted(pattern, from, to, duration);
            // Each edge of a stair or spike can fall inside one counting step.
            let edges = 42.0 * 0.01 * pattern.peak().max(1.0);
            let slack = match pattern {
                LoadPattern::Step { .. } | LoadPattern::Spike { .. } => edges,
                _ => 1.0 + counted * 1e-4,
            };
            prop_assert!((exact - counted).abs() <= slack, "{exact} against {counted}");
        }

        #[test]
        fn parts_add_up(pattern in patterns(), cuts in proptest::collection::vec(0u64..86_400_000, 1..20)) {
            let duration = Span::from_secs(80_000);
            let mut cuts = cuts;
            cuts.sort_unstable();
            let spans: Vec<Span> = cuts.into_iter().map(Span::from_millis).collect();
            let parts: f64 = spans.windows(2).map(|pair| pattern.arrivals(pair[0], pair[1], duration)).sum();
            let whole = pattern.arrivals(spans[0], spans[spans.len() - 1], duration);
            prop_assert!((parts - whole).abs() < 0.01, "{parts} against {whole}");
            prop_assert!(parts >= -0.001);
        }
    }

    #[test]
    fn the_figures_of_a_black_friday() {
        let minutes = |n: u64| Span::from_secs(n * 60);
        let total = |pattern: LoadPattern, n| pattern.total(minutes(n));
        assert_eq!(total(LoadPattern::Constant { rps: 1_000.0 }, 10), 600_000.0);
        let ramp = LoadPattern::Linear { start: 1_000.0, end: 5_000.0 };
        assert_eq!(total(ramp, 20), 3_600_000.0);
        assert!((ramp.arrivals(minutes(5), minutes(10), minutes(20)) - 750_000.0).abs() < 1e-6);
        let stairs = LoadPattern::Step { start: 100.0, end: 400.0, steps: 4 };
        assert_eq!(stairs.total(Span::from_secs(40)), 10_000.0);
        let spike = LoadPattern::Spike {
            base: 10.0,
            peak: 100.0,
            at: Span::from_secs(5),
            width: Span::from_secs(2),
        };
        assert_eq!(spike.total(Span::from_secs(10)), 280.0);
        let sine = LoadPattern::Sine { mean: 100.0, amplitude: 50.0, period: Span::from_secs(10) };
        assert!((sine.total(Span::from_secs(100)) - 10_000.0).abs() < 1e-6);
    }

    #[test]
    fn a_flat_curve_has_no_length_and_still_counts() {
        let flat = RateCurve::flat(250.0);
        assert_eq!(flat.arrivals(Span::from_secs(3), Span::from_secs(7)), 1_000.0);
        let ended = LoadPattern::Linear { start: 10.0, end: 20.0 };
        assert_eq!(ended.arrivals(Span::ZERO, Span::from_secs(2), Span::ZERO), 40.0);
    }
}
