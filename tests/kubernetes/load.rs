//! Load from the cluster: runs of k6 that are made, followed, judged by how their runners ended, and taken away without a trace.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gameday::engine::clock::SystemClock;
use gameday::exercise::found::{Dot, Found, Labels, Track, Value};
use gameday::gameday::generator::{IMAGE, Runners};
use gameday::gameday::load::{LoadPattern, RateCurve};
use gameday::gameday::plan::{Phase, Route, Traffic};
use gameday::gameday::span::Span;
use gameday::kubernetes::halt::{Order, halt};
use gameday::kubernetes::k6::generator::{K6, News, Settings};
use gameday::kubernetes::k6::objects::Label;
use gameday::kubernetes::name::run_id;
use gameday::kubernetes::reach::Reach;
use gameday::port::clock::Clock;
use gameday::port::load::{LoadGenerator, LoadOrder};
use gameday::port::source::{Ask, Source};
use gameday::port::target::Answer;
use gameday::port::trouble::SourceError;

use super::player::behaviour::LoadPlan;
use super::player::cluster::{CONFIG_MAP, POD};
use super::player::k6::TEST_RUN;
use super::proxy::trouble::Ill;
use super::stage::{Stage, needs_k6};

/// Time that passes faster, so that nobody waits for what never comes.
struct Fast(Instant, u32);

impl Clock for Fast {
    fn monotonic(&self) -> Duration {
        self.0.elapsed() * self.1
    }

    fn wall_millis(&self) -> i64 {
        1_800_000_000_000 + i64::try_from(self.monotonic().as_millis()).unwrap()
    }
}

/// A Prometheus that always says that so much more was done.
struct Counting(Mutex<f64>);

impl Source for Counting {
    fn place(&self) -> &str {
        "http://prometheus.test"
    }

    fn ask<'a>(&'a self, ask: &'a Ask) -> Answer<'a, Result<Found, SourceError>> {
        Box::pin(async move {
            if !ask.query.contains("k6_http_reqs_total") {
                return Ok(Found::default());
            }
            let mut count = self.0.lock().unwrap();
            *count += 10.0;
            let labels =
                Labels::new([("testid", "x"), ("status", "200"), ("expected_response", "true")]);
            let dots = vec![Dot { at: 0, value: Value::from(*count) }];
            Ok(Found { tracks: vec![Track { labels, dots }], ..Found::default() })
        })
    }
}

/// Nothing takes longer here.
const BOUND: Duration = Duration::from_secs(120);

struct Load {
    k6: K6,
    news: Arc<Mutex<Vec<News>>>,
}

fn phase(secs: u64) -> Phase {
    Phase {
        name: "p".to_owned(),
        duration: Span::from_secs(secs),
        load: Some(LoadPattern::Constant { rps: 5.0 }),
        injections: Vec::new(),
        cards: Vec::new(),
    }
}

fn curve(secs: u64) -> RateCurve {
    let pattern = LoadPattern::Constant { rps: 5.0 };
    RateCurve { pattern, duration: Span::from_secs(secs), position: Span::ZERO }
}

fn traffic() -> Traffic {
    let route = Route {
        name: "page".to_owned(),
        method: "GET".to_owned(),
        path: "/".to_owned(),
        weight: 1,
        spread: 1,
        headers: Vec::new(),
        body: None,
    };
    let (timeout, max_in_flight) = (Span::from_secs(5), 100);
    Traffic { routes: vec![route], timeout, max_in_flight, tls: false }
}

