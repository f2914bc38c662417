//! The engine with ports made for the test, in tokio's paused time: order, disk trouble, hanging and panicking adapters, recovery.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gameday::engine::recover::recover;
use gameday::engine::{Bounds, Bringing, Finish, Handle, World, start};
use gameday::exercise::alert::{Silence, SilenceOrder, SilenceState};
use gameday::exercise::command::Command;
use gameday::exercise::event::{Envelope, Event, Outcome};
use gameday::exercise::fold::apply;
use gameday::exercise::header::Header;
use gameday::exercise::id::InjectionId;
use gameday::exercise::improvement::{Category, Proposal};
use gameday::exercise::log::EntryKind;
use gameday::exercise::reading::Reading;
use gameday::exercise::said::Said;
use gameday::exercise::sample::Sample;
use gameday::exercise::silencing::SilencingStatus;
use gameday::exercise::state::{Stage, State};
use gameday::exercise::target::{Pod, PodHealth, Topology};
use gameday::exercise::undo::Undo;
use gameday::exercise::watch::Asking;
use gameday::gameday::fault::Fault;
use gameday::gameday::instrument::Instrument;
use gameday::gameday::load::RateCurve;
use gameday::gameday::metric::Unit;
use gameday::gameday::plan::{AskedFor, GameDay, Traffic};
use gameday::gameday::query::Query;
use gameday::port::alerts::{NotSilenced, Silencer, Silencers};
use gameday::port::clock::Clock;
use gameday::port::feed::{Feed, FeedItem};
use gameday::port::instruments::{Instruments, Observation};
use gameday::port::load::{LoadError, LoadGenerator, LoadOrder};
use gameday::port::recording::{Recording, RecordingError};
use gameday::port::target::{Answer, FaultInjector, FaultOrder, TargetError, TargetObserver};
use gameday::port::trouble::SourceError;
use tokio::sync::{mpsc, watch};

use crate::exercise::stage::{header, injection, phase, plan, secs, slowdown};

/// Everything that was done to the outside, in order.
type Diary = Arc<Mutex<Vec<String>>>;

struct PausedClock(tokio::time::Instant);

impl Clock for PausedClock {
    fn monotonic(&self) -> Duration {
        self.0.elapsed()
    }
    fn wall_millis(&self) -> i64 {
        1_700_000_000_000 + i64::try_from(self.0.elapsed().as_millis()).unwrap()
    }
}

struct Disk {
    diary: Diary,
    written: Arc<Mutex<Vec<Envelope>>>,
    full: Arc<Mutex<bool>>,
}

