//! A lab for a test, and the eyes to look at it from outside.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use gameday::exercise::said::{Place, Said};
use gameday::exercise::undo::Undo;
use gameday::gameday::defence::{Defence, Defences};
use gameday::gameday::fault::{Experiment, Fault, Mode};
use gameday::gameday::span::Span;
use gameday::lab::{Lab, LabOptions};
use gameday::lang::{Lang, Language};
use gameday::port::clock::Clock;
use gameday::port::target::{FaultInjector, FaultOrder, TargetError};
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper_util::rt::TokioIo;
use rusqlite::Connection;
use tempfile::TempDir;

pub struct RealClock(Instant);

impl Clock for RealClock {
    fn monotonic(&self) -> Duration {
        self.0.elapsed()
    }

    fn wall_millis(&self) -> i64 {
        chrono::Utc::now().timestamp_millis()
    }
}

pub fn clock() -> Arc<dyn Clock> {
    Arc::new(RealClock(Instant::now()))
}

/// A lab in a folder of its own.
pub struct Stage {
    pub lab: Arc<Lab>,
    _data: TempDir,
}

pub fn options(data: &Path, lab_id: &str) -> LabOptions {
    LabOptions {
        exe: env!("CARGO_BIN_EXE_gameday").into(),
        data_dir: data.to_owned(),
        lab_id: format!("{lab_id}-{}", std::process::id()),
        seed: 7,
        clock: clock(),
        defences: Defences::default(),
    }
}

/// The folder with a pod's data.
pub fn data_folder(lab: &Path, pod: &str) -> PathBuf {
    lab.join(pod).join("data")
}

/// What is committed in a pod's database, out of its files as they are on the disk: the pod has them to itself.
pub fn database(lab: &Path, pod: &str) -> (Connection, TempDir) {
    let copies = tempfile::tempdir().unwrap();
    let from = data_folder(lab, pod).join(format!("{pod}.db"));
    let log = from.with_extension("db-wal");
    let head = || {
        let bytes = std::fs::read(&log).unwrap_or_default();
        bytes[..bytes.len().min(32)].to_vec()
    };
    let to = copies.path().join("copy.db");
    loop {
        // As long as the log was not begun anew, it has everything that is newer than the rest.
        let before = head();
        std::fs::copy(&from, &to).unwrap();
        std::fs::write(to.with_extension("db-wal"), std::fs::read(&log).unwrap_or_default())
            .unwrap();
        if head() == before {
            return (Connection::open(&to).unwrap(), copies);
        }
    }
}

impl Stage {
    pub async fn start(name: &str) -> Self {
        Self::with(name, Defences::default()).await
    }

    pub async fn with(name: &str, defences: Defences) -> Self {
        let data = tempfile::tempdir().unwrap();
        let options = LabOptions { defences, ..options(data.path(), name) };
        let lab = Lab::start(options).await.unwrap();
        Self { lab: Arc::new(lab), _data: data }
    }

    /// A lab with some defences off.
    pub async fn without(name: &str, off: &[Defence]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut options = options(data.path(), name);
        for defence in off {
            options.defences.set(*defence, false);
        }
        Self { lab: Arc::new(Lab::start(options).await.unwrap()), _data: data }
    }

    pub async fn get(&self, path: &str) -> (u16, String, Duration) {
        ask(&format!("{}{path}", self.lab.base_url()), None).await
    }

    pub async fn checkout(&self) -> (u16, String, Duration) {
        let body = r#"{"user":3,"product":5,"quantity":2}"#;
        ask(&format!("{}/checkout", self.lab.base_url()), Some(body)).await
    }

    pub fn pid(&self, pod: &str) -> Option<u32> {
        self.lab.pods().into_iter().find(|one| one.pod == pod).unwrap().pid
    }

    pub async fn metrics(&self, pod: &str) -> String {
        let url = || self.lab.pods().into_iter().find(|one| one.pod == pod).unwrap().metrics_url;
        let mut there = None;
        until("it says what it counts", async || {
            there = url();
            there.is_some()
        })
        .await;
        ask(&there.unwrap_or_default(), None).await.1
    }

