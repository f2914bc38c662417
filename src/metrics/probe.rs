//! Looking at a service as a customer does: one GET from here, whether it succeeded, and how long it took. Not what the service
//! says of itself.
//!
//! The query is an address: `https://shop.example/health`. It is answered with `probe_success` (1 or 0) and, where an answer
//! came, `probe_duration_ms`; with ` success` or ` duration` behind the address, with that one alone. No connection, another
//! status, a certificate that is not right: all of them are answers, with the reason as a warning.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, Response, Url};

use super::address::{auth, is_here};
use super::mishap::{Limits, mishap};
use super::secret::Auth;
use super::trust;
use super::unfit::Unfit;
use super::verdict::Reply;
use crate::exercise::found::{Dot, Found, Labels, NAME, Track, Value};
use crate::exercise::said::{Said, said};
use crate::gameday::span::Span;
use crate::gameday::text::printable;
use crate::port::clock::Clock;
use crate::port::source::{Ask, Source};
use crate::port::target::Answer;
use crate::port::trouble::{SourceError, TlsTrouble, Trouble};

/// The names of the series.
pub const SUCCESS: &str = "probe_success";
pub const DURATION: &str = "probe_duration_ms";

/// Of an answer, no more is read.
pub const MOST_BYTES: usize = 1024 * 1024;

/// A service is followed so often when it leads to another place of its own.
const MOST_REDIRECTS: usize = 5;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Both,
    Success,
    Duration,
}

/// Looks at services from here.
pub struct Probe {
    /// Past any proxy, to this machine.
    direct: Client,
    /// As this machine is set up to reach others.
    outer: Client,
    /// Why nobody can be trusted, where that is so.
    untrusting: Option<Unfit>,
    limit: Span,
    clock: Arc<dyn Clock>,
}

impl Probe {
    /// Makes everything ready; looks at nothing yet. Whole answers may take `limit`; of servers, those are trusted whom the
    /// authority in the file has signed, or, without one, those whom this machine trusts.
    ///
    /// # Errors
    /// When the authority cannot be used.
    pub fn new(
        authority: Option<&Path>,
        limit: Span,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Unfit> {
        let (tls, untrusting) = match trust::client(true, authority, None) {
            Ok(tls) => (tls, None),
            Err(why) if authority.is_some() => return Err(why),
            // What needs no trust can be looked at all the same.
            Err(why) => (trust::client(false, None, None)?, Some(why)),
        };
        let built = |here: bool| {
            let builder = Client::builder()
                .user_agent(concat!("gameday/", env!("CARGO_PKG_VERSION")))
                // Each look is that of a new customer.
                .pool_max_idle_per_host(0)
                .redirect(Policy::custom(redirected))
                .referer(false)
                .http1_only()
                .tls_backend_preconfigured(tls.clone());
            let builder = if here { builder.no_proxy() } else { builder };
            builder.build().map_err(|error| {
                Unfit(format!("nothing can be looked at: {}", error.without_url()))
            })
        };
        Ok(Self { direct: built(true)?, outer: built(false)?, untrusting, limit, clock })
    }

    async fn look(&self, ask: &Ask) -> Result<Found, SourceError> {
        let (mut url, part) = understood(&ask.query)?;
        let shown = shown(&url);
        if let Some(why) = &self.untrusting
            && url.scheme() == "https"
        {
            let trouble = Trouble::Tls(TlsTrouble::Other(printable(&why.0, 300)));
            return Err(SourceError { server: shown, trouble });
        }
        let who = auth(&url);
        // Neither can fail where there is a host.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        url.set_fragment(None);
        let at = self.clock.wall_millis();
        let begin = self.clock.monotonic();
        let seen = match tokio::time::timeout(Duration::from(self.limit), self.get(url, who)).await
        {
            Ok(seen) => seen,
            Err(_) => Err(said!(
                "probe-timeout",
                "no whole answer came within {limit}",
                limit = self.limit
            )),
        };
        let took = self.clock.monotonic().saturating_sub(begin);
        let mut found = Found::default();
        let (success, took) = match seen {
            Ok(seen) => {
                found.warnings.extend(seen.why.map(|why| format!("{shown}: {why}")));
                found.infos.extend(seen.cut.map(|cut| format!("{shown}: {cut}")));
                (seen.good, Some(took.as_secs_f64() * 1_000.0))
            }
            Err(why) => {
                found.warnings.push(format!("{shown}: {why}"));
                (false, None)
            }
        };
        let track = |name: &str, value: f64| Track {
            labels: Labels::new([(NAME, name)]),
            dots: vec![Dot { at, value: Value::from(value) }],
        };
        if part != Part::Duration {
            found.tracks.push(track(SUCCESS, f64::from(u8::from(success))));
        }
        if part != Part::Success {
            found.tracks.extend(took.map(|took| track(DURATION, took)));
        }
        Ok(found)
    }

    /// One answer; or why none came.
    async fn get(&self, url: Url, who: Auth) -> Result<Seen, Said> {
        let host = url.host_str().unwrap_or_default().to_owned();
        let limits = Limits { connect: self.limit, whole: self.limit };
        let lost = |error| mishap(error, host.clone(), limits).said();
        let client = if is_here(&host) { &self.direct } else { &self.outer };
        let mut builder = client.get(url);
        if let Auth::Basic { user, password } = &who {
            let password = password.read().await;
            let password = password.map_err(|why| Trouble::Credential { why }.said())?;
            builder = builder.basic_auth(user, Some(password.reveal()));
        }
        let mut response = builder.send().await.map_err(lost)?;
        let mut reply = head(&response);
        let mut cut = None;
        while let Some(chunk) = response.chunk().await.map_err(lost)? {
            let room = MOST_BYTES - reply.body.len();
            reply.body.extend_from_slice(chunk.get(..room.min(chunk.len())).unwrap_or_default());
            if chunk.len() > room {
                cut = Some(said!(
                    "probe-cut",
                    "the answer is longer than {bytes} bytes, and the rest was not read",
                    bytes = MOST_BYTES
                ));
                break;
            }
        }
        let why = (!reply.is_good()).then(|| match reply.status {
            300..=399 => Trouble::Redirect { to: reply.target() }.said(),
            code => Trouble::Status { code, body: reply.gist() }.said(),
        });
        Ok(Seen { good: reply.is_good(), why, cut })
    }
}

/// What was seen of a service that answered.
struct Seen {
    good: bool,
    /// Why it is not good.
    why: Option<Said>,
    /// What was not read.
    cut: Option<Said>,
}

impl Source for Probe {
    fn place(&self) -> &str {
        "HTTP"
    }

