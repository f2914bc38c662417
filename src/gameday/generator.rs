//! Load that is made elsewhere than on this machine: by k6 in the cluster. What a game day says of it; not the making.

use serde::{Deserialize, Serialize};

/// The image of k6 where a file names none. A fixed tag: the operator's own default moves.
pub const IMAGE: &str = "grafana/k6:2.2.0";
/// So many runners at most.
pub const MOST_RUNNERS: u32 = 200;

/// Who makes the load, where it is not this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "engine", rename_all = "kebab-case")]
pub enum Generator {
    /// Runners of k6 in the cluster, by its operator.
    K6(Runners),
}

/// Runners in a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Runners {
    /// How many share the load.
    pub parallelism: u32,
    /// Where customers go, as seen from inside the cluster; `None`: the address of the target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The image of the runners, with its tag.
    pub image: String,
    /// Where they run; `None`: the namespace of the target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Where they write what they measured, as seen from inside the cluster (remote write); `None`: nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prometheus_rw: Option<String>,
    /// Whether latencies are written as native histograms, which the server has to take.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub native_histograms: bool,
}

impl Generator {
    /// Where customers go, as seen from inside the cluster; `outside` is their address as seen from this machine.
    pub fn url<'a>(&'a self, outside: Option<&'a str>) -> Option<&'a str> {
        let Self::K6(runners) = self;
        runners.url.as_deref().or(outside)
    }
}

/// Whether an address means the machine that asks for it: in a cluster that is each pod itself.
pub fn is_here(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(inner) => inner.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host.ends_with(".localhost") || host == "::1" || host.starts_with("127.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_this_machine_is_known() {
        for url in ["http://127.0.0.1:30080", "http://localhost/x", "https://[::1]:80/"] {
            assert!(is_here(url), "{url}");
        }
        for url in ["http://api-gateway.shop:8080", "http://10.0.0.1", "http://localhost.example"] {
            assert!(!is_here(url), "{url}");
        }
    }
}
