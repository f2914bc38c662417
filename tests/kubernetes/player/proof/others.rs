//! TestRuns, and trouble on the way to the server.

use kube::ResourceExt as _;
use kube::api::DynamicObject;
use serde_json::json;

use super::super::super::proxy::trouble::Ill;
use super::super::super::stage::{Stage, needs_k6};
use super::super::behaviour::LoadPlan;
use super::super::cluster::*;
use super::super::k6::TEST_RUN;
use super::*;

#[tokio::test]
async fn a_test_run_goes_through_its_stages_and_its_exit_codes_stand_in_its_pods() {
    let stage = Stage::new().await;
    if !needs_k6(&stage, "a TestRun") || !stage.plays_pods() {
        return stage.close().await;
    }
    stage.behaviour().load(LoadPlan { exits: vec![0, 99], ..LoadPlan::default() });
    let spec = json!({"parallelism": 2, "script": {"configMap": {"name": "script"}}});
    create(&stage, TEST_RUN, "load", spec.clone()).await;
    until(&stage, TEST_RUN, "load", "finished", |status| status["stage"] == "finished").await;
    let failed = stage.object(JOB, "load-2").await.unwrap();
    assert!(condition(&failed, "Failed") && failed.data["status"]["failed"] == 1);
    let pods = stage.cluster().list(POD).await.unwrap();
    let ended = |pod: &DynamicObject| {
        pod.data["status"]["containerStatuses"][0]["state"]["terminated"]["exitCode"].as_i64()
    };
    let second = pods.iter().find(|pod| pod.name_any().starts_with("load-2-")).unwrap();
    assert_eq!(ended(second), Some(99));
    delete(&stage, TEST_RUN, "load").await;
    let gone = async || stage.cluster().list(POD).await.unwrap().is_empty();
    stage.until("its pods go with it", gone).await;
    stage.behaviour().load(LoadPlan { invalid: true, ..LoadPlan::default() });
    create(&stage, TEST_RUN, "wrong", spec).await;
    until(&stage, TEST_RUN, "wrong", "error", |status| status["stage"] == "error").await;
    stage.close().await;
}

#[tokio::test]
async fn trouble_on_the_way_is_met_as_often_as_it_was_asked_for() {
    let stage = Stage::new().await;
    let trouble = stage.trouble();
    let through = Cluster { client: stage.connection().client, namespace: stage.namespace.clone() };
    trouble.next(1, "list", "configmaps", Ill::expired());
    trouble.next(1, "list", "configmaps", Ill::broken());
    trouble.next(1, "list", "configmaps", Ill::Reset);
    let code = |result: kube::Result<Vec<DynamicObject>>| match result {
        Ok(_) => 200,
        Err(kube::Error::Api(status)) => status.code,
        Err(_) => 0,
    };
    let mut codes = Vec::new();
    for _ in 0..4 {
        codes.push(code(through.list(CONFIG_MAP).await));
    }
    assert_eq!((codes.as_slice(), trouble.outstanding()), ([401, 500, 0, 200].as_slice(), 0));
    // Done, and not known to be done.
    trouble.next(1, "create", "configmaps", Ill::Lost);
    let map = json!({"metadata": {"name": "lost"}, "data": {}});
    assert!(through.create(CONFIG_MAP, map).await.is_err());
    assert!(stage.object(CONFIG_MAP, "lost").await.is_some());
    let api = through.api(CONFIG_MAP);
    let watching = async {
        use futures::StreamExt as _;
        // One that is cut before its answer is begun is an error at once.
        match api.watch(&Default::default(), "0").await {
            Ok(events) => events.collect::<Vec<_>>().await,
            Err(error) => vec![Err(error)],
        }
    };
    let cut = async {
        stage
            .until("the watch is there", async || {
                trouble.asked().iter().any(|one| one.verb == "watch")
            })
            .await;
        // The answer may be on its way still: it is cut until it ends.
        loop {
            trouble.cut_watches();
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        events = watching => assert!(!events.is_empty()),
        () = cut => {}
    }
    trouble.gone().await;
    assert!(through.list(CONFIG_MAP).await.is_err());
    trouble.back().await;
    assert!(through.list(CONFIG_MAP).await.is_ok());
    stage.close().await;
}
