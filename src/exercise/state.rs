//! The exercise as it stands after some events. Changed by the fold alone; everything else reads.

use std::sync::Arc;

use super::approved::Approved;
use super::briefing::Briefing;
use super::cluster::ClusterSeen;
use super::event::{Outcome, PhaseEnd, When};
use super::figure::Figures;
use super::header::Header;
use super::history::History;
use super::id::{IncidentId, InjectionId};
use super::incident::Incident;
pub use super::injection::{InjectionRun, InjectionStatus};

use super::lever::LeverRun;
use super::log::LogEntry;
use super::people::{Holding, People, ShownCard};
use super::pin::Pin;
pub use super::promise::{GuardrailRun, SloRun, Violation};
use super::reading::{Checkpoint, Failover, IntegrityCheck, Reading};
use super::said::Said;
pub use super::score::Score;
use super::series::Series;
use super::signal::Outage;
use super::silencing::{self, Silencing};
use super::stamp::Stamp;
use super::steady::Finding;
use super::target::Topology;
use super::watch::Watching;
use crate::gameday::load::RateCurve;
use crate::gameday::plan::{GameDay, Phase, PlannedInjection};
use crate::gameday::span::Span;

/// Where the exercise is in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// The target is being had.
    #[default]
    Preparing,
    /// Measuring before the first phase.
    Preflight,
    /// The steady state does not hold; someone must override or end.
    NoGo,
    /// Phases run (unless held or halted).
    Running,
    /// Phases are over: undoing, and looking again.
    Closing,
    /// Over.
    Ended,
}

/// The clock the plan counts in: it stands still before the first phase, in a hold and in a halt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExerciseClock {
    /// Counted up to the last stop.
    pub banked: Span,
    /// Running since this elapsed time; `None`: it stands still.
    pub since: Option<Span>,
}

impl ExerciseClock {
    /// The exercise time at `elapsed`.
    pub fn at(&self, elapsed: Span) -> Span {
        self.since.map_or(self.banked, |since| self.banked + (elapsed - since))
    }
}

/// A stop of the exercise clock or of everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Since when.
    pub since: Stamp,
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: Said,
}

/// A hold or a halt that is remembered, over or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// A halt, not a hold.
    pub halt: bool,
    /// Since when, by whom, why.
    pub stop: Stop,
    /// Until when; `None`: still.
    pub to: Option<Stamp>,
    /// Who let it go on, and why where a reason was given.
    pub ended_by: Option<(String, String)>,
}

/// A phase as it goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhaseRun {
    /// When it began: exercise time and instant.
    pub started: Option<(Span, Stamp)>,
    /// The event it began with.
    pub started_seq: u64,
    /// When and why it ended.
    pub ended: Option<(Span, Stamp, PhaseEnd)>,
    /// Time given on top.
    pub extension: Span,
}

/// What the load does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LoadRun {
    /// What is followed since when; `None`: no load.
    pub curve: Option<(RateCurve, Stamp)>,
    /// The event the curve came with.
    pub curve_seq: u64,
    /// When it last stopped.
    pub stopped: Option<Stamp>,
    /// Set by hand.
    pub by_hand: Option<f64>,
    /// Why there is none.
    pub problem: Option<Said>,
}

impl LoadRun {
    /// The rate asked for at `now`.
    pub fn rate(&self, now: Stamp) -> f64 {
        self.curve.as_ref().map_or(0.0, |(curve, at)| curve.rate_after(now.since(*at)))
    }
}

/// The result of a check of the steady state.
#[derive(Clone, Debug, PartialEq)]
pub struct SteadyCheck {
    /// Before or after.
    pub when: When,
    /// At what time.
    pub stamp: Stamp,
    /// Each limit.
    pub findings: Vec<Finding>,
    /// All of them.
    pub holds: bool,
}

