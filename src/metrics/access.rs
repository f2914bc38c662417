//! How to get at a server: where it is, who asks, whom to trust, how long to wait. Not the asking.

use std::path::PathBuf;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::address::Address;
use super::answer::Bounds;
use super::secret::{Auth, Secret};
use super::trust::Identity;
use super::unfit::Unfit;
use crate::gameday::span::Span;
use crate::gameday::text::printable;

/// Headers that are not for people to set: they belong to the connection, or there is another way.
const OURS: [&str; 9] = [
    "host",
    "content-length",
    "content-type",
    "transfer-encoding",
    "connection",
    "accept-encoding",
    "te",
    "upgrade",
    "proxy-authorization",
];

/// How to get at a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// Where it is.
    pub address: Address,
    /// Who asks.
    pub auth: Auth,
    /// A file with the authority to trust instead of those of this machine (PEM).
    pub authority: Option<PathBuf>,
    /// What we show of ourselves.
    pub identity: Option<Identity>,
    /// Further headers: the tenant (`X-Scope-OrgID`), the key of a proxy.
    pub headers: Vec<(String, Secret)>,
    /// How long a connection may take.
    pub connect_limit: Span,
    /// How long an answer may take, with everything.
    pub limit: Span,
    /// How much of an answer is kept.
    pub bounds: Bounds,
}

impl Access {
    /// To the server at an address as people write it.
    ///
    /// # Errors
    /// When it is no address.
    pub fn to(address: &str) -> Result<Self, Unfit> {
        let (address, auth) = Address::parse(address)?;
        Ok(Self {
            address,
            auth,
            authority: None,
            identity: None,
            headers: Vec::new(),
            connect_limit: Span::from_secs(3),
            limit: Span::from_secs(10),
            bounds: Bounds::default(),
        })
    }

    /// The further headers.
    pub(super) fn headers(&self) -> Result<HeaderMap, Unfit> {
        let mut map = HeaderMap::new();
        for (name, value) in &self.headers {
            let shown = printable(name, 60);
            let lower = name.to_ascii_lowercase();
            if lower == "authorization" {
                return Err(Unfit(format!(
                    "the header {shown} is made from a user and password or a token: give those instead"
                )));
            }
            if OURS.contains(&lower.as_str()) {
                return Err(Unfit(format!(
                    "the header {shown} belongs to the connection: leave it out"
                )));
            }
            let name = HeaderName::from_bytes(lower.as_bytes()).map_err(|_| {
                Unfit(format!("{shown:?} is no name of a header: write it as X-Scope-OrgID"))
            })?;
            let mut value = HeaderValue::from_str(value.reveal().trim()).map_err(|_| {
                Unfit(format!(
                    "what is given for the header {shown} cannot be sent: it must be one line"
                ))
            })?;
            value.set_sensitive(true);
            map.append(name, value);
        }
        Ok(map)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_sent_hidden_and_those_of_the_connection_refused() {
        let mut access = Access::to("https://aiko:s3cret@mimir/prometheus").unwrap();
        access.headers =
            vec![("X-Scope-OrgID".to_owned(), Secret::new("tenant-s3cret|b".to_owned()))];
        let headers = access.headers().unwrap();
        assert_eq!(headers["x-scope-orgid"], "tenant-s3cret|b");
        let seen = format!("{access:?} {headers:?}");
        assert!(!seen.contains("s3cret"), "{seen}");
        for (name, value, word) in [
            ("Authorization", "Bearer s3cret", "give those instead"),
            ("host", "s3cret", "belongs to the connection"),
            ("X Scope", "s3cret", "no name of a header"),
            ("X-A\u{1b}", "s3cret", "no name of a header"),
            ("X-A", "s3cret\r\nX-B: 1", "cannot be sent"),
        ] {
            access.headers = vec![(name.to_owned(), Secret::new(value.to_owned()))];
            let why = access.headers().unwrap_err().0;
            assert!(why.contains(word) && !why.contains("s3cret"), "{why}");
            assert!(!why.contains('\u{1b}'), "{why:?}");
        }
    }
}
