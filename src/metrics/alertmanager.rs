//! Alertmanager: which alerts there are, and silences over them. Not when it is asked.

use bytes::Bytes;

use super::access::Access;
use super::alerts;
use super::door::{Door, What};
use super::unfit::Unfit;
use super::verdict::Reply;
use crate::exercise::alert::{Alerts, Silence, SilenceOrder, SilenceState};
use crate::gameday::matcher::Matcher;
use crate::port::alerts::{AlertSource, NotSilenced, Silencer};
use crate::port::target::Answer;
use crate::port::trouble::{Remedy, SourceError, Trouble};

const ALERTS: &str = "/api/v2/alerts";
const SILENCES: &str = "/api/v2/silences";

/// Alertmanager.
pub struct Alertmanager {
    door: Door,
}

impl Alertmanager {
    /// Makes everything ready; asks nothing yet.
    ///
    /// # Errors
    /// When something of the settings cannot be used.
    pub fn new(access: &Access) -> Result<Self, Unfit> {
        Ok(Self { door: Door::new(access)? })
    }

    async fn all(&self) -> Result<Alerts, SourceError> {
        let every = ["active", "silenced", "inhibited", "unprocessed"];
        let query = every.map(|name| (name, "true".to_owned()));
        let reply = self.door.good(ALERTS, What::Get(&query), None).await?;
        self.door.understood(&reply, ALERTS, alerts::alertmanager)
    }

    async fn create(&self, order: &SilenceOrder) -> Result<Silence, NotSilenced> {
        let body = alerts::wanted(order).map_err(|error| NotSilenced {
            error: self.door.error(Trouble::Unreachable { why: error.to_string() }),
            nothing: true,
        })?;
        let sent = self.door.good(SILENCES, What::Json(Bytes::from(body)), None).await;
        let reply = sent.map_err(|error| NotSilenced {
            nothing: error.trouble.is_of_the_way() || error.trouble.remedy() == Remedy::Settings,
            error,
        })?;
        // From here on it may be there.
        self.seen(order, &reply).await.map_err(|error| NotSilenced { error, nothing: false })
    }

    /// The silence that was made for `order`, which is another's where it is not the one that was asked for.
    async fn seen(&self, order: &SilenceOrder, reply: &Reply) -> Result<Silence, SourceError> {
        let id = self.door.understood(reply, SILENCES, alerts::created)?;
        let silence = self.look(&id).await?;
        let mut wanted: Vec<&Matcher> = order.matchers.iter().collect();
        let mut there: Vec<&Matcher> = silence.matchers.iter().collect();
        wanted.sort();
        there.sort();
        // One that understood something else might silence everything else.
        if silence.state == SilenceState::Expired || wanted != there {
            self.delete(&id).await?;
            let why = "the silence is not the one that was asked for".to_owned();
            let begins = there.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
            return Err(self.door.error(Trouble::Garbage { why, begins }));
        }
        Ok(silence)
    }

    async fn look(&self, id: &str) -> Result<Silence, SourceError> {
        let path = format!("/api/v2/silence/{id}");
        let reply = self.door.good(&path, What::Get(&[]), None).await?;
        self.door.understood(&reply, &path, alerts::silence)
    }

    async fn delete(&self, id: &str) -> Result<(), SourceError> {
        let path = format!("/api/v2/silence/{id}");
        self.door.good(&path, What::Delete, None).await.map(drop)
    }

    async fn with(&self, key: &str) -> Result<Vec<Silence>, SourceError> {
        let reply = self.door.good(SILENCES, What::Get(&[]), None).await?;
        self.door.understood(&reply, SILENCES, |body| alerts::standing(body, key))
    }

    async fn end(&self, key: &str) -> Result<usize, SourceError> {
        let standing = self.with(key).await?;
        let mut last = None;
        for silence in standing.iter().filter(|one| alerts::is_id(&one.id)) {
            // Another may have ended it just now; what counts is what is left.
            last = self.delete(&silence.id).await.err().or(last);
        }
        let left = self.with(key).await?;
        match (left.first(), last) {
            (None, _) => Ok(standing.len()),
            (Some(_), Some(error)) => Err(error),
            (Some(left), None) => {
                let body = format!("the silence {} is still there", left.id);
                Err(self.door.error(Trouble::Status { code: 200, body }))
            }
        }
    }
}

impl AlertSource for Alertmanager {
    fn place(&self) -> &str {
        self.door.place()
    }

    fn alerts(&self, _now: i64) -> Answer<'_, Result<Alerts, SourceError>> {
        Box::pin(self.all())
    }
}

impl Silencer for Alertmanager {
    fn server(&self) -> &str {
        self.door.place()
    }

    fn silence<'a>(&'a self, order: &'a SilenceOrder) -> Answer<'a, Result<Silence, NotSilenced>> {
        Box::pin(self.create(order))
    }

    fn standing<'a>(&'a self, key: &'a str) -> Answer<'a, Result<Vec<Silence>, SourceError>> {
        Box::pin(self.with(key))
    }

    fn lift<'a>(&'a self, key: &'a str) -> Answer<'a, Result<usize, SourceError>> {
        Box::pin(self.end(key))
    }
}
