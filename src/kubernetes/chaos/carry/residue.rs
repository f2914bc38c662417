//! Looks whether anything is left of an experiment whose object is gone, and whether its pods are as they were.

use std::time::Duration;

use k8s_openapi::api::apps::v1::{ReplicaSet, StatefulSet};
use k8s_openapi::api::core::v1::Pod;
use kube::Client;
use kube::api::{Api, ListParams};

use super::super::kinds::KINDS;
use super::super::placed::{Owner, Placed};
use super::super::pod;
use super::ask::{self, Asked, Why};
use super::leftover::{children, is_marked, stuck_on};
use super::{child, effect};
use crate::exercise::said::{Said, said};

const QUESTION: Duration = Duration::from_secs(4);

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// What is as it should be.
    pub(super) said: Vec<Said>,
    /// What is not, or not yet.
    pub(super) wrong: Vec<String>,
    /// The pods that are marked or listed still.
    pub(super) left_on: Vec<String>,
    /// The pods that are not ready.
    unready: Vec<String>,
    /// Whether pods are missing.
    missing: bool,
}

/// Looks once; `late`: for the last time, so that it counts what else may be at work on the pods.
pub(super) async fn look(client: &Client, placed: &Placed, late: bool) -> Result<Found, Asked> {
    let mut found = Found::default();
    entries(client, placed, &mut found).await?;
    if placed.hits.is_empty() {
        return Ok(found);
    }
    let pods = match effect::pods(client, &placed.namespace).await {
        Ok(pods) => pods,
        Err(asked) if asked.why == Why::Forbidden => {
            found.said.push(said!("chaos-pods-unknown", "the pods could not be looked at"));
            return Ok(found);
        }
        Err(asked) => return Err(asked),
    };
    marks(placed, &pods, &mut found);
    let mut wanted = Vec::new();
    for owner in &placed.owners {
        wanted.push((owner, wants(client, &placed.namespace, owner).await?));
    }
    ready(placed, &pods, &wanted, &mut found);
    if late && found.left_on.is_empty() && !found.missing && !found.unready.is_empty() {
        let busy = busy(client, placed).await?;
        if found.unready.iter().all(|one| busy.contains(one)) {
            found.wrong.clear();
            let pods = pod::list(&found.unready);
            found.said.push(said!(
                "chaos-busy",
                "not ready, with another fault at work on them: {pods}",
                pods = pods
            ));
        }
    }
    Ok(found)
}

/// The pods that other experiments are at work on.
async fn busy(client: &Client, placed: &Placed) -> Result<Vec<String>, Asked> {
    let mut pods = Vec::new();
    for kind in KINDS.iter().filter(|kind| kind.is_experiment()) {
        let api = ask::of_kind(client, kind.name, kind.plural, &placed.namespace);
        let how = ListParams::default();
        let doing = format!("list {}", kind.plural);
        let others = match ask::patiently(&doing, QUESTION, || api.list(&how)).await {
            Ok(list) => list.items,
            Err(Asked { why: Why::Gone | Why::Forbidden, .. }) => continue,
            Err(asked) => return Err(asked),
        };
        for other in others {
            let mut other = serde_json::to_value(other).unwrap_or_default();
            other["kind"] = kind.name.into();
            pods.extend(stuck_on(&other, &placed.namespace));
        }
    }
    Ok(pods)
}

/// Entries in the children.
async fn entries(client: &Client, placed: &Placed, found: &mut Found) -> Result<(), Asked> {
    let Some((plural, ..)) = children(&placed.kind) else { return Ok(()) };
    match child::listed(client, placed).await {
        Ok(listed) if listed.is_empty() => {
            found.said.push(said!(
                "chaos-clean",
                "no {children} has anything of it left",
                children = plural
            ));
        }
        Ok(listed) => {
            found.wrong.push(format!("{plural} {} still has entries of it", pod::list(&listed)));
            found.left_on.extend(listed);
        }
        Err(asked) if asked.why == Why::Forbidden => {
            found.said.push(said!(
                "chaos-clean-unknown",
                "whether a {children} has anything of it left could not be looked at",
                children = plural
            ));
        }
        Err(asked) => return Err(asked),
    }
    Ok(())
}

