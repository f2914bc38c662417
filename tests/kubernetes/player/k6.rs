//! The k6 operator, played: a TestRun through its stages, with the Jobs and Services that it makes. What runners do, and with which
//! codes they end, the test chooses; it is the kubelet that makes it so. A run that is deleted takes its Jobs along as garbage.

use kube::ResourceExt as _;
use kube::api::DynamicObject;
use serde_json::{Value, json};

use super::behaviour::Behaviour;
use super::cluster::*;

pub const TEST_RUN: Kind =
    Kind { group: "k6.io", version: "v1alpha1", kind: "TestRun", plural: "testruns" };

/// Annotation of a runner that was told to begin.
pub const STARTED: &str = "k6.played.test/started";

pub const WATCHED: &[Kind] = &[TEST_RUN, JOB, POD];

pub async fn pass(cluster: &Cluster, behaviour: &Behaviour) -> kube::Result<()> {
    for run in cluster.list(TEST_RUN).await?.iter().filter(|run| !deleting(run)) {
        step(cluster, behaviour, run).await?;
    }
    Ok(())
}

async fn step(cluster: &Cluster, behaviour: &Behaviour, run: &DynamicObject) -> kube::Result<()> {
    let name = run.name_any();
    let count = run.data["spec"]["parallelism"].as_u64().unwrap_or(0) as usize;
    if count == 0 {
        return Ok(());
    }
    let job = async |part: &str| cluster.get(JOB, &format!("{name}-{part}")).await;
    match run.data["status"]["stage"].as_str().unwrap_or_default() {
        "" => {
            make(cluster, run, "initializer", false).await?;
            stage(cluster, run, "initialization", None).await
        }
        "initialization" => match job("initializer").await? {
            Some(job) if condition(&job, "Complete") => {
                stage(cluster, run, "initialized", None).await
            }
            Some(job) if condition(&job, "Failed") => stage(cluster, run, "error", None).await,
            _ => Ok(()),
        },
        "initialized" => {
            for number in 1..=count {
                make(cluster, run, &number.to_string(), behaviour.load_plan().starved).await?;
                serve(cluster, run, number).await?;
            }
            stage(cluster, run, "created", None).await
        }
        "created" => {
            let running = |pod: &&DynamicObject| pod.data["status"]["phase"] == "Running";
            let runners = runners(cluster, run).await?;
            // Exactly so many, as the operator counts.
            if runners.iter().filter(running).count() != count {
                return Ok(());
            }
            make(cluster, run, "starter", false).await?;
            stage(cluster, run, "started", Some("True")).await
        }
        "started" => {
            let started = job("starter").await?.is_some_and(|job| condition(&job, "Complete"));
            let runners = runners(cluster, run).await?;
            for pod in
                runners.iter().filter(|pod| started && !pod.annotations().contains_key(STARTED))
            {
                let patch = json!({"metadata": {"annotations": {STARTED: "true"}}});
                cluster.patch(POD, &pod.name_any(), &patch).await?;
            }
            for number in 1..=count {
                let ended =
                    |job: &DynamicObject| condition(job, "Complete") || condition(job, "Failed");
                if !job(&number.to_string()).await?.as_ref().is_some_and(ended) {
                    return Ok(());
                }
            }
            stage(cluster, run, "stopped", Some("False")).await
        }
        "stopped" => {
            stage(cluster, run, "finished", Some("False")).await?;
            if run.data["spec"]["cleanup"] == "post" {
                cluster.delete(TEST_RUN, run, false).await?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

async fn runners(cluster: &Cluster, run: &DynamicObject) -> kube::Result<Vec<DynamicObject>> {
    let name = run.name_any();
    let mut pods = cluster.list(POD).await?;
    let label = |pod: &DynamicObject, key: &str| pod.labels().get(key).cloned().unwrap_or_default();
    pods.retain(|pod| label(pod, "k6_cr") == name && label(pod, "runner") == "true");
    Ok(pods)
}

async fn stage(
    cluster: &Cluster,
    run: &DynamicObject,
    stage: &str,
    running: Option<&str>,
) -> kube::Result<()> {
    let condition = json!({
        "type": "TestRunRunning", "status": running.unwrap_or("Unknown"), "reason": "TestRunRunning",
        "message": "", "lastTransitionTime": now(),
    });
    cluster.say(TEST_RUN, run, json!({"stage": stage, "conditions": [condition]})).await
}

fn labels(run: &DynamicObject, part: &str) -> Value {
    let mut labels = json!({"app": "k6", "k6_cr": run.name_any()});
    if part.parse::<usize>().is_ok() {
        labels["runner"] = "true".into();
    }
    labels
}

/// A Job of the run. `starved`: no node will ever take its pods.
async fn make(
    cluster: &Cluster,
    run: &DynamicObject,
    part: &str,
    starved: bool,
) -> kube::Result<()> {
    let kind = match part {
        "initializer" | "starter" => part,
        _ => "runner",
    };
    let own = &run.data["spec"][kind];
    let image = own["image"].as_str().unwrap_or("grafana/k6:latest");
    let mut labels = labels(run, part);
    for (key, value) in own["metadata"]["labels"].as_object().into_iter().flatten() {
        labels[key] = value.clone();
    }
    let mut container = json!({"name": "k6", "image": image, "env": own["env"]});
    for field in ["resources", "securityContext"] {
        if !own[field].is_null() {
            container[field] = own[field].clone();
        }
    }
    let mut spec = json!({"restartPolicy": "Never", "containers": [container]});
    if let Some(nodes) = own["nodeSelector"].as_object() {
        spec["nodeSelector"] = nodes.clone().into();
    }
    let job = json!({
        "metadata": {
            "name": format!("{}-{part}", run.name_any()), "labels": labels,
            "ownerReferences": owned_by(TEST_RUN, run),
        },
        "spec": {
            "backoffLimit": 0, "completions": 1, "parallelism": 1, "suspend": starved,
            "template": {
                "metadata": {"labels": labels, "annotations": own["metadata"]["annotations"]},
                "spec": spec,
            },
        },
    });
    cluster.create(JOB, job).await.map(drop)
}

/// The address of a runner's own API.
async fn serve(cluster: &Cluster, run: &DynamicObject, number: usize) -> kube::Result<()> {
    let name = run.name_any();
    let service = json!({
        "metadata": {
            "name": format!("{name}-service-{number}"), "labels": labels(run, "1"),
            "ownerReferences": owned_by(TEST_RUN, run),
        },
        "spec": {
            "selector": {"job-name": format!("{name}-{number}")},
            "ports": [{"name": "http-api", "port": 6565, "protocol": "TCP", "targetPort": 6565}],
        },
    });
    cluster.create(SERVICE, service).await.map(drop)
}
