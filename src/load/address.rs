//! Where the load goes, and whether it may go there. Not how a connection is made.

use hyper::Uri;

use crate::port::load::LoadError;

/// The one place requests are sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Whether TLS is spoken.
    pub secure: bool,
    /// Name or IP address, without brackets.
    pub host: String,
    /// The port, also where the URL leaves it out.
    pub port: u16,
    /// The value of the `Host` header.
    pub authority: String,
    /// What every path begins with: empty, or `/shop`.
    pub prefix: String,
}

impl Address {
    /// Understands `base_url` and checks that its host is one of `allowed` (a host, or `host:port`).
    ///
    /// # Errors
    /// When the URL is no plain `http` or `https` address, or the host is not named.
    pub fn parse(base_url: &str, allowed: &[String]) -> Result<Self, LoadError> {
        let invalid =
            |why: &str| LoadError::Invalid(format!("{base_url:?} is not a usable address: {why}"));
        let uri: Uri = base_url.parse().map_err(|error| invalid(&format!("{error}")))?;
        let secure = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => return Err(invalid("it must begin with http:// or https://")),
        };
        let authority = uri.authority().ok_or_else(|| invalid("it names no host"))?;
        if authority.as_str().contains('@') {
            return Err(invalid("user names and passwords do not belong in it; use a header"));
        }
        if uri.query().is_some() {
            return Err(invalid("a query belongs to a route, not to the address"));
        }
        let host = bare(authority.host()).to_owned();
        if host.is_empty() {
            return Err(invalid("it names no host"));
        }
        let port = authority.port_u16().unwrap_or(if secure { 443 } else { 80 });
        if !allowed.iter().any(|entry| names(entry, &host, port)) {
            let allowed =
                if allowed.is_empty() { "no host".to_owned() } else { allowed.join(", ") };
            return Err(LoadError::HostNotAllowed { host, allowed });
        }
        let authority = authority.as_str().trim_end_matches(':').to_owned();
        let prefix = uri.path().trim_end_matches('/').to_owned();
        Ok(Self { secure, host, port, authority, prefix })
    }
}

/// Whether the `entry` of the list of allowed hosts means this host and port.
fn names(entry: &str, host: &str, port: u16) -> bool {
    if bare(entry).eq_ignore_ascii_case(host) {
        return true;
    }
    entry.rsplit_once(':').is_some_and(|(name, number)| {
        number.parse() == Ok(port) && bare(name).eq_ignore_ascii_case(host)
    })
}

/// An IPv6 address without its brackets.
fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(hosts: &[&str]) -> Vec<String> {
        hosts.iter().map(|&host| host.to_owned()).collect()
    }

    #[test]
    fn addresses_are_taken_apart() {
        let hosts = allowed(&["shop.test", "127.0.0.1:8080", "::1"]);
        for (url, secure, host, port, authority, prefix) in [
            ("http://shop.test", false, "shop.test", 80, "shop.test", ""),
            ("https://shop.test/", true, "shop.test", 443, "shop.test", ""),
            ("http://SHOP.test:81/a/b/", false, "SHOP.test", 81, "SHOP.test:81", "/a/b"),
            ("http://127.0.0.1:8080", false, "127.0.0.1", 8080, "127.0.0.1:8080", ""),
            ("http://[::1]:9", false, "::1", 9, "[::1]:9", ""),
        ] {
            let address = Address::parse(url, &hosts).unwrap();
            assert_eq!(
                address,
                Address {
                    secure,
                    host: host.to_owned(),
                    port,
                    authority: authority.to_owned(),
                    prefix: prefix.to_owned()
                },
                "{url}"
            );
        }
    }

    #[test]
    fn other_hosts_are_refused_by_name() {
        for url in [
            "http://evil.test",
            "http://127.0.0.1:8081",
            "http://shop.test.evil.test",
            "https://hop.test",
        ] {
            let error =
                Address::parse(url, &allowed(&["shop.test", "127.0.0.1:8080"])).unwrap_err();
            assert!(matches!(error, LoadError::HostNotAllowed { .. }), "{url}: {error}");
            assert!(error.to_string().contains("names only shop.test, 127.0.0.1:8080"), "{error}");
        }
        let nothing = Address::parse("http://shop.test", &[]).unwrap_err();
        assert!(nothing.to_string().contains("names only no host"), "{nothing}");
    }

    #[test]
    fn what_is_no_address_is_invalid() {
        for url in [
            "",
            "shop.test",
            "ftp://shop.test",
            "/path",
            "http://",
            "http://me:pw@shop.test",
            "http://shop.test/?a=1",
        ] {
            let error = Address::parse(url, &allowed(&["shop.test"])).unwrap_err();
            assert!(matches!(error, LoadError::Invalid(_)), "{url}: {error}");
        }
    }
}
