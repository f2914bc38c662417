//! The real thing: Debian's Prometheus and Alertmanager, which look at a small shop of the test. Skipped, loudly, where they
//! are not installed.

use std::future::Future;
use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use gameday::exercise::alert::{AlertState, SilenceOrder};
use gameday::exercise::found::{Found, Value};
use gameday::gameday::matcher::Matcher;
use gameday::gameday::metric::Metric;
use gameday::gameday::span::Span;
use gameday::metrics::access::Access;
use gameday::metrics::alertmanager::Alertmanager;
use gameday::metrics::catalogue::window;
use gameday::metrics::explore::explore;
use gameday::metrics::offer::{Family, offers};
use gameday::metrics::prometheus::Prometheus;
use gameday::metrics::round::{Question, Round, Wording};
use gameday::metrics::schedule::Pace;
use gameday::port::alerts::{AlertSource as _, Silencer as _};
use gameday::port::clock::Clock as _;
use gameday::port::source::{Ask, Over, Source as _};
use gameday::port::trouble::{Remedy, Trouble};
use hyper::Response;

use super::fake::{body, fake};
use crate::load::rig::RealClock;

/// Nothing takes longer, however busy the machine is.
const LONG: Duration = Duration::from_secs(60);

pub fn program(variable: &str, names: &[&str]) -> Option<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut found = std::env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .filter(|path| path.is_file());
    named.or_else(|| found.next())
}

/// Both programs.
pub fn programs() -> Option<(PathBuf, PathBuf)> {
    let prometheus = program("PROMETHEUS", &["prometheus"]);
    let alertmanager = program("ALERTMANAGER", &["prometheus-alertmanager", "alertmanager"]);
    let both = prometheus.zip(alertmanager);
    if both.is_none() {
        // Not by the macro: what that prints is shown only of tests that fail.
        let why = "LOUD: SKIPPED: no Prometheus and Alertmanager: install both, or set PROMETHEUS and ALERTMANAGER; \
                   .ci/run does";
        let mut stderr = std::io::stderr();
        writeln!(stderr, "{why}").unwrap();
    }
    both
}

/// A process that ends with the test.
pub struct Running {
    child: Child,
    log: PathBuf,
}

impl Running {
    pub fn start(program: &Path, folder: &Path, name: &str, args: &[String]) -> Self {
        let log = folder.join(format!("{name}.log"));
        let file = std::fs::File::create(&log).unwrap();
        let mut command = Command::new(program);
        command.args(args).current_dir(folder).stdin(Stdio::null());
        command.stdout(file.try_clone().unwrap()).stderr(file);
        Self { child: command.spawn().unwrap(), log }
    }

    pub fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Asks again and again until there is something.
async fn until<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    let begin = Instant::now();
    let mut tick = tokio::time::interval(Duration::from_millis(100));
    loop {
        tick.tick().await;
        if let Some(found) = look().await {
            return found;
        }
        assert!(begin.elapsed() < LONG, "{what} did not come");
    }
}

/// A shop that has served a hundred requests more each time somebody looks: all well, or a third of them failed.
#[derive(Default)]
struct Shop {
    looks: AtomicU64,
    failed: AtomicU64,
    fails: AtomicBool,
    dead: AtomicBool,
}

impl Shop {
    fn page(&self) -> String {
        let looks = self.looks.fetch_add(1, Ordering::SeqCst) + 1;
        let more = if self.fails.load(Ordering::SeqCst) { 33 } else { 0 };
        let failed = self.failed.fetch_add(more, Ordering::SeqCst) + more;
        let all = looks * 100;
        let mut page = "# TYPE http_requests_total counter\n".to_owned();
        page += &format!("http_requests_total{{code=\"200\"}} {}\n", all - failed);
        // A failure that never happened has no series.
        if failed > 0 {
            page += &format!("http_requests_total{{code=\"503\"}} {failed}\n");
        }
        page += "# TYPE http_request_duration_seconds histogram\n";
        // 90 of a hundred within 50 ms, 99 within 200 ms.
        for (le, part) in [("0.05", 90), ("0.2", 99), ("1", 100), ("+Inf", 100)] {
            page +=
                &format!("http_request_duration_seconds_bucket{{le=\"{le}\"}} {}\n", looks * part);
        }
        page += &format!("http_request_duration_seconds_sum {}\n", looks * 4);
        page += &format!("http_request_duration_seconds_count {all}\n");
        page
    }

