//! A stretch of time in a report's charts, as plain data. Not the drawing.

use serde::Serialize;

/// What customers felt in a stretch of time. Least and most are of single seconds, so that no spike is lost in a long one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Stretch {
    /// Since the recording began.
    pub from_ms: u64,
    pub to_ms: u64,
    pub planned_rps: Option<f64>,
    pub sent_rps: Option<f64>,
    pub sent_rps_least: Option<f64>,
    pub sent_rps_most: Option<f64>,
    /// Requests that could not be sent; `None`: nothing was measured.
    pub dropped: Option<u64>,
    pub availability: Option<f64>,
    pub availability_least: Option<f64>,
    pub availability_most: Option<f64>,
    pub latency_p50: Option<f64>,
    pub latency_p99: Option<f64>,
    pub latency_p99_least: Option<f64>,
    pub latency_p99_most: Option<f64>,
}
