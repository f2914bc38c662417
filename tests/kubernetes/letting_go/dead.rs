//! A run that breaks something and then dies: nobody of it is there any more, but what it wrote into the cluster. And the program
//! as others start it, with nothing but a kubeconfig.

use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::Arc;

use gameday::engine::clock::SystemClock;
use gameday::exercise::undo::Undo;
use gameday::gameday::fault::{Experiment, Fault, Mode, Selector};
use gameday::gameday::span::Span;
use gameday::kubernetes::connect::Connection;
use gameday::kubernetes::injector::ClusterInjector;
use gameday::kubernetes::injector::run::Run;
use gameday::kubernetes::injector::safety::{Safety, Watch};
use gameday::port::target::{FaultInjector as _, FaultOrder, TargetError};
use kube::ResourceExt as _;
use serde_json::{Value, json};

use super::super::player::cluster::{LEASE, POD};
use super::super::stage::Stage;

/// An exercise on a stage.
pub struct Exercise {
    pub name: String,
    injector: ClusterInjector,
}

impl Exercise {
    /// One that has begun: it holds its lease.
    pub async fn begin(connection: Connection, name: &str) -> Self {
        let whole = Span::from_secs(600);
        let run = Run {
            exercise: name.to_owned(),
            game_day: "probe".to_owned(),
            whole,
            longest: Span::from_secs(1_800),
        };
        let clock = Arc::new(SystemClock::new());
        let injector = ClusterInjector::new(connection, run, Safety::new(Watch::Nobody), clock);
        injector.begin(Some(&[])).await.unwrap();
        Self { name: name.to_owned(), injector }
    }

    /// The run's name in the cluster.
    pub fn run(&self) -> String {
        self.injector.run_id()
    }

    /// Breaks something, and says how it would be undone.
    pub async fn breaks(
        &self,
        step: &str,
        fault: Fault,
        victims: &[String],
        peers: &[String],
    ) -> Result<Undo, TargetError> {
        let order = FaultOrder {
            key: format!("{}-{step}-0", self.name),
            round: 0,
            experiment: Experiment {
                fault,
                selector: Selector::new(),
                destination: None,
                mode: Mode::All,
                duration: None,
                interval: None,
            },
            victims: victims.to_vec(),
            peers: peers.to_vec(),
            lasts: Span::from_secs(300),
        };
        let undo = self.injector.prepare(&order).await?;
        self.injector.inject(&order).await?;
        Ok(undo)
    }

    /// Undoes it in the usual way.
    pub async fn undoes(&self, undo: &Undo) -> Result<(), TargetError> {
        self.injector.revert(undo).await.map(drop)
    }

    /// Ends as it should.
    pub async fn ends(self) {
        self.injector.close().await.unwrap();
    }

    /// Dies, an hour ago.
    pub async fn dies(self, stage: &Stage) -> String {
        let run = self.run();
        drop(self);
        let long_ago = json!({"spec": {"renewTime": "2020-01-01T00:00:00.000000Z"}});
        stage.cluster().patch(LEASE, &format!("gd-{run}"), &long_ago).await.unwrap();
        run
    }
}

/// Names of the pods of an app.
pub async fn pods(stage: &Stage, app: &str) -> Vec<String> {
    let all = stage.cluster().list(POD).await.unwrap();
    let theirs = all.iter().filter(|pod| pod.labels().get("app").is_some_and(|own| own == app));
    let mut names: Vec<String> = theirs.map(|pod| pod.name_any()).collect();
    names.sort();
    names
}

/// The program as somebody starts it who has only this kubeconfig.
pub async fn gameday(stage: &Stage, kubeconfig: &Path, words: &[&str]) -> Output {
    command(stage, kubeconfig, words).output().await.unwrap()
}

/// The same, not yet started.
pub fn command(stage: &Stage, kubeconfig: &Path, words: &[&str]) -> tokio::process::Command {
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_gameday"));
    command
        .args(words)
        .env_remove("PROMETHEUS_URL")
        .env("KUBECONFIG", kubeconfig)
        .env("GAMEDAY_DATA", stage.folder().join("data"))
        .env("GAMEDAY_CONFIG", stage.folder().join("config"))
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

/// What it printed.
pub fn said(output: &Output) -> String {
    let (out, error) = (&output.stdout, &output.stderr);
    format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(error))
}

/// A field of an object.
pub fn at<'a>(object: &'a kube::api::DynamicObject, path: &str) -> &'a Value {
    object.data.pointer(path).unwrap_or(&Value::Null)
}
