//! Objects of somebody else that carry our mark, which says that a run changed them. Not whether that run lives.

use std::pin::Pin;
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

use super::super::name;
use super::super::patience::patiently;
use super::super::reach::Reach;

/// So long the server may be away.
const PATIENCE: Duration = Duration::from_secs(10);

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// For people: `Deployment shop/cart`.
    pub(super) what: String,
    /// The run and its step: [`name::mark`].
    pub(super) mark: String,
    /// It is in the namespace of its run, as nodes are not.
    pub(super) home: bool,
}

impl Mark {
    /// The run of it.
    pub(super) fn run(&self) -> &str {
        name::run_of(&self.mark)
    }
}

/// All of them. What may not be listed is not found.
pub(super) async fn marks(client: &Client, reach: &Reach) -> Vec<Mark> {
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

type Found = Pin<Box<dyn Future<Output = Vec<Mark>> + Send>>;

fn of<K>(client: &Client, reach: &Reach) -> Found
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

async fn marked<K>(api: Api<K>) -> Vec<Mark>
where
    K: Resource<DynamicType = ()> + Clone + DeserializeOwned + std::fmt::Debug,
{
    let list = ListParams::default().labels(name::FAULT);
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
        Some(Mark { what, mark, home: meta.namespace.is_some() })
    };
    found.items.iter().filter_map(|one| mark(&one.metadata)).collect()
}