impl Recording for Disk {
    fn append(&mut self, envelopes: &[Envelope]) -> Result<(), RecordingError> {
        if *self.full.lock().unwrap() {
            return Err(RecordingError::Full);
        }
        for envelope in envelopes {
            let kind = format!("{:?}", envelope.event);
            let word = kind.split([' ', '(', '{']).next().unwrap().to_owned();
            self.diary.lock().unwrap().push(format!("wrote {word}"));
        }
        self.written.lock().unwrap().extend_from_slice(envelopes);
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Manner {
    Fine,
    HangsInjecting,
    InjectsSlowly,
    PanicsInjecting,
    FailsUndoing,
}

struct Target {
    diary: Diary,
    looks: watch::Sender<Topology>,
    manner: Manner,
}

impl TargetObserver for Target {
    fn watch(&self) -> watch::Receiver<Topology> {
        self.looks.subscribe()
    }
    fn survey(&self) -> Answer<'_, Result<Topology, TargetError>> {
        let topology = self.looks.borrow().clone();
        Box::pin(async move { Ok(topology) })
    }
}

impl FaultInjector for Target {
    fn supports(&self, _fault: &Fault) -> Result<(), TargetError> {
        Ok(())
    }
    fn prepare<'a>(&'a self, order: &'a FaultOrder) -> Answer<'a, Result<Undo, TargetError>> {
        let undo =
            Undo { key: order.key.clone(), what: "mend".into(), data: serde_json::Value::Null };
        Box::pin(async move { Ok(undo) })
    }
    fn inject<'a>(&'a self, order: &'a FaultOrder) -> Answer<'a, Result<Said, TargetError>> {
        Box::pin(async move {
            self.diary.lock().unwrap().push(format!("inject {}", order.victims.join(",")));
            match self.manner {
                Manner::HangsInjecting => std::future::pending().await,
                Manner::InjectsSlowly => {
                    tokio::time::sleep(Duration::from_secs(10)).await;
                    self.diary.lock().unwrap().push("landed".into());
                    Ok("seen".into())
                }
                Manner::PanicsInjecting => panic!("adapter bug"),
                Manner::Fine | Manner::FailsUndoing => Ok("seen".into()),
            }
        })
    }
    fn revert<'a>(&'a self, undo: &'a Undo) -> Answer<'a, Result<Said, TargetError>> {
        Box::pin(async move {
            self.diary.lock().unwrap().push(format!("revert {}", undo.key));
            match self.manner {
                Manner::FailsUndoing => Err(TargetError("stuck".into())),
                _ => Ok("gone".into()),
            }
        })
    }
}

/// Load that is only measured: a good sample a second.
struct Load {
    diary: Diary,
    stopped: Arc<watch::Sender<bool>>,
}

impl LoadGenerator for Load {
    fn start(&self, order: LoadOrder) -> Result<mpsc::UnboundedReceiver<Sample>, LoadError> {
        self.diary.lock().unwrap().push(format!("load to {}", order.base_url));
        let (sender, samples) = mpsc::unbounded_channel();
        let mut stopped = self.stopped.subscribe();
        tokio::spawn(async move {
            for second in 0_u64.. {
                let ends = tokio::select! {
                    () = tokio::time::sleep(Duration::from_secs(1)) => false,
                    _ = stopped.wait_for(|stopped| *stopped) => true,
                };
                let sample = Sample {
                    start: secs(second),
                    length: secs(1),
                    planned: 100.0,
                    attempted: 100,
                    ok: 100,
                    ..Sample::default()
                };
                if ends || sender.send(sample).is_err() {
                    return;
                }
            }
        });
        Ok(samples)
    }
    fn follow(&self, curve: RateCurve) {
        let rate = curve.rate_after(secs(0));
        self.diary.lock().unwrap().push(format!("follow {rate:.0}"));
    }
    fn stop(&self) {
        self.stopped.send_replace(true);
    }
}

/// Silences, slowly, and writes it down.
struct Quiet(Diary);

impl Silencer for Quiet {
    fn server(&self) -> &str {
        "http://alerts"
    }
    fn silence<'a>(&'a self, order: &'a SilenceOrder) -> Answer<'a, Result<Silence, NotSilenced>> {
        Box::pin(async move {
            self.0.lock().unwrap().push("silence".into());
            tokio::time::sleep(Duration::from_secs(10)).await;
            self.0.lock().unwrap().push("silent".into());
            Ok(Silence {
                id: "1".into(),
                state: SilenceState::Active,
                matchers: order.matchers.clone(),
                until: order.until,
                by: order.by.clone(),
                comment: order.comment.clone(),
            })
        })
    }
    fn standing<'a>(&'a self, _: &'a str) -> Answer<'a, Result<Vec<Silence>, SourceError>> {
        Box::pin(async { Ok(Vec::new()) })
    }
    fn lift<'a>(&'a self, key: &'a str) -> Answer<'a, Result<usize, SourceError>> {
        Box::pin(async move {
            self.0.lock().unwrap().push(format!("lift {key}"));
            Ok(1)
        })
    }
}

/// Knows one server.
struct Known(Diary);

impl Silencers for Known {
    fn at(&self, server: &str) -> Result<Arc<dyn Silencer>, Said> {
        self.0.lock().unwrap().push(format!("at {server}"));
        Ok(Arc::new(Quiet(self.0.clone())))
    }
}

/// Knows none.
struct Nobody;

impl Silencers for Nobody {
    fn at(&self, server: &str) -> Result<Arc<dyn Silencer>, Said> {
        Err(format!("{server} is not known").as_str().into())
    }
}

struct Rig {
    diary: Diary,
    written: Arc<Mutex<Vec<Envelope>>>,
    full: Arc<Mutex<bool>>,
    handle: Handle,
    feed: Feed,
    shown: State,
}

fn short_plan() -> GameDay {
    let mut day = plan();
    let calm = day.phases[0].load.unwrap();
    let slow = injection("slow", secs(10), slowdown(Some(secs(20))));
    day.phases = vec![phase("only", secs(60), calm, vec![slow])];
    day
}

fn topology() -> Topology {
    let pod = Pod {
        name: "database-1".into(),
        labels: BTreeMap::from([("app".into(), "database".into())]),
        health: PodHealth::Ready,
        ..Pod::default()
    };
    Topology { pods: vec![pod], ..Topology::default() }
}

impl Rig {
    fn new(manner: Manner) -> Self {
        Self::with(manner, header(short_plan()))
    }

