//! Prometheus, and what speaks as it does, as a source of series. Not when it is asked.

use std::collections::BTreeMap;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::access::Access;
use super::alerts;
use super::answer::{self, Bounds, Kind, Listed};
use super::door::{Door, What};
use super::unfit::Unfit;
use super::verdict::{Asked, Reply};
use crate::exercise::alert::Alerts;
use crate::exercise::found::{Found, Labels};
use crate::gameday::span::Span;
use crate::port::alerts::AlertSource;
use crate::port::source::{Ask, Over, Source};
use crate::port::target::Answer;
use crate::port::trouble::SourceError;

/// A query that is longer when it is encoded goes as a form: addresses of any length are not taken everywhere.
const LONGEST_IN_ADDRESS: usize = 2_000;

/// No more names, label sets or kinds are kept.
const MOST_LISTED: usize = 50_000;

/// Prometheus.
pub struct Prometheus {
    door: Door,
}

impl Prometheus {
    /// Makes everything ready; asks nothing yet.
    ///
    /// # Errors
    /// When something of the settings cannot be used.
    pub fn new(access: &Access) -> Result<Self, Unfit> {
        Ok(Self { door: Door::new(access)? })
    }

    /// The values that a label has, over all series or over those that fit a selector, since an instant.
    ///
    /// # Errors
    /// When the server did not say.
    pub async fn values(
        &self,
        label: &str,
        selector: Option<&str>,
        since: i64,
    ) -> Result<Listed<String>, SourceError> {
        let label = utf8_percent_encode(label, NON_ALPHANUMERIC).to_string().replace("%5F", "_");
        let path = format!("/api/v1/label/{label}/values");
        let reply = self.list(&path, selector, since).await?;
        self.door.understood(&reply, &path, |body| answer::names(body, MOST_LISTED))
    }

    /// The names of the labels of the series that fit a selector, since an instant.
    ///
    /// # Errors
    /// When the server did not say.
    pub async fn labels(&self, selector: &str, since: i64) -> Result<Listed<String>, SourceError> {
        let path = "/api/v1/labels";
        let reply = self.list(path, Some(selector), since).await?;
        self.door.understood(&reply, path, |body| answer::names(body, MOST_LISTED))
    }

    /// At most `most` of the series that fit a selector, since an instant.
    ///
    /// # Errors
    /// When the server did not say, or said too much: one that is older than the bound knows none.
    pub async fn series(
        &self,
        selector: &str,
        since: i64,
        most: usize,
    ) -> Result<Listed<Labels>, SourceError> {
        let path = "/api/v1/series";
        let query =
            [("match[]", selector.to_owned()), ("start", secs(since)), ("limit", most.to_string())];
        let reply = self.door.good(path, What::Get(&query), None).await?;
        self.door.understood(&reply, path, |body| answer::series(body, most))
    }

    /// The kind of a metric, as far as the server knows.
    ///
    /// # Errors
    /// When the server did not say.
    pub async fn kinds(&self, metric: &str) -> Result<BTreeMap<String, Kind>, SourceError> {
        let path = "/api/v1/metadata";
        let query = [("metric", metric.to_owned())];
        let reply = self.door.good(path, What::Get(&query), None).await?;
        self.door.understood(&reply, path, |body| answer::kinds(body, MOST_LISTED))
    }

    /// For how long it keeps what it has seen, as far as it says so; one that keeps it by size does not.
    ///
    /// # Errors
    /// When the server did not say: what only speaks as Prometheus does often cannot.
    pub async fn retention(&self) -> Result<Option<Span>, SourceError> {
        let path = "/api/v1/status/runtimeinfo";
        let reply = self.door.good(path, What::Get(&[]), None).await?;
        self.door.understood(&reply, path, answer::retention)
    }

    async fn list(
        &self,
        path: &str,
        selector: Option<&str>,
        since: i64,
    ) -> Result<Reply, SourceError> {
        let mut query = vec![("start", secs(since)), ("limit", MOST_LISTED.to_string())];
        query.extend(selector.map(|selector| ("match[]", selector.to_owned())));
        self.door.good(path, What::Get(&query), None).await
    }

    async fn query(&self, ask: &Ask, bounds: Bounds) -> Result<Found, SourceError> {
        let limit = self.door.limits().whole.as_millis();
        // Nobody waits for what the server would say later.
        let mut form = vec![("query", ask.query.clone()), ("timeout", format!("{limit}ms"))];
        let path = match ask.over {
            Over::At(at) => {
                form.push(("time", secs(at)));
                "/api/v1/query"
            }
            Over::Range { from, to, step } => {
                form.push(("start", secs(from)));
                form.push(("end", secs(to)));
                form.push(("step", secs(millis(step))));
                "/api/v1/query_range"
            }
        };
        let encoded =
            utf8_percent_encode(&ask.query, NON_ALPHANUMERIC).map(str::len).sum::<usize>();
        let what = if encoded > LONGEST_IN_ADDRESS { What::Form(&form) } else { What::Get(&form) };
        let reply = self.door.good(path, what, Some(&ask.query)).await?;
        let asked = Asked { path, query: Some(&ask.query) };
        let found = answer::found(&reply.body, bounds);
        let found = found.map_err(|why| self.door.error(reply.unusable(why, asked)))?;
        let (from, to) = ask.over.bounds();
        // An instant may be answered with the range that was asked for in the query.
        Ok(if matches!(ask.over, Over::At(_)) { found } else { found.within(from, to) })
    }

    async fn alerts_now(&self, now: i64) -> Result<Alerts, SourceError> {
        let ask = |query: &str| Ask { query: query.to_owned(), over: Over::At(now) };
        // All of them are looked at, so that those are kept that matter most.
        let bounds = Bounds { tracks: MOST_LISTED, ..self.door.bounds() };
        let alerts = self.query(&ask("ALERTS"), bounds).await?;
        if alerts.tracks.is_empty() {
            return Ok(Alerts::default());
        }
        // Since when is good to know, and no more.
        let since = self.query(&ask("ALERTS_FOR_STATE"), bounds).await.unwrap_or_default();
        Ok(alerts::prometheus(&alerts, &since))
    }
}

impl AlertSource for Prometheus {
    fn place(&self) -> &str {
        self.door.place()
    }

    fn alerts(&self, now: i64) -> Answer<'_, Result<Alerts, SourceError>> {
        Box::pin(self.alerts_now(now))
    }
}

impl Source for Prometheus {
    fn place(&self) -> &str {
        self.door.place()
    }

    fn ask<'a>(&'a self, ask: &'a Ask) -> Answer<'a, Result<Found, SourceError>> {
        Box::pin(self.query(ask, self.door.bounds()))
    }
}

fn millis(span: Span) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

/// Milliseconds as the API takes them: seconds with decimals.
fn secs(millis: i64) -> String {
    let sign = if millis < 0 { "-" } else { "" };
    let millis = millis.unsigned_abs();
    format!("{sign}{}.{:03}", millis / 1_000, millis % 1_000)
}
