//! What the cluster itself shows of a fault, beside what Chaos Mesh says. Only what is seen is told.

use std::time::Duration;

use k8s_openapi::api::core::v1::Pod;
use kube::Client;
use kube::api::{Api, ListParams};

use super::super::placed::{Hit, Placed};
use super::super::pod;
use super::ask;
use super::pulse::pulse;
use crate::exercise::said::{Said, said};

/// So long something is looked for that the cluster should show.
const LOOKED: Duration = Duration::from_secs(4);
const QUESTION: Duration = Duration::from_secs(2);

/// What can be seen of a pod that is hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    /// It is gone, or going.
    Gone,
    /// It is not ready, and was.
    Unready,
    /// Its containers were started again.
    Restarted,
}

/// What the cluster shows of an injected fault; nothing where it is none that shows in pods.
pub(super) async fn seen(client: &Client, placed: &Placed) -> Vec<Said> {
    if placed.kind != "PodChaos" || placed.hits.is_empty() {
        return Vec::new();
    }
    let mut pulse = pulse();
    let start = pulse.tick().await;
    loop {
        let pods = pods(client, &placed.namespace).await;
        let Ok(pods) = pods else {
            return vec![said!("chaos-pods-unknown", "the pods could not be looked at")];
        };
        let signs: Vec<(&Hit, Option<Sign>)> =
            placed.hits.iter().map(|hit| (hit, sign(hit, &pods))).collect();
        let all = signs.iter().all(|(_, sign)| sign.is_some());
        let waited = pulse.tick().await - start;
        if all || waited >= LOOKED {
            return told(&signs);
        }
    }
}

/// The pods of a namespace.
pub(super) async fn pods(client: &Client, namespace: &str) -> Result<Vec<Pod>, ask::Asked> {
    let api: Api<Pod> = Api::namespaced(client.clone(), namespace);
    let how = ListParams::default();
    let list = ask::patiently("list pods", QUESTION, || api.list(&how)).await?;
    Ok(list.items)
}

fn sign(hit: &Hit, pods: &[Pod]) -> Option<Sign> {
    let same = |one: &&Pod| {
        one.metadata.uid.as_deref() == Some(&hit.uid) && one.metadata.deletion_timestamp.is_none()
    };
    let Some(there) = pods.iter().find(same) else { return Some(Sign::Gone) };
    if hit.ready && !pod::is_ready(there) {
        return Some(Sign::Unready);
    }
    (pod::restarts(there) > hit.restarts).then_some(Sign::Restarted)
}

fn told(signs: &[(&Hit, Option<Sign>)]) -> Vec<Said> {
    let of = |wanted: Option<Sign>| {
        let those = signs.iter().filter(|(_, sign)| *sign == wanted);
        let names: Vec<&str> = those.map(|(hit, _)| hit.pod.as_str()).collect();
        (!names.is_empty()).then(|| pod::list(names))
    };
    let parts = [
        of(Some(Sign::Gone)).map(|pods| said!("chaos-pods-gone", "gone: {pods}", pods = pods)),
        of(Some(Sign::Unready))
            .map(|pods| said!("chaos-pods-unready", "not ready: {pods}", pods = pods)),
        of(Some(Sign::Restarted))
            .map(|pods| said!("chaos-pods-restarted", "restarted: {pods}", pods = pods)),
        of(None).map(|pods| {
            said!("chaos-pods-same", "the cluster shows nothing yet of {pods}", pods = pods)
        }),
    ];
    parts.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_is_seen_is_told() {
        let pod = |uid: &str, ready: &str, restarts: i32| -> Pod {
            serde_json::from_value(json!({
                "metadata": {"name": uid, "uid": uid},
                "status": {"conditions": [{"type": "Ready", "status": ready}],
                    "containerStatuses": [{"name": "app", "image": "", "imageID": "", "ready": true, "restartCount": restarts}]},
            }))
            .unwrap()
        };
        let hit = |uid: &str, ready| Hit {
            pod: uid.into(),
            uid: uid.into(),
            ready,
            restarts: 1,
            struck: true,
        };
        let pods =
            [pod("a", "True", 1), pod("b", "False", 1), pod("c", "True", 2), pod("d", "False", 1)];
        let hits =
            [hit("a", true), hit("b", true), hit("c", true), hit("d", false), hit("e", true)];
        let signs: Vec<_> = hits.iter().map(|hit| (hit, sign(hit, &pods))).collect();
        let texts: Vec<String> = told(&signs).iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            ["gone: e", "not ready: b", "restarted: c", "the cluster shows nothing yet of a, d"]
        );
    }
}