/// The exercise after event `seq`.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// What stays the same.
    pub header: Arc<Header>,
    /// It holds what participants are told, and not all there is: see `participant`.
    pub participants: bool,
    /// The last event folded in.
    pub seq: u64,
    /// When it happened.
    pub now: Stamp,
    /// Where the exercise is.
    pub stage: Stage,
    /// When the stage began.
    pub stage_since: Stamp,
    /// The exercise clock.
    pub clock: ExerciseClock,
    /// The clock is held.
    pub held: Option<Stop>,
    /// Everything is stopped.
    pub halted: Option<Stop>,
    /// Times when the exercise clock stood still although phases ran: from, to.
    pub stops: Vec<(Stamp, Option<Stamp>)>,
    /// Every hold and halt so far.
    pub pauses: Vec<Pause>,
    /// Where customers go.
    pub base_url: Option<String>,
    /// The phases, as many as planned.
    pub phases: Vec<PhaseRun>,
    /// The injections, as many as planned.
    pub injections: Vec<InjectionRun>,
    /// The silences over alerts, as many as are offered.
    pub silencings: Vec<Silencing>,
    /// The load.
    pub load: LoadRun,
    /// What was measured.
    pub series: Series,
    /// The SLOs, as many as planned.
    pub slos: Vec<SloRun>,
    /// The guardrails, as many as planned.
    pub guardrails: Vec<GuardrailRun>,
    /// Checks of the steady state.
    pub steady: Vec<SteadyCheck>,
    /// The briefing before the first phase.
    pub briefing: Briefing,
    /// A no-go was overridden: by whom, why.
    pub overridden: Option<(String, String)>,
    /// How far injections reach as it was approved, where that has to be.
    pub approved: Vec<Approved>,
    /// The target as last seen.
    pub topology: Topology,
    /// What a cluster said of itself beside its pods.
    pub cluster: ClusterSeen,
    /// What the target's instruments said, second by second.
    pub readings: History<Reading>,
    /// What is known from watching.
    pub watching: Watching,
    /// Times the replica took over.
    pub failovers: Vec<(Stamp, Failover)>,
    /// The data when the exercise began.
    pub checkpoint: Option<Checkpoint>,
    /// When comparing with it began.
    pub comparing: Option<Stamp>,
    /// The data after it; `Err`: why it could not be compared.
    pub integrity: Option<Result<IntegrityCheck, Said>>,
    /// Levers pulled, by number.
    pub levers: Vec<LeverRun>,
    /// The incident log.
    pub log: Vec<LogEntry>,
    /// Moments that were pinned, in order.
    pub pins: Vec<Pin>,
    /// The incidents, by number.
    pub incidents: Vec<Incident>,
    /// Cards shown, in order.
    pub cards: Vec<ShownCard>,
    /// Roles, hints, improvements, and what else people did.
    pub people: People,
    /// Times when pods of an app were dead.
    pub outages: Vec<Outage>,
    /// Something real happened: it is an exercise no more.
    pub real: Option<Stop>,
    /// Scores by objective.
    pub scores: Vec<Option<Score>>,
    /// How it will have ended once everything is undone, and why.
    pub ending: Option<(Outcome, Said)>,
    /// How it ended, and why.
    pub outcome: Option<(Outcome, Said)>,
}

impl State {
    /// The state before the first event.
    pub fn new(header: Arc<Header>) -> Self {
        let plan = &header.plan;
        let injections = plan
            .injections()
            .enumerate()
            .map(|(index, (phase, _))| InjectionRun::planned(InjectionId(index), phase))
            .collect();
        Self {
            participants: false,
            seq: 0,
            now: Stamp::new(Span::ZERO, header.began),
            stage: Stage::Preparing,
            stage_since: Stamp::new(Span::ZERO, header.began),
            clock: ExerciseClock::default(),
            held: None,
            halted: None,
            stops: Vec::new(),
            pauses: Vec::new(),
            base_url: None,
            phases: vec![PhaseRun::default(); plan.phases.len()],
            injections,
            silencings: silencing::offered(&header),
            load: LoadRun::default(),
            series: Series::default(),
            slos: vec![SloRun::default(); plan.slos.len()],
            guardrails: vec![GuardrailRun::default(); plan.guardrails.len()],
            steady: Vec::new(),
            briefing: Briefing::default(),
            overridden: None,
            approved: Vec::new(),
            topology: Topology::default(),
            cluster: ClusterSeen::default(),
            readings: History::default(),
            watching: Watching::new(header.watch.as_ref(), header.queries().len()),
            failovers: Vec::new(),
            checkpoint: None,
            comparing: None,
            integrity: None,
            levers: Vec::new(),
            log: Vec::new(),
            pins: Vec::new(),
            incidents: Vec::new(),
            cards: Vec::new(),
            people: People {
                persons: plan.people.persons.clone(),
                holdings: Holding::planned(&plan.people.persons, header.began),
                judged: vec![None; plan.injections().count()],
                ..People::default()
            },
            outages: Vec::new(),
            real: None,
            scores: vec![None; plan.objectives.len()],
            ending: None,
            outcome: None,
            header,
        }
    }

