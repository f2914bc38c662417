//! Watching in time that stands until nobody has anything to do: the hour before first, then second by second what is
//! current; what falls silent is told once with its reason, and is no data; shares of services; alerts.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use gameday::exercise::alert::Alerts;
use gameday::exercise::found::{Dot, Found, Labels, Track, Value};
use gameday::exercise::panel::Panel;
use gameday::exercise::reading::Reading;
use gameday::exercise::service::Over as Window;
use gameday::exercise::watch::{Watch, Watched};
use gameday::gameday::metric::Unit;
use gameday::gameday::query::Query;
use gameday::gameday::service::{Service, Share};
use gameday::gameday::span::Span;
use gameday::metrics::schedule::Pace;
use gameday::metrics::watcher::Watcher;
use gameday::port::alerts::AlertSource;
use gameday::port::clock::Clock;
use gameday::port::instruments::{Instruments as _, Observation};
use gameday::port::source::{Ask, Over, Source};
use gameday::port::target::Answer;
use gameday::port::trouble::{SourceError, Trouble};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::Instant;

/// A wall time to begin with, in milliseconds: a multiple of every step.
const BEGIN: i64 = 1_800_000_000_000;

struct Paused(Instant);

impl Clock for Paused {
    fn monotonic(&self) -> Duration {
        // An hour has gone by already.
        Duration::from_secs(3_600) + self.0.elapsed()
    }

    fn wall_millis(&self) -> i64 {
        BEGIN + self.0.elapsed().as_millis() as i64
    }
}

/// What it says to everybody.
#[derive(Clone, Copy, PartialEq)]
enum Mood {
    Well,
    Dead,
    /// One query fails, the others are answered.
    OneFails,
    NoTraffic,
}

struct Server {
    mood: Mutex<Mood>,
    asked: Mutex<Vec<Ask>>,
}

impl Server {
    fn error(&self) -> SourceError {
        SourceError { server: "http://prom.test".to_owned(), trouble: Trouble::Refused }
    }
}

impl Source for Server {
    fn place(&self) -> &str {
        "http://prom.test"
    }

    fn ask<'a>(&'a self, ask: &'a Ask) -> Answer<'a, Result<Found, SourceError>> {
        Box::pin(async move {
            self.asked.lock().unwrap().push(ask.clone());
            let mood = *self.mood.lock().unwrap();
            if mood == Mood::Dead || (mood == Mood::OneFails && ask.query == "other") {
                return Err(self.error());
            }
            let value = match mood {
                Mood::NoTraffic => f64::NAN,
                _ if ask.query.contains("bad") => 0.02,
                _ => 0.5,
            };
            let dots = match ask.over {
                Over::At(at) => vec![Dot { at, value: Value::from(value) }],
                Over::Range { from, to, step } => (from..=to)
                    .step_by(step.as_millis() as usize)
                    .map(|at| Dot { at, value: Value::from(0.25) })
                    .collect(),
            };
            let track = Track { labels: Labels::new([("a", "b")]), dots };
            let several = if ask.query == "several" { 2 } else { 1 };
            Ok(Found { tracks: vec![track; several], ..Found::default() })
        })
    }
}

impl AlertSource for Server {
    fn place(&self) -> &str {
        "http://alerts.test"
    }

    fn alerts(&self, _: i64) -> Answer<'_, Result<Alerts, SourceError>> {
        Box::pin(async move {
            match *self.mood.lock().unwrap() {
                Mood::Dead => Err(self.error()),
                _ => Ok(Alerts::default()),
            }
        })
    }
}

fn query(name: &str) -> Query {
    Query::new(name, Unit::Share).unwrap()
}

fn watched(name: &str) -> Watched {
    let panel = Panel {
        name: name.to_owned(),
        group: String::new(),
        title: name.into(),
        query: name.to_owned(),
        unit: Unit::Share,
        worse: None,
        metric: None,
    };
    Watched { panel, query: query(name) }
}

struct Stage {
    server: Arc<Server>,
    told: UnboundedReceiver<Observation>,
}

impl Stage {
    fn begin(panels: &[&str], services: Vec<Service>) -> Self {
        let server =
            Arc::new(Server { mood: Mutex::new(Mood::Well), asked: Mutex::new(Vec::new()) });
        let clock = Arc::new(Paused(Instant::now()));
        let watcher = Watcher {
            source: Arc::clone(&server) as _,
            alerts: Some(Arc::clone(&server) as _),
            clock,
            watch: Watch {
                source: "http://prom.test".to_owned(),
                alerts: None,
                panels: panels.iter().map(|name| watched(name)).collect(),
                services,
                short: Vec::new(),
            },
            pace: Pace { interval: Span::from_secs(1), ..Pace::default() },
            before: Span::from_secs(600),
            gap: Span::from_secs(3_600),
            step: Span::from_secs(15),
            began: BEGIN,
            seed: 7,
        };
        // The recording is ten minutes older than now.
        let told = watcher.observe(Duration::from_secs(3_000));
        Self { server, told }
    }

