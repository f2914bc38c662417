//! What else is there: other experiments on the same pods, and the daemon that would do it.

use k8s_openapi::api::core::v1::Pod;
use serde_json::Value;

use super::super::placed::Placed;
use super::super::{choose, kinds, pod};
use super::look::Look;
use crate::kubernetes::name;

/// Of these there can be only one on a pod at a time, also among our own.
const ONE_AT_A_TIME: [&str; 3] = ["IOChaos", "HTTPChaos", "PodChaos"];

/// Nothing else is at work on these pods, and somebody is there to do it.
pub(super) fn check(look: &mut Look<'_>, struck: &[&Pod]) {
    others(look, struck);
    daemons(look, struck);
}

fn others(look: &mut Look<'_>, struck: &[&Pod]) {
    let scene = look.scene;
    let own_name = &look.body["metadata"]["name"];
    let run = &look.body["metadata"]["labels"][name::RUN];
    for other in &scene.experiments {
        let metadata = &other["metadata"];
        let kind = other["kind"].as_str().unwrap_or_default();
        if metadata["name"] == *own_name && kind == look.kind.name {
            continue;
        }
        let ours = run.is_string() && metadata["labels"][name::RUN] == *run;
        if is_over(other) || (ours && !excludes(look, kind)) {
            continue;
        }
        let theirs = hit_by(other, look);
        let both = struck.iter().map(|one| pod::name(one));
        let both: Vec<&str> = both.filter(|one| theirs.iter().any(|two| two == one)).collect();
        if !both.is_empty() {
            let called = format!(
                "{kind} {}/{}",
                metadata["namespace"].as_str().unwrap_or_default(),
                metadata["name"].as_str().unwrap_or_default()
            );
            let why = format!("{} is at work on {} already", pod::shown(&called), pod::list(both));
            look.no("selector", why, "wait until it is over, or choose others");
        }
    }
}

/// Whether one of our own keeps another one of ours away.
fn excludes(look: &Look<'_>, kind: &str) -> bool {
    // A pod that is held down may be killed meanwhile.
    let kills = look.kind.is_one_shot(look.spec);
    kind == look.kind.name && ONE_AT_A_TIME.contains(&kind) && !kills
}

/// What has recovered, or struck once, does nothing any more.
fn is_over(other: &Value) -> bool {
    let spec = &other["spec"];
    let kind = other["kind"].as_str().and_then(kinds::of);
    let experiment = &other["status"]["experiment"];
    let records = choose::items(&experiment["containerRecords"]);
    let recovered = experiment["desiredPhase"] == "Stop"
        && records.into_iter().all(|record| record["phase"] == "Not Injected");
    recovered || kind.is_some_and(|kind| kind.is_one_shot(spec))
}

/// The names of the pods that another experiment is at work on, or may be.
fn hit_by(other: &Value, look: &Look<'_>) -> Vec<String> {
    let namespace = &look.scene.namespace;
    let recorded = Placed::found(other).map(|placed| placed.hits).unwrap_or_default();
    if !recorded.is_empty() {
        let ids = choose::items(&other["status"]["experiment"]["containerRecords"]);
        let here = ids.into_iter().any(|record| {
            record["id"].as_str().is_some_and(|id| id.split('/').next() == Some(namespace))
        });
        return if here { recorded.into_iter().map(|hit| hit.pod).collect() } else { Vec::new() };
    }
    let blocks = kinds::KINDS.iter().map(|kind| &other["spec"][kind.block]);
    let specs = std::iter::once(&other["spec"]).chain(blocks);
    let selectors = specs.map(|spec| &spec["selector"]).filter(|one| one.is_object());
    let home = other["metadata"]["namespace"].as_str() == Some(namespace);
    let meant = selectors.filter(|one| home || one["namespaces"].is_array());
    let pods = meant.flat_map(|selector| choose::pods(selector, look.scene));
    pods.map(|one| pod::name(one).to_owned()).collect()
}

fn daemons(look: &mut Look<'_>, struck: &[&Pod]) {
    let scene = look.scene;
    let Some(daemons) = &scene.daemons else { return };
    // Killing and changing pods is done by the API server alone.
    if look.kind.name == "PodChaos" && look.text("action") != "container-kill" {
        return;
    }
    let served = |node: &str| {
        daemons.iter().any(|daemon| pod::node(daemon) == Some(node) && pod::is_ready(daemon))
    };
    let mut nodes: Vec<&str> = struck.iter().filter_map(|one| pod::node(one)).collect();
    nodes.sort_unstable();
    nodes.dedup();
    let lacking: Vec<&str> = nodes.into_iter().filter(|node| !served(node)).collect();
    if !lacking.is_empty() {
        let why = format!(
            "no chaos-daemon is ready on node {}, so nothing would come of it",
            pod::list(lacking)
        );
        look.no("selector", why, "look at its DaemonSet: kubectl -n chaos-mesh get pods -o wide");
    }
}