    fn ask<'a>(&'a self, ask: &'a Ask) -> Answer<'a, Result<Found, SourceError>> {
        Box::pin(self.look(ask))
    }
}

/// Only to another place of the same host, and never from TLS to none.
fn redirected(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let (first, next) = (attempt.previous().first(), attempt.url());
    let same = first.is_some_and(|first| {
        first.host_str() == next.host_str()
            && (first.scheme() == next.scheme() || next.scheme() == "https")
    });
    let few = attempt.previous().len() <= MOST_REDIRECTS;
    if same && few { attempt.follow() } else { attempt.stop() }
}

fn head(response: &Response) -> Reply {
    let header = |name| {
        let value = response.headers().get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    Reply {
        status: response.status().as_u16(),
        content_type: header(CONTENT_TYPE),
        location: header(LOCATION),
        ..Reply::default()
    }
}

/// The address, and what is asked of it.
fn understood(query: &str) -> Result<(Url, Part), SourceError> {
    let query = query.trim();
    let (address, part) = match query.rsplit_once(char::is_whitespace) {
        Some((address, "success")) => (address.trim_end(), Part::Success),
        Some((address, "duration")) => (address.trim_end(), Part::Duration),
        _ => (query, Part::Both),
    };
    let why = if address.chars().any(char::is_whitespace) {
        "behind the address stands something else than success or duration".to_owned()
    } else {
        match Url::parse(address) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => return Ok((url, part)),
            Ok(_) => "it does not begin with http:// or https://".to_owned(),
            Err(error) => format!("it is no address ({error})"),
        }
    };
    // Whoever wrote a password may have written it so that nothing can be recognised.
    let secret = query.contains('@');
    let query = if secret { "…".to_owned() } else { printable(query, 200) };
    let trouble = Trouble::Query { query, why };
    Err(SourceError { server: "HTTP".to_owned(), trouble })
}

/// An address as people are told: without user, password, and what stands behind the question mark.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_fragment(None);
    if url.query().is_some() {
        url.set_query(Some("…"));
    }
    printable(&url.as_str().replace("?%E2%80%A6", "?…"), 200)
}
