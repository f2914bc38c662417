//! Runs of k6 as a load generator. One task keeps what there is as the course wants it, looks how it is, and makes samples.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

use super::carry::Way;
use super::course::{Course, Move, Run};
use super::figures::{Counted, counted};
use super::objects::{Label, MOST_BYTES};
use super::script::{Load, script};
pub use super::settings::{News, Settings, Tell};
use super::stage::Stage;
use super::verdict::Verdict;
use crate::exercise::sample::Sample;
use crate::gameday::load::RateCurve;
use crate::gameday::plan::Traffic;
use crate::gameday::span::Span;
use crate::port::load::{LoadError, LoadGenerator, LoadOrder};

/// How often it is looked how the runs are.
const EVERY: Duration = Duration::from_secs(1);
/// How often the counters are asked for.
const FIGURES: Duration = Duration::from_secs(2);
/// Behind the plan by less, nobody needs to know.
const LATE: Span = Span::from_secs(3);

/// A program that ends waits so long for runners to go; a cluster that is gone takes for ever.
pub const ENDS: Duration = Duration::from_secs(150);

/// Load from the cluster.
pub struct K6 {
    settings: Settings,
    control: Mutex<Option<UnboundedSender<Word>>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

enum Word {
    Follow(RateCurve, Duration),
    Stop,
}

impl K6 {
    /// A generator that does nothing yet.
    pub const fn new(settings: Settings) -> Self {
        Self { settings, control: Mutex::new(None), task: Mutex::new(None) }
    }

    /// Stops, and waits until no run is left in the cluster; the program must not end before, but for a cluster that is gone.
    ///
    /// # Errors
    /// What may be left after so long, and how somebody ends it later.
    pub async fn end(&self, bound: Duration) -> Result<(), String> {
        self.stop();
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut task) = task else { return Ok(()) };
        let left = match tokio::time::timeout(bound, &mut task).await {
            Ok(Ok(())) => return Ok(()),
            // One that panicked has told so.
            Ok(Err(_)) => "what ends the runners of k6 broke off".to_owned(),
            Err(_) => format!("the runners of k6 are not ended after {} s", bound.as_secs()),
        };
        task.abort();
        let Label { run, namespace, .. } = &self.settings.label;
        Err(format!(
            "{left}, and may go on sending load: gameday halt -n {namespace} --run {run} ends them"
        ))
    }

    fn tell(&self, word: Word) {
        if let Some(control) = &*self.control.lock().unwrap_or_else(PoisonError::into_inner) {
            // A run that has ended follows nothing.
            drop(control.send(word));
        }
    }
}

impl LoadGenerator for K6 {
    fn start(&self, order: LoadOrder) -> Result<UnboundedReceiver<Sample>, LoadError> {
        let mut control = self.control.lock().unwrap_or_else(PoisonError::into_inner);
        if control.as_ref().is_some_and(|control| !control.is_closed()) {
            return Err(LoadError::Invalid("load is being sent already".to_owned()));
        }
        if order.traffic.routes.is_empty() {
            return Err(LoadError::Invalid("there is no route to send requests to".to_owned()));
        }
        let (samples, taker) = unbounded_channel();
        let (words, listener) = unbounded_channel();
        let settings = self.settings.clone();
        if settings.source.is_none() {
            (settings.tell)(News::Note(
                "k6 makes the load, and no Prometheus is known that its runners write to: what customers feel has no data; only how the runners end is known".to_owned(),
            ));
        }
        let keeper = Keeper::new(settings, order, samples);
        let task = tokio::spawn(keeper.keep(listener));
        *self.task.lock().unwrap_or_else(PoisonError::into_inner) = Some(task);
        *control = Some(words);
        Ok(taker)
    }

    fn follow(&self, curve: RateCurve) {
        self.tell(Word::Follow(curve, self.settings.clock.monotonic()));
    }