    fn with(manner: Manner, header: Header) -> Self {
        Self::seeing(manner, header, None, None)
    }

    /// With instruments inside the target, and a source of metrics beside it.
    fn seeing(
        manner: Manner,
        header: Header,
        instruments: Option<Arc<dyn Instruments>>,
        monitoring: Option<Arc<dyn Instruments>>,
    ) -> Self {
        let diary = Diary::default();
        let target = Arc::new(Target {
            diary: diary.clone(),
            looks: watch::Sender::new(topology()),
            manner,
        });
        let load = Load { diary: diary.clone(), stopped: Arc::new(watch::Sender::new(false)) };
        let world = World {
            bounds: Bounds::HERE,
            news: None,
            observer: target.clone(),
            injector: target,
            load: Arc::new(load),
            base_url: "http://127.0.0.1:9".into(),
            what: "a target".into(),
            allowed_hosts: vec!["127.0.0.1".into()],
            traffic: Traffic {
                routes: Vec::new(),
                timeout: secs(1),
                max_in_flight: 10,
                tls: false,
            },
            instruments,
            monitoring,
            silencer: Some(Arc::new(Quiet(diary.clone()))),
            data: None,
            levers: None,
            certificate_authority: None,
        };
        let bringing: Bringing = Box::pin(async move { Ok(world) });
        let (written, full) = <(Arc<Mutex<Vec<Envelope>>>, Arc<Mutex<bool>>)>::default();
        let disk = Disk { diary: diary.clone(), written: written.clone(), full: full.clone() };
        let clock = Arc::new(PausedClock(tokio::time::Instant::now()));
        let (handle, feed) = start(header, Box::new(disk), clock, bringing);
        let shown = feed.snapshot.clone();
        Self { diary, written, full, handle, feed, shown }
    }

    /// Reads the feed until something holds for what a screen would show.
    async fn until(&mut self, holds: impl Fn(&State, &FeedItem) -> bool) {
        loop {
            let item = tokio::time::timeout(Duration::from_secs(3_600), self.feed.tail.recv());
            let item = item.await.expect("nothing happened for an hour").expect("the feed ended");
            if let FeedItem::Event(envelope) = &item {
                apply(&mut self.shown, envelope);
            }
            if holds(&self.shown, &item) {
                return;
            }
        }
    }

    fn did(&self, what: &str) -> Option<usize> {
        self.diary.lock().unwrap().iter().position(|line| line.starts_with(what))
    }

