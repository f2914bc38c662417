//! The axes of charts: time, which all share, and the scale of values. Not what is drawn along them.

use crate::report::model::Report;
use crate::report::words;

/// Width of every chart, and where its plot begins and ends.
pub(super) const WIDTH: f64 = 960.0;
pub(super) const LEFT: f64 = 104.0;
pub(super) const RIGHT: f64 = 948.0;

/// At most so many marks on the time axis.
const MOST_TICKS: i64 = 9;
/// Their distances in seconds.
const STEPS: [i64; 13] = [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200];

/// The time that all charts show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Axis {
    from: u64,
    to: u64,
    wall: i64,
}

impl Axis {
    /// From the beginning of the recording to its last event, or to the end of what was measured.
    pub(super) fn new(report: &Report) -> Self {
        let measured = report.series.last().map_or(0, |last| last.to_ms);
        let to = report.last.elapsed_ms.max(measured).max(1_000);
        let from = first(report).clamp(report.began.elapsed_ms.min(to - 1), to - 1);
        let since = i64::try_from(from - report.began.elapsed_ms.min(from)).unwrap_or(i64::MAX);
        Self { from, to, wall: report.began.wall_ms.saturating_add(since) }
    }

    /// Where an instant stands, since the recording began.
    pub(super) fn x(&self, at: u64) -> f64 {
        let all = (self.to - self.from) as f64;
        let at = at.clamp(self.from, self.to) - self.from;
        LEFT + at as f64 / all * (RIGHT - LEFT)
    }

    /// The end of the axis.
    pub(super) const fn end(&self) -> u64 {
        self.to
    }

    /// The time of day of an instant.
    pub(super) fn day(&self, at: u64) -> String {
        let since = i64::try_from(at.saturating_sub(self.from)).unwrap_or(i64::MAX);
        words::day(self.wall.saturating_add(since))
    }

    /// Marks at round times of day: where, and what stands there.
    pub(super) fn ticks(&self) -> Vec<(f64, String)> {
        let length = i64::try_from(self.to - self.from).unwrap_or(i64::MAX) / 1_000;
        let fits = |step: &&i64| length / **step < MOST_TICKS;
        let day = 86_400;
        let step =
            STEPS.iter().find(fits).copied().unwrap_or((length / MOST_TICKS / day + 1) * day);
        let step = step.saturating_mul(1_000);
        let first = self.wall.div_euclid(step).saturating_add(1).saturating_mul(step);
        let instants =
            (0..=MOST_TICKS).map(|index| first.saturating_add(index.saturating_mul(step)));
        instants
            .filter_map(|wall| {
                let at =
                    u64::try_from(wall.checked_sub(self.wall)?).ok()?.checked_add(self.from)?;
                let text = words::day(wall);
                let text = if step % 60_000 == 0 { text.get(..5)?.to_owned() } else { text };
                (at <= self.to).then(|| (self.x(at), text))
            })
            .collect()
    }
}

/// When a report has something to show first. A watch may have asked for a time before it that its monitoring knows nothing of.
fn first(report: &Report) -> u64 {
    let queries = report.watch.iter().flat_map(|watch| &watch.queries);
    let answered = queries.filter_map(|query| query.series.first()).map(|one| one.from_ms).min();
    let since = report.watch.as_ref().and_then(|watch| watch.since).map(|at| at.elapsed_ms);
    answered.into_iter().chain(since).min().unwrap_or(report.began.elapsed_ms)
}

/// A scale of values, upwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scale {
    /// In equal steps.
    Linear {
        /// What the bottom stands for.
        from: f64,
        /// What the top stands for.
        to: f64,
        /// Into so many parts it is divided by marks.
        parts: u32,
    },
    /// In equal factors.
    Log {
        /// What the bottom stands for.
        from: f64,
        /// What the top stands for.
        to: f64,
    },
}

impl Scale {
    /// From nothing to a round number at or above `most`.
    pub(super) fn from_zero(most: f64) -> Self {
        let most = if most.is_finite() && most > 0.0 { most } else { 1.0 };
        let step = round_step(most / 4.0);
        // Four or five steps, less where fewer reach.
        let parts = (most / step * (1.0 - 1e-9)).ceil().clamp(1.0, 5.0);
        Self::Linear { from: 0.0, to: parts * step, parts: parts as u32 }
    }

