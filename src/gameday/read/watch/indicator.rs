//! An indicator of OpenSLO as a question to Prometheus. Not the promise about it.
//!
//! The specification says that a `counter` only goes up, and that anything else goes up and down; over which window it is
//! looked at, it leaves open. So of a counter the rate over the window is taken, series by series, and of anything else the
//! sum over the window. Where a query has a range of its own, the window stands in its place.

use super::super::fields::Fields;
use super::super::findings::Findings;
use super::super::value;
use super::query;
use super::shelf::Shelf;
use crate::gameday::node::{Kind, Node};
use crate::gameday::problem::Place;
use crate::gameday::service::{Share, WINDOW, closed};
use crate::gameday::text::printable;
use crate::gameday::unit::Unit;

/// Sources that are asked in PromQL, without what stands between their letters.
const PROMQL: [&str; 6] =
    ["prometheus", "mimir", "thanos", "cortex", "victoriametrics", "amazonprometheus"];

/// What an indicator asks.
#[derive(Clone, Debug)]
pub(super) enum Indicator {
    /// A share.
    Share(Share),
    /// A figure that is held against limits.
    Figure { query: String, unit: Unit, seconds: bool },
}

/// For whom an indicator is read.
pub(super) struct Reader<'r, 'n> {
    /// The promise, as it is shown.
    pub(super) shown: &'r str,
    pub(super) shelf: &'r Shelf<'n>,
    pub(super) findings: &'r mut Findings,
}

impl Reader<'_, '_> {
    /// Says that the promise is left out.
    pub(super) fn left_out(&mut self, place: Place, reason: &str, why: &str, mend: &str) {
        let what = format!("\"{}\" is left out: {reason}", self.shown);
        self.findings.warning(place, what, why, mend);
    }

    /// The `spec` of an indicator.
    pub(super) fn indicator(&mut self, spec: &Node) -> Option<Indicator> {
        let mut fields = Fields::of(spec, "an SLI", self.findings)?;
        fields.know(&["description", "ratioMetric", "thresholdMetric"]);
        let place = fields.place;
        let found = match (fields.has("ratioMetric"), fields.has("thresholdMetric")) {
            (true, false) => fields
                .take("ratioMetric", self.findings)
                .and_then(|node| self.ratio(node))
                .map(Indicator::Share),
            (false, true) => {
                fields.take("thresholdMetric", self.findings).and_then(|node| self.figure(node))
            }
            (true, true) => {
                let what = "an SLI has \"ratioMetric\" or \"thresholdMetric\", not both";
                self.findings.error(place, what, "", "remove one of them");
                None
            }
            (false, false) => {
                let mend = "add ratioMetric: or thresholdMetric:";
                self.findings.error(place, "this SLI asks nothing", "", mend);
                None
            }
        };
        fields.finish_mildly(self.findings);
        found
    }

    fn figure(&mut self, node: &Node) -> Option<Indicator> {
        let (query, _) = self.metric(node)?;
        let query = query.replace(WINDOW, "5m");
        let (unit, seconds) = unit_of(&query);
        let query = if seconds { format!("1000 * {}", closed(&query)) } else { query };
        Some(Indicator::Figure { query, unit, seconds })
    }

    fn ratio(&mut self, node: &Node) -> Option<Share> {
        let mut fields = Fields::of(node, "a ratio", self.findings)?;
        let place = fields.place;
        let counter = fields.take("counter", self.findings);
        let counter = counter.map(|node| value::truth(node, self.findings));
        let counter = counter.flatten().unwrap_or_default();
        let [good, bad, total, raw] =
            ["good", "bad", "total", "raw"].map(|key| fields.take(key, self.findings));
        let kind = fields.take("rawType", self.findings);
        fields.finish_mildly(self.findings);
        match (good, bad, total, raw) {
            (Some(good), None, Some(total), None) => {
                let (good, all) = (self.part(good, counter), self.part(total, counter));
                Some(Share::Good { good: good?, all: all? })
            }
            (None, Some(bad), Some(total), None) => {
                let (bad, all) = (self.part(bad, counter), self.part(total, counter));
                Some(Share::Events { bad: bad?, all: all? })
            }
            (None, None, None, Some(raw)) => {
                let query = self.metric(raw)?.0;
                let Some(kind) = kind else {
                    let what = "\"raw\" needs \"rawType\"";
                    let why = "nobody could tell good from bad";
                    self.findings.error(place, what, why, "add rawType: failure");
                    return None;
                };
                let kinds = [("success", true), ("failure", false)];
                let good = value::word(kind, &kinds, self.findings)?;
                let mean = mean(&query);
                Some(Share::Ratio(if good { format!("1 - {mean}") } else { mean }))
            }
            _ => {
                let what = "a ratio has good and total, or bad and total, or raw";
                self.findings.error(place, what, "", "leave one of these");
                None
            }
        }
    }

