//! What participants are told of an exercise: the past as customers, instruments and teams see it. Nothing planned,
//! no fault, no card before its time, no word that is meant for the facilitator. Not the carrying of it.

pub mod line;
mod names;
mod queries;

use std::sync::Arc;

use self::names::Names;
use self::queries::Queries;
use super::blast::Ceiling;
use super::event::{Envelope, Event};
use super::header::Header;
use super::improvement::Proposal;
use super::log::FACILITATOR;
use super::said::Said;
use super::signal::Signal;
use super::state::{PhaseRun, State};
use crate::gameday::defence::Defences;
use crate::gameday::people::People;
use crate::gameday::plan::{Card, GameDay, Objective, Phase, Slo, Traffic};
use crate::gameday::span::Span;

/// One thing that participants are told.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// What of the plan is known from now on, where that became more.
    pub plan: Option<Arc<GameDay>>,
    /// What happened. Numbered anew: a gap would tell that something happened that is not told.
    pub envelope: Envelope,
}

/// Tells participants of an exercise, event by event, from the first.
#[derive(Clone, Debug)]
pub struct Teller {
    whole: Arc<Header>,
    names: Names,
    queries: Queries,
    /// So many phases have begun.
    begun: usize,
    /// Cards shown: phase, card.
    cards: Vec<(usize, usize)>,
    /// Teams that came later.
    teams: Vec<String>,
    /// The number in the recording of each thing that was told, in order.
    told: Vec<u64>,
}

impl Teller {
    /// Begins before the first event.
    pub fn new(whole: Arc<Header>) -> Self {
        let names = Names::of(&whole.plan);
        let queries = Queries::of(&whole.plan, &names);
        let (cards, teams, told) = (Vec::new(), Vec::new(), Vec::new());
        Self { whole, names, queries, begun: 0, cards, teams, told }
    }

    /// The header as participants may know it now.
    pub fn header(&self) -> Header {
        let whole = &*self.whole;
        Header {
            gameday_recording: whole.gameday_recording,
            program: whole.program.clone(),
            exercise: self.names.covered(&whole.exercise, || "exercise".to_owned()),
            began: whole.began,
            // With the seed, the victims could be worked out.
            seed: 0,
            ceiling: Ceiling::default(),
            headless: whole.headless,
            briefing: whole.briefing,
            drill: whole.drill,
            rehearsal: whole.rehearsal,
            watch: whole.watch.clone(),
            alertmanager: None,
            plan: self.plan(),
        }
    }

    /// What participants are told of an event; `None`: nothing.
    pub fn tell(&mut self, envelope: &Envelope) -> Option<Told> {
        let (event, grown) = self.event(&envelope.event)?;
        self.told.push(envelope.seq);
        let seq = self.told.len() as u64;
        let plan = grown.then(|| Arc::new(self.plan()));
        Some(Told { plan, envelope: Envelope { seq, stamp: envelope.stamp, event } })
    }

    /// The number in the recording of what was told under `number`; `None`: nothing was.
    pub fn recorded(&self, number: u64) -> Option<u64> {
        let place = usize::try_from(number.checked_sub(1)?).ok()?;
        self.told.get(place).copied()
    }

    /// The number under which an event of the recording was told; `None`: it was not.
    fn number(&self, recorded: u64) -> Option<u64> {
        self.told.binary_search(&recorded).ok().map(|place| place as u64 + 1)
    }

