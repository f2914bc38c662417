//! Chaos Mesh: whether it is whole, and whether it would let go.

use std::collections::BTreeSet;

use super::super::facts::{Facts, Manager, Pod};
use super::super::finding::Finding;
use super::server::lets_in;

/// A leader that did not renew its lease for so long, in milliseconds, leads nothing.
const STALE: u64 = 60_000;
/// The version whose behaviour this program knows.
const KNOWN: (u32, u32) = (2, 8);

/// All of it; where nobody wants it, only whether it is there.
pub(super) fn judge(facts: &Facts) -> Vec<Finding> {
    let wanted = !facts.wants.kinds.is_empty();
    let installed = facts.mesh.kinds.as_ref().is_ok_and(|kinds| !kinds.is_empty());
    if !installed {
        return vec![missing(facts, wanted)];
    }
    let mut findings = kinds(facts);
    findings.extend(managers(facts));
    findings.push(leader(facts));
    findings.extend(daemons(facts));
    if facts.wants.dns {
        findings.push(dns(facts));
    }
    findings.extend(webhooks(facts));
    if !wanted && facts.wants.game_day.is_some() {
        // A game day that does not need it is not held up by it.
        for one in &mut findings {
            one.level = one.level.min(super::super::finding::Level::Warning);
        }
    }
    findings
}

fn missing(facts: &Facts, wanted: bool) -> Finding {
    let what = match &facts.mesh.kinds {
        Ok(_) => "Chaos Mesh is not installed".to_owned(),
        Err(why) => why.clone(),
    };
    let mend =
        "install Chaos Mesh 2.8 (helm install chaos-mesh chaos-mesh/chaos-mesh -n chaos-mesh)";
    match (wanted, facts.wants.game_day.is_some()) {
        (true, _) => Finding::error("chaos-mesh", what, mend),
        (false, true) => {
            Finding::ok("chaos-mesh", format!("{what}; this game day needs none of it"))
        }
        (false, false) => Finding::warning("chaos-mesh", what, mend),
    }
}

fn kinds(facts: &Facts) -> Vec<Finding> {
    let known = facts.mesh.kinds.as_deref().unwrap_or_default();
    let lacks: Vec<&str> =
        facts.wants.kinds.iter().filter(|kind| !known.contains(kind)).map(String::as_str).collect();
    let mend =
        "install its definitions with server-side apply: kubectl apply --server-side -f crd.yaml";
    let mut findings = Vec::new();
    match lacks.is_empty() {
        true => findings.push(Finding::ok("crds", format!("{} kinds are served", known.len()))),
        false => {
            let what = format!("the server does not know {}", lacks.join(", "));
            findings.push(Finding::error("crds", what, mend));
        }
    }
    match &facts.mesh.unestablished {
        Ok(some) if some.is_empty() => {}
        Ok(some) => {
            let what = format!("not established: {}", some.join(", "));
            findings.push(Finding::error("crds", what, mend));
        }
        // That they are served says as much.
        Err(_) => {}
    }
    findings
}

fn managers(facts: &Facts) -> Vec<Finding> {
    let mend = "kubectl get deployments -A -l app.kubernetes.io/component=controller-manager";
    let managers = match &facts.mesh.managers {
        Ok(managers) => managers,
        Err(why) => {
            let what = format!("nobody can say whether its manager runs: {why}");
            return vec![Finding::warning(
                "manager",
                what,
                "ask who may look at Deployments there",
            )];
        }
    };
    let Some(first) = managers.first() else {
        let what = "its manager was not found: nothing would be injected or recovered";
        return vec![Finding::error("manager", what, mend)];
    };
    let mut findings = Vec::new();
    let Manager { namespace, name, ready, wanted, .. } = first;
    let at = format!("{namespace}/{name}");
    findings.push(match ready {
        0 => Finding::error(
            "manager",
            format!("{at}: 0 of {wanted} ready: nothing is injected, and nothing recovers"),
            format!("kubectl -n {namespace} describe deployment {name}"),
        ),
        ready => Finding::ok("manager", format!("{at}: {ready} of {wanted} ready")),
    });
    findings.push(version(&first.image));
    findings.extend(scope(facts, first));
    if managers.len() > 1 {
        let names: Vec<String> =
            managers.iter().map(|one| format!("{}/{}", one.namespace, one.name)).collect();
        let what = format!("several managers: {}", names.join(", "));
        findings.push(Finding::warning("manager", what, "one cluster should have one Chaos Mesh"));
    }
    findings
}

