//! A stage on which an exercise is played in virtual time, with a target that answers at once unless told not to.

use std::collections::BTreeMap;
use std::sync::Arc;

use gameday::exercise::blast::{BlastRadius, Ceiling, Risk};
use gameday::exercise::command::Command;
use gameday::exercise::decide::advance;
use gameday::exercise::effect::{Effect, effect_of};
use gameday::exercise::event::{Envelope, Event};
use gameday::exercise::header::{FORMAT_VERSION, Header};
use gameday::exercise::histogram::{LatencyHistogram, PackedHistogram};
use gameday::exercise::id::InjectionId;
use gameday::exercise::incident::Severity;
use gameday::exercise::sample::{ErrorCounts, Sample};
use gameday::exercise::schedule::pause;
use gameday::exercise::signal::Signal;
use gameday::exercise::stamp::Stamp;
use gameday::exercise::state::{Stage as Life, State};
use gameday::exercise::undo::Undo;
use gameday::gameday::fault::{Experiment, Fault, Mode};
use gameday::gameday::load::LoadPattern;
use gameday::gameday::measure::{Op, Trigger};
use gameday::gameday::metric::Metric;
use gameday::gameday::plan::{
    Card, GameDay, Guardrail, GuardrailAction, Limit, Objective, Phase, PlannedInjection, Slo,
    Target, Traffic,
};
use gameday::gameday::span::Span;

pub fn secs(secs: u64) -> Span {
    Span::from_secs(secs)
}

pub fn mins(minutes: u64) -> Span {
    Span::from_secs(minutes * 60)
}

/// A slowdown of the database.
pub fn slowdown(duration: Option<Span>) -> Experiment {
    Experiment {
        fault: Fault::DatabaseSlowdown { latency: Span::from_millis(200), jitter: Span::ZERO },
        selector: BTreeMap::from([("app".into(), "database".into())]),
        destination: None,
        mode: Mode::All,
        duration,
        interval: None,
    }
}

/// A kill of two web-app pods.
pub fn kill(interval: Option<Span>, duration: Option<Span>) -> Experiment {
    Experiment {
        fault: Fault::PodFailure,
        selector: BTreeMap::from([("app".into(), "web-app".into())]),
        destination: None,
        mode: Mode::Fixed(2),
        duration,
        interval,
    }
}

pub fn injection(name: &str, offset: Span, experiment: Experiment) -> PlannedInjection {
    PlannedInjection {
        name: name.into(),
        offset,
        experiment,
        expect: None,
        expected: Default::default(),
        hints: Vec::new(),
    }
}

pub fn phase(
    name: &str,
    duration: Span,
    load: LoadPattern,
    injections: Vec<PlannedInjection>,
) -> Phase {
    Phase { name: name.into(), duration, load: Some(load), injections, cards: Vec::new() }
}

/// Calm (5 min), ramp (10 min, with a slowdown at +2 m for 3 m and a kill at +6 m), end (5 min, a slowdown at +1 m to its end).
pub fn plan() -> GameDay {
    let calm = LoadPattern::Constant { rps: 100.0 };
    let ramp = LoadPattern::Linear { start: 100.0, end: 700.0 };
    GameDay {
        name: "play".into(),
        title: "Play".into(),
        hypothesis: None,
        teams: vec!["sre".into(), "support".into()],
        target: Target::Lab,
        objectives: vec![Objective { title: "Learn".into(), measure: None }],
        slos: vec![Slo {
            name: "availability".into(),
            limit: Limit { metric: Metric::Availability, min: Some(0.999), max: None },
        }],
        steady_state: vec![Limit { metric: Metric::Availability, min: Some(0.99), max: None }],
        guardrails: vec![Guardrail {
            when: Trigger {
                source: "availability < 50% for 3s".into(),
                metric: Metric::Availability,
                op: Op::Less,
                bound: 0.5,
                lasting: secs(3),
            },
            then: GuardrailAction::Halt,
        }],
        phases: vec![
            phase("calm", mins(5), calm, Vec::new()),
            phase(
                "ramp",
                mins(10),
                ramp,
                vec![
                    injection("slow", mins(2), slowdown(Some(mins(3)))),
                    injection("kill", mins(6), kill(None, None)),
                ],
            ),
            Phase {
                cards: vec![Card {
                    offset: mins(2),
                    to: None,
                    text: "A newspaper asks.".into(),
                    away: None,
                }],
                ..phase("end", mins(5), calm, vec![injection("slow-2", mins(1), slowdown(None))])
            },
        ],
        traffic: Traffic { routes: Vec::new(), timeout: secs(5), max_in_flight: 1_000, tls: false },
        defences: gameday::gameday::defence::Defences::default(),
        people: Default::default(),
        rollback: None,
        generator: None,
        prometheus: None,
        queries: Vec::new(),
        silences: Vec::new(),
    }
}

