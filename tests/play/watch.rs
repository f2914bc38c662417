//! The watch with real things: the lab, Debian's Prometheus and Alertmanager that look at it, and the program in a terminal.
//! A fault in the lab must be seen, breach an SLO, fire an alert, become an incident, and stand in the report. Skipped, loudly,
//! where the two are not installed.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use gameday::exercise::event::Event;
use gameday::exercise::fold::folded;
use gameday::exercise::signal::Signal;
use gameday::recording::read::read;
use serde_json::Value;

use super::program::{MACHINE, gameday, printed};
use super::terminal::Terminal;
use crate::metrics::real::{Running, free_port, programs};

/// The lab, alone.
struct Lab {
    child: Child,
    customers: String,
    /// App, address of its metrics, number of its process.
    pods: Vec<(String, String, i32)>,
}

impl Lab {
    fn start(data: &Path) -> Self {
        let mut child = gameday(data).arg("lab").stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (mut customers, mut pods) = (String::new(), Vec::new());
        for line in lines.by_ref() {
            let line = line.unwrap();
            if let Some((_, url)) = line.split_once("takes traffic at ") {
                customers = url.trim().to_owned();
            }
            let words: Vec<&str> = line.split_whitespace().collect();
            if let [name, _, _, "pid", pid, url] = words.as_slice() {
                let (app, number) = name.rsplit_once('-').unwrap();
                let app = if number.parse::<u32>().is_ok() { app } else { name };
                let address = url.trim_start_matches("http://").trim_end_matches("/metrics");
                pods.push((app.to_owned(), address.to_owned(), pid.parse().unwrap()));
            }
            if line.starts_with("Ctrl-C") {
                break;
            }
        }
        // What it says later must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        assert!(pods.len() > 5, "{pods:?}");
        Self { child, customers, pods }
    }

    /// Every pod of an app stands still, or goes on.
    fn signal(&self, app: &str, signal: rustix::process::Signal) {
        for (_, _, pid) in self.pods.iter().filter(|(one, ..)| one == app) {
            let pid = rustix::process::Pid::from_raw(*pid).unwrap();
            rustix::process::kill_process(pid, signal).unwrap();
        }
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        let pid = rustix::process::Pid::from_raw(self.child.id() as i32).unwrap();
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        let _ = self.child.wait();
    }
}

/// Customers: a few at a time, until this is dropped.
struct Customers {
    stop: Arc<AtomicBool>,
    failed: Arc<AtomicU64>,
    threads: Vec<JoinHandle<()>>,
}

impl Customers {
    fn come(url: &str) -> Self {
        let (stop, failed) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let address = url.trim_start_matches("http://").to_owned();
        let one = || {
            let (stop, failed, address) = (Arc::clone(&stop), Arc::clone(&failed), address.clone());
            std::thread::spawn(move || {
                let mut last = Instant::now();
                while !stop.load(Ordering::Relaxed) {
                    if !asked(&address) {
                        failed.fetch_add(1, Ordering::SeqCst);
                    }
                    let next = last + Duration::from_millis(100);
                    std::thread::park_timeout(next.saturating_duration_since(Instant::now()));
                    last = Instant::now();
                }
            })
        };
        let threads = (0..4).map(|_| one()).collect();
        Self { stop, failed, threads }
    }
}

/// One request; whether it was answered well.
fn asked(address: &str) -> bool {
    use std::io::{Read, Write};
    let answer = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        let request = "GET /products/1 HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n\r\n";
        stream.write_all(request.as_bytes())?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        Ok(text)
    };
    answer().is_ok_and(|text| text.starts_with("HTTP/1.1 200"))
}

impl Drop for Customers {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            thread.thread().unpark();
            thread.join().unwrap();
        }
    }
}

const RULES: &str = r#"
groups:
  - name: shop
    interval: 1s
    rules:
      - alert: ShopErrors
        expr: sum(rate(gameday_lab_requests_total{app="api-gateway",status=~"5.."}[10s])) / sum(rate(gameday_lab_requests_total{app="api-gateway"}[10s])) > 0.05
        labels: { severity: critical }
        annotations: { summary: "customers get errors" }
