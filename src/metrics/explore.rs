//! Looks at what metrics a server has: a few small questions, one after the other. Not what is made of the answers.

use super::answer::Kind;
use super::catalogue::{Catalogue, interval};
use super::offer::wanted;
use super::prometheus::Prometheus;
use crate::exercise::found::NAME;
use crate::gameday::matcher::Matcher;
use crate::gameday::span::Span;
use crate::port::source::{Ask, Over, Source as _};
use crate::port::trouble::{Remedy, SourceError};

/// What was not there for so long is gone.
const SINCE_MILLIS: i64 = 5 * 60 * 1_000;

/// Of one metric no more series are looked at: labels and a few of their values are what counts.
const MOST_SERIES: usize = 500;

/// What was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explored {
    /// The metrics.
    pub catalogue: Catalogue,
    /// How often the server looks at its targets, where that can be seen.
    pub interval: Option<Span>,
    /// Whether there were more metrics than are kept.
    pub more: bool,
    /// What could not be seen; what is offered is less exact then.
    pub lacking: Vec<SourceError>,
}

/// Looks around, at the instant `now` (milliseconds since 1970-01-01 UTC).
///
/// # Errors
/// When not even the names could be had.
pub async fn explore(prometheus: &Prometheus, now: i64) -> Result<Explored, SourceError> {
    let since = now - SINCE_MILLIS;
    let names = prometheus.values(NAME, None, since).await?;
    let mut seen = Explored { more: names.more, ..Explored::default() };
    seen.catalogue = Catalogue::new(names.all);
    for metric in wanted(&seen.catalogue) {
        // Where there is trouble, more questions do not help.
        if seen.lacking.iter().any(|error| error.trouble.remedy() != Remedy::Query) {
            return Ok(seen);
        }
        if let Err(error) = look_at(prometheus, &metric, since, &mut seen.catalogue).await {
            seen.lacking.push(error);
        }
    }
    match often(prometheus, now).await {
        Ok(interval) => seen.interval = interval,
        Err(error) => seen.lacking.push(error),
    }
    Ok(seen)
}

async fn look_at(
    prometheus: &Prometheus,
    metric: &str,
    since: i64,
    catalogue: &mut Catalogue,
) -> Result<(), SourceError> {
    let is_stem = !metric.ends_with("_bucket") && !metric.ends_with("_count");
    if is_stem {
        let kinds = prometheus.kinds(metric).await?;
        if let Some(kind) = kinds.get(metric).filter(|kind| **kind != Kind::Other) {
            catalogue.learn_kind(metric, *kind);
        }
    }
    let selector = format!("{{{}}}", Matcher::is(NAME, metric));
    match prometheus.series(&selector, since, MOST_SERIES).await {
        Ok(series) => {
            series.all.iter().for_each(|labels| catalogue.learn_series(metric, labels));
            // Of a part nobody knows what the rest has.
            if series.more {
                let labels = prometheus.labels(&selector, since).await?;
                catalogue.learn_labels(metric, labels.all.iter().map(String::as_str));
            }
            Ok(())
        }
        // More than can be read, from a server that knows no bound: the names of its labels are few.
        Err(error) if error.trouble.remedy() == Remedy::Query => {
            let labels = prometheus.labels(&selector, since).await?;
            catalogue.learn_labels(metric, labels.all.iter().map(String::as_str));
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// How often targets are looked at: from one minute where that is enough, else from five.
async fn often(prometheus: &Prometheus, now: i64) -> Result<Option<Span>, SourceError> {
    for query in ["up[1m]", "up[5m]"] {
        let ask = Ask { query: query.to_owned(), over: Over::At(now) };
        let seen = interval(&prometheus.ask(&ask).await?);
        if seen.is_some() {
            return Ok(seen);
        }
    }
    Ok(None)
}