    /// One side of a ratio over the window.
    fn part(&mut self, node: &Node, counter: bool) -> Option<String> {
        let (query, place) = self.metric(node)?;
        if query.contains(WINDOW) {
            return Some(query);
        }
        if query::has_ranges(&query) {
            return Some(query::widened(&query).unwrap_or_else(|| total(&query)));
        }
        if !counter {
            return Some(total(&query));
        }
        let rate = query::rate(&query);
        if rate.is_none() {
            let reason = "nobody can tell where the rate of its counters belongs";
            let mend = "write it into the query, as in sum(rate(x[{{.window}}]))";
            self.left_out(place, reason, "a counter alone says nothing of a window", mend);
        }
        rate
    }

    /// The query of a metric, and where it stands.
    fn metric(&mut self, node: &Node) -> Option<(String, Place)> {
        let mut fields = Fields::of(node, "a metric", self.findings)?;
        let source = fields.need("metricSource", "{ type: Prometheus, … }", self.findings);
        fields.finish_mildly(self.findings);
        let mut fields = Fields::of(source?, "a source of metrics", self.findings)?;
        let kind = fields.take("type", self.findings);
        let from = fields.take("metricSourceRef", self.findings);
        let spec = fields.need("spec", "{ query: … }", self.findings);
        fields.finish_mildly(self.findings);
        // Where a source of its own says what it is, that counts.
        let shelf = self.shelf;
        let named = from.and_then(|node| value::raw(node, self.findings));
        let kind = kind.or_else(|| shelf.source(named?));
        if let Some(kind) = kind
            && let Some(text) = value::raw(kind, self.findings)
            && !is_promql(text)
        {
            let reason = format!("its metrics are of {}", printable(text, 60));
            let why = "only Prometheus, and what speaks as it does, is asked";
            self.left_out(kind.place, &reason, why, "");
            return None;
        }
        let spec = spec?;
        // A few write the query alone.
        let query = match &spec.kind {
            Kind::Text { .. } => spec,
            _ => {
                let mut fields = Fields::of(spec, "a query", self.findings)?;
                let other = fields.take("promql", self.findings);
                // Whatever else is there, is the source's.
                fields.forgive();
                match other {
                    Some(node) => node,
                    None => fields.need("query", "up", self.findings)?,
                }
            }
        };
        match query::templated(query, self.findings)? {
            Some(text) => Some((text, query.place)),
            None => {
                let reason = "its query has more in braces than the window";
                self.left_out(query.place, reason, "templates are not filled here", "write it out");
                None
            }
        }
    }
}

fn is_promql(kind: &str) -> bool {
    let kind: String = kind.chars().filter(char::is_ascii_alphanumeric).collect();
    PROMQL.contains(&kind.to_lowercase().as_str())
}

/// The sum over the window of what is a number at each instant; of series that are only named, of all of them.
fn total(query: &str) -> String {
    let sum = over("sum", query);
    if query::is_selector(query) { format!("sum({sum})") } else { sum }
}

/// The mean over the window of a ratio that somebody else made.
fn mean(query: &str) -> String {
    if query.contains(WINDOW) { closed(query) } else { over("avg", query) }
}

fn over(what: &str, query: &str) -> String {
    if query::is_selector(query) {
        format!("{what}_over_time({}[{WINDOW}])", query.trim())
    } else {
        format!("{what}_over_time({}[{WINDOW}:])", closed(query))
    }
}

/// The unit of a figure, as far as the name of its metric tells; and whether it comes in seconds.
fn unit_of(query: &str) -> (Unit, bool) {
    let quantile = query.trim_start().starts_with("histogram_quantile");
    if quantile && query.contains("_seconds") && !query.contains("_milliseconds") {
        (Unit::Millis, true)
    } else if quantile && (query.contains("_milliseconds") || query.contains("_ms_bucket")) {
        (Unit::Millis, false)
    } else {
        (Unit::Count, false)
    }
}
