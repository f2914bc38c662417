//! Finds what dead runs left in a cluster, and ends it. Never touches what a living run has.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::future::join_all;
use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, StatefulSet};
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::core::v1::{ConfigMap, Node, Secret, Service};
use k8s_openapi::api::rbac::v1::RoleBinding;
use kube::api::{ListParams, ObjectMeta};
use kube::{Api, Client, Resource};
use serde::de::DeserializeOwned;
use tokio::time::sleep;

use super::connect::Connection;
use super::halt::collect::{Found, collect, everybodys};
use super::halt::outcome::{Line, Outcome, Report};
use super::halt::{Order, halt};
use super::kinds::Part;
use super::lease;
use super::name;
use super::ours::Object;
use super::patience::patiently;
use super::reach::Reach;
use crate::port::clock::Clock;

/// So long the server may be away.
const PATIENCE: Duration = Duration::from_secs(10);
/// A lease that is stale for less than this may be of somebody whose clock is wrong: it is looked at again.
const DOUBTFUL: Duration = Duration::from_secs(15 * 60);
/// After so long somebody who lives has renewed it.
const AGAIN: Duration = Duration::from_secs(12);

/// What is there of runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Orphans {
    /// Runs whose program is dead, with what is there of each.
    pub dead: Vec<Dead>,
    /// Runs whose program lives.
    pub alive: Vec<String>,
    /// Objects of somebody else that carry our mark of a run that does not live: `Deployment shop/cart` and the run's step.
    pub marked: Vec<(String, String)>,
    /// Records of pods with entries of experiments of ours that are gone: the record, and the experiment.
    pub residue: Vec<(String, String)>,
}

/// A run whose program is dead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dead {
    pub run: String,
    /// What is there of it, for people.
    pub left: Vec<String>,
    /// The reaper has been there.
    pub reaped: bool,
}

impl Orphans {
    /// Whether nothing is left behind.
    pub fn is_empty(&self) -> bool {
        self.dead.is_empty() && self.marked.is_empty() && self.residue.is_empty()
    }
}

/// Finds them; changes nothing.
pub async fn find(connection: &Connection, reach: &Reach, clock: &dyn Clock) -> Orphans {
    let found = collect(connection, reach, None).await;
    let alive = alive(connection, reach, &found, clock).await;
    let mut orphans = Orphans {
        dead: dead(&found, &alive),
        alive: alive.iter().cloned().collect(),
        ..Orphans::default()
    };
    let marks = marks(&connection.client, reach).await;
    orphans.marked =
        marks.into_iter().filter(|(_, mark)| !alive.contains(name::run_of(mark))).collect();
    let (all, _) = everybodys(connection, reach).await;
    orphans.residue = residue(&all);
    orphans
}

/// Ends them, and says what became of each.
pub async fn sweep(connection: &Connection, reach: &Reach, who: &str, clock: &dyn Clock) -> Report {
    let orphans = find(connection, reach, clock).await;
    let mut report = Report::default();
    for dead in &orphans.dead {
        let one = halt(connection, &Order::of(Some(&dead.run), reach.clone(), who), clock).await;
        report.runs.push(dead.run.clone());
        report.lines.extend(one.lines);
        report.notes.extend(one.notes);
    }
    if !orphans.alive.is_empty() {
        report.notes.push(format!("left alone, for they run: {}", orphans.alive.join(", ")));
    }
    // What is still marked now has no journal that says what was before.
    let marks = marks(&connection.client, reach).await;
    for (what, mark) in marks
        .into_iter()
        .filter(|(_, mark)| !orphans.alive.contains(&name::run_of(mark).to_owned()))
    {
        let why = format!("gameday changed it ({mark}), and no journal says what was before");
        let by_hand = format!("put it right, then take its label {} away", name::FAULT);
        report.lines.push(Line::left(Outcome::Failed, &what, &why, &by_hand));
    }
    let (all, _) = everybodys(connection, reach).await;
    for (record, experiment) in residue(&all) {
        let why = format!("it has entries of {experiment}, which is gone");
        let pod = record.split_once(' ').map_or("", |(_, pod)| pod);
        let (namespace, pod) = pod.split_once('/').unwrap_or(("", pod));
        let by_hand =
            format!("kubectl -n {namespace} delete pod {pod}; its controller makes a new one");
        report.lines.push(Line::left(Outcome::Failed, &record, &why, &by_hand));
    }
    report
}