"#;

const SLOTH: &str = r#"
version: prometheus/v1
service: shop
slos:
  - name: requests
    objective: 99
    sli:
      events:
        error_query: sum(rate(gameday_lab_requests_total{app="api-gateway",status=~"5.."}[{{.window}}]))
        total_query: sum(rate(gameday_lab_requests_total{app="api-gateway"}[{{.window}}]))
"#;

/// Everything that is watched.
struct Stage {
    lab: Lab,
    customers: Customers,
    _servers: [Running; 2],
    prometheus: String,
    alertmanager: String,
    folder: tempfile::TempDir,
}

impl Stage {
    fn new((prometheus, alertmanager): (PathBuf, PathBuf)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        let lab = Lab::start(at);
        let (port, alerts) = (free_port(), free_port());
        let targets: Vec<String> = lab
            .pods
            .iter()
            .map(|(app, address, _)| {
                format!("{{ targets: ['{address}'], labels: {{ app: {app} }} }}")
            })
            .collect();
        let config = format!(
            "global: {{ scrape_interval: 1s, evaluation_interval: 1s }}\nrule_files: [rules.yml]\n\
             alerting: {{ alertmanagers: [{{ static_configs: [{{ targets: ['127.0.0.1:{alerts}'] }}] }}] }}\n\
             scrape_configs: [{{ job_name: shop, static_configs: [{}] }}]\n",
            targets.join(", ")
        );
        std::fs::write(at.join("prometheus.yml"), config).unwrap();
        std::fs::write(at.join("rules.yml"), RULES).unwrap();
        std::fs::write(at.join("sloth.yml"), SLOTH).unwrap();
        let route = "route: { receiver: nobody, group_wait: 1s }\nreceivers: [{ name: nobody }]\n";
        std::fs::write(at.join("alertmanager.yml"), route).unwrap();
        let args = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        let listen = |port| format!("--web.listen-address=127.0.0.1:{port}");
        let config = "--config.file=alertmanager.yml";
        let first =
            args(&[config, "--storage.path=alerts", "--cluster.listen-address=", &listen(alerts)]);
        let config = "--config.file=prometheus.yml";
        let then = args(&[config, "--storage.tsdb.path=data", &listen(port)]);
        let servers = [
            Running::start(&alertmanager, at, "alertmanager", &first),
            Running::start(&prometheus, at, "prometheus", &then),
        ];
        let customers = Customers::come(&lab.customers);
        let prometheus = format!("http://127.0.0.1:{port}");
        let alertmanager = format!("http://127.0.0.1:{alerts}");
        Self { lab, customers, _servers: servers, prometheus, alertmanager, folder }
    }