/// An incident of severity 2 that aiko opens for a team.
pub fn open(team: &str, title: &str, ago: Span, signal: Option<Signal>) -> Command {
    Command::OpenIncident {
        team: team.into(),
        author: "aiko".into(),
        title: title.into(),
        severity: Severity::Sev2,
        ago,
        people: Vec::new(),
        tags: Vec::new(),
        signal,
    }
}

pub fn header(plan: GameDay) -> Header {
    Header {
        gameday_recording: FORMAT_VERSION,
        program: "gameday test".into(),
        exercise: "x1".into(),
        began: 1_700_000_000_000,
        seed: 7,
        ceiling: Ceiling::Controlled,
        headless: false,
        briefing: None,
        drill: true,
        rehearsal: None,
        alertmanager: None,
        watch: None,
        plan,
    }
}

pub struct Play {
    pub state: State,
    pub events: Vec<Envelope>,
    pub effects: Vec<(Stamp, Effect)>,
    /// Injections whose undoing gets no answer.
    pub hanging: Vec<InjectionId>,
    /// Injections whose undoing fails.
    pub failing: Vec<InjectionId>,
    /// Alerts cannot be silenced; whether surely nothing of it is there.
    pub loud: Option<bool>,
    /// Silences cannot be lifted.
    pub quiet: bool,
    /// Risk that the target reports.
    pub risk: Risk,
    /// Share of requests that succeed.
    pub availability: f64,
    now: Stamp,
    next_sample: Span,
}

impl Play {
    pub fn new(header: Header) -> Self {
        let began = header.began;
        Self {
            state: State::new(Arc::new(header)),
            events: Vec::new(),
            effects: Vec::new(),
            hanging: Vec::new(),
            failing: Vec::new(),
            loud: None,
            quiet: false,
            risk: Risk::Low,
            availability: 1.0,
            now: Stamp::new(Span::ZERO, began),
            next_sample: Span::ZERO,
        }
    }

    /// An exercise of the usual plan whose first phase has just begun.
    pub fn begun() -> Self {
        Self::begun_with(header(plan()))
    }

    pub fn begun_with(header: Header) -> Self {
        let mut play = Self::new(header);
        play.tell(Command::TargetIsReady {
            base_url: "http://127.0.0.1:1".into(),
            what: "x".into(),
        });
        play.until(|state| state.stage == Life::Running);
        play
    }

    pub fn now(&self) -> Stamp {
        self.now
    }

    /// What the exercise clock shows.
    pub fn time(&self) -> Span {
        self.state.exercise_time(self.now)
    }

    /// Asks for something; whatever adapters answer at once has been answered on return.
    pub fn ask(&mut self, command: Command) -> Result<(), String> {
        let envelopes = advance(&mut self.state, command, self.now).map_err(|error| error.0)?;
        let effects: Vec<Effect> = envelopes
            .iter()
            .filter_map(|envelope| effect_of(&self.state, &envelope.event))
            .collect();
        self.events.extend(envelopes);
        for effect in effects {
            self.effects.push((self.now, effect.clone()));
            if let Some(answer) = self.answer(effect) {
                self.ask(answer)?;
            }
        }
        Ok(())
    }

    pub fn tell(&mut self, command: Command) {
        self.ask(command).unwrap();
    }