/// Images that were not put back.
fn marks(placed: &Placed, pods: &[Pod], found: &mut Found) {
    if placed.kind != "PodChaos" || placed.one_shot {
        return;
    }
    let hit = |one: &&Pod| placed.hits.iter().any(|hit| hit.pod == pod::name(one));
    let marked = |one: &&Pod| {
        let one = serde_json::to_value(one).unwrap_or_default();
        is_marked(&one, placed)
    };
    let marked = pods.iter().filter(hit).filter(marked);
    let marked: Vec<String> = marked.map(|one| pod::name(one).to_owned()).collect();
    if !marked.is_empty() {
        found.wrong.push(format!("{} still has the image of the fault", pod::list(&marked)));
        found.left_on.extend(marked);
    }
}

/// How many pods a controller wants now; `None`: it cannot be told, or it is gone.
async fn wants(client: &Client, namespace: &str, owner: &Owner) -> Result<Option<usize>, Asked> {
    let doing = format!("look at {} {}", owner.kind, pod::shown(&owner.name));
    let replicas = match owner.kind.as_str() {
        "ReplicaSet" => {
            let api: Api<ReplicaSet> = Api::namespaced(client.clone(), namespace);
            let found = ask::patiently(&doing, QUESTION, || api.get_opt(&owner.name)).await;
            found.map(|one| one.map(|one| one.spec.and_then(|spec| spec.replicas)))
        }
        "StatefulSet" => {
            let api: Api<StatefulSet> = Api::namespaced(client.clone(), namespace);
            let found = ask::patiently(&doing, QUESTION, || api.get_opt(&owner.name)).await;
            found.map(|one| one.map(|one| one.spec.and_then(|spec| spec.replicas)))
        }
        _ => return Ok(Some(owner.ready)),
    };
    match replicas {
        Ok(Some(replicas)) => {
            let wanted = usize::try_from(replicas.unwrap_or(1)).unwrap_or_default();
            Ok(Some(owner.ready.min(wanted)))
        }
        Ok(None) | Err(Asked { why: Why::Gone, .. }) => Ok(None),
        Err(Asked { why: Why::Forbidden, .. }) => Ok(Some(owner.ready)),
        Err(asked) => Err(asked),
    }
}

/// As many are ready as were before, as far as they are still wanted.
fn ready(placed: &Placed, pods: &[Pod], wanted: &[(&Owner, Option<usize>)], found: &mut Found) {
    let (mut count, mut lost) = (0, Vec::new());
    let named = |one: &&Pod| pod::name(one).to_owned();
    for (owner, wanted) in wanted {
        let Some(wanted) = wanted else { continue };
        let theirs = pods.iter().filter(|one| pod::is_owned_by(one, &owner.uid));
        let (ready, rest): (Vec<&Pod>, Vec<&Pod>) = theirs.partition(|one| pod::is_ready(one));
        if ready.len() < *wanted {
            let (name, ready) = (pod::shown(&owner.name), ready.len());
            found.wrong.push(format!("{} {name} has {ready} of {wanted} pods ready", owner.kind));
            found.missing |= ready + rest.len() < *wanted;
            found.unready.extend(rest.iter().map(named));
        }
        count += ready.len().min(*wanted);
    }
    let counted = |one: &Pod| {
        let owner = pod::owner(one);
        owner.is_some_and(|owner| wanted.iter().any(|(known, _)| known.uid == owner.uid))
    };
    // Those on the other side of a network fault were not touched by it.
    for hit in placed.hits.iter().filter(|hit| hit.ready && hit.struck && !hit.uid.is_empty()) {
        match pods.iter().find(|one| one.metadata.uid.as_deref() == Some(&hit.uid)) {
            Some(one) if counted(one) => {}
            Some(one) if pod::is_ready(one) => count += 1,
            Some(one) => {
                found.wrong.push(format!("pod {} is not ready", pod::shown(pod::name(one))));
                found.unready.push(named(&one));
            }
            None if placed.owners.is_empty() => lost.push(hit.pod.as_str()),
            None => {}
        }
    }
    if count > 0 && found.wrong.is_empty() {
        found.said.push(said!("chaos-ready", "ready again: {count} pods", count = count));
    }
    if !lost.is_empty() {
        let pods = pod::list(lost);
        found.said.push(said!(
            "chaos-lost",
            "gone, and nothing makes them again: {pods}",
            pods = pods
        ));
    }
}