    /// The plan.
    pub fn plan(&self) -> &GameDay {
        &self.header.plan
    }

    /// Whether a real system is watched, and nothing exercised.
    pub fn is_watch(&self) -> bool {
        self.header.watch.is_some()
    }

    /// The exercise time at `now`.
    pub fn exercise_time(&self, now: Stamp) -> Span {
        self.clock.at(now.elapsed)
    }

    /// The phase that runs, with its index.
    pub fn current_phase(&self) -> Option<(usize, &Phase, &PhaseRun)> {
        let index =
            self.phases.iter().position(|run| run.started.is_some() && run.ended.is_none())?;
        Some((index, self.plan().phases.get(index)?, self.phases.get(index)?))
    }

    /// The exercise time at which a phase begins: as it was, or as it is foreseen now.
    pub fn phase_start(&self, index: usize) -> Span {
        let mut start = Span::ZERO;
        for (at, run) in self.phases.iter().enumerate() {
            if let Some((began, _)) = run.started {
                start = began;
            }
            if at == index {
                return start;
            }
            start = run.ended.map_or_else(|| start + self.phase_length(at), |(end, _, _)| end);
        }
        start
    }

    /// The planned length of a phase with what was given on top.
    pub fn phase_length(&self, index: usize) -> Span {
        let planned = self.plan().phases.get(index).map_or(Span::ZERO, |phase| phase.duration);
        planned + self.phases.get(index).map_or(Span::ZERO, |run| run.extension)
    }

    /// The exercise time at which the last phase ends, as foreseen now.
    pub fn foreseen_end(&self) -> Span {
        if self.is_watch() {
            return self.exercise_time(self.now);
        }
        self.phases.len().checked_sub(1).map_or(Span::ZERO, |last| {
            self.phases
                .get(last)
                .and_then(|run| run.ended)
                .map_or_else(|| self.end_to_come(last), |(end, _, _)| end)
        })
    }

    /// When a phase will end: not before now, whatever is known of its length.
    fn end_to_come(&self, index: usize) -> Span {
        let planned = self.phase_start(index) + self.phase_length(index);
        let begun = self.phases.get(index).is_some_and(|run| run.started.is_some());
        if begun { planned.max(self.exercise_time(self.now)) } else { planned }
    }

    /// Everything measured so far, felt by customers and read by instruments.
    pub fn figures(&self) -> Figures<'_> {
        Figures::all(&self.series, &self.readings)
    }

    /// The plan of an injection.
    pub fn planned(&self, id: InjectionId) -> Option<&PlannedInjection> {
        self.plan().injections().nth(id.0).map(|(_, planned)| planned)
    }

    /// The name of an injection; its number where it is not in the plan.
    pub fn name_of(&self, id: InjectionId) -> String {
        self.planned(id).map_or_else(|| id.to_string(), |planned| planned.name.clone())
    }

    /// The exercise time at which an injection is due, as foreseen now.
    pub fn injection_due(&self, run: &InjectionRun) -> Span {
        let offset = self.planned(run.id).map_or(Span::ZERO, |planned| planned.offset);
        self.phase_start(run.phase) + offset + run.delay
    }

    /// The next planned injection: it, and its exercise time.
    pub fn next_injection(&self) -> Option<(&InjectionRun, Span)> {
        let planned = self.injections.iter().filter(|run| run.status == InjectionStatus::Planned);
        planned.map(|run| (run, self.injection_due(run))).min_by_key(|(_, due)| *due)
    }

    /// Injections of which something may be in the target now.
    pub fn live_injections(&self) -> impl Iterator<Item = &InjectionRun> {
        self.injections.iter().filter(|run| run.status.is_live())
    }

    /// An incident by its number.
    pub fn incident(&self, id: IncidentId) -> Option<&Incident> {
        self.incidents.iter().find(|incident| incident.id == id)
    }

    /// How much of the time from `from` to `to` the exercise clock stood still.
    pub fn stopped_between(&self, from: Stamp, to: Stamp) -> Span {
        self.stops.iter().fold(Span::ZERO, |sum, (begin, end)| {
            let begin = begin.elapsed.max(from.elapsed);
            let end = end.map_or(to.elapsed, |end| end.elapsed.min(to.elapsed));
            sum + (end - begin)
        })
    }
}
