//! The charts of a report as inline SVG: every one over the same time. Not the page around them.

mod axis;
mod drawn;
mod lanes;
mod plot;
mod svg;

use super::model::Report;
use crate::lang::Lang;
use axis::Axis;

pub use drawn::Chart;

/// The names of all charts.
pub const NAMES: [&str; 4] = ["lanes", "load", "latency", "availability"];

/// The chart with this name; `None`: there is none.
pub fn chart(report: &Report, lang: &Lang, name: &str) -> Option<Chart> {
    let axis = Axis::new(report);
    match name {
        "lanes" => Some(lanes::draw(report, lang, &axis)),
        "load" => Some(plot::load(report, lang, &axis)),
        "latency" => Some(plot::latency(report, lang, &axis)),
        "availability" => Some(plot::availability(report, lang, &axis)),
        _ => None,
    }
}
