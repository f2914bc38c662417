//! Panels of the lab of this program, by the metrics of its pods: what its gateway answers, and what waits inside. Not how the
//! lab counts.

use super::family::Family;
use super::promql::{both, selector};
use super::requests::{Count, Made, View, times};
use crate::exercise::said::{Said, said};
use crate::gameday::matcher::Matcher;
use crate::gameday::metric::Unit;
use crate::gameday::span::Span;
use crate::metrics::catalogue::Catalogue;

const REQUESTS: &str = "gameday_lab_requests_total";
const DURATION: &str = "gameday_lab_request_duration_seconds";
const QUEUE: &str = "gameday_lab_queue_depth";
const BREAKERS: &str = "gameday_lab_breaker_state";

/// Who customers meet.
const GATEWAY: &str = "api-gateway";

/// How a breaker says that it is open.
const OPEN: u8 = 2;

/// The panels.
pub(super) fn panels(catalogue: &Catalogue, window: Span, narrow: &[Matcher]) -> Vec<Made> {
    let mut made = Vec::new();
    let gateway = both(narrow, &[Matcher::is("app", GATEWAY)]);
    let view = View { family: Family::Lab, window, only: &gateway };
    let count = catalogue.has(REQUESTS).then(|| Count::Counter(REQUESTS.to_owned()));
    if let Some(count) = &count {
        made.extend(view.outcomes(count, Matcher::fits("status", "5..")));
    }
    if let Some(times) = times(DURATION, catalogue) {
        made.extend(view.latency(&times, 1_000.0));
    }
    made.extend(count.map(|count| view.throughput(&count)));
    if catalogue.has(QUEUE) {
        let query = format!("sum({})", selector(QUEUE, narrow));
        made.push(one("queue", said!("offer-queue", "Messages that wait"), query, QUEUE));
    }
    if catalogue.has(BREAKERS) {
        let query = format!("sum({} == bool {OPEN})", selector(BREAKERS, narrow));
        let title = said!("offer-breakers", "Circuit breakers open");
        made.push(one("breakers", title, query, BREAKERS));
    }
    made
}

fn one(name: &str, title: Said, query: String, metric: &str) -> Made {
    let made = Made::beside(Family::Lab, name, title, query, (Unit::Count, metric));
    Made { advised: false, ..made }
}