impl Load {
    fn of(stage: &Stage, secs: u64, factor: u32, source: Option<Arc<dyn Source>>) -> Self {
        let news = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&news);
        let settings = Settings {
            client: stage.connection().client,
            label: Label {
                run: run_id(&stage.namespace),
                game_day: "load".to_owned(),
                namespace: stage.namespace.clone(),
            },
            runners: Runners {
                parallelism: 2,
                url: None,
                image: IMAGE.to_owned(),
                namespace: None,
                prometheus_rw: None,
                native_histograms: false,
            },
            url: "http://shop.test".to_owned(),
            phases: vec![phase(secs)],
            source,
            clock: Arc::new(Fast(Instant::now(), factor)),
            tell: Arc::new(move |one| told.lock().unwrap().push(one)),
        };
        Self { k6: K6::new(settings), news }
    }

    fn start(&self) -> tokio::sync::mpsc::UnboundedReceiver<gameday::exercise::sample::Sample> {
        let order = LoadOrder {
            base_url: "http://shop.test".to_owned(),
            allowed_hosts: Vec::new(),
            traffic: traffic(),
            certificate_authority: None,
            origin: Duration::ZERO,
            seed: 1,
        };
        self.k6.start(order).unwrap()
    }

    fn said(&self, words: &str) -> bool {
        let said = |one: &News| match one {
            News::Note(text) | News::Failed(text) => text.contains(words),
        };
        self.news.lock().unwrap().iter().any(said)
    }

    fn failed(&self, words: &str) -> bool {
        let failed = |one: &News| matches!(one, News::Failed(text) if text.contains(words));
        self.news.lock().unwrap().iter().any(failed)
    }
}

async fn nothing_is_left(stage: &Stage) {
    stage
        .until("nothing of k6 is left", async || {
            let cluster = stage.cluster();
            let runs = cluster.list(TEST_RUN).await.unwrap();
            let pods = cluster.list(POD).await.unwrap();
            let maps = cluster.list(CONFIG_MAP).await.unwrap();
            let ours =
                |name: &Option<String>| name.as_ref().is_some_and(|it| it.starts_with("gd-"));
            runs.is_empty() && pods.is_empty() && !maps.iter().any(|one| ours(&one.metadata.name))
        })
        .await;
}

async fn ready() -> Option<Stage> {
    let stage = Stage::new().await;
    if needs_k6(&stage, "load from the cluster") && stage.plays_pods() {
        return Some(stage);
    }
    stage.close().await;
    None
}

#[tokio::test]
async fn a_run_is_made_followed_judged_and_taken_away() {
    let Some(stage) = ready().await else { return };
    let source = Arc::new(Counting(Mutex::new(0.0)));
    let load = Load::of(&stage, 120, 1, Some(source));
    let mut samples = load.start();
    load.k6.follow(curve(120));
    stage.until("the runners send", async || load.said("2 runners send now")).await;
    let runs = stage.cluster().list(TEST_RUN).await.unwrap();
    let [run] = runs.as_slice() else { panic!("{runs:?}") };
    assert_eq!(run.data["spec"]["parallelism"], 2);
    let labels = run.metadata.labels.as_ref().unwrap();
    assert_eq!(labels["app.kubernetes.io/managed-by"], "chaos-gameday");
    let name = run.metadata.name.as_ref().unwrap();
    let script = stage.object(CONFIG_MAP, name).await.unwrap();
    assert!(script.data["data"]["load.js"].as_str().unwrap().contains("ramping-arrival-rate"));
    let sample = samples.recv().await.unwrap();
    assert!(sample.ok >= 10 && sample.attempted == sample.ok, "{sample:?}");
    // As the plan says, and it needs no other run.
    load.k6.follow(curve(120));
    load.k6.follow(RateCurve::flat(0.0));
    nothing_is_left(&stage).await;
    assert!(!load.said("cannot change its rate"), "{:?}", load.news);
    load.k6.end(BOUND).await.unwrap();
    while samples.recv().await.is_some() {}
    stage.close().await;
}

#[tokio::test]
async fn finished_is_not_passed() {
    let Some(stage) = ready().await else { return };
    stage.behaviour().load(LoadPlan { exits: vec![0, 107], ..LoadPlan::default() });
    let load = Load::of(&stage, 600, 1, None);
    let samples = load.start();
    assert!(load.said("no Prometheus is known"));
    load.k6.follow(curve(600));
    stage.until("it is judged", async || load.failed("1 runner failed in the script (107)")).await;
    nothing_is_left(&stage).await;
    load.k6.end(BOUND).await.unwrap();
    drop(samples);
    stage.close().await;
}

#[tokio::test]
async fn what_was_done_as_planned_is_said_so() {
    let Some(stage) = ready().await else { return };
    stage.behaviour().load(LoadPlan { exits: vec![0], ..LoadPlan::default() });
    let load = Load::of(&stage, 16, 1, None);
    let _samples = load.start();
    load.k6.follow(curve(16));
    stage.until("it is judged", async || load.said("2 runners did everything")).await;
    nothing_is_left(&stage).await;
    load.k6.end(BOUND).await.unwrap();
    assert!(!load.failed(""), "{:?}", load.news);
    stage.close().await;
}