fn version(image: &str) -> Finding {
    // The tag stands after the last colon, if that is no port; a digest says no version.
    let bare = image.split('@').next().unwrap_or(image);
    let tag = bare.rsplit_once(':').map(|(_, tag)| tag).filter(|tag| !tag.contains('/'));
    let number = |tag: &str| {
        let mut parts = tag.trim_start_matches('v').split(['.', '-']);
        Some((parts.next()?.parse::<u32>().ok()?, parts.next()?.parse::<u32>().ok()?))
    };
    match tag.and_then(|tag| Some((tag, number(tag)?))) {
        Some((tag, version)) if version == KNOWN => {
            Finding::ok("chaos-mesh", format!("version {tag}"))
        }
        Some((tag, version)) => {
            let (major, minor) = KNOWN;
            let what = format!("version {tag}; this program knows {major}.{minor}");
            if version.0 < 2 {
                let mend = "1.x has other kinds and fields: upgrade to 2.8";
                Finding::error("chaos-mesh", what, mend)
            } else {
                let mend = "every experiment is tried by a dry run first; rehearse letting go";
                Finding::warning("chaos-mesh", what, mend)
            }
        }
        None => Finding::warning(
            "chaos-mesh",
            format!("its image says no version: {image}"),
            "look which one it is; this program knows 2.8",
        ),
    }
}

/// Where it may do anything.
fn scope(facts: &Facts, manager: &Manager) -> Vec<Finding> {
    let env = |name: &str| manager.env.get(name).map(String::as_str).unwrap_or_default();
    let here = &facts.namespace;
    let mut findings = Vec::new();
    if env("CLUSTER_SCOPED") == "false" {
        let target = env("TARGET_NAMESPACE");
        findings.push(match target == here {
            true => Finding::ok("scope", format!("it works in {here} only")),
            false => Finding::error(
                "scope",
                format!("it works in namespace {target} only, and the target is {here}"),
                "install it for the whole cluster, or exercise that namespace",
            ),
        });
    }
    if env("ENABLE_FILTER_NAMESPACE") == "true" {
        findings.push(match lets_in(facts) {
            true => Finding::ok("scope", format!("namespace {here} lets it in")),
            false => Finding::error(
                "scope",
                format!("it hits only namespaces that let it in, and {here} does not"),
                format!("kubectl annotate namespace {here} chaos-mesh.org/inject=enabled"),
            ),
        });
    }
    findings
}

fn leader(facts: &Facts) -> Finding {
    let mend = "look at its log: without a leader nothing is injected or recovered";
    match &facts.mesh.leader {
        Ok(Some(renewed)) => {
            let age = renewed.abs_diff(facts.now);
            let secs = age / 1_000;
            match age > STALE {
                true => {
                    let what = format!("its leader renewed its lease {secs} s ago");
                    Finding::error("leader", what, format!("{mend}; or the clocks differ"))
                }
                false => Finding::ok("leader", format!("renewed its lease {secs} s ago")),
            }
        }
        Ok(None) => {
            let what = "no lease of its leader was found";
            Finding::warning("leader", what, "with one replica and no election there is none")
        }
        Err(why) => Finding::warning("leader", why, "ask who may look at leases there"),
    }
}

/// Pods that a game day may hit, by its selectors; without a game day, every one.
pub(super) fn targets(facts: &Facts) -> Vec<&Pod> {
    let pods = facts.pods.as_deref().unwrap_or_default();
    let hit = |pod: &&Pod| {
        let all = &facts.wants.selectors;
        let matches = |selector: &std::collections::BTreeMap<String, String>| {
            selector.iter().all(|(key, value)| pod.labels.get(key) == Some(value))
        };
        facts.wants.game_day.is_none() || all.iter().any(|(_, selector)| matches(selector))
    };
    pods.iter().filter(hit).collect()
}