    /// The value of a metric of a pod whose labels hold `label`.
    pub async fn metric(&self, pod: &str, name: &str, label: &str) -> f64 {
        let page = self.metrics(pod).await;
        let line = page.lines().find(|line| {
            line.strip_prefix("gameday_lab_")
                .is_some_and(|rest| rest.starts_with(&format!("{name}{{")) && rest.contains(label))
        });
        line.map_or(0.0, |line| line.rsplit_once(' ').unwrap().1.parse().unwrap())
    }

    pub async fn inject(&self, order: &FaultOrder) -> String {
        if let Ok(undo) = self.lab.prepare(order).await {
            spoken(&undo.what);
        }
        let seen = self.lab.inject(order).await;
        let seen = seen.unwrap_or_else(|error| panic!("{}: {error}", order.key));
        spoken(&seen);
        seen.into()
    }

    pub async fn revert(&self, undo: &Undo) -> Result<Said, TargetError> {
        let seen = self.lab.revert(undo).await?;
        spoken(&seen);
        Ok(seen)
    }
}

/// Whoever reads Japanese is told everything too, but for what the system says (`why`).
pub fn spoken(said: &Said) {
    fn look(said: &Said, lang: &Lang) {
        assert!(lang.has_sentence(said.key()), "only in English: {said}");
        for (name, place) in said.places().filter(|(name, _)| *name != "why") {
            match place {
                Place::Said(said) => look(said, lang),
                Place::Text(text) => {
                    let words: Vec<&str> = text.split(' ').collect();
                    let word = |word: &&str| word.bytes().all(|one| one.is_ascii_lowercase());
                    let sentence = words.windows(2).any(|two| two.iter().all(word));
                    assert!(!sentence, "{name} is English: {text} in {said}");
                }
            }
        }
    }
    look(said, &Lang::new(Language::Japanese));
}

/// One request on a connection of its own; status 0: no answer.
pub async fn ask(url: &str, body: Option<&str>) -> (u16, String, Duration) {
    let start = Instant::now();
    let (status, body) = exchange(url, body).await.unwrap_or_default();
    (status, body, start.elapsed())
}

async fn exchange(url: &str, body: Option<&str>) -> Option<(u16, String)> {
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let stream = tokio::net::TcpStream::connect(host).await.ok()?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
    tokio::spawn(connection);
    let request = Request::builder()
        .method(if body.is_some() { "POST" } else { "GET" })
        .uri(if path.is_empty() { "/" } else { path })
        .header("host", host)
        .header("cookie", "session=1")
        .body(Full::new(Bytes::from(body.unwrap_or_default().to_owned())))
        .unwrap();
    let response = sender.send_request(request).await.ok()?;
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.ok()?.to_bytes();
    Some((status, String::from_utf8_lossy(&body).into_owned()))
}

/// Nothing that comes takes longer, also on a machine that has other things to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// Asks again until it is so.
pub async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let start = Instant::now();
    let mut tick = tokio::time::interval(Duration::from_millis(5));
    while !is_so().await {
        assert!(start.elapsed() < PATIENCE, "never: {what}");
        tick.tick().await;
    }
}

pub fn order(key: &str, fault: Fault, victims: &[&str], peers: &[&str]) -> FaultOrder {
    let names = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
    FaultOrder {
        key: key.to_owned(),
        round: 0,
        experiment: Experiment {
            fault,
            selector: Default::default(),
            destination: (!peers.is_empty()).then(Default::default),
            mode: Mode::All,
            duration: None,
            interval: None,
        },
        victims: names(victims),
        peers: names(peers),
        lasts: Span::from_secs(60),
    }
}

pub const WEB: [&str; 5] = ["web-app-1", "web-app-2", "web-app-3", "web-app-4", "web-app-5"];
pub const BACKEND: [&str; 2] = ["backend-service-1", "backend-service-2"];