    /// Of a share, up to all of it, no deeper than `least` needs.
    pub(super) fn share(least: f64) -> Self {
        let floors = [0.9995, 0.999, 0.995, 0.99, 0.95, 0.9, 0.75, 0.5];
        let from = floors.into_iter().find(|floor| *floor <= least).unwrap_or(0.0);
        Self::Linear { from, to: 1.0, parts: 5 }
    }

    /// In factors where the largest is more than twenty times the smallest; else from nothing.
    pub(super) fn wide(least: f64, most: f64) -> Self {
        if least > 0.0 && most.is_finite() && most / least > 20.0 {
            let power = |value: f64| 10_f64.powf(value);
            return Self::Log {
                from: power(least.log10().floor()),
                to: power(most.log10().ceil()),
            };
        }
        Self::from_zero(most)
    }

    /// How far up a value stands, 0 to 1.
    pub fn up(self, value: f64) -> f64 {
        let part = match self {
            Self::Linear { from, to, .. } => (value - from) / (to - from),
            Self::Log { from, to } => (value / from).log10() / (to / from).log10(),
        };
        if part.is_finite() { part.clamp(0.0, 1.0) } else { 0.0 }
    }

    /// Values worth a mark.
    pub fn ticks(self) -> Vec<f64> {
        match self {
            Self::Linear { from, to, parts } => {
                let step = (to - from) / f64::from(parts);
                (0..=parts).map(|index| from + f64::from(index) * step).collect()
            }
            Self::Log { from, to } => {
                let mut ticks = vec![from];
                while let Some(last) = ticks.last().copied().filter(|last| *last < to * 0.999) {
                    ticks.push(last * 10.0);
                }
                ticks
            }
        }
    }
}

/// 1, 2 or 5 times a power of ten, at or above `least`.
fn round_step(least: f64) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    let factors = [1.0, 2.0, 2.5, 5.0, 10.0];
    let factor = factors.into_iter().find(|factor| factor * power >= least * (1.0 - 1e-9));
    factor.unwrap_or(10.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_have_round_marks_and_hold_every_value() {
        for (most, ticks) in [
            (1_000.0, vec![0.0, 250.0, 500.0, 750.0, 1_000.0]),
            (10_400.0, vec![0.0, 5_000.0, 10_000.0, 15_000.0]),
            (0.0, vec![0.0, 0.25, 0.5, 0.75, 1.0]),
        ] {
            assert_eq!(Scale::from_zero(most).ticks(), ticks, "{most}");
        }
        assert_eq!(Scale::wide(20.0, 3_000.0).ticks(), [10.0, 100.0, 1_000.0, 10_000.0]);
        assert_eq!(Scale::wide(20.0, 300.0), Scale::from_zero(300.0), "no factor needed");
        assert!((Scale::wide(10.0, 1_000.0).up(100.0) - 0.5).abs() < 1e-9);
        assert_eq!(Scale::share(0.9512).ticks().first(), Some(&0.95));
        assert_eq!(Scale::share(-1.0), Scale::Linear { from: 0.0, to: 1.0, parts: 5 });
        for value in [f64::NAN, f64::INFINITY, -5.0] {
            assert!((0.0..=1.0).contains(&Scale::wide(1.0, 100.0).up(value)), "{value}");
        }
    }

    #[test]
    fn time_has_marks_at_round_times_of_day() {
        // 16:05:00 for 225 seconds.
        let axis = Axis { from: 0, to: 225_000, wall: 1_795_363_500_000 };
        let texts: Vec<String> = axis.ticks().into_iter().map(|(_, text)| text).collect();
        assert_eq!(
            texts,
            ["16:05:30", "16:06:00", "16:06:30", "16:07:00", "16:07:30", "16:08:00", "16:08:30"]
        );
        assert!((axis.x(0) - LEFT).abs() < 1e-9 && (axis.x(225_000) - RIGHT).abs() < 1e-9);
        let hours = Axis { to: 4_800_000, ..axis };
        let texts: Vec<String> = hours.ticks().into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["16:10", "16:20", "16:30", "16:40", "16:50", "17:00", "17:10", "17:20"]);
        for wall in [i64::MAX, i64::MIN, 0] {
            let odd = Axis { from: 0, to: u64::MAX / 2, wall };
            assert!(odd.ticks().len() <= 10);
        }
    }
}
