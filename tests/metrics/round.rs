//! Asking again and again, with time that stands until nobody has anything to do: history first, gaps filled, and sources that
//! hang or panic harm nobody.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use gameday::exercise::found::{Dot, Found, Labels, Track, Value};
use gameday::gameday::span::Span;
use gameday::metrics::round::{Question, Round, Wording};
use gameday::metrics::schedule::Pace;
use gameday::port::clock::Clock;
use gameday::port::source::{Ask, Over, Source};
use gameday::port::target::Answer;
use gameday::port::trouble::{SourceError, Trouble};
use tokio::time::Instant;

/// A wall time to begin with, in milliseconds.
const BEGIN: i64 = 1_800_000_000_000;

struct Paused(Instant);

impl Clock for Paused {
    fn monotonic(&self) -> Duration {
        self.0.elapsed()
    }

    fn wall_millis(&self) -> i64 {
        BEGIN + self.0.elapsed().as_millis() as i64
    }
}

/// A source that does what a query says, and remembers what it was asked.
#[derive(Default)]
struct Scripted {
    asked: Mutex<Vec<Ask>>,
    dead: Mutex<bool>,
}

impl Source for Scripted {
    fn place(&self) -> &str {
        "http://prom.test"
    }

    fn ask<'a>(&'a self, ask: &'a Ask) -> Answer<'a, Result<Found, SourceError>> {
        Box::pin(async move {
            self.asked.lock().unwrap().push(ask.clone());
            match ask.query.as_str() {
                "hang" => std::future::pending().await,
                "panic" => panic!("a bug"),
                "slow" => tokio::time::sleep(Duration::from_secs(2)).await,
                _ => {}
            }
            if *self.dead.lock().unwrap() {
                let server = self.place().to_owned();
                return Err(SourceError { server, trouble: Trouble::Refused });
            }
            let dots = vec![Dot { at: ask.over.bounds().1, value: Value::Number(1.0) }];
            let tracks = vec![Track { labels: Labels::default(), dots }];
            Ok(Found { tracks, ..Found::default() })
        })
    }
}

fn round(source: &Arc<Scripted>, queries: &[&str], before: u64) -> Round {
    let question = |query: &&str| Question {
        wording: Wording::Fixed((*query).to_owned()),
        before: Span::from_secs(before),
        gap: Span::from_secs(3_600),
        step: Span::from_secs(5),
        least: Span::ZERO,
    };
    let source: Arc<dyn Source> = Arc::clone(source) as _;
    let pace = Pace { interval: Span::from_secs(1), ..Pace::default() };
    let questions = queries.iter().map(question).collect();
    Round::new(source, Arc::new(Paused(Instant::now())), questions, pace, 7)
}

#[tokio::test(start_paused = true)]
async fn what_was_before_is_asked_first_then_what_is_now() {
    let source = Arc::default();
    let mut round = round(&source, &["a", "b"], 600);
    let begin = Instant::now();
    let heard = round.next().await;
    assert_eq!(heard.which, 0);
    let range = Over::range(BEGIN - 600_000, BEGIN, Span::from_secs(5));
    assert_eq!(heard.over, range);
    assert_eq!(round.next().await.which, 1);
    for _ in 0..20 {
        let heard = round.next().await;
        let now = BEGIN + begin.elapsed().as_millis() as i64;
        let Over::At(at) = heard.over else { panic!("{heard:?}") };
        assert!((now - 5..=now).contains(&at), "{at} at {now}");
        assert_eq!(heard.answer.unwrap().figure(), Some(1.0));
        assert_eq!(round.standing(heard.which).said(), None);
    }
    assert!((9..=12).contains(&begin.elapsed().as_secs()), "{:?}", begin.elapsed());
}

#[tokio::test(start_paused = true)]
async fn what_was_missed_is_asked_for_when_the_server_is_back() {
    let source: Arc<Scripted> = Arc::default();
    let mut round = round(&source, &["a"], 600);
    for _ in 0..5 {
        round.next().await.answer.unwrap();
    }
    let last = source.asked.lock().unwrap().last().unwrap().over.bounds().1;
    *source.dead.lock().unwrap() = true;
    for _ in 0..6 {
        round.next().await.answer.unwrap_err();
    }
    let words = round.standing(0).said().unwrap().to_string();
    assert!(words.starts_with("no data for ") && words.contains("nothing listens"), "{words}");
    assert!(round.left_alone().is_some());
    *source.dead.lock().unwrap() = false;
    let heard = round.next().await;
    let Over::Range { from, to, .. } = heard.over else { panic!("{heard:?}") };
    assert!(from <= last && last - from < 5_000 && to > last + 10_000, "{from} {last} {to}");
    assert!(matches!(round.next().await.over, Over::At(_)));
    assert_eq!(round.standing(0).said(), None);
    assert_eq!(round.left_alone(), None);
}

#[tokio::test(start_paused = true)]
async fn a_query_without_history_is_only_asked_for_now() {
    let source = Arc::default();
    let mut round = round(&source, &["a"], 0);
    for _ in 0..3 {
        assert!(matches!(round.next().await.over, Over::At(_)));
    }
}

#[tokio::test(start_paused = true)]
async fn sources_that_hang_or_panic_have_failed_and_harm_no_other() {
    let source = Arc::default();
    let mut round = round(&source, &["hang", "good", "panic"], 0);
    let (mut good, mut hung, mut broken) = (0, 0, 0);
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(130) {
        let heard = round.next().await;
        match (heard.which, heard.answer) {
            (0, Err(error)) => {
                assert_eq!(error.trouble, Trouble::Timeout { limit: Span::from_secs(60) });
                hung += 1;
            }
            (1, Ok(_)) => good += 1,
            (2, Err(error)) => {
                assert!(matches!(error.trouble, Trouble::Broken { .. }));
                broken += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(good > 120 && hung >= 1 && (3..15).contains(&broken), "{good} {hung} {broken}");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_lost_when_nobody_waits_for_a_while() {
    let source: Arc<Scripted> = Arc::default();
    let mut round = round(&source, &["slow"], 0);
    // Somebody looks away again and again while the question is under way.
    let mut looked = 0;
    let heard = loop {
        match tokio::time::timeout(Duration::from_millis(300), round.next()).await {
            Ok(heard) => break heard,
            Err(_) => looked += 1,
        }
    };
    assert!(looked >= 5 && heard.answer.is_ok());
    assert_eq!(source.asked.lock().unwrap().len(), 1);
}
