//! What the facts mean for a game day, and what to do. Pure.

mod mesh;
mod others;
mod rights;
mod server;

use super::facts::Facts;
use super::finding::Finding;

/// What the facts mean, from the server down to what others do.
pub fn judge(facts: &Facts) -> Vec<Finding> {
    let mut findings = server::judge(facts);
    if facts.version.is_err() {
        // Of a server that does not answer there is nothing else to say.
        return findings;
    }
    findings.extend(mesh::judge(facts));
    findings.extend(server::measured(facts));
    findings.extend(rights::judge(facts));
    findings.extend(others::judge(facts));
    findings
}

#[cfg(test)]
mod tests;
