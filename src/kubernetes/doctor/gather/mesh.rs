//! Chaos Mesh: its kinds, its manager with the leader's lease, its daemons, its DNS server, its webhooks.

use k8s_openapi::api::admissionregistration::v1::{
    MutatingWebhookConfiguration, ValidatingWebhookConfiguration,
};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::api::ListParams;
use kube::{Api, ResourceExt};

use super::super::super::connect::Connection;
use super::super::super::kinds::{self, CHAOS};
use super::super::super::patience::patiently;
use super::super::super::trouble::{code, trouble};
use super::super::facts::{Asked, Daemon, Manager, Mesh, Webhook};
use super::bound::PATIENCE;

/// Where Chaos Mesh is when nobody may look everywhere.
const USUAL: [&str; 2] = ["chaos-mesh", "chaos-testing"];
/// The lease of its leader.
const LEADER: &str = "chaos-mesh";

/// Nothing could be asked.
pub(super) fn unseen() -> Mesh {
    fn no<T>() -> Asked<T> {
        Err("the server does not answer".to_owned())
    }
    Mesh {
        kinds: no(),
        unestablished: no(),
        managers: no(),
        leader: no(),
        daemons: no(),
        dns: no(),
        webhooks: no(),
    }
}

/// Everything of it.
pub(super) async fn mesh(connection: &Connection) -> Mesh {
    let (kinds, unestablished, managers, daemons, dns, webhooks) = futures::join!(
        served(connection),
        unestablished(connection),
        managers(connection),
        daemons(connection),
        dns(connection),
        webhooks(connection),
    );
    let leader = match &managers {
        Ok(managers) => leader(connection, managers).await,
        Err(why) => Err(why.clone()),
    };
    Mesh { kinds, unestablished, managers, leader, daemons, dns, webhooks }
}

async fn served(connection: &Connection) -> Asked<Vec<String>> {
    let kinds = patiently(PATIENCE, || kinds::served(&connection.client, CHAOS)).await;
    kinds
        .map(|kinds| kinds.into_iter().map(|kind| kind.plural).collect())
        .map_err(|error| trouble("find its kinds", &error).0)
}

async fn unestablished(connection: &Connection) -> Asked<Vec<String>> {
    let api: Api<CustomResourceDefinition> = Api::all(connection.client.clone());
    let list = ListParams::default();
    let all = patiently(PATIENCE, || api.list(&list)).await;
    let all = all.map_err(|error| trouble("list its definitions", &error).0)?;
    let theirs = all.items.iter().filter(|one| one.spec.group == CHAOS);
    let is_ready = |one: &&CustomResourceDefinition| {
        let conditions = one.status.iter().flat_map(|status| status.conditions.iter().flatten());
        conditions.into_iter().any(|one| one.type_ == "Established" && one.status == "True")
    };
    Ok(theirs.filter(|one| !is_ready(one)).map(ResourceExt::name_any).collect())
}

/// What has this component of Chaos Mesh as a label, everywhere, or where it usually is.
async fn component<K>(connection: &Connection, component: &str) -> Asked<Vec<K>>
where
    K: kube::Resource<Scope = k8s_openapi::NamespaceResourceScope, DynamicType = ()>
        + Clone
        + std::fmt::Debug
        + serde::de::DeserializeOwned,
{
    let list = ListParams::default().labels(&format!("app.kubernetes.io/component={component}"));
    let api: Api<K> = Api::all(connection.client.clone());
    let mut found = match patiently(PATIENCE, || api.list(&list)).await {
        Ok(found) => found.items,
        Err(error) if code(&error) == Some(403) => {
            let mut some = Vec::new();
            for namespace in USUAL {
                let api: Api<K> = Api::namespaced(connection.client.clone(), namespace);
                let listed = patiently(PATIENCE, || api.list(&list)).await;
                let listed = listed.map_err(|_| trouble("look at it", &error).0)?;
                some.extend(listed.items);
            }
            some
        }
        Err(error) => return Err(trouble("look at it", &error).0),
    };
    // Others have components of this name, too.
    found.retain(|one| {
        let meta = one.meta();
        let labels = meta.labels.iter().flatten();
        let theirs = |(key, value): (&String, &String)| {
            key == "app.kubernetes.io/name" && value.contains("chaos")
        };
        let name = meta.name.as_deref().unwrap_or_default();
        name.contains("chaos") || labels.into_iter().any(theirs)
    });
    Ok(found)
}

async fn managers(connection: &Connection) -> Asked<Vec<Manager>> {
    let found: Vec<Deployment> = component(connection, "controller-manager").await?;
    Ok(found.iter().map(manager).collect())
}