    async fn serve(self: &Arc<Self>) -> SocketAddr {
        let shop = Arc::clone(self);
        let server = fake(move |_| {
            let dead = shop.dead.load(Ordering::SeqCst);
            let page = if dead { String::new() } else { shop.page() };
            let status = if dead { 500 } else { 200 };
            let builder = Response::builder().status(status).header("content-type", "text/plain");
            builder.body(body(page)).unwrap()
        })
        .await;
        server.address
    }
}

const RULES: &str = r#"
groups:
  - name: shop
    interval: 1s
    rules:
      - alert: HighErrors
        expr: sum(rate(http_requests_total{code=~"5.."}[10s])) / sum(rate(http_requests_total[10s])) > 0.05
        labels: { severity: page, job: shop }
        annotations: { summary: "{{ $value | humanizePercentage }} of all requests fail" }
"#;

/// Everything that runs.
struct Stage {
    shop: Arc<Shop>,
    prometheus: Prometheus,
    alertmanager: Alertmanager,
    running: Vec<Running>,
    url: String,
    _folder: tempfile::TempDir,
}

impl Stage {
    async fn new((prometheus, alertmanager): (PathBuf, PathBuf)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        let shop = Arc::<Shop>::default();
        let target = shop.serve().await;
        let (port, alerts) = (free_port(), free_port());
        let config = format!(
            "global: {{ scrape_interval: 1s, evaluation_interval: 1s }}\nrule_files: [rules.yml]\n\
             alerting: {{ alertmanagers: [{{ static_configs: [{{ targets: ['127.0.0.1:{alerts}'] }}] }}] }}\n\
             scrape_configs: [{{ job_name: shop, static_configs: [{{ targets: ['{target}'] }}] }}]\n"
        );
        std::fs::write(at.join("prometheus.yml"), config).unwrap();
        std::fs::write(at.join("rules.yml"), RULES).unwrap();
        let route = "route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n";
        std::fs::write(at.join("alertmanager.yml"), route).unwrap();
        let args = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        let listen = |port| format!("--web.listen-address=127.0.0.1:{port}");
        let first = args(&[
            "--config.file=alertmanager.yml",
            "--storage.path=alerts",
            "--cluster.listen-address=",
            &listen(alerts),
        ]);
        let then = args(&[
            "--config.file=prometheus.yml",
            "--storage.tsdb.path=data",
            "--web.route-prefix=/prometheus",
            &listen(port),
        ]);
        let running = vec![
            Running::start(&alertmanager, at, "alertmanager", &first),
            Running::start(&prometheus, at, "prometheus", &then),
        ];
        let url = format!("http://127.0.0.1:{port}/prometheus");
        let prometheus = Prometheus::new(&Access::to(&url).unwrap()).unwrap();
        let alertmanager = Access::to(&format!("http://127.0.0.1:{alerts}")).unwrap();
        let alertmanager = Alertmanager::new(&alertmanager).unwrap();
        let stage = Self { shop, prometheus, alertmanager, running, url, _folder: folder };
        stage.seen("up == 1").await;
        until("Alertmanager", || async { stage.alertmanager.alerts(0).await.ok() }).await;
        stage
    }

    async fn ask(&self, query: &str, over: Over) -> Found {
        let ask = Ask { query: query.to_owned(), over };
        match self.prometheus.ask(&ask).await {
            Ok(found) => found,
            Err(error) => panic!("{error}\n{}", self.running[1].said()),
        }
    }

    /// Waits until a query finds something.
    async fn seen(&self, query: &str) -> f64 {
        until(query, || async {
            let ask = Ask { query: query.to_owned(), over: Over::At(now()) };
            self.prometheus.ask(&ask).await.ok().and_then(|found| found.figure())
        })
        .await
    }
}

