//! When an SLO is kept and when it is breached.

use super::figure::Figures;
use super::reading::Reading;
use super::series::Series;
use crate::gameday::plan::Slo;
use crate::gameday::span::Span;

/// The window of the value that a panel shows and a breach is judged by.
pub const WINDOW: Span = Span::from_secs(10);

/// The value of an SLO now: over the last [`WINDOW`]; `None`: no data.
pub fn value(slo: &Slo, series: &Series, readings: &[Reading]) -> Option<f64> {
    Figures::all(series, readings).last(WINDOW).value(slo.limit.metric)
}
