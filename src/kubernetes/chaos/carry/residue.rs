//! Looks whether anything is left of an experiment whose object is gone, and whether its pods are as they were.

use std::time::Duration;

use k8s_openapi::api::apps::v1::{ReplicaSet, StatefulSet};
use k8s_openapi::api::core::v1::Pod;
use kube::Client;
use kube::api::Api;

use super::super::placed::{Owner, Placed};
use super::super::pod;
use super::ask::{self, Asked, Why};
use super::leftover::{children, is_marked};
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
}

/// Looks once.
pub(super) async fn look(client: &Client, placed: &Placed) -> Result<Found, Asked> {
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
    Ok(found)
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
    for (owner, wanted) in wanted {
        let Some(wanted) = wanted else { continue };
        let theirs = pods.iter().filter(|one| pod::is_owned_by(one, &owner.uid));
        let ready = theirs.filter(|one| pod::is_ready(one)).count();
        if ready < *wanted {
            let name = pod::shown(&owner.name);
            found.wrong.push(format!("{} {name} has {ready} of {wanted} pods ready", owner.kind));
        }
        count += ready.min(*wanted);
    }
    for hit in placed.hits.iter().filter(|hit| hit.ready && !hit.uid.is_empty()) {
        let there = pods.iter().find(|one| one.metadata.uid.as_deref() == Some(&hit.uid));
        match there {
            // Counted with its owner, if that is known.
            Some(one)
                if pod::owner(one).is_some_and(|owner| {
                    wanted.iter().any(|(known, _)| known.uid == owner.uid)
                }) => {}
            Some(one) if pod::is_ready(one) => count += 1,
            Some(one) => {
                found.wrong.push(format!("pod {} is not ready", pod::shown(pod::name(one))))
            }
            None if placed.owners.is_empty() && hit.struck => lost.push(hit.pod.as_str()),
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
