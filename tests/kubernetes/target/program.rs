//! The real program with folders of its own, on a stage.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::stage::Stage;

/// A user's folders, and the way to the stage.
pub struct Program {
    folder: TempDir,
    kubeconfig: PathBuf,
    namespace: String,
    trusts: Option<PathBuf>,
}

/// What it said.
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Program {
    pub fn on(stage: &Stage) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (kubeconfig, namespace) = (stage.kubeconfig().to_owned(), stage.namespace.clone());
        Self { folder, kubeconfig, namespace, trusts: None }
    }

    /// With another way to the stage.
    pub fn by(mut self, kubeconfig: PathBuf) -> Self {
        self.kubeconfig = kubeconfig;
        self
    }

    /// On a machine that trusts this authority (PEM) and no other.
    pub fn trusting(mut self, authority: &str) -> Self {
        let path = self.path("authorities.pem");
        std::fs::write(&path, authority).unwrap();
        self.trusts = Some(path);
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The file of settings.
    pub fn settings(&self, text: &str) {
        let folder = self.folder.path().join("config");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("config.yaml"), text).unwrap();
    }

    /// A game day on the stage: one phase of so many seconds with these faults.
    pub fn game_day(&self, url: Option<&str>, seconds: u32, chaos: &str) -> PathBuf {
        let url = url.map_or_else(String::new, |url| format!(", url: \"{url}\""));
        let load = if url.is_empty() { "" } else { ", load: { rps: 20 }" };
        let text = format!(
            "gameday: v1\nname: on-a-cluster\ntitle: On a cluster\n\
             target: {{ kubernetes: {{ namespace: {}{url} }} }}\n\
             phases:\n  - {{ name: one, duration: {seconds}s{load}, chaos: [{chaos}] }}\n",
            self.namespace
        );
        let path = self.path("day.yaml");
        std::fs::write(&path, text).unwrap();
        path
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gameday"));
        command
            .args(words)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("GAMEDAY_DATA", self.folder.path().join("data"))
            .env("GAMEDAY_CONFIG", self.folder.path().join("config"))
            .env("KUBECONFIG", &self.kubeconfig)
            .envs(self.trusts.iter().map(|path| ("SSL_CERT_FILE", path)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    /// Runs it to its end.
    pub async fn says(&self, words: &[&str]) -> Said {
        Said::of(self.command(words).output().await.unwrap())
    }

    /// Starts it.
    pub fn starts(&self, words: &[&str]) -> Child {
        self.command(words).spawn().unwrap()
    }

    /// Runs an exercise without a screen, recorded in `run.jsonl`.
    pub async fn runs(&self, day: &Path, more: &[&str]) -> Said {
        Said::of(self.begins(day, more).wait_with_output().await.unwrap())
    }

    /// The same, only started.
    pub fn begins(&self, day: &Path, more: &[&str]) -> Child {
        let out = self.path("run.jsonl");
        let words = ["run", day.to_str().unwrap(), "--headless", "--out", out.to_str().unwrap()];
        self.starts(&[&words, more].concat())
    }

    /// The recording of [`Program::runs`].
    pub fn recording(&self) -> String {
        std::fs::read_to_string(self.path("run.jsonl")).unwrap_or_default()
    }
}

impl Said {
    fn of(output: Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        Self { code: output.status.code(), out, err }
    }

    /// Everything, for messages of tests.
    pub fn all(&self) -> String {
        format!("code {:?}\n--- out\n{}\n--- err\n{}", self.code, self.out, self.err)
    }
}
