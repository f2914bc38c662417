//! Watches by asking: a source of series again and again, second by second as a target's instruments are read, and a source
//! of alerts beside it. Not the judging of what comes.

mod board;
mod past;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use oorandom::Rand32;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use self::board::Board;
use self::past::Past;
use super::round::{Question, Round, Wording};
use super::schedule::Pace;
use crate::exercise::service::{Over, WINDOWS};
use crate::exercise::standing::Standing;
use crate::exercise::watch::Watch;
use crate::gameday::service::Service;
use crate::gameday::span::Span;
use crate::port::alerts::AlertSource;
use crate::port::clock::Clock;
use crate::port::instruments::{Instruments, Observation};
use crate::port::source::Source;
use crate::port::trouble::{SourceError, Trouble};

/// No question about alerts is waited for longer.
const ALERT_LIMIT: Span = Span::from_secs(60);

/// A share over a window is asked for each time that so much of the window is new.
const NEW_PART: f64 = 1.0 / 120.0;

/// However short or long the window is.
const SHARE_AT_LEAST: Span = Span::from_secs(15);
const SHARE_AT_MOST: Span = Span::from_secs(600);

/// What is watched, and how.
pub struct Watcher {
    /// Who is asked for series.
    pub source: Arc<dyn Source>,
    /// Who is asked for alerts.
    pub alerts: Option<Arc<dyn AlertSource>>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// What is asked.
    pub watch: Watch,
    /// How often.
    pub pace: Pace,
    /// So much of the time before is asked for.
    pub before: Span,
    /// So much of a time in which nobody answered is asked for afterwards; zero: nothing.
    pub gap: Span,
    /// In steps of so much.
    pub step: Span,
    /// When the watch began, in milliseconds since 1970-01-01 UTC: earlier than now where it is taken up again.
    pub began: i64,
    /// The seed of its chance.
    pub seed: u64,
}

impl Watcher {
    fn questions(&self) -> (Vec<Question>, Vec<(usize, Over)>) {
        let panels = self.watch.panels.iter().map(|one| Question {
            wording: Wording::Fixed(one.panel.query.clone()),
            before: self.before,
            gap: self.gap,
            step: self.step,
            least: Span::ZERO,
        });
        let mut questions: Vec<Question> = panels.collect();
        let mut shares = Vec::new();
        for (index, service) in self.watch.services.iter().enumerate() {
            for over in windows(service) {
                questions.push(self.share(service, over));
                shares.push((index, over));
            }
        }
        (questions, shares)
    }

    fn share(&self, service: &Service, over: Over) -> Question {
        let (wording, least) = match over {
            Over::Last(window) => (
                Wording::Fixed(service.share_over(window)),
                window.scaled(NEW_PART).clamp(SHARE_AT_LEAST, SHARE_AT_MOST),
            ),
            Over::Session => {
                let service = service.clone();
                (Wording::Since { service, from: self.began }, SHARE_AT_LEAST)
            }
        };
        Question { wording, before: Span::ZERO, gap: Span::ZERO, step: self.step, least }
    }
}

/// The windows that a service is asked about.
fn windows(service: &Service) -> impl Iterator<Item = Over> {
    let period = service.period;
    let shorter = WINDOWS.into_iter().filter(move |window| *window < period);
    let all = shorter.chain([period]).map(Over::Last);
    all.chain([Over::Session])
}

impl Instruments for Watcher {
    fn observe(&self, origin: Duration) -> mpsc::UnboundedReceiver<Observation> {
        let (tell, told) = mpsc::unbounded_channel();
        let (questions, shares) = self.questions();
        let panels = self.watch.panels.iter().map(|one| one.query).collect();
        let clock = Arc::clone(&self.clock);
        let round = Round::new(
            Arc::clone(&self.source),
            Arc::clone(&clock),
            questions,
            self.pace,
            self.seed,
        );
        let board = Board::new(panels, shares);
        let fills = !self.gap.is_zero();
        tokio::spawn(look(round, (board, fills), clock, Span::from(origin), tell.clone()));
        if let Some(alerts) = &self.alerts {
            let (alerts, clock) = (Arc::clone(alerts), Arc::clone(&self.clock));
            tokio::spawn(listen(alerts, clock, self.pace, self.seed, tell));
        }
        told
    }
}

