//! Looks at a cluster once, whole: everything of a namespace, and the nodes. Several lists at a time, each bounded.

mod chaos;

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::future::Future;

use futures::future::try_join;
use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::api::core::v1::PersistentVolume;
use kube::Api;
use kube::api::ListParams;
use kube::core::Resource;
use serde::de::DeserializeOwned;

use super::connect::Connection;
use super::scene::{Scene, claims};
use super::trouble::{code, trouble};
use crate::exercise::said::{Said, said};
use crate::port::target::TargetError;

/// A page of a list.
const PAGE: u32 = 500;

/// More of one kind is not looked at.
const MOST: usize = 5_000;

/// Everything there is, with the experiments that are at work and the daemons that do them.
///
/// # Errors
/// When something that has to be known cannot be.
pub async fn survey(connection: &Connection) -> Result<Scene, TargetError> {
    let (scene, (experiments, daemons)) =
        try_join(glance(connection), async { Ok(chaos::look(connection).await) }).await?;
    Ok(Scene { experiments, daemons, ..scene })
}

/// Everything there is but Chaos Mesh.
///
/// # Errors
/// When something that has to be known cannot be.
pub async fn glance(connection: &Connection) -> Result<Scene, TargetError> {
    let what = |kind: &'static str| (kind, connection);
    // A few at a time: a server under a fault has enough to do.
    let workloads = async {
        let (pods, services) = try_join(every(what("pods")), every(what("services"))).await?;
        let (slices, deployments) =
            try_join(every(what("endpointslices")), every(what("deployments"))).await?;
        Ok::<_, TargetError>((pods, services, slices, deployments))
    };
    let owners = async {
        let (replica_sets, stateful_sets) =
            try_join(every(what("replicasets")), every(what("statefulsets"))).await?;
        let daemon_sets = every(what("daemonsets")).await?;
        Ok::<_, TargetError>((replica_sets, stateful_sets, daemon_sets))
    };
    let besides = async {
        let mut notes = Vec::new();
        let nodes = allowed(nodes(connection), "nodes", &mut notes).await?;
        let budgets =
            allowed(every(what("poddisruptionbudgets")), "disruption budgets", &mut notes).await?;
        let scalers =
            allowed(every(what("horizontalpodautoscalers")), "autoscalers", &mut notes).await?;
        let maps = allowed(every(what("configmaps")), "config maps", &mut notes).await?;
        Ok::<_, TargetError>((nodes, budgets, scalers, maps, notes))
    };
    let ((workloads, owners), besides) = try_join(try_join(workloads, owners), besides).await?;
    let (pods, services, slices, deployments) = workloads;
    let (replica_sets, stateful_sets, daemon_sets) = owners;
    let (nodes, budgets, autoscalers, config_maps, notes) = besides;
    let namespace = connection.namespace.clone();
    Ok(Scene {
        namespace,
        pods,
        nodes,
        services,
        slices,
        budgets,
        deployments,
        replica_sets,
        stateful_sets,
        daemon_sets,
        autoscalers,
        config_maps,
        notes,
        ..Scene::default()
    })
}

/// Looks at the claims of the namespace, too, and at the volumes of those that these pods have.
///
/// # Errors
/// When they may not or cannot be looked at.
pub async fn storage(
    connection: &Connection,
    scene: &mut Scene,
    pods: &[String],
) -> Result<(), TargetError> {
    scene.claims = every(("persistentvolumeclaims", connection)).await?;
    let theirs: BTreeSet<&str> =
        pods.iter().filter_map(|name| scene.pod(name)).flat_map(claims).collect();
    let api: Api<PersistentVolume> = Api::all(connection.client.clone());
    let mut found = Vec::new();
    for claim in &scene.claims {
        if !claim.metadata.name.as_deref().is_some_and(|name| theirs.contains(name)) {
            continue;
        }
        let name = claim.spec.as_ref().and_then(|spec| spec.volume_name.as_deref());
        // One that nobody uses yet has none.
        let Some(name) = name.filter(|name| !name.is_empty()) else { continue };
        let volume = api.get_opt(name).await;
        found.extend(volume.map_err(|error| trouble(&format!("look at volume {name}"), &error))?);
    }
    scene.volumes = found;
    Ok(())
}

/// What could not be had.
struct Unseen {
    forbidden: bool,
    error: TargetError,
}

impl From<Unseen> for TargetError {
    fn from(unseen: Unseen) -> Self {
        unseen.error
    }
}

/// A list that an exercise can do without: where it is forbidden it is empty, with a note.
async fn allowed<K>(
    list: impl Future<Output = Result<Vec<K>, Unseen>>,
    what: &str,
    notes: &mut Vec<Said>,
) -> Result<Vec<K>, TargetError> {
    match list.await {
        Ok(found) => Ok(found),
        Err(Unseen { forbidden: true, .. }) => {
            notes.push(said!(
                "cluster-unseen",
                "{what} may not be looked at: gameday rbac prints the Role that is needed",
                what = what
            ));
            Ok(Vec::new())
        }
        Err(Unseen { error, .. }) => Err(error),
    }
}

/// All of a kind in the namespace.
async fn every<K>((kind, connection): (&str, &Connection)) -> Result<Vec<K>, Unseen>
where
    K: Resource<Scope = NamespaceResourceScope> + Clone + Debug + DeserializeOwned,
    K::DynamicType: Default,
{
    let api = Api::<K>::namespaced(connection.client.clone(), &connection.namespace);
    pages(&api, &format!("list {kind} in {}", connection.namespace)).await
}

async fn nodes(connection: &Connection) -> Result<Vec<k8s_openapi::api::core::v1::Node>, Unseen> {
    pages(&Api::all(connection.client.clone()), "list nodes").await
}

/// Page by page. A list that was cut off because it took too long is begun anew, once.
async fn pages<K>(api: &Api<K>, doing: &str) -> Result<Vec<K>, Unseen>
where
    K: Clone + Debug + DeserializeOwned,
{
    let failed = |error: &kube::Error| Unseen {
        forbidden: code(error) == Some(403),
        error: trouble(doing, error),
    };
    let (mut found, mut next, mut anew): (Vec<K>, Option<String>, bool) = (Vec::new(), None, false);
    loop {
        let params = ListParams { limit: Some(PAGE), continue_token: next, ..Default::default() };
        let page = match api.list(&params).await {
            Err(error) if code(&error) == Some(410) && !anew => {
                (found, next, anew) = (Vec::new(), None, true);
                continue;
            }
            page => page.map_err(|error| failed(&error))?,
        };
        found.extend(page.items);
        if found.len() > MOST {
            let why = format!("{doing}: more than {MOST}; exercise a smaller namespace");
            return Err(Unseen { forbidden: false, error: TargetError(why) });
        }
        next = page.metadata.continue_.filter(|token| !token.is_empty());
        if next.is_none() {
            return Ok(found);
        }
    }
}
