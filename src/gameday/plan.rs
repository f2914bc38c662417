//! The plan of an exercise, normalised: whatever shape a file had, this is what it means. Not the file.

use serde::{Deserialize, Serialize};

use super::cluster::Cluster;
use super::defence::Defences;
use super::fault::Experiment;
use super::generator::Generator;
use super::load::LoadPattern;
use super::measure::{Measure, Trigger};
use super::metric::Metric;
use super::people::{Expected, Hint, People};
use super::query::Query;
use super::silence::Silence;
use super::span::Span;
use super::vocabulary::Vocabulary;

/// The longest game day.
pub const LONGEST: Span = Span::from_secs(24 * 60 * 60);
/// The shortest phase: samples come once a second.
pub const SHORTEST_PHASE: Span = Span::from_secs(1);

/// A game day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GameDay {
    /// The name it is run by: lower-case letters, digits, dashes.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What is believed to happen.
    pub hypothesis: Option<String>,
    /// Who takes part; never empty.
    pub teams: Vec<String>,
    /// What is exercised.
    pub target: Target,
    /// What the exercise wants to show.
    pub objectives: Vec<Objective>,
    /// What customers are promised.
    pub slos: Vec<Slo>,
    /// What must hold before and again after.
    pub steady_state: Vec<Limit>,
    /// Rules that act by themselves.
    pub guardrails: Vec<Guardrail>,
    /// The timeline; never empty.
    pub phases: Vec<Phase>,
    /// What the customers ask for.
    pub traffic: Traffic,
    /// The defences of the lab's shop.
    #[serde(default, skip_serializing_if = "Defences::all_on")]
    pub defences: Defences,
    /// Who takes part, the deck of cards, how fast teams should be.
    #[serde(default, skip_serializing_if = "People::is_empty")]
    pub people: People,
    /// How everything is put back if the program cannot: for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollback: Option<String>,
    /// Who makes the load, where it is not this machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generator: Option<Generator>,
    /// The server that is asked for metrics, where one is named: an address without anything secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prometheus: Option<String>,
    /// What it is asked for, by the names that limits, measures and rules use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub queries: Vec<AskedFor>,
    /// Alerts that may be silenced while it runs, once somebody agrees.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub silences: Vec<Silence>,
}

/// What a source of metrics is asked for again and again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedFor {
    /// Its name, and the unit of what comes.
    pub query: Query,
    /// The question itself; empty where it is not told.
    pub promql: String,
}

/// What is exercised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// The embedded shop.
    Lab,
    /// Part of a Kubernetes cluster.
    Kubernetes(Cluster),
    /// Any HTTP service.
    Url { url: String },
}

/// What the exercise wants to show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Objective {
    /// As people say it.
    pub title: String,
    /// How it is measured; `None`: the facilitator scores it.
    pub measure: Option<Measure>,
}

/// What customers are promised about one metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Slo {
    /// Its name, usually the metric's.
    pub name: String,
    /// The promise.
    pub limit: Limit,
}

/// A metric and where it must stay, in the metric's unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limit {
    /// What is limited.
    pub metric: Metric,
    /// Not below.
    pub min: Option<f64>,
    /// Not above.
    pub max: Option<f64>,
}

impl Limit {
    /// Whether it promises anything; what does not is only shown.
    pub const fn is_bound(&self) -> bool {
        self.min.is_some() || self.max.is_some()
    }

    /// Whether `value` is inside.
    pub fn holds(&self, value: f64) -> bool {
        self.min.is_none_or(|min| value >= min) && self.max.is_none_or(|max| value <= max)
    }
}

/// Limits as written: `>= 99.9%`, `<= 200ms`.
impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let unit = self.metric.unit();
        match (self.min, self.max) {
            (Some(min), Some(max)) => write!(f, "{} to {}", unit.show(min), unit.show(max)),
            (Some(min), None) => write!(f, ">= {}", unit.show(min)),
            (None, Some(max)) => write!(f, "<= {}", unit.show(max)),
            (None, None) => Ok(()),
        }
    }
}

/// A rule that acts by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Guardrail {
    /// When it fires.
    pub when: Trigger,
    /// What it does.
    pub then: GuardrailAction,
}

/// What a guardrail does, from mild to strong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GuardrailAction {
    /// Says so.
    Warn,
    /// Stops the exercise clock.
    Hold,
    /// Undoes everything and starts nothing new.
    Halt,
}

/// A stretch of the exercise with its own load.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Phase {
    /// Its name, unique in the game day.
    pub name: String,
    /// How long it lasts on the exercise clock.
    pub duration: Span,
    /// What load it asks for; `None`: none.
    pub load: Option<LoadPattern>,
    /// Faults, by offset from the start of the phase, in time order.
    pub injections: Vec<PlannedInjection>,
    /// Messages to the teams, in time order.
    pub cards: Vec<Card>,
}

/// One experiment at one time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedInjection {
    /// Unique in the game day: the experiment's name, or its type, numbered where it repeats.
    pub name: String,
    /// After the start of its phase.
    pub offset: Span,
    /// What is done.
    pub experiment: Experiment,
    /// What should happen, in words.
    pub expect: Option<String>,
    /// The part of it that can be judged without a person.
    #[serde(default, skip_serializing_if = "Expected::is_empty")]
    pub expected: Expected,
    /// Help that may be given, the mildest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<Hint>,
}

/// A message to the teams with no fault behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// After the start of its phase.
    pub offset: Span,
    /// A team, or `None` for all.
    pub to: Option<String>,
    /// What it says.
    pub text: String,
    /// A key person who is away from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub away: Option<String>,
}

/// What the customers ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traffic {
    /// Weighted routes; empty: the target's own mix.
    pub routes: Vec<Route>,
    /// After so long a request counts as a timeout.
    pub timeout: Span,
    /// At most so many requests under way; what is due beyond is dropped and counted.
    pub max_in_flight: u32,
    /// Whether customers come over HTTPS (lab).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tls: bool,
}

/// One kind of request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// What it is called in the report.
    pub name: String,
    /// `GET`, `POST`, …
    pub method: String,
    /// A path; `{n}` becomes a number from 1 to `spread`.
    pub path: String,
    /// Its share is weight ÷ the sum of weights.
    pub weight: u32,
    /// How many different values `{n}` takes.
    pub spread: u32,
    /// Header names and values.
    pub headers: Vec<(String, String)>,
    /// What is sent along.
    pub body: Option<String>,
}

impl Phase {
    /// How long a fault of this phase stays: as long as it says, or to the end of the phase.
    pub fn stay(&self, injection: &PlannedInjection) -> Span {
        injection.experiment.duration.unwrap_or(self.duration - injection.offset)
    }
}

impl GameDay {
    /// Every injection in timeline order with the index of its phase.
    pub fn injections(&self) -> impl Iterator<Item = (usize, &PlannedInjection)> {
        self.phases
            .iter()
            .enumerate()
            .flat_map(|(index, phase)| phase.injections.iter().map(move |one| (index, one)))
    }

    /// The metrics that it may speak of.
    pub fn vocabulary(&self) -> Vocabulary {
        Vocabulary::with(self.queries.iter().map(|one| one.query))
    }

    /// How long the whole plan lasts on the exercise clock.
    pub fn duration(&self) -> Span {
        self.phases.iter().fold(Span::ZERO, |sum, phase| sum + phase.duration)
    }
}