fn daemons(facts: &Facts) -> Vec<Finding> {
    let daemons = match &facts.mesh.daemons {
        Ok(daemons) => daemons,
        Err(why) => {
            let what = format!("nobody can say whether its daemons run: {why}");
            return vec![Finding::warning("daemons", what, "ask who may look at Pods there")];
        }
    };
    let nodes: BTreeSet<&str> = targets(facts)
        .into_iter()
        .map(|pod| pod.node.as_str())
        .filter(|node| !node.is_empty())
        .collect();
    let ready: BTreeSet<&str> =
        daemons.iter().filter(|one| one.ready).map(|one| one.node.as_str()).collect();
    let lacking: Vec<&str> = nodes.difference(&ready).copied().collect();
    let mend = "kubectl get pods -A -o wide -l app.kubernetes.io/component=chaos-daemon; one that is away also delays recovery elsewhere";
    let mut findings = Vec::new();
    if daemons.is_empty() {
        let what = "no chaos-daemon was found: only pods could be killed";
        return vec![Finding::error("daemons", what, mend)];
    }
    match lacking.is_empty() {
        true => findings.push(Finding::ok(
            "daemons",
            format!("ready on {} of {} nodes with targets", nodes.len(), nodes.len()),
        )),
        false => {
            let what = format!("none is ready on {}", lacking.join(", "));
            findings.push(Finding::error("daemons", what, mend));
        }
    }
    let elsewhere: Vec<&str> = daemons
        .iter()
        .filter(|one| !one.ready && !lacking.contains(&one.node.as_str()))
        .map(|one| one.node.as_str())
        .collect();
    if !elsewhere.is_empty() {
        let what = format!("not ready on {}, where no target is", elsewhere.join(", "));
        findings.push(Finding::warning("daemons", what, mend));
    }
    let on_host: Vec<&str> = targets(facts)
        .into_iter()
        .filter(|pod| pod.host_network)
        .map(|pod| pod.name.as_str())
        .collect();
    if !on_host.is_empty() {
        let what = format!(
            "on the network of their node, which no fault may touch: {}",
            on_host.join(", ")
        );
        findings.push(Finding::warning("targets", what, "they are left out of network faults"));
    }
    findings
}

fn dns(facts: &Facts) -> Finding {
    let mend = "install Chaos Mesh with dnsServer.create=true";
    match &facts.mesh.dns {
        Ok(Some(true)) => Finding::ok("dns", "its DNS server is ready"),
        Ok(Some(false)) => Finding::error("dns", "its DNS server is not ready", mend),
        Ok(None) => {
            Finding::error("dns", "its DNS server was not found, and dns-chaos needs it", mend)
        }
        Err(why) => Finding::warning("dns", why, "ask who may look at Deployments there"),
    }
}

fn webhooks(facts: &Facts) -> Vec<Finding> {
    let hooks = match &facts.mesh.webhooks {
        Ok(hooks) => hooks,
        Err(why) => {
            let what = format!("nobody can say whether its webhooks are there: {why}");
            return vec![Finding::warning("webhooks", what, "ask who may look at them")];
        }
    };
    let mend = "install Chaos Mesh anew: without them nothing of an experiment is checked, and nothing is filled in";
    let has = |part: &str| hooks.iter().any(|one| one.configuration.contains(part));
    let lacking: Vec<&str> =
        ["mutation", "validation"].into_iter().filter(|part| !has(part)).collect();
    if !lacking.is_empty() {
        let what = format!("missing: {}", lacking.join(", "));
        return vec![Finding::error("webhooks", what, mend)];
    }
    let lax: BTreeSet<&str> = hooks
        .iter()
        .filter(|one| one.policy != "Fail")
        .map(|one| one.configuration.as_str())
        .collect();
    let mut findings = Vec::new();
    match lax.is_empty() {
        true => findings.push(Finding::ok("webhooks", format!("{} are there", hooks.len()))),
        false => {
            let lax: Vec<&str> = lax.into_iter().collect();
            let what = format!("when its manager is away nothing is checked: {}", lax.join(", "));
            findings.push(Finding::warning("webhooks", what, "set their failurePolicy to Fail"));
        }
    }
    if !has("validation-auth") {
        let what = "whoever may make an experiment may hit any namespace";
        findings.push(Finding::warning("webhooks", what, "install it with securityMode: true"));
    }
    findings
}