    fn feels(&self, mood: Mood) {
        *self.server.mood.lock().unwrap() = mood;
    }

    /// What is told while `length` passes.
    async fn all_of(&mut self, length: Duration) -> Vec<Observation> {
        let (begin, mut told) = (Instant::now(), Vec::new());
        while begin.elapsed() < length {
            told.extend(tokio::time::timeout(Duration::from_secs(1), self.next()).await.ok());
        }
        told
    }

    async fn next(&mut self) -> Observation {
        self.told.recv().await.unwrap()
    }

    /// The next reading; what is told besides is given to `besides`.
    async fn reading(&mut self, besides: &mut Vec<Observation>) -> Reading {
        loop {
            match self.next().await {
                Observation::Reading(reading) => return reading,
                other => besides.push(other),
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_before_is_told_first_and_then_each_second() {
    let mut stage = Stage::begin(&["availability", "several"], Vec::new());
    let mut besides = Vec::new();
    let first = stage.reading(&mut besides).await;
    let then = besides.iter().find_map(|one| match one {
        Observation::Then(then) => Some(then.clone()),
        _ => None,
    });
    let then = then.unwrap();
    // Forty steps of a quarter of a minute, and what has passed since.
    assert!((40..=42).contains(&then.len()), "{}", then.len());
    assert!(then.windows(2).all(|pair| pair[0].end() <= pair[1].start), "{then:?}");
    assert!(then.iter().all(|one| one.asked.keys().eq([&query("availability")])));
    assert!(then.last().unwrap().end() <= first.start);
    assert!(then[0].asked.values().eq([&0.25]));
    assert!(besides.contains(&Observation::Alerts(Alerts::default())));
    let mut last = first;
    for _ in 0..10 {
        let next = stage.reading(&mut besides).await;
        assert_eq!(next.start, last.start + Span::from_secs(1));
        last = next;
    }
    assert_eq!(last.asked.get(&query("availability")), Some(&0.5));
    // Of two series, neither is the one that was asked for; that is said.
    assert_eq!(last.asked.get(&query("several")), None);
    let note = besides.iter().find_map(|one| match one {
        Observation::Asking { query: 1, asking } => asking.note.clone(),
        _ => None,
    });
    assert!(note.unwrap().contains("2 series"));
}

#[tokio::test(start_paused = true)]
async fn who_falls_silent_has_no_data_and_the_reason_is_told_once() {
    let mut stage = Stage::begin(&["availability"], Vec::new());
    let mut besides = Vec::new();
    for _ in 0..5 {
        stage.reading(&mut besides).await;
    }
    stage.feels(Mood::Dead);
    besides.clear();
    let dead = Instant::now();
    while dead.elapsed() < Duration::from_secs(60) {
        match tokio::time::timeout(Duration::from_secs(1), stage.next()).await {
            // Only what was current is read; the rest is told when somebody knows it.
            Ok(Observation::Reading(last)) => assert_eq!(last.asked.len(), 1),
            Ok(other) => besides.push(other),
            Err(_) => {}
        }
    }
    let silences: Vec<_> = besides
        .iter()
        .filter_map(|one| match one {
            Observation::Asking { asking, .. } => asking.silent,
            _ => None,
        })
        .collect();
    assert!(!silences.is_empty() && silences.iter().all(|one| *one == silences[0]), "{silences:?}");
    assert!(besides.iter().any(|one| matches!(one, Observation::AlertsUnknown(_))));
    stage.feels(Mood::Well);
    besides.clear();
    let mut last = Reading::default();
    for _ in 0..70 {
        last = stage.reading(&mut besides).await;
    }
    assert_eq!(last.asked.get(&query("availability")), Some(&0.5));
    let back = |one: &Observation| matches!(one, Observation::Asking { asking, .. } if asking.silent.is_none());
    assert!(besides.iter().any(back));
    assert!(besides.contains(&Observation::Alerts(Alerts::default())));
}

#[tokio::test(start_paused = true)]
async fn a_gap_is_told_without_a_hole_when_the_server_is_back() {
    let mut stage = Stage::begin(&["availability", "other"], Vec::new());
    let mut besides = Vec::new();
    let mut last = stage.reading(&mut besides).await;
    for _ in 0..20 {
        last = stage.reading(&mut besides).await;
    }
    besides.clear();
    stage.feels(Mood::Dead);
    // Ten minutes, in which it is said once that nobody answers, and nothing is read.
    let dead = Instant::now();
    while dead.elapsed() < Duration::from_secs(600) {
        match tokio::time::timeout(Duration::from_secs(1), stage.next()).await {
            Ok(Observation::Reading(reading)) => last = reading,
            Ok(other) => besides.push(other),
            Err(_) => {}
        }
    }
    let since = last.end();
    assert!(!last.asked.is_empty(), "what is read is current: {last:?}");
    let silent = |one: &&Observation| matches!(one, Observation::Asking { asking, .. } if asking.silent.is_some());
    assert!(besides.iter().any(|one| silent(&one)));
    assert!(!besides.iter().any(|one| matches!(one, Observation::Then(_))));
    stage.feels(Mood::Well);
    let next = stage.reading(&mut besides).await;
    let then: Vec<Reading> = besides
        .iter()
        .filter_map(|one| match one {
            Observation::Then(then) => Some(then.clone()),
            _ => None,
        })
        .flatten()
        .collect();
    assert_eq!(then.first().unwrap().start, since, "it goes on where it stopped");
    assert!(then.windows(2).all(|pair| pair[0].end() == pair[1].start), "{then:?}");
    assert_eq!(then.last().unwrap().end(), next.start);
    let known = then.iter().filter(|one| one.asked.len() == 2).map(|one| one.length);
    let known = known.fold(Span::ZERO, |sum, one| sum + one);
    assert!(known > Span::from_secs(570), "{known}");
    assert!(then.iter().any(|one| one.asked.values().eq([&0.25, &0.25])));
    assert_eq!(next.asked.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_short_gap_waits_for_every_panel_whatever_one_of_them_missed_before() {
    let mut stage = Stage::begin(&["availability", "other"], Vec::new());
    let mut told = Vec::new();
    for (mood, secs) in [
        (Mood::Well, 30),
        (Mood::OneFails, 90),
        (Mood::Well, 90),
        (Mood::Dead, 60),
        (Mood::Well, 90),
    ] {
        stage.feels(mood);
        told.extend(stage.all_of(Duration::from_secs(secs)).await);
    }
    let then = told
        .into_iter()
        .filter_map(|one| if let Observation::Then(then) = one { Some(then) } else { None });
    let gaps: Vec<Vec<Reading>> = then.filter(|then| then[0].start > Span::ZERO).collect();
    let [gap] = &gaps[..] else { panic!("one that fails alone is no gap: {gaps:?}") };
    let length = |of: &[&Reading]| of.iter().fold(Span::ZERO, |sum, one| sum + one.length);
    let both: Vec<&Reading> = gap.iter().filter(|one| one.asked.len() == 2).collect();
    let (both, whole) = (length(&both), length(&gap.iter().collect::<Vec<_>>()));
    assert!(both + Span::from_secs(15) >= whole, "both are known for {both} of {whole}: {gap:?}");
}

#[tokio::test(start_paused = true)]
async fn shares_of_services_are_asked_over_their_windows_and_no_traffic_is_no_data() {
    let service = Service {
        name: "shop".to_owned(),
        title: "shop".to_owned(),
        objective: 0.99,
        period: Span::from_secs(30 * 86_400),
        share: Share::Ratio("bad[{window}]".to_owned()),
    };
    let mut stage = Stage::begin(&["availability"], vec![service]);
    let mut besides = Vec::new();
    for _ in 0..120 {
        stage.reading(&mut besides).await;
    }
    let heard = |besides: &[Observation], window: Window| {
        let heard = besides.iter().rev();
        { heard }.find_map(|one| match one {
            Observation::Share { service: 0, over, share } if *over == window => Some(*share),
            _ => None,
        })
    };
    for minutes in [5, 30, 60, 120, 360, 1_440, 4_320, 43_200] {
        let window = Window::Last(Span::from_secs(minutes * 60));
        assert_eq!(heard(&besides, window), Some(Some(0.02)), "{minutes}");
    }
    assert_eq!(heard(&besides, Window::Session), Some(Some(0.02)));
    // Long windows are asked seldom, short ones more often, and the panel each second.
    let asked = stage.server.asked.lock().unwrap().clone();
    let count = |query: &str| asked.iter().filter(|one| one.query == query).count();
    assert_eq!(count("(bad[30d])"), 1);
    assert!((6..=10).contains(&count("(bad[5m])")), "{}", count("(bad[5m])"));
    assert!(count("availability") > 60, "{}", count("availability"));
    stage.feels(Mood::NoTraffic);
    besides.clear();
    for _ in 0..40 {
        stage.reading(&mut besides).await;
    }
    assert_eq!(heard(&besides, Window::Last(Span::from_secs(300))), Some(None));
}
