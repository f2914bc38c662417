//! The cluster itself: who we are there, the namespace and its pods, and what measures and loads it.

use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::authentication::v1::SelfSubjectReview;
use k8s_openapi::api::core::v1::{Namespace, Node, Pod, Service, ServiceAccount};
use kube::api::{ListParams, PostParams};
use kube::{Api, ResourceExt};

use super::super::super::connect::Connection;
use super::super::super::kinds::{self, LOAD};
use super::super::super::patience::patiently;
use super::super::super::reach::Reach;
use super::super::super::scene::Scene;
use super::super::super::seen;
use super::super::super::trouble::{code, trouble};
use super::super::facts::{self, Asked, Operator, Place};
use super::bound::PATIENCE;
use crate::exercise::target;

/// The version of the API server.
pub(super) async fn version(connection: &Connection) -> Asked<String> {
    let found = patiently(PATIENCE, || connection.client.apiserver_version()).await;
    found.map(|info| info.git_version).map_err(|error| trouble("ask for the version", &error).0)
}

/// Who we are to it.
pub(super) async fn who(connection: &Connection) -> Asked<Option<String>> {
    let api: Api<SelfSubjectReview> = Api::all(connection.client.clone());
    let (post, ask) = (PostParams::default(), SelfSubjectReview::default());
    match patiently(PATIENCE, || api.create(&post, &ask)).await {
        Ok(review) => {
            let user = review.status.and_then(|status| status.user_info);
            Ok(user.and_then(|user| user.username))
        }
        // Before Kubernetes 1.28 nobody could ask.
        Err(error) if matches!(code(&error), Some(404 | 405)) => Ok(None),
        Err(error) => Err(trouble("ask who we are", &error).0),
    }
}

/// The namespace.
pub(super) async fn place(connection: &Connection) -> Asked<Option<Place>> {
    let api: Api<Namespace> = Api::all(connection.client.clone());
    let found = patiently(PATIENCE, || api.get_opt(&connection.namespace)).await;
    let found = found.map_err(|error| trouble("look at the namespace", &error).0)?;
    Ok(found.map(|one| Place {
        annotations: one.annotations().clone(),
        ending: one.metadata.deletion_timestamp.is_some(),
    }))
}

/// Its pods, with the labels that a run would choose them by: `zone` and `node` are of their nodes, `app` may be of what keeps
/// them alive.
pub(super) async fn pods(connection: &Connection) -> Asked<Vec<facts::Pod>> {
    let client = || connection.client.clone();
    let namespace = &connection.namespace;
    let pods: Api<Pod> = Api::namespaced(client(), namespace);
    let sets: Api<ReplicaSet> = Api::namespaced(client(), namespace);
    let nodes: Api<Node> = Api::all(client());
    let list = ListParams::default();
    let (pods, sets, nodes) = futures::join!(
        patiently(PATIENCE, || pods.list(&list)),
        patiently(PATIENCE, || sets.list(&list)),
        patiently(PATIENCE, || nodes.list(&list)),
    );
    let scene = Scene {
        namespace: namespace.clone(),
        pods: pods.map_err(|error| trouble("list pods", &error).0)?.items,
        // Where these may not be listed a run knows no more.
        replica_sets: sets.map(|sets| sets.items).unwrap_or_default(),
        nodes: nodes.map(|nodes| nodes.items).unwrap_or_default(),
        ..Scene::default()
    };
    Ok(seen::labelled(&scene).into_iter().map(|pod| known(pod, &scene)).collect())
}

/// What the doctor needs to know of a pod.
fn known(pod: target::Pod, scene: &Scene) -> facts::Pod {
    let spec = scene.pod(&pod.name).and_then(|raw| raw.spec.as_ref());
    facts::Pod {
        node: spec.and_then(|spec| spec.node_name.clone()).unwrap_or_default(),
        host_network: spec.and_then(|spec| spec.host_network).unwrap_or_default(),
        name: pod.name,
        labels: pod.labels,
    }
}

/// Whether a ServiceAccount is there; that of no name is not.
pub(super) async fn account(connection: &Connection, name: Option<&str>) -> Asked<bool> {
    let Some(name) = name else { return Ok(false) };
    let api: Api<ServiceAccount> =
        Api::namespaced(connection.client.clone(), &connection.namespace);
    let found = patiently(PATIENCE, || api.get_metadata_opt(name)).await;
    found.map(|found| found.is_some()).map_err(|error| trouble("look at accounts", &error).0)
}

/// Services whose name or labels say that they are this: their addresses inside the cluster.
pub(super) async fn services(connection: &Connection, what: &str, port: i32) -> Asked<Vec<String>> {
    let found = match of_services(connection, &Reach::Everywhere).await {
        Err(error) if code(&error) == Some(403) => {
            of_services(connection, &Reach::Namespace(connection.namespace.clone())).await
        }
        found => found,
    };
    let found = found.map_err(|error| trouble("list services", &error).0)?;
    let is_it = |service: &&Service| {
        let label = service.labels().get("app.kubernetes.io/name").is_some_and(|one| one == what);
        let ports = service.spec.iter().flat_map(|spec| spec.ports.iter().flatten());
        let has_port = ports.into_iter().any(|one| one.port == port);
        label || (service.name_any().contains(what) && has_port)
    };
    let address = |one: &Service| {
        let namespace = one.namespace().unwrap_or_default();
        format!("{}.{namespace}.svc:{port}", one.name_any())
    };
    Ok(found.iter().filter(is_it).map(address).collect())
}

async fn of_services(connection: &Connection, reach: &Reach) -> kube::Result<Vec<Service>> {
    let api: Api<Service> = reach.api(&connection.client);
    let list = ListParams::default();
    patiently(PATIENCE, || api.list(&list)).await.map(|found| found.items)
}

/// The k6 operator.
pub(super) async fn operator(connection: &Connection) -> Operator {
    let served = patiently(PATIENCE, || kinds::served(&connection.client, LOAD)).await;
    let served = served
        .map(|kinds| kinds.iter().any(|kind| kind.kind == "TestRun"))
        .map_err(|error| trouble("find kinds", &error).0);
    let ready = match served {
        Ok(true) => running(connection).await,
        _ => Ok(None),
    };
    Operator { served, ready }
}

/// Nothing could be asked.
pub(super) fn no_operator() -> Operator {
    let unseen = "the server does not answer".to_owned();
    Operator { served: Err(unseen.clone()), ready: Err(unseen) }
}

async fn running(connection: &Connection) -> Asked<Option<bool>> {
    let api: Api<Deployment> = Api::all(connection.client.clone());
    let list = ListParams::default();
    let found = patiently(PATIENCE, || api.list(&list)).await;
    let found = found.map_err(|error| trouble("list deployments", &error).0)?;
    let operator = found.items.iter().find(|one| {
        let name = one.labels().get("app.kubernetes.io/name");
        one.name_any().contains("k6-operator") || name.is_some_and(|name| name == "k6-operator")
    });
    let ready = |one: &Deployment| one.status.as_ref().and_then(|status| status.ready_replicas);
    Ok(operator.map(|one| ready(one).unwrap_or_default() > 0))
}