    /// The plan as far as it has come.
    fn plan(&self) -> GameDay {
        let whole = &self.whole.plan;
        let begun = whole.phases.iter().take(self.begun).enumerate();
        let slos = whole.slos.iter().enumerate().map(|(index, slo)| Slo {
            name: self.names.covered(&slo.name, || format!("promise-{}", index + 1)),
            limit: self.queries.limit(&slo.limit),
        });
        // How an objective is measured may speak of faults and of phases to come.
        let objectives = whole.objectives.iter().enumerate().map(|(index, objective)| Objective {
            title: self.names.covered(&objective.title, || format!("Objective {}", index + 1)),
            measure: None,
        });
        GameDay {
            name: self.names.covered(&whole.name, || "exercise".to_owned()),
            title: self.names.covered(&whole.title, || "Game day".to_owned()),
            // It is what the faults are to show.
            hypothesis: None,
            teams: whole.teams.iter().chain(&self.teams).cloned().collect(),
            target: whole.target.clone(),
            objectives: objectives.collect(),
            slos: slos.collect(),
            steady_state: whole.steady_state.iter().map(|it| self.queries.limit(it)).collect(),
            guardrails: Vec::new(),
            phases: begun.map(|(index, phase)| self.phase(index, phase)).collect(),
            traffic: Traffic { routes: Vec::new(), ..whole.traffic.clone() },
            // Which defences are off says what will break.
            defences: Defences::default(),
            people: People { persons: whole.people.persons.clone(), ..People::default() },
            rollback: None,
            generator: None,
            // Who is asked, and for what, may say what is looked for.
            prometheus: None,
            queries: self.queries.plan(),
            // What is kept quiet says where something will break.
            silences: Vec::new(),
        }
    }

    /// A phase that has begun: neither how long it lasts, nor what load is to come.
    fn phase(&self, index: usize, phase: &Phase) -> Phase {
        let cards = self.cards.iter().filter(|(of, _)| *of == index);
        let cards = cards.filter_map(|(_, card)| phase.cards.get(*card));
        Phase {
            name: self.names.covered(&phase.name, || format!("phase-{}", index + 1)),
            duration: Span::ZERO,
            load: None,
            injections: Vec::new(),
            cards: cards.map(|card| Card { offset: Span::ZERO, ..card.clone() }).collect(),
        }
    }

    /// An event as participants are told it, and whether more of the plan is known with it.
    fn event(&mut self, event: &Event) -> Option<(Event, bool)> {
        let told = match event {
            Event::PhaseStarted { phase } if *phase < self.whole.plan.phases.len() => {
                self.begun = self.begun.max(phase + 1);
                return Some((event.clone(), true));
            }
            Event::PhaseEnded { phase, .. } if *phase < self.begun => event.clone(),
            Event::CardShown { phase, card } => {
                let planned = self.whole.plan.phases.get(*phase)?;
                if *phase >= self.begun || *card >= planned.cards.len() {
                    return None;
                }
                let at = self.cards.iter().filter(|(of, _)| of == phase).count();
                self.cards.push((*phase, *card));
                return Some((Event::CardShown { phase: *phase, card: at }, true));
            }
            Event::EntryEdited { entry, text, team, author } => Event::EntryEdited {
                entry: self.number(*entry)?,
                text: text.clone(),
                team: team.clone(),
                author: author.clone(),
            },
            Event::TeamAdded { team, .. } => {
                self.teams.push(team.clone());
                return Some((event.clone(), true));
            }
            other => self.queries.event(self.resting(told(other)?))?,
        };
        Some((told, false))
    }

    /// What a line or an improvement rests on, by the numbers that participants know, as far as they do.
    fn resting(&self, mut event: Event) -> Event {
        if let Event::Logged { evidence, .. }
        | Event::ImprovementNoted { says: Proposal { evidence, .. }, .. } = &mut event
        {
            *evidence = evidence.iter().filter_map(|seq| self.number(*seq)).collect();
        }
        event
    }
}

/// Whether participants are told of an event at all, perhaps without a part of it.
const fn is_told(event: &Event) -> bool {
    match event {
        Event::TargetReady { .. }
        | Event::TargetFailed { .. }
        | Event::PreflightStarted
        | Event::SteadyStateChecked { .. }
        | Event::BriefingHeld { .. }
        | Event::GoGiven { .. }
        | Event::NoGoOverridden { .. }
        | Event::ClosingStarted { .. }
        | Event::Held { .. }
        | Event::Resumed { .. }
        | Event::Halted { .. }
        | Event::Released { .. }
        | Event::LoadStopped
        | Event::LoadFailed { .. }
        | Event::Sampled(_)
        | Event::TargetSeen(_)
        | Event::ClusterNoted { .. }
        | Event::SloBreached { .. }
        | Event::SloRecovered { .. }
        | Event::Observed(_)
        | Event::FailedOver(_)
        | Event::IntegrityChecked(_)
        | Event::IntegrityFailed { .. }
        | Event::LeverPulled { .. }
        | Event::LeverDone { .. }
        | Event::Ended { .. } => true,
        // What a monitoring says, everybody may see.
        Event::WatchStarted
        | Event::WatchResumed { .. }
        | Event::ThenKnown { .. }
        | Event::AskingChanged { .. }
        | Event::ShareHeard { .. }
        | Event::AlertsChanged { .. }
        | Event::AlertsUnknown { .. } => true,
        other => is_told_of_people(other),
    }
}

