//! Native actions on a server: what each does, that it is undone, and what they refuse. Not the deciding which of them a fault needs
//! in every case, which tests beside the source do.

mod configuration;
mod nodes;
mod permissions;
mod secrets;
mod workloads;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::path::Path;

use gameday::gameday::fault::{Experiment, Fault, Mode, Selector};
use gameday::gameday::span::Span;
use gameday::kubernetes::connect::Connection;
use gameday::kubernetes::native::action::{Action, actions};
use gameday::kubernetes::native::carry::{apply, prepare, revert};
use gameday::kubernetes::native::change::Change;
use gameday::kubernetes::scene::Scene;
use gameday::kubernetes::step::Step;
use gameday::port::target::{FaultOrder, TargetError};
use k8s_openapi::NamespaceResourceScope;
use kube::api::ListParams;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Api, Client, Config, ResourceExt as _};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::player::cluster::Kind;
use super::stage::Stage;

/// What the program left on objects.
const FAULT: &str = "gameday.internal/fault";

/// As the program connects, through the proxy; what is asked again is its own affair.
pub async fn connection(stage: &Stage, path: &Path) -> Connection {
    let kubeconfig = Kubeconfig::read_from(path).unwrap();
    let options = KubeConfigOptions::default();
    let mut config = Config::from_custom_kubeconfig(kubeconfig, &options).await.unwrap();
    config.default_retry = false;
    Connection {
        client: Client::try_from(config).unwrap(),
        namespace: stage.namespace.clone(),
        ..stage.connection()
    }
}

async fn here(stage: &Stage) -> Connection {
    connection(stage, stage.kubeconfig()).await
}

/// Everything that decisions look at.
#[allow(clippy::needless_update, reason = "a scene grows")]
async fn scene(stage: &Stage) -> Scene {
    async fn all<K>(stage: &Stage) -> Vec<K>
    where
        K: kube::Resource<Scope = NamespaceResourceScope, DynamicType = ()>,
        K: Clone + Debug + DeserializeOwned,
    {
        let api: Api<K> = Api::namespaced(stage.client(), &stage.namespace);
        api.list(&ListParams::default()).await.unwrap().items
    }
    let nodes: Api<k8s_openapi::api::core::v1::Node> = Api::all(stage.client());
    Scene {
        namespace: stage.namespace.clone(),
        pods: all(stage).await,
        nodes: nodes.list(&ListParams::default()).await.unwrap().items,
        services: all(stage).await,
        slices: all(stage).await,
        budgets: all(stage).await,
        deployments: all(stage).await,
        replica_sets: all(stage).await,
        stateful_sets: all(stage).await,
        daemon_sets: all(stage).await,
        autoscalers: all(stage).await,
        ..Scene::default()
    }
}

/// All living pods of an app.
fn pods_of(scene: &Scene, app: &str) -> Vec<String> {
    let living = scene.pods.iter().filter(|pod| pod.metadata.deletion_timestamp.is_none());
    living
        .filter(|pod| pod.labels().get("app").is_some_and(|own| own == app))
        .map(|pod| pod.name_any())
        .collect()
}

fn order(fault: Fault, victims: Vec<String>) -> FaultOrder {
    FaultOrder {
        key: "20261122T160500Z-black-friday-1a2b-fault-0".to_owned(),
        round: 0,
        experiment: Experiment {
            fault,
            selector: Selector::new(),
            destination: None,
            mode: Mode::All,
            duration: None,
            interval: None,
        },
        victims,
        peers: Vec::new(),
        lasts: Span::from_secs(60),
    }
}

fn step() -> Step {
    Step {
        run: "20261122t160500z-1a2b".to_owned(),
        game_day: "black-friday".to_owned(),
        name: "fault-0".to_owned(),
        key: "20261122T160500Z-black-friday-1a2b-fault-0".to_owned(),
        lasts: Span::from_secs(60),
        deadline: 1_795_363_500_000,
    }
}

/// Prepares a fault on all pods of an app.
pub async fn prepared(stage: &Stage, fault: Fault, app: &str) -> Result<Vec<Change>, TargetError> {
    let scene = scene(stage).await;
    let order = order(fault, pods_of(&scene, app));
    let actions = actions(&order, &scene, &step())?;
    ready(stage, &scene, &actions).await
}

async fn ready(
    stage: &Stage,
    scene: &Scene,
    actions: &[Action],
) -> Result<Vec<Change>, TargetError> {
    prepare(&here(stage).await, scene, actions, &step()).await
}

/// What another process knows of changes.
fn read_again(changes: &[Change]) -> Vec<Change> {
    serde_json::from_str(&serde_json::to_string(changes).unwrap()).unwrap()
}

/// Undoes as another process does, that has only what was written down.
pub async fn reverted(stage: &Stage, changes: &[Change]) -> Result<String, TargetError> {
    revert(&here(stage).await, &read_again(changes)).await.map(|said| said.to_string())
}

pub async fn applied(stage: &Stage, changes: &[Change]) -> Result<String, TargetError> {
    apply(&here(stage).await, changes).await.map(|said| said.to_string())
}

/// What an object says, without what every write moves.
async fn text(stage: &Stage, kind: Kind, name: &str) -> Value {
    let object = stage.object(kind, name).await.expect("it is there");
    let mut object = serde_json::to_value(object).unwrap();
    let meta = object["metadata"].as_object_mut().unwrap();
    for moved in ["resourceVersion", "generation", "managedFields"] {
        meta.remove(moved);
    }
    let notes = meta.get_mut("annotations").and_then(Value::as_object_mut);
    if let Some(notes) = notes {
        notes.remove("deployment.kubernetes.io/revision");
        if notes.is_empty() {
            meta.remove("annotations");
        }
    }
    object.as_object_mut().unwrap().remove("status");
    object
}

fn set(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}