    fn stop(&self) {
        self.tell(Word::Stop);
        *self.control.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Keeps what there is as it has to be.
struct Keeper {
    settings: Settings,
    way: Way,
    traffic: Traffic,
    origin: Duration,
    course: Course,
    /// Since when each run is where it is.
    stages: BTreeMap<u32, (Stage, Duration)>,
    /// Runs that this deletes itself, and that are not gone yet.
    ending: BTreeSet<u32>,
    samples: UnboundedSender<Sample>,
    counted: Counted,
    looked: Duration,
    /// Trouble that was told already.
    told: Option<String>,
}

impl Keeper {
    fn new(settings: Settings, order: LoadOrder, samples: UnboundedSender<Sample>) -> Self {
        let way = Way { client: settings.client.clone(), label: settings.label.clone() };
        let course = Course::new(settings.phases.clone());
        let looked = settings.clock.monotonic();
        Self {
            way,
            traffic: order.traffic,
            origin: order.origin,
            course,
            stages: BTreeMap::new(),
            ending: BTreeSet::new(),
            samples,
            counted: Counted::default(),
            looked,
            told: None,
            settings,
        }
    }

    /// Until it is told to stop, and nothing is left.
    async fn keep(mut self, mut words: UnboundedReceiver<Word>) {
        let mut open = true;
        loop {
            tokio::select! {
                word = words.recv(), if open => match word {
                    Some(Word::Follow(curve, at)) => self.course.want(curve, at),
                    Some(Word::Stop) | None => {
                        open = false;
                        self.course.want(RateCurve::flat(0.0), self.now());
                    }
                },
                () = tokio::time::sleep(EVERY) => {
                    self.look().await;
                    self.measure().await;
                }
            }
            // What is waiting is heard first: only the last of it counts.
            if open && !words.is_empty() {
                continue;
            }
            for next in self.course.moves(self.now()) {
                match next {
                    Move::Order(run) => self.order(&run).await,
                    Move::End(number) => self.end(number).await,
                }
            }
            if !open && self.course.runs().is_empty() {
                return;
            }
        }
    }

    fn now(&self) -> Duration {
        self.settings.clock.monotonic()
    }

    fn note(&self, text: String) {
        (self.settings.tell)(News::Note(text));
    }

    /// There is no load until something else is wanted.
    fn fail(&mut self, why: String) {
        self.course.want(RateCurve::flat(0.0), self.now());
        (self.settings.tell)(News::Failed(why));
    }

    /// The same trouble is told once.
    fn trouble(&mut self, why: String) {
        if self.told.as_ref() != Some(&why) {
            self.note(why.clone());
            self.told = Some(why);
        }
    }

    async fn order(&mut self, run: &Run) {
        if run.written().length().is_zero() {
            self.course.give_up(run.number);
            return self.note(
                "what is left of the load is shorter than runners of k6 need to start: it is left out".to_owned(),
            );
        }
        let load = Load {
            game_day: &self.settings.label.game_day,
            url: &self.settings.url,
            traffic: &self.traffic,
            legs: &run.written(),
            runners: self.settings.runners.parallelism,
        };
        let text = match script(&load) {
            Ok(text) if text.len() > MOST_BYTES => Err("its script is too long".to_owned()),
            other => other,
        };
        let placed = match text {
            Ok(text) => {
                let runners = &self.settings.runners;
                self.way.place(run.number, runners, text).await.map_err(|error| error.0)
            }
            Err(why) => Err(why),
        };
        if let Err(why) = placed {
            self.end(run.number).await;
            return self.fail(format!("k6 cannot make the load: {why}"));
        }
        self.stages.insert(run.number, (Stage::Unseen, self.now()));
        if run.number > 1 {
            self.note(
                "k6 cannot change its rate once it runs: new runners are started for the load that is wanted now, and those before go on until these send".to_owned(),
            );
        }
    }

    async fn end(&mut self, number: u32) {
        self.ending.insert(number);
        match self.way.clear(number).await {
            Ok(()) => {
                self.course.ended(number);
                self.stages.remove(&number);
                self.ending.remove(&number);
            }
            // It is tried again a second later.
            Err(error) => self.trouble(format!("k6 is not ended yet: {error}")),
        }
    }

    /// Looks how each run is.
    async fn look(&mut self) {
        let numbers: Vec<u32> = self.course.runs().iter().map(|run| run.number).collect();
        for number in numbers {
            // What this deleted itself, and could not see gone, is not somebody else's doing.
            if self.ending.contains(&number) {
                self.end(number).await;
                continue;
            }
            let look = match self.way.look(number).await {
                Ok(look) => look,
                Err(error) => {
                    self.trouble(format!("nobody knows how k6 is: {error}"));
                    continue;
                }
            };
            let Some(stage) = look.stage else {
                self.end(number).await;
                self.fail("somebody else deleted the TestRun that made the load".to_owned());
                continue;
            };
            self.seen(number, stage).await;
        }
    }

    async fn seen(&mut self, number: u32, stage: Stage) {
        let now = self.now();
        let known = self.stages.entry(number).or_insert((stage, now));
        if known.0 != stage {
            *known = (stage, now);
        }
        let since = known.1;
        if stage.has_started()
            && let Some(late) = self.course.began(number, now)
        {
            let behind = match late >= LATE {
                true => format!(", {late} behind the plan, and stays so"),
                false => String::new(),
            };
            self.note(format!(
                "k6: {} send now{behind}",
                runners(self.settings.runners.parallelism)
            ));
        }
        if stage == Stage::Error {
            self.end(number).await;
            let why = "k6 could not begin: its initializer found the script or its arguments wrong; its pod's log says more";
            return self.fail(why.to_owned());
        }
        if stage.is_over() {
            return self.over(number).await;
        }
        let waited = Span::from(now.saturating_sub(since));
        if stage.patience().is_some_and(|patience| waited > patience) {
            self.end(number).await;
            self.fail(format!("k6 did not begin within {waited}: {}", stage.stuck()));
        }
    }

    /// Judges a run that is over, and takes it away.
    async fn over(&mut self, number: u32) {
        let runners = self.settings.runners.parallelism;
        let verdict = self.way.judge(number, runners).await;
        self.measure_now().await;
        if verdict.as_ref().is_ok_and(Verdict::is_good) {
            self.course.finished(number, self.now());
        }
        self.end(number).await;
        match verdict {
            Ok(verdict) if verdict.is_good() => self.note(format!("k6: {}", verdict.words())),
            Ok(verdict) => self.fail(format!("k6: {}", verdict.words())),
            Err(error) => self.trouble(format!("nobody knows how the runners ended: {error}")),
        }
    }

    /// A sample, where it is time for one.
    async fn measure(&mut self) {
        if self.now().saturating_sub(self.looked) >= FIGURES {
            self.measure_now().await;
        }
    }

    async fn measure_now(&mut self) {
        let Some(source) = self.settings.source.clone() else { return };
        let now = self.now();
        let wall = self.settings.clock.wall_millis();
        match counted(&*source, &self.settings.label.all(), wall).await {
            Ok(mut counts) => {
                let window = (self.origin, self.looked, now);
                let sample = counts.since(&self.counted, &self.course, window);
                counts.keep(std::mem::take(&mut self.counted));
                self.counted = counts;
                self.looked = now;
                // Nobody who takes it: the exercise is over.
                drop(self.samples.send(sample));
            }
            Err(error) => self.trouble(format!("no figures of k6: {error}")),
        }
    }
}

fn runners(count: u32) -> String {
    if count == 1 { "1 runner".to_owned() } else { format!("{count} runners") }
}