/// Asks, and tells each full second what is current, until nobody listens any more.
async fn look(
    mut round: Round,
    (mut board, fills): (Board, bool),
    clock: Arc<dyn Clock>,
    origin: Span,
    tell: mpsc::UnboundedSender<Observation>,
) {
    let now = || Span::from(clock.monotonic()) - origin;
    let mut past = Past::begun(fills, now());
    let mut next = whole_second(now()) + Span::from_secs(1);
    loop {
        let wait = Duration::from(next - now()).max(Duration::from_millis(1));
        tokio::select! {
            () = tell.closed() => return,
            heard = round.next() => {
                let standing = round.standing(heard.which);
                if let Some(share) = board.take(heard, &standing)
                    && tell.send(share).is_err()
                {
                    return;
                }
            }
            () = sleep(wait) => {
                let at = now();
                if at < next {
                    continue;
                }
                next = whole_second(at) + Span::from_secs(1);
                let stand: Vec<Standing> =
                    (0..board.panels()).map(|which| round.standing(which)).collect();
                let news = second(&mut board, &mut past, (at, clock.wall_millis()), &stand);
                if news.into_iter().any(|one| tell.send(one).is_err()) {
                    return;
                }
            }
        }
    }
}

/// What is told at the full second `at`, which is `wall` on the wall clock.
fn second(
    board: &mut Board,
    past: &mut Past,
    (at, wall): (Span, i64),
    stand: &[Standing],
) -> Vec<Observation> {
    let mut news = Vec::new();
    let start = whole_second(at) - Span::from_secs(1);
    past.look(board, stand, (start, at));
    if let Some(from) = past.told(board, at) {
        let began = wall.saturating_sub_unsigned(at.as_millis());
        news.push(Observation::Then(board.then(began, (from, start), stand)));
    }
    news.extend(board.standings(wall, stand));
    // A reading is told once, also after the machine slept.
    if past.is_told() {
        news.push(Observation::Reading(board.reading(start, stand)));
    }
    news
}

fn whole_second(span: Span) -> Span {
    Span::from_secs(span.as_millis() / 1_000)
}

/// Asks for alerts, and tells when there are others, or nobody knows, until nobody listens any more.
async fn listen(
    source: Arc<dyn AlertSource>,
    clock: Arc<dyn Clock>,
    pace: Pace,
    seed: u64,
    tell: mpsc::UnboundedSender<Observation>,
) {
    let mut chance = Rand32::new(seed);
    let (mut known, mut failures) = (None, 0_u32);
    loop {
        let asked = AssertUnwindSafe(source.alerts(clock.wall_millis())).catch_unwind();
        let answer = match timeout(Duration::from(ALERT_LIMIT), asked).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => {
                Err(trouble(&*source, Trouble::Broken { why: "it could not be asked".to_owned() }))
            }
            Err(_) => Err(trouble(&*source, Trouble::Timeout { limit: ALERT_LIMIT })),
        };
        let (news, wait) = match answer {
            Ok(alerts) => {
                let news = (failures > 0 || known.as_ref() != Some(&alerts))
                    .then(|| Observation::Alerts(alerts.clone()));
                (known, failures) = (Some(alerts), 0);
                (news, pace.interval)
            }
            Err(error) => {
                failures = failures.saturating_add(1);
                let wait = pace.waits.after(failures, &mut chance).max(pace.interval);
                (Some(Observation::AlertsUnknown(error.said())), wait)
            }
        };
        if news.is_some_and(|news| tell.send(news).is_err()) {
            return;
        }
        tokio::select! {
            () = tell.closed() => return,
            () = sleep(wait.into()) => {}
        }
    }
}

fn trouble(source: &dyn AlertSource, trouble: Trouble) -> SourceError {
    SourceError { server: source.place().to_owned(), trouble }
}
