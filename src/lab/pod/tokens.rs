//! What the gateway does so that customers are known further in: it turns sessions into tokens, and keeps them while they
//! are of use. Signs and checks nothing itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{COOKIE, HeaderMap, HeaderValue};
use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::mpsc;

use super::context::Context;
use super::http::{Reply, status};
use super::oauth::Who;
use super::provider::Provider;
use super::signal::Signal;
use super::token::LIFE;
use crate::gameday::defence::Defence;
use crate::gameday::instrument::Instrument;
use crate::lab::lock::lock;

/// A token that has ended is still used for so long while the provider does not answer, in seconds.
pub(super) const GRACE: i64 = 600;

/// A token so old is renewed.
const HALF_LIFE: Duration = Duration::from_secs(LIFE.unsigned_abs() / 2);

/// No more tokens are kept.
const TOKENS: usize = 4_096;

/// So many sessions wait for a token in the background; others ask again with their next request.
const WANTED: usize = 64;

/// In the background there are no more tokens than one in so long: customers that never buy cost next to nothing.
const PACE: Duration = Duration::from_millis(2);

/// After a failure in the background the next try waits so long.
const PAUSE: Duration = Duration::from_millis(200);

/// Customers without a session are this one.
const GUEST: &str = "guest";

/// No name of a session is longer.
const LONGEST_SESSION: usize = 64;

#[derive(Clone)]
struct Token {
    header: HeaderValue,
    since: Duration,
    /// In seconds since 1970.
    expires: i64,
}

/// What a request is let through with.
pub(super) struct Bearer {
    /// For the header `authorization`.
    pub header: HeaderValue,
    /// Whether it was kept from before.
    pub kept: bool,
}

/// The tokens of the customers.
pub(super) struct Tokens {
    context: Arc<Context>,
    provider: Arc<Provider>,
    keeps: bool,
    kept: Mutex<HashMap<String, Token>>,
    wanted: mpsc::Sender<String>,
    held: Gauge,
    failures: Signal,
    cached: Signal,
}

impl Tokens {
    /// None yet.
    pub(super) fn new(context: &Arc<Context>) -> Arc<Self> {
        let (wanted, wishes) = mpsc::channel(WANTED);
        let signal = |instrument, help| Signal::new(context, instrument, help);
        let tokens = Arc::new(Self {
            context: Arc::clone(context),
            provider: Provider::new(context),
            keeps: context.has(Defence::TokenCache),
            kept: Mutex::default(),
            wanted,
            held: context.metrics.gauge("tokens_held", "Tokens of customers that are kept"),
            failures: signal(
                Instrument::AuthFailures,
                "Requests refused because who asked could not be known",
            ),
            cached: signal(
                Instrument::CachedAuth,
                "Requests let in by a kept token while the identity provider did not answer",
            ),
        });
        if tokens.keeps {
            tokio::spawn(fetch_wanted(Arc::clone(&tokens), wishes));
        }
        tokens
    }

    /// A customer was seen: the token will be there when it is needed.
    pub(super) fn note(&self, headers: &HeaderMap) {
        if self.keeps
            && let Some(session) = session(headers)
            && self.provider.is_up()
            && !lock(&self.kept).contains_key(session)
        {
            self.want(session);
        }
    }

    /// What the customer's request is let through with; else the answer to give.
    pub(super) async fn bearer(&self, headers: &HeaderMap) -> Result<Bearer, Reply> {
        let session = session(headers).unwrap_or(GUEST);
        let kept = if self.keeps { lock(&self.kept).get(session).cloned() } else { None };
        let now = self.context.wall.now().div_euclid(1_000);
        let kept = kept.filter(|token| now <= token.expires + GRACE);
        let ended = kept.as_ref().is_none_or(|token| now > token.expires);
        if ended
            && (kept.is_none() || self.provider.is_up())
            && let Some(header) = self.fetch(session).await
        {
            return Ok(Bearer { header, kept: false });
        }
        let Some(token) = kept else {
            self.failures.count();
            return Err(status(StatusCode::SERVICE_UNAVAILABLE, "nobody can sign in now\n"));
        };
        if !self.provider.is_up() {
            self.cached.count();
        } else if self.context.now().saturating_sub(token.since) >= HALF_LIFE {
            self.want(session);
        }
        Ok(Bearer { header: token.header, kept: true })
    }

    /// Another token, after one that was kept was refused.
    pub(super) async fn another(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        self.fetch(session(headers).unwrap_or(GUEST)).await
    }

    /// A customer was refused: who it is could not be verified.
    pub(super) fn refused(&self) {
        self.failures.count();
    }

    fn want(&self, session: &str) {
        // Whoever finds no place asks again.
        let _ = self.wanted.try_send(session.to_owned());
    }

    async fn fetch(&self, session: &str) -> Option<HeaderValue> {
        let issued = self.provider.token(&Who::Session(session.to_owned())).await?;
        let header = HeaderValue::try_from(format!("Bearer {}", issued.token)).ok()?;
        if self.keeps {
            let token = Token {
                header: header.clone(),
                since: self.context.now(),
                expires: issued.expires,
            };
            let mut kept = lock(&self.kept);
            if kept.len() >= TOKENS && !kept.contains_key(session) {
                let oldest = kept.iter().min_by_key(|(_, token)| token.since);
                let oldest = oldest.map(|(session, _)| session.clone());
                oldest.and_then(|session| kept.remove(&session));
            }
            kept.insert(session.to_owned(), token);
            self.held.set(i64::try_from(kept.len()).unwrap_or(i64::MAX));
        }
        Some(header)
    }
}

/// Gets tokens that are not needed yet, one after the other.
async fn fetch_wanted(tokens: Arc<Tokens>, mut wishes: mpsc::Receiver<String>) {
    while let Some(session) = wishes.recv().await {
        let since = lock(&tokens.kept).get(&session).map(|token| token.since);
        let fresh =
            since.is_some_and(|since| tokens.context.now().saturating_sub(since) < HALF_LIFE);
        if !fresh {
            let fetched = tokens.fetch(&session).await.is_some();
            tokio::time::sleep(if fetched { PACE } else { PAUSE }).await;
        }
    }
}

/// The name of the session in the cookie.
fn session(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let name = cookies
        .flat_map(|value| value.split(';'))
        .find_map(|cookie| cookie.trim_start().strip_prefix("session="))?;
    let fine = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let fits = (1..=LONGEST_SESSION).contains(&name.len()) && name.bytes().all(fine);
    fits.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_are_found_and_nonsense_is_not() {
        let long = format!("session={}", "x".repeat(65));
        for (cookie, expected) in [
            ("session=7", Some("7")),
            ("theme=dark; session=a-b_C; x=1", Some("a-b_C")),
            ("session=", None),
            ("session=\"7\"", None),
            ("mysession=7", None),
            (&long, None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, HeaderValue::from_str(cookie).unwrap());
            assert_eq!(session(&headers), expected, "{cookie}");
        }
        assert_eq!(session(&HeaderMap::new()), None);
    }
}