/// Runs whose program lives: their lease is renewed.
async fn alive(
    connection: &Connection,
    reach: &Reach,
    found: &Found,
    clock: &dyn Clock,
) -> BTreeSet<String> {
    let now = clock.wall_millis();
    let leases: Vec<&lease::Seen> =
        found.runs.iter().filter_map(|run| run.lease.as_ref()).collect();
    let fresh = leases.iter().filter(|lease| !lease::is_stale(lease, now));
    let mut alive: BTreeSet<String> = fresh.map(|lease| lease.run.clone()).collect();
    let bound = u64::try_from(DOUBTFUL.as_millis()).unwrap_or(u64::MAX);
    let near = |at: i64| at.abs_diff(now) < bound;
    let doubtful =
        |lease: &&&lease::Seen| lease::is_stale(lease, now) && lease.renewed.is_some_and(near);
    let doubtful: Vec<&&lease::Seen> = leases.iter().filter(doubtful).collect();
    if doubtful.is_empty() {
        return alive;
    }
    sleep(AGAIN).await;
    // Who cannot be looked at again may live.
    let later = lease::all(&connection.client, reach).await.ok();
    for before in doubtful {
        let renewed = later.as_ref().map(|later| {
            later.iter().any(|one| one.run == before.run && one.renewed != before.renewed)
        });
        if renewed.unwrap_or(true) {
            alive.insert(before.run.clone());
        }
    }
    alive
}

/// Runs that do not live, with what is there of each.
fn dead(found: &Found, alive: &BTreeSet<String>) -> Vec<Dead> {
    let runs = found.names().into_iter().filter(|run| !alive.contains(run));
    runs.map(|run| {
        let objects = found.objects.iter().filter(|one| one.run.as_deref() == Some(&run));
        let mut left: Vec<String> = objects.map(Object::shown).collect();
        let theirs = found.runs.iter().filter(|one| one.run == run);
        let pages: Vec<_> = theirs.filter_map(|one| one.page.as_ref()).collect();
        for page in &pages {
            for entry in &page.entries {
                left.push(format!("{} in the journal", entry.step));
            }
            left.extend(page.unreadable.iter().map(|slot| format!("{slot} in the journal")));
        }
        let reaped = pages.iter().any(|page| page.reaped.is_some());
        Dead { run, left, reaped }
    })
    .collect()
}

/// Entries in records of pods that are of experiments of ours that are gone.
fn residue(all: &[Object]) -> Vec<(String, String)> {
    let living: BTreeSet<String> =
        all.iter().map(|one| format!("{}/{}", one.namespace, one.name)).collect();
    let records = all.iter().filter(|one| one.part() == Part::Child);
    let lost = records.flat_map(|record| {
        let sources = record.sources.iter().filter(|source| !living.contains(*source));
        let ours = sources.filter(|source| {
            source.split_once('/').is_some_and(|(_, name)| name.starts_with("gd-"))
        });
        ours.map(|source| (record.shown(), source.clone()))
    });
    lost.collect()
}

/// Objects of somebody else that carry our mark, with the mark. What may not be listed is not found.
async fn marks(client: &Client, reach: &Reach) -> Vec<(String, String)> {
    let (client, reach) = (client.clone(), reach.clone());
    let nodes: Api<Node> = Api::all(client.clone());
    let (nodes, rest) = futures::join!(
        marked(nodes),
        join_all([
            of::<Deployment>(&client, &reach),
            of::<StatefulSet>(&client, &reach),
            of::<DaemonSet>(&client, &reach),
            of::<ConfigMap>(&client, &reach),
            of::<Secret>(&client, &reach),
            of::<Service>(&client, &reach),
            of::<RoleBinding>(&client, &reach),
            of::<HorizontalPodAutoscaler>(&client, &reach),
        ])
    );
    nodes.into_iter().chain(rest.into_iter().flatten()).collect()
}

