//! The address of a server as it stands in a game day. Nothing secret belongs there: the file is for everybody.

use super::findings::Findings;
use super::value;
use crate::gameday::node::Node;

/// An address with a host and without a user; `why` one is needed, and an `example`, for messages.
pub(super) fn read(
    node: &Node,
    why: &str,
    example: &str,
    findings: &mut Findings,
) -> Option<String> {
    let url = value::text(node, findings)?;
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let what = match host {
        None => "the address does not begin with http:// or https://",
        Some("") => "the address has no host",
        Some(host) if host.contains('@') => "the address holds a user or password",
        Some(_) if url.chars().any(|c| c.is_whitespace() || c == '\\') => {
            "the address holds spaces or backslashes"
        }
        Some(_) => return Some(url),
    };
    findings.error(node.place, what, why, format!("write {example}"));
    None
}
