//! Workloads of the lab that lose pods or are restarted one after another: real processes that go and come.

use gameday::gameday::fault::Fault;
use gameday::gameday::replicas::Replicas;
use gameday::port::target::FaultInjector;

use super::stage::{Stage, WEB, order, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_scaled_app_has_fewer_processes_until_it_is_undone() {
    let stage = Stage::start("scale").await;
    let running = || WEB.iter().filter(|pod| stage.pid(pod).is_some()).count();
    let all = running();
    let half = order("half", Fault::Scale { replicas: Replicas::Change(-50) }, &WEB, &[]);
    let undo = stage.lab.prepare(&half).await.unwrap();
    let evidence = stage.inject(&half).await;
    assert!(evidence.contains("gone and kept down"), "{evidence}");
    assert_eq!(running(), all - all.div_ceil(2));
    assert!(stage.pid(WEB[0]).is_some(), "the last go first: {evidence}");
    stage.revert(&undo).await.unwrap();
    assert_eq!(running(), all);
    let none = order("none", Fault::Scale { replicas: Replicas::Count(0) }, &WEB, &[]);
    let undo = stage.lab.prepare(&none).await.unwrap();
    stage.inject(&none).await;
    assert_eq!(running(), 0);
    assert!(stage.get("/").await.0 >= 500, "an outage");
    stage.revert(&undo).await.unwrap();
    until("pages come again", async || stage.get("/").await.0 == 200).await;
    let more = order("more", Fault::Scale { replicas: Replicas::Count(9) }, &WEB, &[]);
    let why = stage.lab.prepare(&more).await.unwrap_err().0;
    assert!(why.contains("would lose no pod"), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollout_restart_replaces_one_process_after_another() {
    let stage = Stage::start("restart").await;
    let before: Vec<Option<u32>> = WEB.iter().map(|pod| stage.pid(pod)).collect();
    let restart = order("restart", Fault::RolloutRestart, &WEB, &[]);
    let undo = stage.lab.prepare(&restart).await.unwrap();
    assert!(undo.what.to_string().contains("nothing to take back"), "{}", undo.what);
    let all_new = || {
        let now = WEB.iter().map(|pod| stage.pid(pod));
        now.zip(&before).all(|(now, before)| now.is_some() && now != *before)
    };
    let pages = async {
        let mut failed = 0;
        while !all_new() {
            failed += u32::from(stage.get("/").await.0 != 200);
        }
        failed
    };
    let (evidence, failed) = tokio::join!(stage.inject(&restart), pages);
    assert_eq!(failed, 0, "the others take the traffic: {evidence}");
    for (pod, before) in WEB.iter().zip(&before) {
        let now = stage.pid(pod);
        assert!(now.is_some() && now != *before, "{pod}: {evidence}");
        assert!(evidence.contains(&format!("{pod} (process {})", now.unwrap())), "{evidence}");
    }
    stage.revert(&undo).await.unwrap();
}
