//! `traffic:`: what the customers ask for. Without it the target's own mix is used.

use super::fields::Fields;
use super::findings::Findings;
use super::value;
use crate::gameday::node::{Kind, Node};
use crate::gameday::plan::{Route, Traffic};
use crate::gameday::span::Span;
use crate::gameday::text::printable;

/// After so long a request counts as a timeout.
const TIMEOUT: Span = Span::from_secs(5);
/// Requests under way at most.
const MAX_IN_FLIGHT: u32 = 4_096;

/// What is asked for where a file says nothing.
pub(super) fn usual() -> Traffic {
    Traffic { routes: Vec::new(), timeout: TIMEOUT, max_in_flight: MAX_IN_FLIGHT, tls: false }
}

/// Reads `traffic:`; what is wrong keeps its usual value.
pub(super) fn read(node: &Node, findings: &mut Findings) -> Traffic {
    let mut traffic = usual();
    let Some(mut fields) = Fields::of(node, "traffic", findings) else { return traffic };
    if let Some(node) = fields.take("timeout", findings) {
        let timeout = value::duration(node, findings).unwrap_or(TIMEOUT);
        if timeout > Span::from_secs(120) {
            let what = format!("a timeout of {timeout} is longer than 2m");
            findings.error(node.place, what, "no customer waits that long", "write 5s");
        }
        traffic.timeout = timeout;
    }
    if let Some(node) = fields.take("max_in_flight", findings) {
        let most = value::whole(node, 1, 65_536, findings);
        traffic.max_in_flight = most.unwrap_or(MAX_IN_FLIGHT);
    }
    if let Some(node) = fields.take("tls", findings) {
        traffic.tls = value::truth(node, findings).unwrap_or(false);
    }
    if let Some(node) = fields.take("routes", findings) {
        for item in value::list(node, "routes", findings).unwrap_or_default() {
            if let Some(route) = route(item, findings) {
                if traffic.routes.iter().any(|other| other.name == route.name) {
                    let what =
                        format!("a second route is named \"{}\"", printable(&route.name, 60));
                    findings.error(item.place, what, "", "give each route its own name");
                }
                traffic.routes.push(route);
            }
        }
    }
    fields.finish(findings);
    traffic
}

fn route(node: &Node, findings: &mut Findings) -> Option<Route> {
    const METHODS: [(&str, &str); 7] = [
        ("GET", "GET"),
        ("HEAD", "HEAD"),
        ("POST", "POST"),
        ("PUT", "PUT"),
        ("PATCH", "PATCH"),
        ("DELETE", "DELETE"),
        ("OPTIONS", "OPTIONS"),
    ];
    let mut fields = Fields::of(node, "a route", findings)?;
    let path_node = fields.need("path", "/products/{n}", findings);
    let path = path_node.and_then(|node| path(node, findings));
    let method = match fields.take("method", findings) {
        Some(node) => value::word(node, &METHODS, findings),
        None => Some("GET"),
    };
    let name = fields.take("name", findings).map(|node| value::text(node, findings));
    let weight = match fields.take("weight", findings) {
        Some(node) => value::whole(node, 1, 1_000_000, findings),
        None => Some(1),
    };
    let spread_node = fields.take("spread", findings);
    let spread = spread_node.map(|node| value::whole(node, 1, 1_000_000_000, findings));
    let headers = match fields.take("headers", findings) {
        Some(node) => headers(node, findings),
        None => Some(Vec::new()),
    };
    let body = fields.take("body", findings).map(|node| value::raw(node, findings));
    fields.finish(findings);
    let (path, method) = (path?, method?);
    let body = body.map_or(Some(None), |body| body.map(|text| Some(text.to_owned())))?;
    let headers = headers?;
    let counts = path.contains("{n}")
        || headers.iter().any(|(_, value)| value.contains("{n}"))
        || body.as_ref().is_some_and(|body| body.contains("{n}"));
    match (counts, spread_node) {
        (true, None) => {
            let place = path_node.map_or(node.place, |node| node.place);
            let what = "{n} needs a spread";
            findings.error(
                place,
                what,
                "nothing says how many values it takes",
                "add spread: 1000",
            );
        }
        (false, Some(node)) => {
            let what = "a spread without {n} changes nothing";
            findings.error(node.place, what, "", "write {n} where the number belongs");
        }
        _ => {}
    }
    let name = name.unwrap_or_else(|| Some(format!("{method} {path}")))?;
    Some(Route {
        name,
        method: method.to_owned(),
        path,
        weight: weight?,
        spread: spread.unwrap_or(Some(1))?,
        headers,
        body,
    })
}

fn path(node: &Node, findings: &mut Findings) -> Option<String> {
    let text = value::text(node, findings)?;
    let what = if text.contains("://") {
        "a path has no host"
    } else if !text.starts_with('/') {
        "a path begins with /"
    } else if text.chars().any(|c| c.is_whitespace() || !c.is_ascii()) {
        "a path holds no spaces and only ASCII"
    } else {
        return Some(text);
    };
    findings.error(
        node.place,
        what,
        "load goes only to the target of the game day",
        "write /products",
    );
    None
}

fn headers(node: &Node, findings: &mut Findings) -> Option<Vec<(String, String)>> {
    let Kind::Map(entries) = &node.kind else {
        let what = format!("headers are names with values, and this is {}", node.noun());
        findings.error(node.place, what, "", "write { accept: text/html }");
        return None;
    };
    let mut headers = Vec::new();
    for (key, value) in entries {
        let name = key.text.to_ascii_lowercase();
        let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        let shown = printable(&key.text, 60);
        if name.is_empty() || !name.chars().all(token) {
            findings.error(key.place, format!("\"{shown}\" is no header name"), "", "write accept");
            continue;
        }
        if matches!(name.as_str(), "host" | "content-length" | "transfer-encoding" | "connection") {
            let what = format!("the header \"{shown}\" is set by the load generator");
            findings.error(key.place, what, "a wrong one would spoil every request", "remove it");
            continue;
        }
        let text = value::text(value, findings)?;
        if text.contains('\n') || !text.is_ascii() {
            let what = "a header value is one line of ASCII";
            findings.error(value.place, what, "", "shorten it to one line");
            continue;
        }
        headers.push((name, text));
    }
    Some(headers)
}
