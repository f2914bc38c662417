//! One second with everything that was measured in it. Not what of it is exported.

use crate::exercise::reading::Reading;
use crate::exercise::series::Point;
use crate::exercise::state::State;
use crate::gameday::metric::Metric;
use crate::gameday::span::Span;

/// One second with everything that was measured in it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Second<'a> {
    /// Its start, since the recording began.
    pub start: Span,
    /// What customers felt.
    pub point: Option<&'a Point>,
    /// What the instruments said.
    pub reading: Option<&'a Reading>,
}

impl Second<'_> {
    /// The value of a metric; `None`: no data.
    pub fn value(&self, metric: Metric) -> Option<f64> {
        if metric.is_inside() { self.reading?.value(metric) } else { self.point?.value(metric) }
    }
}

/// Whether nothing was measured at all.
pub fn is_empty(state: &State) -> bool {
    state.series.points().is_empty() && state.readings.iter().next().is_none()
}

/// Every second in which something was measured, in order of time.
pub fn seconds(state: &State) -> Vec<Second<'_>> {
    let points = state.series.points();
    let mut seconds: Vec<Second<'_>> = points
        .iter()
        .map(|point| Second { start: point.sample.start, point: Some(point), reading: None })
        .collect();
    let mut alone = Vec::new();
    for reading in state.readings.iter() {
        let middle = reading.start + Span::from_millis(reading.length.as_millis() / 2);
        let after = points.partition_point(|point| point.sample.start <= middle);
        let here = after.checked_sub(1).and_then(|at| seconds.get_mut(at));
        match here.filter(|second| {
            second.reading.is_none() && second.point.is_some_and(|point| middle < point.end())
        }) {
            Some(second) => second.reading = Some(reading),
            None => {
                alone.push(Second { start: reading.start, point: None, reading: Some(reading) });
            }
        }
    }
    seconds.extend(alone);
    seconds.sort_by_key(|second| second.start);
    seconds
}