/// The same of what people did, of the plan, and of faults. A list of what is not told alone would let through what a later
/// version adds.
const fn is_told_of_people(event: &Event) -> bool {
    matches!(
        event,
        Event::Logged { .. }
            | Event::MomentPinned { .. }
            | Event::IncidentOpened { .. }
            | Event::IncidentMoved { .. }
            | Event::IncidentEdited { .. }
            | Event::RealIncidentDeclared { .. }
            | Event::PersonJoined { .. }
            | Event::RoleTaken { .. }
            | Event::CardDrawn { .. }
            | Event::CardAcknowledged { .. }
            | Event::HintGiven { .. }
            | Event::BoardShown { .. }
            | Event::BoardHidden { .. }
            | Event::ImprovementNoted { .. }
    )
}

/// What is told of an event that has nothing to do with the plan; `None`: nothing.
fn told(event: &Event) -> Option<Event> {
    if is_told_of_people(event) {
        return told_of_people(event);
    }
    if !is_told(event) {
        return None;
    }
    Some(match event {
        // What the target is made of names its defences.
        Event::TargetReady { base_url, .. } => {
            Event::TargetReady { base_url: base_url.clone(), what: base_url.as_str().into() }
        }
        Event::Observed(reading) => {
            let mut reading = reading.clone();
            reading.foreign.clear();
            Event::Observed(reading)
        }
        Event::ClusterNoted { news } => {
            let news = news.clone().for_participants();
            if news.is_empty() {
                return None;
            }
            Event::ClusterNoted { news }
        }
        other => without_reason(other.clone()),
    })
}

/// Reasons are the facilitator's, or name a guardrail.
fn without_reason(mut event: Event) -> Event {
    match &mut event {
        Event::Held { reason, .. }
        | Event::Halted { reason, .. }
        | Event::ClosingStarted { why: reason, .. }
        | Event::Ended { why: reason, .. } => *reason = Said::default(),
        Event::Released { reason, .. } | Event::NoGoOverridden { reason, .. } => reason.clear(),
        _ => {}
    }
    event
}

/// What is told of what people did; nothing that the facilitator wrote or knows.
fn told_of_people(event: &Event) -> Option<Event> {
    let mut told = event.clone();
    match &mut told {
        Event::Logged { team, .. }
        | Event::MomentPinned { team, .. }
        | Event::ImprovementNoted { team, .. }
            if team == FACILITATOR =>
        {
            return None;
        }
        // The rule is the facilitator's.
        Event::IncidentOpened { signal: signal @ Some(Signal::Guardrail { .. }), .. } => {
            *signal = None;
        }
        Event::RealIncidentDeclared { reason, .. } => reason.clear(),
        Event::HintGiven { injection, hint, .. } => (*injection, *hint) = (None, 0),
        // What the facilitator calls a card may say what it is for.
        Event::CardDrawn { card, .. } => card.name.clear(),
        _ => {}
    }
    Some(told)
}

/// The exercise as participants know it before the first event.
pub fn begin(header: Header) -> State {
    let mut state = State::new(Arc::new(header));
    state.participants = true;
    state
}

/// More of the plan is known.
pub fn reveal(state: &mut State, plan: &GameDay) {
    let header = Header { plan: plan.clone(), ..(*state.header).clone() };
    state.header = Arc::new(header);
    let phases = state.phases.len().max(plan.phases.len());
    state.phases.resize(phases, PhaseRun::default());
}
