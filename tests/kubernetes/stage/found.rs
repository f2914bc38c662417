//! What is there on a server, and so what has to be played.

use std::collections::BTreeSet;
use std::time::Duration;

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::{Node, ServiceAccount};
use kube::api::{Api, ListParams};
use kube::{Client, ResourceExt as _};

use super::super::player::workloads::Parts;

/// Who acts on the objects of Chaos Mesh, or of the k6 operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mesh {
    /// Nobody: the server knows no such kinds.
    Missing,
    /// The player.
    Played,
    /// The real one.
    Live,
}

/// What is there.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    pub parts: Parts,
    pub mesh: Mesh,
    pub k6: Mesh,
    /// How many zones have nodes.
    pub zones: usize,
}

impl Found {
    pub async fn look(client: &Client, namespace: &str, fake: bool) -> Self {
        let nodes = Api::<Node>::all(client.clone()).list(&ListParams::default()).await.unwrap();
        let zone = |node: &Node| node.labels().get("topology.kubernetes.io/zone").cloned();
        let zones = nodes.iter().filter_map(zone).collect::<BTreeSet<_>>().len();
        let parts = if fake {
            Parts { controllers: true, garbage: false, kubelets: true }
        } else {
            let controllers = !has_controllers(client, namespace).await;
            Parts { controllers, garbage: controllers, kubelets: !nodes.iter().any(ready) }
        };
        let mesh = who(client, "chaos-mesh.org/v1alpha1", "chaos-controller-manager", fake).await;
        let k6 = who(client, "k6.io/v1alpha1", "k6-operator-controller-manager", fake).await;
        Self { parts, mesh, k6, zones }
    }
}

fn ready(node: &Node) -> bool {
    let conditions = node.status.as_ref().and_then(|status| status.conditions.as_ref());
    conditions.is_some_and(|all| all.iter().any(|one| one.type_ == "Ready" && one.status == "True"))
}

/// By the lease of the controller manager; where that cannot be read, by what it does to a new namespace.
async fn has_controllers(client: &Client, namespace: &str) -> bool {
    let leases: Api<Lease> = Api::namespaced(client.clone(), "kube-system");
    if let Ok(Some(lease)) = leases.get_opt("kube-controller-manager").await {
        let renewed = lease.spec.and_then(|spec| spec.renew_time).map(|time| time.0.as_second());
        return renewed.is_some_and(|time| chrono::Utc::now().timestamp() - time < 60);
    }
    let accounts: Api<ServiceAccount> = Api::namespaced(client.clone(), namespace);
    let appears = async {
        while !matches!(accounts.get_opt("default").await, Ok(Some(_))) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), appears).await.is_ok()
}

async fn who(client: &Client, group: &str, manager: &str, fake: bool) -> Mesh {
    if client.list_api_group_resources(group).await.is_err() {
        return Mesh::Missing;
    }
    let deployments: Api<Deployment> = Api::all(client.clone());
    let all = deployments.list(&ListParams::default()).await.unwrap();
    let live = |one: &Deployment| {
        one.name_any().contains(manager)
            && one.status.as_ref().is_some_and(|status| status.ready_replicas > Some(0))
    };
    if !fake && all.iter().any(live) { Mesh::Live } else { Mesh::Played }
}