    fn at(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// The arguments of a watch over it.
    fn args(&self, more: &[&str]) -> Vec<String> {
        let all = [
            "watch",
            "--prometheus",
            &self.prometheus,
            "--alertmanager",
            &self.alertmanager,
            "--every",
            "1s",
            "--before",
            "1m",
        ];
        all.iter().chain(more).map(|one| (*one).to_owned()).collect()
    }

    /// Waits until Prometheus has seen so much of the lab that rates have values.
    fn is_seen(&self) {
        let sees = || {
            let args = self.args(&["--headless", "--for", "1s", "--slo", "availability >= 50%"]);
            let out = self.at("probe.jsonl");
            for ending in ["jsonl", "md", "html", "json"] {
                let _ = std::fs::remove_file(self.at(&format!("probe.{ending}")));
            }
            let done =
                gameday(self.folder.path()).args(args).args(["--out", &out]).output().unwrap();
            done.status.success().then_some(()).ok_or_else(|| printed(&done))
        };
        let begin = Instant::now();
        while let Err(said) = sees() {
            assert!(begin.elapsed() < Duration::from_secs(60), "{said}");
        }
    }
}

#[test]
fn a_fault_is_seen_breaches_alerts_becomes_an_incident_and_stands_in_the_report() {
    let Some(programs) = programs() else { return };
    let _alone = MACHINE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let stage = Stage::new(programs);
    stage.is_seen();
    let (out, file) = (stage.at("watch.jsonl"), stage.at("sloth.yml"));
    let more = ["--out", &out, "--file", &file, "--slo", "availability >= 99%"];
    let args = stage.args(&more);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let mut screen = Terminal::start(&args, stage.folder.path(), 120, 40);
    screen.see("WATCH");
    screen.see("2 SLOs kept, no alert fires");
    screen.see("shop: requests 99% over 30d");

    // Somebody looks on from another terminal, and sees the same time.
    let mut guest = Terminal::start(&["join"], stage.folder.path(), 120, 40);
    guest.see("2 SLOs kept, no alert fires");
    let minutes = |text: &str| {
        let at = text.find(" timeline ").map(|at| &text[at + " timeline ".len()..]);
        at.is_some_and(|rest| rest.starts_with("1m") || rest.starts_with("2m"))
    };
    guest.wait("a minute and what has passed since", minutes);
    guest.press("q");
    assert_eq!(guest.end(), 0);

    stage.lab.signal("web-app", rustix::process::Signal::STOP);
    let before = stage.customers.failed.load(Ordering::SeqCst);
    while stage.customers.failed.load(Ordering::SeqCst) == before {
        std::thread::yield_now();
    }
    let felt = Instant::now();
    screen.see("BREACHED");
    let seen = felt.elapsed();
    // Two looks of Prometheus, one of ours, and what a busy machine adds.
    assert!(seen < Duration::from_secs(10), "seen after {seen:?}");
    screen.wait("the alert", |text| text.contains("firing ShopErrors critical"));
    screen.wait("the budget", |text| text.contains("PAGE"));
    // Both SLOs asked before the alert, which says the same in better words.
    let asks = |count: usize| {
        move |text: &str| {
            text.contains(&format!("◇{count} s")) || text.contains(&format!("◇ {count} sugg"))
        }
    };
    screen.wait("suggestions", asks(3));
    screen.press("S");
    screen.wait("suggestions", asks(2));
    screen.press("S");
    screen.wait("one suggestion", asks(1));
    screen.press("s");
    screen.see("#1 SEV1");
    stage.lab.signal("web-app", rustix::process::Signal::CONT);
    screen.wait("the end of the alert", |text| text.contains("0 firing"));
    screen.wait("recovery", |text| text.contains("SLO availability back inside"));
    // Nothing is here that could be touched.
    screen.press("\u{18}");
    screen.see("watch over a real system");
    screen.end_watch();
    recorded(&stage);
}

/// What is in the recording and the report.
fn recorded(stage: &Stage) {
    let recorded = read(Path::new(&stage.at("watch.jsonl"))).unwrap();
    let state = folded(recorded.header, &recorded.envelopes);
    let signals: Vec<_> = state.incidents.iter().map(|one| one.signal.clone()).collect();
    assert_eq!(signals, [Some(Signal::Alert { nth: 0 })]);
    assert!(!state.header.drill);
    let events = &recorded.envelopes;
    assert!(!events.iter().any(|one| matches!(
        one.event,
        Event::LoadFollowed { .. } | Event::InjectionArmed { .. } | Event::TargetReady { .. }
    )));
    let named = |name: &str| state.plan().slos.iter().position(|slo| slo.name == name).unwrap();
    let violation = state.slos[named("availability")].violations[0];
    assert!(violation.to.is_some() && violation.worst < 0.9, "{violation:?}");
    assert!(!state.slos[named("shop-requests")].violations.is_empty());
    let report = std::fs::read_to_string(stage.at("watch.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["drill"], false);
    assert_eq!(report["incidents"].as_array().unwrap().len(), 1);
    let text = std::fs::read_to_string(stage.at("watch.md")).unwrap();
    assert!(text.contains("ShopErrors") && text.contains("shop-requests"), "{text}");
}

#[test]
fn a_watch_is_left_broken_off_and_taken_up_again_without_a_gap_in_its_log() {
    let Some(programs) = programs() else { return };
    let _alone = MACHINE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let stage = Stage::new(programs);
    stage.is_seen();
    let data = stage.folder.path();
    let out = stage.at("watch.jsonl");
    let args = stage.args(&["--out", &out]);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let mut screen = Terminal::start(&args, data, 100, 30);
    // What is offered is limited, saved, and accepted.
    screen.see("3 of 7 are watched");
    screen.press("l");
    screen.see("limit, as");
    screen.press(">= 99%\r");
    screen.see(">= 99%");
    let saved = stage.at("saved.yaml");
    screen.press("s");
    screen.see("watch.yaml");
    screen.press(&"\u{7f}".repeat("watch.yaml".len()));
    screen.press(&saved);
    screen.press("\r");
    screen.see("wrote");
    let checked = gameday(data).args(["check", &saved]).output().unwrap();
    assert!(printed(&checked).contains("ok to watch: 3 panels"), "{}", printed(&checked));
    screen.press("\r");
    screen.see("1 SLO kept");
    screen.see("no alert fires");
    screen.press("ithe first line\r");
    screen.wait("the line", |text| text.contains("on-call") && text.contains("the first line"));
    screen.press("\u{1b}");
    screen.see("leave open");
    screen.press("Q");
    assert_eq!(screen.end(), 0);
    screen.assert_restored();

    let args = stage.args(&["--resume", &out]);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let mut screen = Terminal::start(&args, data, 100, 30);
    screen.see("the first line");
    screen.see("Watching again after");
    screen.press("ithe second line\r");
    screen.wait("the line", |text| text.contains("on-call") && text.contains("the second line"));
    let pid = rustix::process::Pid::from_raw(screen.pid() as i32).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    screen.end();

    let mut screen = Terminal::start(&args, data, 100, 30);
    screen.see("the second line");
    screen.end_watch();

    let recorded = read(Path::new(&out)).unwrap();
    assert!(recorded.warnings.is_empty(), "{:?}", recorded.warnings);
    let times: Vec<_> = recorded.envelopes.iter().map(|one| one.stamp.elapsed).collect();
    assert!(times.is_sorted());
    let resumed = recorded.envelopes.iter();
    let resumed = resumed.filter(|one| matches!(one.event, Event::WatchResumed { .. })).count();
    assert_eq!(resumed, 2);
    // One that has ended is not gone on with.
    let again = gameday(data).args(&args).arg("--headless").output().unwrap();
    let said = printed(&again);
    assert!(!again.status.success() && said.contains("has come to its end"), "{said}");
}

#[test]
fn every_command_of_the_readme_that_watches_works() {
    let Some(programs) = programs() else { return };
    let _alone = MACHINE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let stage = Stage::new(programs);
    stage.is_seen();
    let data = stage.folder.path();
    std::fs::write(data.join("slos.yaml"), SLOTH).unwrap();
    let lines: Vec<String> = super::readme::blocks("sh")
        .iter()
        .flat_map(|block| block.lines().map(str::to_owned).collect::<Vec<_>>())
        .filter(|line| line.starts_with("gameday watch"))
        .collect();
    assert!(lines.len() > 3, "{lines:?}");
    for line in &lines {
        let line = line
            .replace("http://127.0.0.1:9090", &stage.prometheus)
            .replace("http://127.0.0.1:9093", &stage.alertmanager);
        let watch = || {
            let mut command = gameday(data);
            command.current_dir(data).env("PROMETHEUS_URL", &stage.prometheus);
            command
        };
        if line.ends_with("--resume") {
            // Something to take up again: one that was killed.
            let args = ["watch", "--headless", "--every", "1s"];
            let mut child = watch().args(args).stdout(Stdio::piped()).spawn().unwrap();
            let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
            assert!(out.next().unwrap().unwrap().contains("Watching"));
            child.kill().unwrap();
            child.wait().unwrap();
        }
        let line = format!("exec {} --headless --for 2s", line.replacen("gameday", "\"$0\"", 1));
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", &line, env!("CARGO_BIN_EXE_gameday")]).current_dir(data);
        shell.env("PROMETHEUS_URL", &stage.prometheus).env("GAMEDAY_DATA", data);
        let done = shell.output().unwrap();
        assert!(done.status.success(), "{line}: {}", printed(&done));
        assert!(printed(&done).contains("report:"), "{line}: {}", printed(&done));
    }
}