fn manager(deployment: &Deployment) -> Manager {
    let spec = deployment.spec.as_ref();
    let pod = spec.and_then(|spec| spec.template.spec.as_ref());
    let containers = pod.map(|pod| pod.containers.as_slice()).unwrap_or_default();
    let env = containers.iter().flat_map(|one| one.env.iter().flatten());
    let env = env.filter_map(|one| Some((one.name.clone(), one.value.clone()?)));
    let status = deployment.status.as_ref();
    Manager {
        namespace: deployment.namespace().unwrap_or_default(),
        name: deployment.name_any(),
        image: containers.first().and_then(|one| one.image.clone()).unwrap_or_default(),
        ready: status.and_then(|status| status.ready_replicas).unwrap_or_default(),
        wanted: spec.and_then(|spec| spec.replicas).unwrap_or(1),
        env: env.collect(),
    }
}

/// When its leader last renewed the lease: it is in the namespace of the manager, of its target, or in none in particular.
async fn leader(connection: &Connection, managers: &[Manager]) -> Asked<Option<i64>> {
    let mut places: Vec<&str> = managers
        .iter()
        .flat_map(|one| {
            let target = one.env.get("TARGET_NAMESPACE").map(String::as_str);
            [Some(one.namespace.as_str()), target].into_iter().flatten()
        })
        .filter(|place| !place.is_empty())
        .collect();
    places.push("default");
    places.dedup();
    let (mut newest, mut hidden) = (None, None);
    for place in places {
        let api: Api<Lease> = Api::namespaced(connection.client.clone(), place);
        match patiently(PATIENCE, || api.get_opt(LEADER)).await {
            Ok(lease) => {
                let renewed = lease.and_then(|one| one.spec).and_then(|spec| spec.renew_time);
                newest = newest.max(renewed.map(|at| at.0.as_millisecond()));
            }
            Err(error) => hidden = Some(trouble("look at the lease of its leader", &error).0),
        }
    }
    match (newest, hidden) {
        (None, Some(hidden)) => Err(hidden),
        (newest, _) => Ok(newest),
    }
}

async fn daemons(connection: &Connection) -> Asked<Vec<Daemon>> {
    let found: Vec<Pod> = component(connection, "chaos-daemon").await?;
    let daemon = |pod: &Pod| {
        let conditions = pod.status.iter().flat_map(|status| status.conditions.iter().flatten());
        let ready = conditions.into_iter().any(|one| one.type_ == "Ready" && one.status == "True");
        let node = pod.spec.as_ref().and_then(|spec| spec.node_name.clone()).unwrap_or_default();
        Daemon { node, ready }
    };
    Ok(found.iter().map(daemon).collect())
}

async fn dns(connection: &Connection) -> Asked<Option<bool>> {
    let found: Vec<Deployment> = component(connection, "chaos-dns-server").await?;
    let ready = |one: &Deployment| manager(one).ready > 0;
    Ok((!found.is_empty()).then(|| found.iter().any(ready)))
}

async fn webhooks(connection: &Connection) -> Asked<Vec<Webhook>> {
    let mutating: Api<MutatingWebhookConfiguration> = Api::all(connection.client.clone());
    let validating: Api<ValidatingWebhookConfiguration> = Api::all(connection.client.clone());
    let list = ListParams::default();
    let (mutating, validating) = futures::join!(
        patiently(PATIENCE, || mutating.list(&list)),
        patiently(PATIENCE, || validating.list(&list))
    );
    let said = |error: kube::Error| trouble("list its webhooks", &error).0;
    let (mutating, validating) = (mutating.map_err(said)?, validating.map_err(said)?);
    let webhook = |configuration: String, name: &str, policy: Option<&String>| Webhook {
        configuration,
        name: name.to_owned(),
        policy: policy.cloned().unwrap_or_else(|| "Fail".to_owned()),
    };
    let ours = |name: &str| name.starts_with("chaos-mesh");
    let first = mutating.items.iter().flat_map(|one| {
        let hooks = one.webhooks.iter().flatten();
        hooks.map(|hook| webhook(one.name_any(), &hook.name, hook.failure_policy.as_ref()))
    });
    let second = validating.items.iter().flat_map(|one| {
        let hooks = one.webhooks.iter().flatten();
        hooks.map(|hook| webhook(one.name_any(), &hook.name, hook.failure_policy.as_ref()))
    });
    Ok(first.chain(second).filter(|one| ours(&one.configuration)).collect())
}
