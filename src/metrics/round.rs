//! Asks a source again and again, as the schedule wants it, and tells what came. Decides nothing of when.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use futures::StreamExt as _;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;

use super::schedule::{Outcome, Pace, Schedule};
use crate::exercise::found::Found;
use crate::exercise::standing::Standing;
use crate::gameday::service::Service;
use crate::gameday::span::Span;
use crate::port::clock::Clock;
use crate::port::source::{Ask, Over, Source};
use crate::port::trouble::{SourceError, Trouble};

/// No question is waited for longer, whatever the source does itself.
const PATIENCE: Span = Span::from_secs(60);

/// What is asked again and again.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// In the language of the source.
    pub wording: Wording,
    /// How much of the time before is asked for at the beginning; zero: nothing.
    pub before: Span,
    /// How much of a time in which no answer came is asked for afterwards; zero: nothing.
    pub gap: Span,
    /// In steps of so much, or of longer ones where there is much to tell.
    pub step: Span,
    /// It is not asked more often than this, whatever the budget.
    pub least: Span,
}

/// How a question is worded.
#[derive(Clone, Debug, PartialEq)]
pub enum Wording {
    /// Always the same.
    Fixed(String),
    /// For the bad share of a service since an instant, in milliseconds since 1970-01-01 UTC.
    Since { service: Service, from: i64 },
}

/// A rate needs a few values to stand on.
const SHORTEST_SINCE: Span = Span::from_secs(60);

impl Wording {
    /// As it is asked at `wall`.
    fn at(&self, wall: i64) -> String {
        match self {
            Self::Fixed(query) => query.clone(),
            Self::Since { service, from } => {
                let since =
                    Span::from_secs(u64::try_from((wall - from) / 1_000).unwrap_or_default());
                service.share_over(since.max(SHORTEST_SINCE))
            }
        }
    }
}

/// What came of a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// Which question it was.
    pub which: usize,
    /// For when it was asked.
    pub over: Over,
    /// What came.
    pub answer: Result<Found, SourceError>,
}

type Flight = BoxFuture<'static, Heard>;

/// Questions that are asked again and again. Nothing is asked while nobody waits for [`Round::next`], and what is under way is
/// given up when it is dropped.
pub struct Round {
    source: Arc<dyn Source>,
    clock: Arc<dyn Clock>,
    questions: Vec<Question>,
    /// Up to when each was answered, and when that was.
    known: Vec<Option<(i64, Span)>>,
    schedule: Schedule,
    flights: FuturesUnordered<Flight>,
}

impl Round {
    /// Begins; the first questions go out when somebody waits for answers.
    pub fn new(
        source: Arc<dyn Source>,
        clock: Arc<dyn Clock>,
        questions: Vec<Question>,
        pace: Pace,
        seed: u64,
    ) -> Self {
        let now = Span::from(clock.monotonic());
        let least = questions.iter().map(|one| one.least);
        let schedule = Schedule::new(pace, questions.len(), seed, now).not_more_often(least);
        let known = vec![None; questions.len()];
        Self { source, clock, questions, known, schedule, flights: FuturesUnordered::new() }
    }

    /// What comes next. Waits for ever where there is nothing to ask. May be dropped and asked again: nothing is lost.
    pub async fn next(&mut self) -> Heard {
        loop {
            self.send();
            let wake = self.schedule.wake();
            let sleep = async {
                match wake {
                    Some(wake) => {
                        let wait = wake - Span::from(self.clock.monotonic());
                        // Not for no time at all: the next millisecond counts.
                        let wait = Duration::from(wait).max(Duration::from_millis(1));
                        tokio::time::sleep(wait).await;
                    }
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                Some(heard) = self.flights.next() => {
                    self.take(&heard);
                    return heard;
                }
                () = sleep => {}
            }
        }
    }

    /// How it stands with a question.
    pub fn standing(&self, which: usize) -> Standing {
        self.schedule.standing(which, Span::from(self.clock.monotonic()))
    }

    /// How often each is asked in truth.
    pub fn every(&self) -> Span {
        self.schedule.every()
    }

    /// For how long the server is still left alone.
    pub fn left_alone(&self) -> Option<Span> {
        self.schedule.left_alone(Span::from(self.clock.monotonic()))
    }

    fn send(&mut self) {
        loop {
            let now = Span::from(self.clock.monotonic());
            let Some(which) = self.schedule.due(now) else { return };
            let Some(question) = self.questions.get(which) else { return };
            let known = self.known.get(which).copied().flatten();
            let wall = self.clock.wall_millis();
            let over = over(question, known, self.schedule.every(), now, wall);
            let ask = Ask { query: question.wording.at(wall), over };
            self.flights.push(fly(Arc::clone(&self.source), which, ask));
        }
    }

    fn take(&mut self, heard: &Heard) {
        let now = Span::from(self.clock.monotonic());
        let outcome = match &heard.answer {
            Ok(found) if found.has_data() => Outcome::Data,
            Ok(_) => Outcome::Empty,
            Err(error) => Outcome::Failed(&error.trouble),
        };
        if let (Ok(_), Some(known)) = (&heard.answer, self.known.get_mut(heard.which)) {
            *known = Some((heard.over.bounds().1, now));
        }
        self.schedule.heard(heard.which, now, outcome);
    }
}

/// No gap is asked for in more steps.
const GAP_STEPS: f64 = 240.0;

/// For when to ask: at the beginning for what was before, after a gap for what was in it, else for now.
fn over(
    question: &Question,
    known: Option<(i64, Span)>,
    every: Span,
    now: Span,
    wall: i64,
) -> Over {
    let before = |span: Span| wall.saturating_sub_unsigned(span.as_millis());
    match known {
        None if !question.before.is_zero() => {
            Over::range(before(question.before), wall, question.step)
        }
        Some((until, at)) if now - at > every + every + every && !question.gap.is_zero() => {
            let from = until.max(before(question.gap));
            let gap = Span::from_millis(u64::try_from(wall - from).unwrap_or_default());
            let least = gap.scaled(1.0 / GAP_STEPS).as_millis().div_ceil(1_000);
            Over::range(from, wall, question.step.max(Span::from_secs(least)))
        }
        _ => Over::At(wall),
    }
}

/// One question on its way. A source that hangs or panics has failed, and nothing more.
fn fly(source: Arc<dyn Source>, which: usize, ask: Ask) -> Flight {
    Box::pin(async move {
        let asked = AssertUnwindSafe(source.ask(&ask)).catch_unwind();
        let trouble = match tokio::time::timeout(Duration::from(PATIENCE), asked).await {
            Ok(Ok(answer)) => return Heard { which, over: ask.over, answer },
            Ok(Err(_)) => Trouble::Broken { why: "it could not be asked".to_owned() },
            Err(_) => Trouble::Timeout { limit: PATIENCE },
        };
        let error = SourceError { server: source.place().to_owned(), trouble };
        Heard { which, over: ask.over, answer: Err(error) }
    })
}
