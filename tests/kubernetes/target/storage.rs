//! A zone that fails with its volumes, by the real program. Only on the server of the tests: volumes are of no namespace.

use k8s_openapi::api::core::v1::PersistentVolume;
use kube::Api;
use kube::api::PostParams;
use serde_json::json;

use super::program::Program;
use super::running::events;
use crate::player::cluster::{DEPLOYMENT, NODE, POD};
use crate::stage::{Stage, needs_fake};

const ZONE: &str = "topology.kubernetes.io/zone";

/// Gives the replica of the database a volume that is bound by `terms`, and returns the zone it is in.
async fn with_volume(stage: &Stage, terms: impl Fn(&str) -> serde_json::Value) -> String {
    let claim = json!({"name": "data", "persistentVolumeClaim": {"claimName": "rows"}});
    let patch = json!({"spec": {"template": {"spec": {"volumes": [claim]}}}});
    stage.cluster().patch(DEPLOYMENT, "database-replica", &patch).await.unwrap();
    stage.all_available().await;
    let pods = stage.cluster().list(POD).await.unwrap();
    let replica = pods.iter().find(|pod| {
        let volumes = pod.data["spec"]["volumes"].as_array();
        volumes.is_some_and(|all| {
            all.iter().any(|one| one["name"] == "data" && one["persistentVolumeClaim"].is_object())
        })
    });
    let node = replica.unwrap().data["spec"]["nodeName"].as_str().unwrap().to_owned();
    let node = stage.object(NODE, &node).await.unwrap();
    let zone = node.metadata.labels.as_ref().unwrap()[ZONE].clone();
    let wanted = json!({"storage": "1Gi"});
    let modes = json!(["ReadWriteOnce"]);
    stage
        .apply(json!({
            "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "rows"},
            "spec": {"accessModes": modes, "resources": {"requests": wanted}, "volumeName": "rows", "storageClassName": ""},
        }))
        .await;
    let volume = json!({
        "metadata": {"name": "rows"},
        "spec": {
            "accessModes": modes, "capacity": wanted, "hostPath": {"path": "/rows"},
            "nodeAffinity": {"required": {"nodeSelectorTerms": terms(&zone)}},
        },
    });
    let volumes: Api<PersistentVolume> = Api::all(stage.client());
    let volume = serde_json::from_value(volume).unwrap();
    volumes.create(&PostParams::default(), &volume).await.unwrap();
    zone
}

fn lost(zone: &str) -> String {
    format!(
        "{{ time: +1s, name: lost, experiment: {{ type: zone-failure, target: {{ zone: {zone}, resources: [compute, storage] }}, duration: 3s }} }}"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn volumes_of_a_zone_are_out_of_reach_until_it_is_back() {
    let stage = Stage::shop().await;
    if !needs_fake(&stage, "it closes nodes and makes a volume") {
        return stage.close().await;
    }
    let of = |zone: &str| json!([{"matchExpressions": [{"key": ZONE, "operator": "In", "values": [zone]}]}]);
    let zone = with_volume(&stage, of).await;
    let program = Program::on(&stage);
    let day = program.game_day(None, 8, &lost(&zone));
    let ran = program.runs(&day, &["--without-reaper", "--blast-radius", "wide"]).await;
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    let active = events(&program.recording(), "injection-active");
    assert_eq!(active.len(), 1, "{}", ran.all());
    let told = active[0].to_string();
    assert!(
        told.contains("rows (database-replica-") && told.contains("nothing in them is lost"),
        "{told}"
    );
    assert_eq!(events(&program.recording(), "reverted").len(), 1, "{}", ran.all());
    stage.all_available().await;
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_volume_that_would_follow_its_pod_is_refused_by_name() {
    let stage = Stage::shop().await;
    if !needs_fake(&stage, "it makes a volume") {
        return stage.close().await;
    }
    let anywhere = |_: &str| json!([{"matchExpressions": [{"key": ZONE, "operator": "Exists"}]}]);
    let zone = with_volume(&stage, anywhere).await;
    let program = Program::on(&stage);
    let day = program.game_day(None, 8, &lost(&zone));
    let words =
        ["run", day.to_str().unwrap(), "--dry-run", "--without-reaper", "--blast-radius", "wide"];
    let said = program.says(&words).await;
    assert!(said.out.contains("lost: REFUSED: the volume of claim rows"), "{}", said.all());
    assert!(said.out.contains("would follow database-replica-"), "{}", said.all());
    stage.close().await;
}