    async fn finish(self) -> (Finish, Vec<Envelope>) {
        let finish = self.handle.close().await.unwrap();
        let written = self.written.lock().unwrap().clone();
        (finish, written)
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_done_before_it_is_written() {
    let mut rig = Rig::new(Manner::Fine);
    rig.until(|state, _| state.stage == Stage::Ended).await;
    let order = [
        "wrote TargetReady",
        "load to",
        "wrote InjectionStarted",
        "inject database-1",
        "wrote InjectionActive",
        "wrote RevertStarted",
        "revert",
        "wrote Reverted",
        "wrote Ended",
    ];
    let places: Vec<usize> = order.iter().map(|what| rig.did(what).expect(what)).collect();
    assert!(places.is_sorted(), "{places:?} in {:?}", rig.diary.lock().unwrap());
    let shown = rig.shown.clone();
    let (finish, written) = rig.finish().await;
    assert_eq!(finish.unwritten, None);
    assert_eq!(finish.state.outcome.clone().unwrap().0, Outcome::Completed);
    assert!(shown == finish.state, "what was shown is what is");
    assert!(written.iter().enumerate().all(|(at, one)| one.seq == at as u64 + 1));
}

#[tokio::test(start_paused = true)]
async fn what_people_decide_after_the_end_is_written() {
    let mut rig = Rig::new(Manner::Fine);
    rig.until(|state, _| state.stage == Stage::Ended).await;
    let orders = rig.handle.orders();
    let line = |kind, text: &str| Command::Log {
        team: "sre".into(),
        author: "ada".into(),
        text: text.into(),
        kind,
        incident: None,
        evidence: Vec::new(),
        ago: secs(0),
    };
    orders.send(line(EntryKind::Lucky, "it was night"));
    orders.send(Command::NoteImprovement {
        id: None,
        says: Proposal {
            category: Category::Detection,
            text: "alert sooner".into(),
            owner: None,
            due: None,
            evidence: vec![1],
        },
        team: "sre".into(),
        author: "ada".into(),
    });
    let (by, reason) = ("ada".to_owned(), "seen".to_owned());
    orders.send(Command::JudgeExpectation {
        id: InjectionId(0),
        met: true,
        by: by.clone(),
        reason,
    });
    orders.send(Command::SettleEarlier { exercise: "before".into(), entry: 3, done: true, by });
    rig.until(|state, _| !state.people.settled.is_empty()).await;
    let (finish, written) = rig.finish().await;
    assert_eq!(finish.unwritten, None);
    let ended = written.iter().position(|one| matches!(one.event, Event::Ended { .. })).unwrap();
    assert_eq!(written.len() - ended, 5, "{:?}", &written[ended..]);
    assert!(finish.state.people.judged[0].is_some());
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_holds_the_exercise_keeps_events_and_goes_on() {
    let mut rig = Rig::new(Manner::Fine);
    rig.until(|state, _| state.stage == Stage::Running).await;
    *rig.full.lock().unwrap() = true;
    rig.until(
        |_, item| matches!(item, FeedItem::RecordingTrouble(Some(why)) if why.contains("no room")),
    )
    .await;
    let orders = rig.handle.orders();
    orders.send(Command::Log {
        team: "sre".into(),
        author: String::new(),
        text: "typed while the disk was full".into(),
        kind: EntryKind::Note,
        incident: None,
        evidence: Vec::new(),
        ago: gameday::gameday::span::Span::ZERO,
    });
    tokio::time::sleep(Duration::from_secs(600)).await;
    assert!(
        rig.shown.log.iter().all(|entry| !entry.text.contains("typed while")),
        "not shown before durable"
    );
    assert_eq!(rig.did("inject"), None, "nothing is injected while nothing can be written");
    *rig.full.lock().unwrap() = false;
    rig.until(|_, item| matches!(item, FeedItem::RecordingTrouble(None))).await;
    assert!(rig.shown.log.iter().any(|entry| entry.text.contains("typed while")));
    rig.until(|state, _| state.stage == Stage::Ended).await;
    assert_eq!(rig.shown.stops.len(), 1);
    let run = &rig.shown.injections[0];
    assert_eq!(run.status.word(), "reverted");
    let (_, written) = rig.finish().await;
    assert!(written.iter().enumerate().all(|(at, one)| one.seq == at as u64 + 1), "no gap");
}

#[tokio::test(start_paused = true)]
async fn faults_are_undone_though_the_disk_is_full() {
    let mut rig = Rig::new(Manner::Fine);
    rig.until(|state, _| state.live_injections().any(|run| run.t0.is_some())).await;
    *rig.full.lock().unwrap() = true;
    rig.handle.orders().send(Command::Halt { by: "facilitator".into(), reason: "fire".into() });
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        if rig.did("revert").is_some() {
            return;
        }
    }
    panic!("still there: {:?}", rig.diary.lock().unwrap());
}

#[tokio::test(start_paused = true)]
async fn an_injector_that_hangs_or_panics_has_failed_and_is_undone() {
    for (manner, words) in [
        (Manner::HangsInjecting, "took longer than 30s"),
        (Manner::PanicsInjecting, "the adapter panicked"),
    ] {
        let mut rig = Rig::new(manner);
        rig.until(|state, _| state.injections[0].status.is_over()).await;
        let run = rig.shown.injections[0].clone();
        assert_eq!(run.status.word(), "failed");
        assert!(run.problem.unwrap().contains(words));
        assert!(rig.did("revert").is_some(), "something may be half done");
        rig.finish().await;
    }
}

#[tokio::test(start_paused = true)]
async fn closing_ends_what_runs_and_undoes_it() {
    let mut rig = Rig::new(Manner::Fine);
    rig.until(|state, _| state.live_injections().any(|run| run.t0.is_some())).await;
    let (finish, written) = rig.finish().await;
    assert_eq!(finish.state.live_injections().count(), 0);
    assert!(matches!(
        written.last().unwrap().event,
        Event::Ended { outcome: Outcome::EndedEarly, .. }
    ));
}

#[tokio::test(start_paused = true)]
async fn what_a_dead_program_left_is_undone_and_recorded_by_the_next() {
    let mut rig = Rig::new(Manner::Fine);
    rig.until(|state, _| state.live_injections().any(|run| run.t0.is_some())).await;
    let left = rig.written.lock().unwrap().clone();
    for manner in [Manner::FailsUndoing, Manner::Fine] {
        let mut state = State::new(rig.shown.header.clone());
        left.iter().for_each(|envelope| apply(&mut state, envelope));
        let diary = Diary::default();
        let written = Arc::<Mutex<Vec<Envelope>>>::default();
        let mut disk =
            Disk { diary: diary.clone(), written: written.clone(), full: Arc::default() };
        let target = Target { diary: diary.clone(), looks: watch::Sender::new(topology()), manner };
        let clock = PausedClock(tokio::time::Instant::now());
        let cleared =
            recover(&mut state, &mut disk, (&target, Bounds::HERE), &Nobody, &clock).await.unwrap();
        assert_eq!(cleared.len(), 1);
        let written = written.lock().unwrap();
        assert_eq!(written[0].seq, left.len() as u64 + 1);
        assert!(written.windows(2).all(|pair| pair[0].stamp.elapsed <= pair[1].stamp.elapsed));
        if manner == Manner::Fine {
            assert_eq!(cleared[0].outcome, Ok("gone".into()));
            assert_eq!(state.outcome.clone().unwrap().0, Outcome::Died);
        } else {
            assert_eq!(cleared[0].outcome, Err("stuck".into()));
            assert_eq!(state.outcome, None, "it stays open, so that the next start tries again");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_fault_cannot_land_after_it_was_undone() {
    let mut rig = Rig::new(Manner::InjectsSlowly);
    rig.until(|state, _| state.injections[0].status.word() == "injecting").await;
    let id = gameday::exercise::id::InjectionId(0);
    rig.handle.orders().send(Command::Revert { id, by: "facilitator".into() });
    rig.until(|state, _| state.injections[0].status.is_over()).await;
    rig.until(|state, _| state.stage == Stage::Ended).await;
    assert!(rig.did("revert").is_some());
    assert_eq!(rig.did("landed"), None);
    assert_eq!(rig.shown.injections[0].status.word(), "reverted");
}

#[tokio::test(start_paused = true)]
async fn a_halt_while_the_disk_is_full_is_not_forgotten_when_there_is_room() {
    let mut rig = Rig::new(Manner::Fine);
    rig.until(|state, _| state.stage == Stage::Running).await;
    *rig.full.lock().unwrap() = true;
    rig.until(|_, item| matches!(item, FeedItem::RecordingTrouble(Some(_)))).await;
    rig.handle.orders().send(Command::Halt { by: "facilitator".into(), reason: "fire".into() });
    tokio::time::sleep(Duration::from_secs(5)).await;
    *rig.full.lock().unwrap() = false;
    rig.until(|state, _| state.halted.is_some()).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let diary = rig.diary.lock().unwrap();
    let last = diary.iter().rfind(|line| line.starts_with("follow")).cloned();
    assert_eq!(last.as_deref(), Some("follow 0"), "{diary:?}");
}

#[tokio::test(start_paused = true)]
async fn ending_ends_though_the_disk_stays_full() {
    let header = Header { headless: true, ..header(short_plan()) };
    let mut rig = Rig::with(Manner::Fine, header);
    rig.until(|state, _| state.stage == Stage::Running).await;
    *rig.full.lock().unwrap() = true;
    rig.handle.orders().send(Command::End { by: "SIGTERM".into(), reason: "told to".into() });
    let gone = async { while rig.feed.tail.recv().await.is_some() {} };
    tokio::time::timeout(Duration::from_secs(60), gone).await.expect("it never ended");
    let (finish, _) = rig.finish().await;
    assert!(finish.unwritten.is_some(), "what is not on disk is said");
}

/// Says something each second, and a second after the last of it ends, or says nothing more for ever.
struct Says {
    seconds: Vec<Observation>,
    /// Where in each second, in milliseconds.
    at: u64,
    ends: bool,
}

impl Instruments for Says {
    fn observe(&self, origin: Duration) -> mpsc::UnboundedReceiver<Observation> {
        assert_eq!(origin, Duration::ZERO);
        let (tell, told) = mpsc::unbounded_channel();
        let (seconds, at, ends) = (self.seconds.clone(), self.at, self.ends);
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(at)).await;
            for one in seconds {
                if tell.send(one).is_err() {
                    return;
                }
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            if !ends {
                tell.closed().await;
            }
        });
        told
    }
}

fn orders() -> Query {
    Query::new("orders", Unit::Count).unwrap()
}

/// What instruments say in so many seconds, each time the number of the second.
fn inside(seconds: u64) -> Vec<Observation> {
    let reading = |second| Reading {
        start: secs(second),
        length: secs(1),
        values: BTreeMap::from([(Instrument::QueueDepth, second as f64)]),
        ..Reading::default()
    };
    (0..seconds).map(|second| Observation::Reading(reading(second))).collect()
}

/// The same of a source of metrics.
fn source(seconds: u64) -> Vec<Observation> {
    let reading = |second| Reading {
        start: secs(second),
        length: secs(1),
        asked: BTreeMap::from([(orders(), second as f64)]),
        ..Reading::default()
    };
    (0..seconds).map(|second| Observation::Reading(reading(second))).collect()
}

/// Start, what instruments said and what the source said, of every reading of an exercise.
async fn readings(
    instruments: Option<Says>,
    monitoring: Says,
) -> (Vec<(u64, Option<f64>, Option<f64>)>, Vec<Event>) {
    let mut day = short_plan();
    day.queries = vec![AskedFor { query: orders(), promql: "sum(orders)".into() }];
    let instruments = instruments.map(|says| Arc::new(says) as Arc<dyn Instruments>);
    let mut rig = Rig::seeing(Manner::Fine, header(day), instruments, Some(Arc::new(monitoring)));
    rig.until(|state, _| state.stage == Stage::Ended).await;
    let (_, written) = rig.finish().await;
    let events: Vec<Event> = written.into_iter().map(|envelope| envelope.event).collect();
    let seen = events.iter().filter_map(|event| match event {
        Event::Observed(reading) => Some((
            reading.start.as_millis() / 1_000,
            reading.values.get(&Instrument::QueueDepth).copied(),
            reading.asked.get(&orders()).copied(),
        )),
        _ => None,
    });
    (seen.collect(), events)
}

#[tokio::test(start_paused = true)]
async fn instruments_and_a_source_beside_them_make_one_reading_a_second() {
    let asking = Asking { came: true, empty: true, ..Asking::default() };
    let mut seconds = source(5);
    seconds.push(Observation::Asking { query: 0, asking: asking.clone() });
    // After five seconds the source says nothing more.
    let says = Says { seconds, at: 400, ends: false };
    let (seen, events) =
        readings(Some(Says { seconds: inside(12), at: 900, ends: false }), says).await;
    assert_eq!(
        seen.iter().map(|(start, ..)| *start).collect::<Vec<_>>(),
        (0..12).collect::<Vec<_>>()
    );
    for (start, inside, asked) in seen {
        assert_eq!(inside, Some(start as f64));
        // What was said last is current for a moment, and then there is no data.
        match start {
            0..=4 => assert_eq!(asked, Some(start as f64)),
            5..=6 => assert_eq!(asked, Some(4.0), "{start}"),
            _ => assert_eq!(asked, None, "{start}"),
        }
    }
    let changed = Event::AskingChanged { query: 0, asking };
    assert_eq!(events.iter().filter(|event| **event == changed).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_source_alone_is_read_where_the_target_has_no_instruments_or_they_end() {
    let says = || Says { seconds: source(8), at: 400, ends: false };
    let (seen, _) = readings(None, says()).await;
    let alone = |second: u64| (second, None, Some(second as f64));
    assert_eq!(seen, (0..8).map(alone).collect::<Vec<_>>());
    let (seen, _) = readings(Some(Says { seconds: inside(3), at: 900, ends: true }), says()).await;
    let (first, rest) = seen.split_at(3);
    assert!(first.iter().all(|(start, inside, _)| *inside == Some(*start as f64)), "{first:?}");
    assert_eq!(rest, (4..8).map(alone).collect::<Vec<_>>(), "from when they have ended");
}

/// One that offers a silence, and everybody agrees.
fn offering() -> Header {
    let mut day = short_plan();
    let matchers = gameday::gameday::silence::parse("service=shop").unwrap();
    day.silences = vec![gameday::gameday::silence::Silence { matchers, why: None }];
    Header { alertmanager: Some("http://alerts".into()), ..header(day) }
}

#[tokio::test(start_paused = true)]
async fn a_silence_is_ordered_when_its_way_back_is_on_disk_and_lifted_when_it_is_made() {
    let mut rig = Rig::with(Manner::Fine, offering());
    let by = "facilitator".to_owned();
    rig.handle.orders().send(Command::SilenceAlerts { which: Vec::new(), by });
    rig.until(|state, _| state.silencings[0].status == SilencingStatus::Making).await;
    let diary = rig.diary.clone();
    let (finish, _) = rig.finish().await;
    assert_eq!(finish.state.silencings[0].status, SilencingStatus::Failed, "never seen to be made");
    let diary = diary.lock().unwrap();
    let place = |what: &str| {
        let found = diary.iter().position(|line| line.starts_with(what));
        found.unwrap_or_else(|| panic!("{what} did not happen"))
    };
    assert!(place("wrote SilenceStarted") < place("silence"));
    // What is on its way to a server is waited for: it would be done there after the lifting.
    assert!(place("silent") < place("lift x1-silence-1"));
    assert!(place("wrote LiftStarted") < place("lift x1-silence-1"));
}

#[tokio::test(start_paused = true)]
async fn a_silence_that_a_dead_program_left_is_lifted_by_the_next() {
    let mut rig = Rig::with(Manner::Fine, offering());
    let by = "facilitator".to_owned();
    rig.handle.orders().send(Command::SilenceAlerts { which: Vec::new(), by });
    rig.until(|state, _| state.silencings[0].status == SilencingStatus::Active).await;
    let left = rig.written.lock().unwrap().clone();
    for known in [false, true] {
        let mut state = State::new(rig.shown.header.clone());
        left.iter().for_each(|envelope| apply(&mut state, envelope));
        let diary = Diary::default();
        let mut disk = Disk { diary: diary.clone(), written: Arc::default(), full: Arc::default() };
        let looks = watch::Sender::new(topology());
        let target = Target { diary: diary.clone(), looks, manner: Manner::Fine };
        let clock = PausedClock(tokio::time::Instant::now());
        let silencers: &dyn Silencers = if known { &Known(diary.clone()) } else { &Nobody };
        let cleared = recover(&mut state, &mut disk, (&target, Bounds::HERE), silencers, &clock)
            .await
            .unwrap();
        let silence = cleared.iter().find(|one| one.name.contains("service=\"shop\"")).unwrap();
        assert_eq!(silence.outcome.is_ok(), known, "{silence:?}");
        assert_eq!(state.outcome.is_some(), known, "else it stays open, and the next tries again");
        let diary = diary.lock().unwrap();
        let place = |what: &str| diary.iter().position(|one| one == what);
        assert!(place("wrote LiftStarted").is_some());
        assert_eq!(place("at http://alerts").is_some(), known);
        assert_eq!(place("lift x1-silence-1") > place("wrote LiftStarted"), known);
    }
}