fn now() -> i64 {
    chrono::Utc::now().timestamp_millis()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_real_prometheus_and_alertmanager_are_understood() {
    let Some(programs) = programs() else { return };
    let stage = Stage::new(programs).await;
    what_is_there_is_asked_and_found(&stage).await;
    every_offer_is_a_query(&stage).await;
    what_is_offered_shows_the_shop(&stage).await;
    what_is_wrong_is_told(&stage).await;
    a_failure_becomes_an_alert_and_is_silenced(&stage).await;
    who_is_gone_has_no_data(stage).await;
}

async fn what_is_there_is_asked_and_found(stage: &Stage) {
    stage.seen("count_over_time(up[10s]) >= 5").await;
    let up = stage.ask("up", Over::At(now())).await;
    assert_eq!(up.tracks[0].labels.name(), Some("up"));
    assert_eq!(up.tracks[0].labels.get("job"), Some("shop"));
    let second = Span::from_secs(1);
    let over = Over::range(now() - 10_000, now(), second);
    let range = stage.ask("up", over).await;
    let dots = &range.tracks[0].dots;
    assert!((4..=11).contains(&dots.len()), "{range:?}");
    assert!(dots.windows(2).all(|pair| pair[1].at - pair[0].at == 1_000), "{dots:?}");
    let scalar = stage.ask("0 / 0", Over::At(now())).await;
    assert_eq!(scalar.tracks[0].dots[0].value, Value::NotANumber);
    let text = stage.ask("\"a word\"", Over::At(now())).await;
    assert_eq!(text.text.as_deref(), Some("a word"));
    let nothing = stage.ask("no_such_metric", Over::At(now())).await;
    assert!(nothing.tracks.is_empty() && !nothing.partial);
    // So long that it goes as a form.
    let long = format!("up{{job!=\"{}\"}}", "x".repeat(5_000));
    assert_eq!(stage.ask(&long, Over::At(now())).await.figure(), Some(1.0));
    // A month in seconds is more than a server answers; the steps become longer.
    let month = Over::range(now() - 30 * 86_400_000, now(), second);
    stage.ask("up", month).await;
}

/// Whatever is offered anywhere, this server takes it for a query.
async fn every_offer_is_a_query(stage: &Stage) {
    let mut asked = 0;
    for (path, text) in super::offers::lists() {
        let catalogue = super::offers::catalogue(&text);
        for offer in offers(&catalogue, Span::from_secs(60), &[Matcher::is("job", "a\"b")]) {
            // Names in quotes came with version 3.
            if !offer.panel.query.contains("{\"") {
                let ask = Ask { query: offer.panel.query.clone(), over: Over::At(now()) };
                let answer = stage.prometheus.ask(&ask).await;
                assert!(answer.is_ok(), "{}: {}", path.display(), answer.unwrap_err());
                asked += 1;
            }
        }
    }
    assert!(asked > 80, "only {asked} queries");
}

async fn what_is_offered_shows_the_shop(stage: &Stage) {
    let seen = explore(&stage.prometheus, now()).await.unwrap();
    assert_eq!(seen.lacking, []);
    let interval = seen.interval.unwrap().as_millis();
    assert!((900..=1_200).contains(&interval), "{interval}");
    let offers = offers(&seen.catalogue, window(seen.interval), &[Matcher::is("job", "shop")]);
    assert!(offers.iter().all(|one| one.family == Family::Http), "{offers:#?}");
    let questions = offers.iter().map(|offer| Question {
        wording: Wording::Fixed(offer.panel.query.clone()),
        before: Span::from_secs(30),
        gap: Span::from_secs(3_600),
        step: Span::from_secs(1),
        least: Span::ZERO,
    });
    let source = Arc::new(Prometheus::new(&Access::to(&stage.url).unwrap()).unwrap());
    let pace = Pace { interval: Span::from_secs(1), gap: Span::from_millis(50), ..Pace::default() };
    let clock = Arc::new(RealClock(Instant::now()));
    assert!(clock.wall_millis() > 0);
    let mut round = Round::new(source, clock, questions.collect(), pace, 7);
    let mut ranges = 0;
    let mut answers = 0;
    while answers < 3 * offers.len() {
        let heard = tokio::time::timeout(LONG, round.next()).await.unwrap();
        let found = heard.answer.unwrap();
        assert_eq!(round.standing(heard.which).said(), None);
        ranges += usize::from(matches!(heard.over, Over::Range { .. }));
        answers += 1;
        let panel = &offers[heard.which].panel;
        let values: Vec<f64> =
            found.tracks[0].dots.iter().filter_map(|dot| dot.value.figure()).collect();
        let last = *values.last().unwrap();
        match panel.metric.unwrap() {
            Metric::Availability => assert_eq!(last, 1.0),
            Metric::ErrorRate => assert_eq!(last, 0.0),
            // In the second bucket, at its very end; in the first.
            Metric::Latency(990) => assert!((last - 200.0).abs() < 1e-6, "{last}"),
            Metric::Latency(500) => assert!((last - 50.0 * 50.0 / 90.0).abs() < 1e-6, "{last}"),
            // A hundred, and less as long as there is not enough of it.
            Metric::Throughput => assert!((20.0..150.0).contains(&last), "{last}"),
            other => panic!("{other}"),
        }
    }
    assert_eq!(ranges, offers.len(), "history first, and once");
}

async fn what_is_wrong_is_told(stage: &Stage) {
    let bad = Ask { query: "sum(".to_owned(), over: Over::At(now()) };
    let error = stage.prometheus.ask(&bad).await.unwrap_err();
    assert_eq!(error.trouble.remedy(), Remedy::Query);
    let words = error.to_string();
    assert!(words.contains("parse error: unclosed left parenthesis; the query is sum("), "{words}");
    // The address without the path that it is under.
    let elsewhere = Access::to(stage.url.trim_end_matches("/prometheus")).unwrap();
    let elsewhere = Prometheus::new(&elsewhere).unwrap();
    let error = elsewhere.ask(&super::client::up()).await.unwrap_err();
    let path = "/api/v1/query".to_owned();
    assert_eq!(error.trouble, Trouble::NotFound { path });
}

async fn a_failure_becomes_an_alert_and_is_silenced(stage: &Stage) {
    assert_eq!(stage.prometheus.alerts(now()).await.unwrap().all, []);
    stage.shop.fails.store(true, Ordering::SeqCst);
    let began = now();
    let query = "1 - (sum(rate(http_requests_total{code=~\"5..\"}[10s])) or 0 * sum(rate(http_requests_total[10s]))) \
                 / sum(rate(http_requests_total[10s])) < 0.95";
    let value = stage.seen(query).await;
    assert!((0.6..0.95).contains(&value), "{value}");
    let alert = until("the alert in Prometheus", || async {
        stage.prometheus.alerts(now()).await.unwrap().firing().next().cloned()
    })
    .await;
    assert_eq!(alert.name, "HighErrors");
    assert_eq!(alert.labels.to_string(), "{job=\"shop\", severity=\"page\"}");
    assert!(alert.since.is_some_and(|since| since >= began - 2_000 && since <= now()), "{alert:?}");
    let told = || async { stage.alertmanager.alerts(0).await.unwrap().all.into_iter().next() };
    let alert = until("the alert in Alertmanager", told).await;
    assert_eq!((alert.name.as_str(), alert.state), ("HighErrors", AlertState::Firing));
    assert!(alert.summary.as_deref().unwrap().ends_with("% of all requests fail"), "{alert:?}");
    assert!(alert.link.as_deref().unwrap().starts_with("http"), "{alert:?}");

    let order = SilenceOrder {
        key: "day-1/silence".to_owned(),
        matchers: vec![Matcher::is("alertname", "HighErrors"), Matcher::fits("job", "shop|cart")],
        from: now(),
        until: now() + 600_000,
        by: "the test".to_owned(),
        comment: "a game day".to_owned(),
    };
    let silence = stage.alertmanager.silence(&order).await.unwrap();
    assert_eq!((silence.until, silence.by.as_str()), (order.until, "the test"));
    let in_state =
        |state| move || async move { told().await.filter(|alert| alert.state == state).map(drop) };
    until("silence", in_state(AlertState::Suppressed)).await;
    assert_eq!(stage.alertmanager.standing("day-1/silence").await.unwrap().len(), 1);
    assert_eq!(stage.alertmanager.lift("day-1/silence").await, Ok(1));
    assert_eq!(stage.alertmanager.lift("day-1/silence").await, Ok(0));
    until("the end of the silence", in_state(AlertState::Firing)).await;
    let nothing = SilenceOrder { matchers: vec![Matcher::fits("job", ".*")], ..order };
    let words = stage.alertmanager.silence(&nothing).await.unwrap_err().to_string();
    assert!(words.contains("at least one matcher"), "{words}");
}

async fn who_is_gone_has_no_data(mut stage: Stage) {
    // The shop says nothing any more: what it said before is stale, and not the truth.
    stage.shop.dead.store(true, Ordering::SeqCst);
    stage.seen("up == 0").await;
    until("staleness", || async {
        let found = stage.ask("http_requests_total", Over::At(now())).await;
        (!found.has_data()).then_some(())
    })
    .await;
    drop(stage.running.pop());
    // Whoever still holds a connection to it learns from that that it broke, once.
    until("the refusal", || async {
        let error = stage.prometheus.ask(&super::client::up()).await.unwrap_err();
        assert_eq!(error.server, stage.url);
        (error.trouble == Trouble::Refused).then_some(())
    })
    .await;
}
