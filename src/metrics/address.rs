//! Where a server is. Not who asks it (see `secret`), though an address may say that too.

use std::net::IpAddr;

use reqwest::Url;

use super::secret::{Auth, Credential, Secret};
use super::unfit::Unfit;
use crate::gameday::text::printable;

/// What comes after the address of a server where somebody copied more than that.
const TAILS: [&str; 4] = ["/api/v1", "/api/v2", "/graph", "/-/"];

/// The address of a server, without anything secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// With a path that does not end in a slash.
    url: Url,
    /// As people are told.
    shown: String,
}

impl Address {
    /// Understands what somebody wrote: an address with `http` or `https`, perhaps with a path that the API is under, and
    /// perhaps with a user and a password, which are taken out of it.
    ///
    /// # Errors
    /// When it is something else. What might be secret in it is not in the message.
    pub fn parse(text: &str) -> Result<(Self, Auth), Unfit> {
        // Whoever wrote a password may have written it so that nothing can be recognised.
        let known = if text.contains('@') {
            "the address".to_owned()
        } else {
            format!("{:?}", printable(text, 200))
        };
        let unfit = |why: &str| {
            Unfit(format!("{known} {why}: write it as http://host:9090 or https://host/prometheus"))
        };
        let mut url =
            Url::parse(text.trim()).map_err(|error| unfit(&format!("is none ({error})")))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(unfit("does not begin with http:// or https://"));
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(unfit("names no host"));
        }
        let auth = auth(&url);
        // Neither can fail where there is a host.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        url.set_fragment(None);
        let path = url.path();
        let end = TAILS.iter().filter_map(|tail| path.find(tail)).min();
        if end.is_none() && url.query().is_some() {
            return Err(unfit("has a question mark in it, and what follows is none of an address"));
        }
        url.set_query(None);
        let path = path_up_to(url.path(), end);
        url.set_path(&path);
        let shown = printable(url.as_str().trim_end_matches('/'), 200);
        Ok((Self { url, shown }, auth))
    }

    /// As people are told.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Whether TLS is spoken.
    pub(super) fn is_secure(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether it is this machine, which no proxy stands before.
    pub(super) fn is_here(&self) -> bool {
        is_here(&self.host())
    }

    /// The host alone.
    pub(super) fn host(&self) -> String {
        self.url.host_str().unwrap_or_default().to_owned()
    }

    /// The address of something on the server: `/api/v1/query`.
    pub(super) fn of(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        url.set_path(&format!("{}{path}", url.path().trim_end_matches('/')));
        url
    }
}

/// Whether a host is this machine.
pub(super) fn is_here(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let number = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    number.map_or_else(
        |_| host == "localhost" || host.ends_with(".localhost"),
        |number| number.is_loopback(),
    )
}

fn path_up_to(path: &str, end: Option<usize>) -> String {
    let kept = end.and_then(|end| path.get(..end)).unwrap_or(path);
    kept.trim_end_matches('/').to_owned()
}

/// Who asks, where the address says so.
pub(super) fn auth(url: &Url) -> Auth {
    let password = url.password().map(decoded);
    match (decoded(url.username()), password) {
        (user, None) if user.is_empty() => Auth::Nobody,
        (user, password) => {
            let password = Credential::Address(Secret::new(password.unwrap_or_default()));
            Auth::Basic { user, password }
        }
    }
}

/// A part of an address with `%40` read as `@`.
fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_as_people_have_them() {
        for (text, shown, query) in [
            ("http://prom:9090", "http://prom:9090", "http://prom:9090/api/v1/query"),
            ("http://prom:9090/", "http://prom:9090", "http://prom:9090/api/v1/query"),
            (
                " https://h/prometheus/ ",
                "https://h/prometheus",
                "https://h/prometheus/api/v1/query",
            ),
            ("http://h/api/v1/query?query=up", "http://h", "http://h/api/v1/query"),
            ("http://h/a/graph?g0.expr=up#x", "http://h/a", "http://h/a/api/v1/query"),
            ("http://h:9093/#/alerts", "http://h:9093", "http://h:9093/api/v1/query"),
            ("http://[::1]:9090/-/ready", "http://[::1]:9090", "http://[::1]:9090/api/v1/query"),
            (
                "https://h/select/0/prometheus",
                "https://h/select/0/prometheus",
                "https://h/select/0/prometheus/api/v1/query",
            ),
        ] {
            let (address, auth) = Address::parse(text).unwrap();
            assert_eq!((address.shown(), auth), (shown, Auth::Nobody), "{text}");
            assert_eq!(address.of("/api/v1/query").as_str(), query, "{text}");
        }
    }

    #[test]
    fn users_and_passwords_are_taken_out() {
        let (address, auth) = Address::parse("https://aiko:s3cr%40t@h:1/p").unwrap();
        assert_eq!(address.shown(), "https://h:1/p");
        let password = Credential::Address(Secret::new("s3cr@t".to_owned()));
        assert_eq!(auth, Auth::Basic { user: "aiko".to_owned(), password });
        let seen = format!("{address:?} {auth:?}");
        assert!(!seen.contains("s3cr"), "{seen}");
    }

    #[test]
    fn what_is_no_address_is_refused_and_nothing_secret_shown() {
        for (text, word) in [
            ("", "is none"),
            ("prom:9090", "does not begin with http"),
            ("localhost", "is none"),
            ("ftp://h", "does not begin with http"),
            ("http://", "is none"),
            ("http://h/?tenant=1", "question mark"),
            ("http://aiko:s3cret@", "is none"),
            ("ftp://aiko:s3cret@h", "does not begin with http"),
            ("http://h:99999", "is none"),
        ] {
            let why = Address::parse(text).unwrap_err().0;
            assert!(why.contains(word) && why.contains("write it as"), "{text}: {why}");
            assert!(!why.contains("s3cret"), "{why}");
        }
    }

    #[test]
    fn no_proxy_stands_before_this_machine() {
        for (text, here) in [
            ("http://127.0.0.1:9090", true),
            ("http://127.9.9.9", true),
            ("http://[::1]:9090", true),
            ("http://localhost:9090", true),
            ("http://a.localhost", true),
            ("http://prom.localhost.example", false),
            ("http://10.0.0.1", false),
        ] {
            assert_eq!(Address::parse(text).unwrap().0.is_here(), here, "{text}");
        }
    }
}
