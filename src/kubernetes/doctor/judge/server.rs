//! The API server, who we are to it, the namespace; what measures and loads.

use super::super::facts::Facts;
use super::super::finding::Finding;

/// Where Chaos Mesh looks whether a namespace may be hit.
const INJECT: &str = "chaos-mesh.org/inject";
/// The oldest minor version that the client speaks.
const OLDEST: u32 = 33;

/// The server and the way to it.
pub(super) fn judge(facts: &Facts) -> Vec<Finding> {
    let mut findings = vec![version(facts)];
    if facts.version.is_err() {
        return findings;
    }
    findings.push(match &facts.who {
        Ok(Some(who)) => Finding::ok("who", format!("we are {who}")),
        Ok(None) => Finding::warning(
            "who",
            "this server cannot say who we are",
            "nothing is wrong; servers before 1.28 cannot",
        ),
        Err(why) => Finding::warning("who", why, "look at the user of this context"),
    });
    findings.extend(place(facts));
    findings.push(match &facts.fence {
        None => Finding::ok("fence", format!("{} may be exercised", facts.namespace)),
        Some(why) => Finding::error("fence", why, "choose another context or namespace"),
    });
    findings
}

fn version(facts: &Facts) -> Finding {
    let Facts { context, server, .. } = facts;
    match &facts.version {
        Err(why) => {
            let mend = "look at the context and the network: kubectl version says more";
            Finding::error("api", format!("{server}, by context {context}: {why}"), mend)
        }
        Ok(version) => {
            let said = format!("{server} is Kubernetes {version}, by context {context}");
            match minor(version) {
                Some(minor) if minor < OLDEST => {
                    let mend =
                        "what is older than 1.33 is not tried out; rehearse letting go first";
                    Finding::warning("api", said, mend)
                }
                _ => Finding::ok("api", said),
            }
        }
    }
}

fn minor(version: &str) -> Option<u32> {
    version.trim_start_matches('v').split('.').nth(1)?.parse().ok()
}

fn place(facts: &Facts) -> Option<Finding> {
    let name = &facts.namespace;
    Some(match &facts.place {
        Ok(None) => Finding::error(
            "namespace",
            format!("there is no namespace {name}"),
            "name the right one with --namespace, or in the game day",
        ),
        Ok(Some(place)) if place.ending => Finding::error(
            "namespace",
            format!("namespace {name} is being deleted"),
            "nothing can be made in it any more; wait, and make it anew",
        ),
        Ok(Some(_)) => Finding::ok("namespace", name),
        Err(why) => {
            let mend = "gameday rbac NAME prints the Role that is needed";
            Finding::warning("namespace", format!("{name}: {why}"), mend)
        }
    })
}

/// Whether Chaos Mesh asks for an annotation that the namespace lacks.
pub(super) fn lets_in(facts: &Facts) -> bool {
    match &facts.place {
        Ok(Some(place)) => place.annotations.get(INJECT).is_some_and(|one| one == "enabled"),
        _ => false,
    }
}

/// What measures and loads.
pub(super) fn measured(facts: &Facts) -> Vec<Finding> {
    let found = |about, found: &Result<Vec<String>, String>, mend: &str| match found {
        Ok(all) if all.is_empty() => {
            Finding::warning(about, "no service of this name was found", mend)
        }
        Ok(all) => Finding::ok(about, all.join(", ")),
        Err(why) => Finding::warning(about, why, mend),
    };
    let mut findings = vec![
        found(
            "prometheus",
            &facts.prometheus,
            "name yours with --prometheus URL; without one, only what this machine sends is measured",
        ),
        found("alertmanager", &facts.alertmanager, "name yours, or expect no alerts on the screen"),
    ];
    if !facts.wants.load {
        return findings;
    }
    let mend = "install the k6 operator, or let this machine make the load (leave load.engine out)";
    findings.push(match (&facts.load.served, &facts.load.ready) {
        (Ok(false), _) => Finding::error("k6", "the k6 operator is not installed", mend),
        (Err(why), _) => Finding::error("k6", why, mend),
        (Ok(true), Ok(Some(true))) => Finding::ok("k6", "the k6 operator is ready"),
        (Ok(true), Ok(Some(false))) => {
            Finding::error("k6", "the k6 operator is not ready", "kubectl get deployments -A")
        }
        (Ok(true), Ok(None)) => {
            Finding::warning("k6", "its kinds are there, and the operator was not found", mend)
        }
        (Ok(true), Err(why)) => Finding::warning("k6", why, "look whether the operator runs"),
    });
    findings
}
