//! People as a game day plans them: who takes part in which role, the deck of cards and hints, how fast teams should be,
//! and what is expected of them. Not what they did.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::measure::Measure;
use super::span::Span;

/// What somebody does in an exercise, after the custom of the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Runs the exercise.
    Facilitator,
    /// Leads the response, decides, and repairs nothing.
    IncidentCommander,
    /// Writes down what happens.
    Scribe,
    /// Speaks to customers.
    CustomerLiaison,
    /// Watches and takes notes.
    Observer,
}

/// Every role.
pub const ROLES: [Role; 5] = [
    Role::Facilitator,
    Role::IncidentCommander,
    Role::Scribe,
    Role::CustomerLiaison,
    Role::Observer,
];

impl Role {
    /// Its name in files and in the log's line: `incident-commander`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Facilitator => "facilitator",
            Self::IncidentCommander => "incident-commander",
            Self::Scribe => "scribe",
            Self::CustomerLiaison => "customer-liaison",
            Self::Observer => "observer",
        }
    }

    /// The role of a name, also of a short one: `ic`, `commander`, `liaison`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "ic" | "commander" => Some(Self::IncidentCommander),
            "liaison" => Some(Self::CustomerLiaison),
            _ => ROLES.into_iter().find(|role| role.name() == name),
        }
    }

    /// Whether several people can have it at a time.
    pub const fn is_shared(self) -> bool {
        matches!(self, Self::Observer)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Somebody who takes part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The name that is typed behind `@`: letters of any script, digits, `-`, `_`, `.`.
    pub name: String,
    /// A team of the game day; `None`: of no team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// The role from the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
}

/// What the game day says of people.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct People {
    /// Who takes part.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub persons: Vec<Person>,
    /// Cards that the facilitator may draw.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deck: Vec<DeckCard>,
    /// How fast teams should be.
    #[serde(skip_serializing_if = "ResponseTargets::is_empty")]
    pub response: ResponseTargets,
}

impl People {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A card without a time: the facilitator draws it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeckCard {
    /// Unique in the deck.
    pub name: String,
    /// A team, or `None` for all. Whoever draws may say another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// What it says.
    pub text: String,
    /// A key person who is away from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub away: Option<String>,
}

/// Help that the facilitator may give for an injection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hint {
    /// What it says.
    pub text: String,
    /// What it costs the team, in points. It stands beside the times and changes none.
    pub cost: u32,
}

/// Times that teams should keep; `None`: no target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ResponseTargets {
    /// T0 to the opening of an incident.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detect: Option<Span>,
    /// Opening to the first acknowledgement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledge: Option<Span>,
    /// T0 to customers feeling nothing any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mitigate: Option<Span>,
    /// T0 to resolved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolve: Option<Span>,
}

impl ResponseTargets {
    /// Whether there is no target at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Who should notice an injection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Noticed {
    /// Somebody of any team, or an alert.
    Anyone,
    /// Nobody: the target copes without people.
    Nobody,
    /// This team.
    Team(String),
}

/// What should come of an injection, so that it can be judged without a person. What cannot be judged so is left to the
/// facilitator.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Expected {
    /// Who should notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub noticed: Option<Noticed>,
    /// By when after T0: noticed, where somebody should notice, or back inside the steady state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<Span>,
    /// What must be so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measure: Option<Measure>,
}

impl Expected {
    /// Whether nothing can be judged without a person.
    pub fn is_empty(&self) -> bool {
        self.noticed.is_none() && self.within.is_none() && self.measure.is_none()
    }
}
