//! One server, asked over HTTP: bounded in time and bytes, never led to another host, and whatever comes back is taken apart.
//! Not what is asked, and not what it means.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue};
use reqwest::header::{LOCATION, RETRY_AFTER};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, Method, Request, Response, Url};

use super::access::Access;
use super::address::Address;
use super::answer::{Bounds, Unusable};
use super::mishap::{Limits, mishap};
use super::secret::Auth;
use super::trust;
use super::unfit::Unfit;
use super::verdict::{Asked, Reply};
use crate::port::trouble::{SourceError, Trouble};

/// Of an answer that is not what was asked for, no more is read.
const MOST_OF_AN_ERROR: usize = 64 * 1024;

/// A server is followed so often when it leads to another path of its own.
const MOST_REDIRECTS: usize = 5;

/// So many connections are kept open while nobody asks.
const IDLE: usize = 4;

/// What is asked.
pub(super) enum What<'a> {
    /// With what stands behind the question mark.
    Get(&'a [(&'a str, String)]),
    /// The same as a form, because it is too long.
    Form(&'a [(&'a str, String)]),
    /// Something is sent along.
    Json(Bytes),
    /// Something is taken away.
    Delete,
}

/// One server.
pub(super) struct Door {
    client: Client,
    address: Address,
    auth: Auth,
    limits: Limits,
    bounds: Bounds,
}

impl Door {
    /// Reads the files and makes everything ready; asks nothing yet.
    ///
    /// # Errors
    /// When something of the settings cannot be used.
    pub(super) fn new(access: &Access) -> Result<Self, Unfit> {
        let address = access.address.clone();
        let tls = trust::client(
            address.is_secure(),
            access.authority.as_deref(),
            access.identity.as_ref(),
        )?;
        let origin = address.of("/").origin();
        let policy = Policy::custom(move |attempt: Attempt<'_>| {
            if attempt.previous().len() <= MOST_REDIRECTS && attempt.url().origin() == origin {
                attempt.follow()
            } else {
                attempt.stop()
            }
        });
        let mut builder = Client::builder()
            .user_agent(concat!("gameday/", env!("CARGO_PKG_VERSION")))
            .default_headers(access.headers()?)
            .connect_timeout(Duration::from(access.connect_limit))
            .pool_max_idle_per_host(IDLE)
            .redirect(policy)
            .referer(false)
            .http1_only()
            .tls_backend_preconfigured(tls);
        if address.is_here() {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| {
            Unfit(format!("{}: cannot be asked: {}", address.shown(), error.without_url()))
        })?;
        let limits = Limits { connect: access.connect_limit, whole: access.limit };
        Ok(Self { client, address, auth: access.auth.clone(), limits, bounds: access.bounds })
    }

    /// Where it is, as people are told.
    pub(super) fn place(&self) -> &str {
        self.address.shown()
    }

    /// How much of an answer is kept.
    pub(super) const fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// How long an answer may take.
    pub(super) const fn limits(&self) -> Limits {
        self.limits
    }

    /// Trouble with this server.
    pub(super) fn error(&self, trouble: Trouble) -> SourceError {
        SourceError { server: self.place().to_owned(), trouble }
    }

    /// Asks, and returns the answer where it is what was asked for; `query` is for the words where it is not.
    ///
    /// # Errors
    /// When it is not, or none came.
    pub(super) async fn good(
        &self,
        path: &str,
        what: What<'_>,
        query: Option<&str>,
    ) -> Result<Reply, SourceError> {
        let reply = self.ask(path, what).await.map_err(|trouble| self.error(trouble))?;
        if reply.is_good() {
            return Ok(reply);
        }
        Err(self.error(reply.trouble(Asked { path, query }, self.auth.said())))
    }

    /// What a good answer means.
    ///
    /// # Errors
    /// When it means nothing.
    pub(super) fn understood<T>(
        &self,
        reply: &Reply,
        path: &str,
        read: impl FnOnce(&[u8]) -> Result<T, Unusable>,
    ) -> Result<T, SourceError> {
        let asked = Asked { path, query: None };
        read(&reply.body).map_err(|why| self.error(reply.unusable(why, asked)))
    }

    /// Asks and waits for the whole answer.
    ///
    /// # Errors
    /// When no whole answer came.
    async fn ask(&self, path: &str, what: What<'_>) -> Result<Reply, Trouble> {
        let limit = self.limits.whole;
        let answer = async {
            let request = self.request(path, what).await?;
            let response = self.client.execute(request).await;
            let response = response.map_err(|error| self.mishap(error))?;
            self.read(response).await
        };
        match tokio::time::timeout(Duration::from(limit), answer).await {
            Ok(reply) => reply,
            Err(_) => Err(Trouble::Timeout { limit }),
        }
    }

    fn mishap(&self, error: reqwest::Error) -> Trouble {
        mishap(error, self.address.host(), self.limits)
    }

    async fn request(&self, path: &str, what: What<'_>) -> Result<Request, Trouble> {
        let url: Url = self.address.of(path);
        let builder = match what {
            What::Get(query) => self.client.get(url).query(query),
            What::Form(form) => self.client.post(url).form(form),
            What::Json(body) => {
                self.client.post(url).header(CONTENT_TYPE, "application/json").body(body)
            }
            What::Delete => self.client.request(Method::DELETE, url),
        };
        let builder = match &self.auth {
            Auth::Nobody => builder,
            Auth::Basic { user, password } => {
                let password = password.read().await.map_err(|why| Trouble::Credential { why })?;
                builder.basic_auth(user, Some(password.reveal()))
            }
            Auth::Bearer(token) => {
                let token = token.read().await.map_err(|why| Trouble::Credential { why })?;
                let mut value = HeaderValue::from_str(&format!("Bearer {}", token.reveal()))
                    .map_err(|_| Trouble::Credential { why: "it cannot be sent".to_owned() })?;
                value.set_sensitive(true);
                builder.header(AUTHORIZATION, value)
            }
        };
        builder.build().map_err(|error| self.mishap(error))
    }

    /// Reads the answer as far as it may go; what was packed counts as it is unpacked.
    async fn read(&self, mut response: Response) -> Result<Reply, Trouble> {
        let header = |name: HeaderName| text(response.headers(), &name);
        let mut reply = Reply {
            status: response.status().as_u16(),
            content_type: header(CONTENT_TYPE),
            retry_after: header(RETRY_AFTER),
            date: header(DATE),
            location: header(LOCATION),
            body: Vec::new(),
        };
        let most = if reply.is_good() { self.bounds.bytes } else { MOST_OF_AN_ERROR };
        let too_large = || Trouble::TooLarge { bytes: most };
        if reply.is_good() && response.content_length().is_some_and(|all| all > most as u64) {
            return Err(too_large());
        }
        loop {
            match response.chunk().await {
                Ok(None) => return Ok(reply),
                Ok(Some(chunk)) if reply.body.len() + chunk.len() <= most => {
                    reply.body.extend_from_slice(&chunk);
                }
                Ok(Some(_)) if reply.is_good() => return Err(too_large()),
                // What is wrong is known; of why it is, this is enough.
                Ok(Some(_)) => return Ok(reply),
                Err(_) if !reply.is_good() => return Ok(reply),
                Err(error) => return Err(self.mishap(error)),
            }
        }
    }
}

fn text(headers: &HeaderMap, name: &HeaderName) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}
