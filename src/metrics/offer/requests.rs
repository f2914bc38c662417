//! Panels of requests: availability, error rate, latency quantiles, throughput, from a counter and a histogram, classic or
//! native. Not how these are recognised.
//!
//! A failure that never happened has no series: there, nothing failed, as long as there is traffic. Where there is none, all
//! of these are no number, or nothing, and never a figure.

use super::family::Family;
use super::promql::{both, rate};
use crate::exercise::panel::{Panel, Worse};
use crate::exercise::said::{Said, said};
use crate::gameday::matcher::Matcher;
use crate::gameday::metric::{Metric, Unit};
use crate::gameday::span::Span;
use crate::metrics::answer::Kind;
use crate::metrics::catalogue::Catalogue;

/// A panel, the metric it stands on, and whether it belongs to the few to begin with.
pub(super) struct Made {
    pub(super) panel: Panel,
    pub(super) metric: String,
    pub(super) advised: bool,
}

impl Made {
    /// One of no requests, of which more is worse; it belongs to the few to begin with.
    pub(super) fn beside(
        family: Family,
        name: &str,
        title: Said,
        query: String,
        (unit, metric): (Unit, &str),
    ) -> Self {
        let panel = panel(family, name, title, query, (unit, Some(Worse::Higher), None));
        Self { panel, metric: metric.to_owned(), advised: true }
    }
}

fn panel(
    family: Family,
    name: &str,
    title: Said,
    query: String,
    (unit, worse, metric): (Unit, Option<Worse>, Option<Metric>),
) -> Panel {
    let group = family.name();
    let name = format!("{}-{name}", group.to_ascii_lowercase());
    Panel { name, group: group.to_owned(), title, query, unit, worse, metric }
}

/// How requests are counted.
pub(super) enum Count {
    /// By a counter.
    Counter(String),
    /// By the observations of a native histogram.
    Native(String),
}

impl Count {
    /// The metric with the labels.
    pub(super) fn metric(&self) -> &str {
        match self {
            Self::Counter(name) | Self::Native(name) => name,
        }
    }

    /// So many a second.
    fn rate(&self, matchers: &[Matcher], window: Span) -> String {
        match self {
            Self::Counter(name) => format!("sum({})", rate(name, matchers, window)),
            Self::Native(name) => {
                format!("histogram_count(sum({}))", rate(name, matchers, window))
            }
        }
    }
}

/// What is known of how long requests took.
pub(super) enum Times {
    /// A histogram with buckets of its own series.
    Classic(String),
    /// A histogram that is one series.
    Native(String),
    /// Only what they add up to.
    Sums(String),
}

/// What is known of a histogram without its endings; `None`: nothing.
pub(super) fn times(stem: &str, catalogue: &Catalogue) -> Option<Times> {
    let has = |ending: &str| catalogue.has(&format!("{stem}{ending}"));
    let kind = catalogue.kind(stem);
    let sums = has("_sum") && has("_count");
    // The quantiles of a summary have its bare name as well.
    let native = has("") && (kind == Some(Kind::Histogram) || (kind.is_none() && !sums));
    if native {
        Some(Times::Native(stem.to_owned()))
    } else if has("_bucket") {
        Some(Times::Classic(format!("{stem}_bucket")))
    } else {
        sums.then(|| Times::Sums(stem.to_owned()))
    }
}

/// What is looked at, and how.
pub(super) struct View<'a> {
    pub(super) family: Family,
    pub(super) window: Span,
    /// Only what fits.
    pub(super) only: &'a [Matcher],
}

impl View<'_> {
    fn made(
        &self,
        name: &str,
        title: Said,
        query: String,
        of: (Unit, Option<Worse>, Metric),
        metric: &str,
    ) -> Made {
        let (unit, worse, felt) = of;
        let panel = panel(self.family, name, title, query, (unit, worse, Some(felt)));
        let advised = felt != Metric::ErrorRate && felt != Metric::Latency(500);
        Made { panel, metric: metric.to_owned(), advised }
    }

    /// Availability and error rate; `failed` is what fits a failure.
    pub(super) fn outcomes(&self, count: &Count, failed: Matcher) -> [Made; 2] {
        let all = count.rate(self.only, self.window);
        let bad = count.rate(&both(self.only, &[failed]), self.window);
        let share = format!("({bad} or 0 * {all}) / {all}");
        let of = |metric, worse| (Unit::Share, Some(worse), metric);
        [
            self.made(
                "availability",
                said!("offer-availability", "Availability"),
                format!("1 - {share}"),
                of(Metric::Availability, Worse::Lower),
                count.metric(),
            ),
            self.made(
                "error-rate",
                said!("offer-error-rate", "Error rate"),
                share,
                of(Metric::ErrorRate, Worse::Higher),
                count.metric(),
            ),
        ]
    }

    /// Requests a second.
    pub(super) fn throughput(&self, count: &Count) -> Made {
        self.made(
            "throughput",
            said!("offer-throughput", "Throughput"),
            count.rate(self.only, self.window),
            (Unit::PerSecond, None, Metric::Throughput),
            count.metric(),
        )
    }

    /// Quantiles, or the mean where nothing better is known. `factor`: how many milliseconds one is.
    pub(super) fn latency(&self, times: &Times, factor: f64) -> Vec<Made> {
        let (only, window) = (self.only, self.window);
        let millis = |query: String| {
            if factor == 1.0 { query } else { format!("{query} * {factor}") }
        };
        let of = |metric| (Unit::Millis, Some(Worse::Higher), metric);
        let quantile = |thousandths: u16, inside: String, metric: &str| {
            let felt = Metric::Latency(thousandths);
            let percent = thousandths / 10;
            let quantile = f64::from(thousandths) / 1_000.0;
            self.made(
                &format!("latency-p{percent}"),
                said!("offer-latency", "Latency p{percent}", percent = percent),
                millis(format!("histogram_quantile({quantile}, {inside})")),
                of(felt),
                metric,
            )
        };
        match times {
            Times::Classic(name) => [990, 500]
                .map(|one| {
                    quantile(one, format!("sum by (le) ({})", rate(name, only, window)), name)
                })
                .into(),
            Times::Native(name) => [990, 500]
                .map(|one| quantile(one, format!("sum({})", rate(name, only, window)), name))
                .into(),
            Times::Sums(stem) => {
                let sum = |ending: &str| {
                    format!("sum({})", rate(&format!("{stem}{ending}"), only, window))
                };
                vec![self.made(
                    "latency-mean",
                    said!("offer-latency-mean", "Latency, mean"),
                    millis(format!("{} / {}", sum("_sum"), sum("_count"))),
                    of(Metric::LatencyMean),
                    &format!("{stem}_sum"),
                )]
            }
        }
    }
}
