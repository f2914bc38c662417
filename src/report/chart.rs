//! The charts of a report as inline SVG: every one over the same time. Not the page around them.

mod asked;
mod axis;
mod drawn;
mod frame;
mod lanes;
mod overlay;
mod plot;
mod svg;
mod trend;

use super::compare::model::Lines;
use super::history::model::History;
use super::model::Report;
use crate::lang::Lang;
use axis::Axis;

pub use axis::Scale;
pub use drawn::Chart;
pub use overlay::Measured;

/// The names of the charts of an exercise.
const OF_EXERCISE: [&str; 4] = ["lanes", "load", "latency", "availability"];
/// How the names of those of a watch begin that show what a query was answered: `asked-0`.
const OF_QUERY: &str = "asked-";

/// The names of all charts of a report. A watch has one for each query.
pub fn names(report: &Report) -> Vec<String> {
    let Some(watch) = &report.watch else {
        return OF_EXERCISE.map(str::to_owned).to_vec();
    };
    let asked = (0..watch.queries.len()).map(|nth| format!("{OF_QUERY}{nth}"));
    std::iter::once("lanes".to_owned()).chain(asked).collect()
}

/// The chart with this name; `None`: there is none.
pub fn chart(report: &Report, lang: &Lang, name: &str) -> Option<Chart> {
    let axis = Axis::new(report);
    match name {
        "lanes" => Some(lanes::draw(report, lang, &axis)),
        "load" => Some(plot::load(report, lang, &axis)),
        "latency" => Some(plot::latency(report, lang, &axis)),
        "availability" => Some(plot::availability(report, lang, &axis)),
        name => asked::draw(report, lang, &axis, name.strip_prefix(OF_QUERY)?.parse().ok()?),
    }
}

/// The names of the charts of several exercises.
pub const OVERLAID: [&str; 3] = ["load", "latency", "availability"];

/// What several exercises measured, over each other; `None`: there is no chart with this name.
pub fn overlaid(lines: &Lines, lang: &Lang, name: &str) -> Option<Chart> {
    overlay::draw(lines, lang, name)
}

/// What the chart of several exercises with this name shows, for who draws it otherwise; `None`: there is none.
pub fn measured(lines: &Lines, name: &str) -> Option<Measured> {
    overlay::measured(lines, name)
}

/// Instants worth a mark on a time axis that ends at `to_ms`, at most `most` behind the first.
pub fn ticks(to_ms: u64, most: u64) -> Vec<u64> {
    overlay::ticks(to_ms, most)
}

/// How long people took in every exercise of a game day.
pub fn times(history: &History, lang: &Lang) -> Chart {
    trend::draw(history, lang)
}
