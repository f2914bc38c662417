//! From a fault to its objects in a cluster and back, as the injector goes.

use gameday::gameday::fault::{Experiment, Fault, Mode};
use gameday::gameday::span::Span;
use gameday::kubernetes::chaos::carry::{Consent, let_go, place, place_within, rehearse};
use gameday::kubernetes::chaos::manifest::{Manifest, manifests};
use gameday::kubernetes::chaos::placed::Placed;
use gameday::kubernetes::chaos::rules::check;
use gameday::kubernetes::scene::Scene;
use gameday::kubernetes::step::Step;
use gameday::kubernetes::survey::survey;
use gameday::port::target::{FaultOrder, TargetError};

use crate::stage::Stage;

/// The run of these tests in a namespace.
pub const RUN: &str = "20261122t160500z-1a2b";

pub fn step(name: &str, stage: &Stage) -> Step {
    Step {
        run: RUN.into(),
        game_day: "chaos".into(),
        name: name.into(),
        // Stages of other tests may stand on the same server.
        key: format!("{}/{name}", stage.namespace),
        lasts: Span::from_secs(60),
        deadline: 1_795_363_200_000,
    }
}

pub async fn scene(stage: &Stage) -> Scene {
    survey(&stage.connection()).await.unwrap()
}

/// The names of the pods with this label.
pub fn labelled(scene: &Scene, key: &str, value: &str) -> Vec<String> {
    let has = |labels: &std::collections::BTreeMap<String, String>| {
        labels.get(key).is_some_and(|one| one == value)
    };
    let all = scene.pods.iter().filter(|pod| pod.metadata.labels.as_ref().is_some_and(has));
    all.filter_map(|pod| pod.metadata.name.clone()).collect()
}

/// The objects of a fault, as they pass the rules and the server's strict rehearsal.
pub async fn prepared(
    stage: &Stage,
    name: &str,
    fault: Fault,
    (victims, peers): (Vec<String>, Vec<String>),
) -> Vec<Manifest> {
    let scene = scene(stage).await;
    let step = step(name, stage);
    let experiment = Experiment {
        fault,
        selector: [("app".to_owned(), "web-app".to_owned())].into(),
        destination: None,
        mode: Mode::All,
        duration: None,
        interval: None,
    };
    let (key, round, lasts) = (step.key.clone(), 0, step.lasts);
    let order = FaultOrder { key, round, experiment, victims, peers, lasts };
    let all = manifests(&order, &scene, &step).unwrap();
    for one in &all {
        assert_eq!(check(one, &scene), Vec::<String>::new());
    }
    rehearse(&stage.connection(), &all).await.unwrap();
    all
}

/// A fault of one web app.
pub async fn one(stage: &Stage, name: &str, fault: Fault) -> Vec<Manifest> {
    let web = labelled(&scene(stage).await, "app", "web-app");
    prepared(stage, name, fault, (web[..1].to_vec(), Vec::new())).await
}

pub async fn placed(stage: &Stage, manifests: &[Manifest]) -> Result<String, TargetError> {
    place(&stage.connection(), manifests).await.map(|said| said.to_string())
}

/// The same, given up after a short time.
pub async fn placed_soon(stage: &Stage, manifests: &[Manifest]) -> Result<String, TargetError> {
    let within = std::time::Duration::from_secs(2);
    place_within(&stage.connection(), manifests, within).await.map(|said| said.to_string())
}

/// Lets go by what another process would read in the ledger.
pub async fn back(
    stage: &Stage,
    manifests: &[Manifest],
    consent: Consent,
) -> Result<String, TargetError> {
    let placed: Vec<&Placed> = manifests.iter().map(|one| &one.placed).collect();
    let ledger = serde_json::to_string(&placed).unwrap();
    let read: Vec<Placed> = serde_json::from_str(&ledger).unwrap();
    let_go(&stage.connection(), RUN, &read, consent).await.map(|said| said.to_string())
}