type Marked = std::pin::Pin<Box<dyn Future<Output = Vec<(String, String)>> + Send>>;

fn of<K>(client: &Client, reach: &Reach) -> Marked
where
    K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>
        + Clone
        + DeserializeOwned
        + std::fmt::Debug
        + Send
        + Sync
        + 'static,
{
    Box::pin(marked::<K>(reach.api(client)))
}

async fn marked<K>(api: Api<K>) -> Vec<(String, String)>
where
    K: Resource<DynamicType = ()> + Clone + DeserializeOwned + std::fmt::Debug,
{
    let list = ListParams::default();
    let Ok(found) = patiently(PATIENCE, || api.list_metadata(&list)).await else {
        return Vec::new();
    };
    let mark = |meta: &ObjectMeta| {
        let mark = meta.labels.as_ref()?.get(name::FAULT)?.clone();
        let name = meta.name.as_deref().unwrap_or_default();
        let what = match &meta.namespace {
            Some(namespace) => format!("{} {namespace}/{name}", K::kind(&())),
            None => format!("{} {name}", K::kind(&())),
        };
        Some((what, mark))
    };
    found.items.iter().filter_map(|one| mark(&one.metadata)).collect()
}

#[cfg(test)]
mod tests {
    use kube::api::DynamicObject;
    use kube::core::ApiResource;
    use serde_json::json;

    use super::*;
    use crate::kubernetes::journal::RunFound;
    use crate::kubernetes::journal::page::Page;

    fn object(kind: &str, name: &str, run: Option<&str>, spec: serde_json::Value) -> Object {
        let api = ApiResource {
            group: "chaos-mesh.org".into(),
            version: "v1alpha1".into(),
            api_version: "chaos-mesh.org/v1alpha1".into(),
            kind: kind.into(),
            plural: kind.to_lowercase(),
        };
        let labels = run.map(|run| name::labels(run, "experiment", None));
        let object: DynamicObject = serde_json::from_value(json!({
            "apiVersion": "chaos-mesh.org/v1alpha1", "kind": kind, "spec": spec,
            "metadata": {"name": name, "namespace": "shop", "uid": name, "labels": labels}
        }))
        .unwrap();
        Object::of(&api, &object)
    }

    #[test]
    fn what_is_left_is_told_by_run_and_living_runs_are_none_of_it() {
        let page = Page { run: "r-1".into(), unreadable: vec!["x".into()], ..Page::default() };
        let found = Found {
            objects: vec![
                object("PodChaos", "gd-r-1-a", Some("r-1"), json!({})),
                object("PodChaos", "gd-r-2-a", Some("r-2"), json!({})),
            ],
            runs: vec![RunFound { run: "r-1".into(), page: Some(page), ..RunFound::default() }],
            ..Found::default()
        };
        let dead = dead(&found, &BTreeSet::from(["r-2".to_owned()]));
        assert_eq!(dead.len(), 1);
        assert_eq!(dead[0].left, ["PodChaos shop/gd-r-1-a", "x in the journal"]);
    }

    #[test]
    fn entries_of_experiments_of_ours_that_are_gone_are_residue() {
        let spec = json!({"tcs": [
            {"source": "shop/gd-r-1-gone"}, {"source": "shop/gd-r-1-here"}, {"source": "shop/theirs"}]});
        let all = [
            object("PodNetworkChaos", "cart-1", None, spec),
            object("NetworkChaos", "gd-r-1-here", Some("r-1"), json!({})),
        ];
        let found = residue(&all);
        assert_eq!(found, [("PodNetworkChaos shop/cart-1".into(), "shop/gd-r-1-gone".into())]);
    }
}
