//! Load as a value: how many requests a phase asks for at any instant. Not the sending of them.

use std::f64::consts::TAU;

use serde::{Deserialize, Serialize};

use super::span::Span;

mod arrivals;

/// The shape of the load in one phase. Rates are requests per second.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "pattern", rename_all = "kebab-case")]
pub enum LoadPattern {
    /// The same rate all the time.
    Constant { rps: f64 },
    /// From `start` to `end` in a straight line over the phase.
    Linear { start: f64, end: f64 },
    /// From `start` to `end` in `steps` equal stairs; the first stair is `start`, the last is `end`.
    Step { start: f64, end: f64, steps: u32 },
    /// `base`, and `peak` for `width` beginning at `at`.
    Spike { base: f64, peak: f64, at: Span, width: Span },
    /// `mean` + `amplitude` × sin(2π t ÷ `period`), never below zero.
    Sine { mean: f64, amplitude: f64, period: Span },
}

impl LoadPattern {
    /// The rate asked for at `t` after the start of a phase that lasts `duration`.
    pub fn rate_at(&self, t: Span, duration: Span) -> f64 {
        match *self {
            Self::Constant { rps } => rps,
            Self::Linear { start, end } => start + (end - start) * share(t, duration),
            Self::Step { start, end, steps } => {
                let steps = f64::from(steps.max(1));
                let stair = (share(t, duration) * steps).floor().min(steps - 1.0);
                if steps <= 1.0 { end } else { start + (end - start) * stair / (steps - 1.0) }
            }
            Self::Spike { base, peak, at, width } => {
                if t >= at && t < at + width {
                    peak
                } else {
                    base
                }
            }
            Self::Sine { mean, amplitude, period } => {
                let turns = t.as_secs_f64() / period.as_secs_f64().max(0.001);
                (mean + amplitude * (TAU * turns).sin()).max(0.0)
            }
        }
    }

    /// The highest rate the phase asks for.
    pub fn peak(&self) -> f64 {
        match *self {
            Self::Constant { rps } => rps,
            Self::Linear { start, end } | Self::Step { start, end, .. } => start.max(end),
            Self::Spike { base, peak, .. } => base.max(peak),
            Self::Sine { mean, amplitude, .. } => mean + amplitude.abs(),
        }
    }
}

/// How far `t` is into `duration`, from 0 to 1.
fn share(t: Span, duration: Span) -> f64 {
    if duration.is_zero() { 1.0 } else { (t.as_secs_f64() / duration.as_secs_f64()).min(1.0) }
}

/// A pattern anchored in time: what the load generator follows until it is told otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RateCurve {
    /// The shape.
    pub pattern: LoadPattern,
    /// The length of the phase the shape spans.
    pub duration: Span,
    /// The position within the phase at the instant the curve is handed over.
    pub position: Span,
}

impl RateCurve {
    /// A curve that stays at `rps`.
    pub fn flat(rps: f64) -> Self {
        Self { pattern: LoadPattern::Constant { rps }, duration: Span::ZERO, position: Span::ZERO }
    }

    /// The rate at `since` after the curve was handed over.
    pub fn rate_after(&self, since: Span) -> f64 {
        self.pattern.rate_at(self.position + since, self.duration)
    }
}