    fn answer(&self, effect: Effect) -> Option<Command> {
        Some(match effect {
            Effect::Prepare { id, round } => Command::FaultPrepared {
                id,
                round,
                victims: vec![format!("pod-{round}")],
                peers: Vec::new(),
                undo: Undo {
                    key: format!("{id}-{round}"),
                    what: "undo it".into(),
                    data: serde_json::Value::Null,
                },
                blast: BlastRadius { pods: 1, risk: self.risk, ..BlastRadius::default() },
            },
            Effect::Inject { id, round, .. } => {
                Command::FaultTookEffect { id, round, t0: self.now, evidence: "seen".into() }
            }
            Effect::SilenceAlerts { silence, round, order } => match self.loud {
                None => {
                    let (until, evidence) = (order.until, "seen".into());
                    Command::SilenceIsMade { silence, round, until, evidence }
                }
                Some(nothing) => {
                    Command::SilenceHasFailed { silence, round, error: "no".into(), nothing }
                }
            },
            Effect::LiftSilence { silence, attempt, .. } if self.quiet => {
                Command::LiftHasFailed { silence, attempt, error: "stuck".into() }
            }
            Effect::LiftSilence { silence, attempt, .. } => {
                Command::SilenceIsLifted { silence, attempt, evidence: "heard".into() }
            }
            Effect::Revert { id, .. } if self.hanging.contains(&id) => return None,
            Effect::Revert { id, attempt, .. } if self.failing.contains(&id) => {
                Command::RevertHasFailed { id, attempt, error: "stuck".into() }
            }
            Effect::Revert { id, attempt, .. } => {
                Command::FaultReverted { id, attempt, evidence: "gone".into() }
            }
            _ => return None,
        })
    }

    /// Lets time pass exactly as the engine does: from pause to pause, with a sample every second.
    pub fn pass(&mut self, span: Span) {
        let end = self.now.elapsed + span;
        while self.now.elapsed < end {
            let step = pause(&self.state, self.now).min(end - self.now.elapsed);
            let next = (self.now.elapsed + step).min(self.next_sample.max(self.now.elapsed));
            let to = if self.state.load.curve.is_some() && next > self.now.elapsed {
                next
            } else {
                self.now.elapsed + step
            };
            self.now =
                Stamp::new(to, self.state.header.began + i64::try_from(to.as_millis()).unwrap());
            if self.state.load.curve.is_some() && to >= self.next_sample {
                let sample = self.sample(to);
                self.next_sample = to + secs(1);
                self.tell(Command::SampleTaken(sample));
            }
            self.tell(Command::Tick);
        }
    }

    fn sample(&self, end: Span) -> Sample {
        let mut histogram = LatencyHistogram::new();
        histogram.record(2_000);
        let attempted = 1_000_u64;
        let ok = (attempted as f64 * self.availability).round() as u64;
        Sample {
            start: end - secs(1),
            length: secs(1),
            planned: attempted as f64,
            attempted,
            dropped: 0,
            ok,
            errors: ErrorCounts { server: attempted - ok, ..ErrorCounts::default() },
            latency: PackedHistogram::pack(&histogram),
            ..Sample::default()
        }
    }

    /// Lets time pass until something holds, at most four hours.
    pub fn until(&mut self, holds: impl Fn(&State) -> bool) {
        for _ in 0..4 * 3_600 * 10 {
            if holds(&self.state) {
                return;
            }
            self.pass(Span::from_millis(100));
        }
        panic!("never happened; stage {:?} at {}", self.state.stage, self.now.elapsed);
    }

    /// Exercise times at which injections took effect, by name.
    pub fn took_effect(&self) -> Vec<(String, Span)> {
        let mut replay = State::new(self.state.header.clone());
        let mut times = Vec::new();
        for envelope in &self.events {
            gameday::exercise::fold::apply(&mut replay, envelope);
            if let Event::InjectionActive { id, .. } = envelope.event {
                let name = replay.planned(id).unwrap().name.clone();
                times.push((name, replay.exercise_time(envelope.stamp)));
            }
        }
        times
    }

    pub fn hold(&mut self) {
        self.tell(Command::Hold { by: "facilitator".into(), reason: "talk".into() });
    }

    pub fn resume(&mut self) {
        self.tell(Command::Resume { by: "facilitator".into() });
    }

    pub fn halt(&mut self) {
        self.tell(Command::Halt { by: "facilitator".into(), reason: "real incident".into() });
    }

    pub fn id(&self, name: &str) -> InjectionId {
        let place = self.state.plan().injections().position(|(_, one)| one.name == name);
        InjectionId(place.unwrap())
    }

    pub fn status(&self, name: &str) -> &'static str {
        self.state.injections[self.id(name).0].status.word()
    }
}

/// Whether `time` is `expected`, give or take what one look at the clock costs.
#[track_caller]
pub fn assert_near(time: Span, expected: Span) {
    let off = (time - expected).max(expected - time);
    assert!(off <= Span::from_millis(20), "{time} instead of {expected}");
}