#[tokio::test]
async fn what_never_begins_is_given_up_and_taken_away() {
    let Some(stage) = ready().await else { return };
    for (plan, factor, words) in [
        (LoadPlan { invalid: true, ..LoadPlan::default() }, 1, "k6 could not begin"),
        (LoadPlan { starved: true, ..LoadPlan::default() }, 100, "is there room for each of them"),
    ] {
        stage.behaviour().load(plan);
        let load = Load::of(&stage, 60_000, factor, None);
        let _samples = load.start();
        load.k6.follow(curve(60_000));
        stage.until(words, async || load.failed(words)).await;
        nothing_is_left(&stage).await;
        load.k6.end(BOUND).await.unwrap();
    }
    stage.close().await;
}

#[tokio::test]
async fn another_rate_gets_runners_of_its_own_and_a_halt_ends_all_of_them() {
    let Some(stage) = ready().await else { return };
    let load = Load::of(&stage, 600, 1, None);
    let _samples = load.start();
    load.k6.follow(curve(600));
    stage.until("the runners send", async || load.said("2 runners send now")).await;
    load.k6.follow(RateCurve::flat(9.0));
    stage.until("others are started", async || load.said("cannot change its rate")).await;
    let alone = async || {
        let runs = stage.cluster().list(TEST_RUN).await.unwrap();
        runs.len() == 1 && runs[0].metadata.name.as_ref().unwrap().contains("load-2")
    };
    stage.until("the first is gone", alone).await;
    load.k6.stop();
    load.k6.end(BOUND).await.unwrap();
    nothing_is_left(&stage).await;
    assert!(!load.failed(""), "{:?}", load.news);
    stage.close().await;
}

#[tokio::test]
async fn an_answer_that_is_lost_leaves_nothing_behind() {
    let Some(stage) = ready().await else { return };
    stage.trouble().next(1, "create", "testruns", Ill::Lost);
    let load = Load::of(&stage, 600, 1, None);
    let _samples = load.start();
    load.k6.follow(curve(600));
    stage.until("it is said", async || load.failed("k6 cannot make the load")).await;
    nothing_is_left(&stage).await;
    load.k6.end(BOUND).await.unwrap();
    stage.close().await;
}

#[tokio::test]
async fn what_it_deleted_itself_is_nobody_elses_doing() {
    let Some(stage) = ready().await else { return };
    let load = Load::of(&stage, 600, 1, None);
    let _samples = load.start();
    load.k6.follow(curve(600));
    stage.until("the runners send", async || load.said("2 runners send now")).await;
    // The TestRun goes, and what follows it not at once.
    stage.trouble().next(1, "delete", "configmaps", Ill::broken());
    load.k6.follow(RateCurve::flat(0.0));
    stage.until("it is said", async || load.said("k6 is not ended yet")).await;
    nothing_is_left(&stage).await;
    load.k6.end(BOUND).await.unwrap();
    assert!(!load.failed(""), "{:?}", load.news.lock().unwrap());
    stage.close().await;
}

#[tokio::test]
async fn a_cluster_that_is_gone_is_not_waited_for_for_ever_and_what_is_left_is_found_later() {
    let Some(stage) = ready().await else { return };
    let load = Load::of(&stage, 600, 1, None);
    let _samples = load.start();
    load.k6.follow(curve(600));
    stage.until("the runners send", async || load.said("2 runners send now")).await;
    stage.trouble().gone().await;
    let left = load.k6.end(Duration::from_secs(2)).await.unwrap_err();
    let run = run_id(&stage.namespace);
    assert!(left.contains(&format!("gameday halt -n {} --run {run}", stage.namespace)), "{left}");
    stage.trouble().back().await;
    let order = Order::of(Some(&run), Reach::Namespace(stage.namespace.clone()), "the test");
    let report = halt(&stage.connection(), &order, &SystemClock::new()).await;
    assert!(report.is_clean(), "{}", report.text());
    nothing_is_left(&stage).await;
    stage.close().await;
}
