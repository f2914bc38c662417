//! When an SLO is kept and when it is breached.

use super::series::{Series, over};
use crate::gameday::plan::Slo;
use crate::gameday::span::Span;

/// The window of the value that a panel shows and a breach is judged by.
pub const WINDOW: Span = Span::from_secs(10);

/// The value of an SLO now: over the last [`WINDOW`]; `None`: no data.
pub fn value(slo: &Slo, series: &Series) -> Option<f64> {
    over(series.last(WINDOW), slo.limit.metric)
}
