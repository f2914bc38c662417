//! People as the exercise goes: who has which role, cards and hints, the facilitator's word on what was expected. Not what
//! the game day plans for them.

use serde::{Deserialize, Serialize};

use super::id::InjectionId;
use super::improvement::{Improvement, Settled};
use super::score::Score;
use super::signal::Signal;
use super::stamp::Stamp;
use crate::gameday::people::{Person, Role};
use crate::gameday::span::Span;

/// Who gave the roles that the game day gives.
pub const PLAN: &str = "plan";

/// A role that somebody has or had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// Which.
    pub role: Role,
    /// Who, by name.
    pub person: String,
    /// Since when.
    pub since: Stamp,
    /// Until it was handed over; `None`: still.
    pub until: Option<Stamp>,
    /// Who said so.
    pub by: String,
}

impl Holding {
    /// The roles that the plan gives, from the beginning.
    pub(super) fn planned(persons: &[Person], began: i64) -> Vec<Self> {
        let since = Stamp::new(Span::ZERO, began);
        let planned = persons.iter().filter_map(|one| one.role.map(|role| (role, &one.name)));
        planned
            .map(|(role, name)| Self {
                role,
                person: name.clone(),
                since,
                until: None,
                by: PLAN.to_owned(),
            })
            .collect()
    }
}

/// A card that reached its teams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownCard {
    /// Its phase and place there; `None`: drawn from the deck.
    pub planned: Option<(usize, usize)>,
    /// Its name in the deck; empty where the plan had a time for it.
    pub name: String,
    /// A team, or `None` for all.
    pub to: Option<String>,
    /// What it says.
    pub text: String,
    /// A key person who is away from then on.
    pub away: Option<String>,
    /// When.
    pub at: Stamp,
    /// Who has seen it: when, team, person.
    pub seen_by: Vec<(Stamp, String, String)>,
}

impl ShownCard {
    /// Whether it is for `team`, too.
    pub fn is_for(&self, team: &str) -> bool {
        self.to.as_ref().is_none_or(|to| to == team)
    }
}

/// Help that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenHint {
    /// For which injection; `None`: participants are not told.
    pub injection: Option<InjectionId>,
    /// Its place among the hints of the injection.
    pub hint: usize,
    /// What it says.
    pub text: String,
    /// What it costs, in points.
    pub cost: u32,
    /// A team, or `None` for all.
    pub to: Option<String>,
    /// When.
    pub at: Stamp,
}

/// Everything about people that is no log line, incident or card.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct People {
    /// Who takes part: those of the plan and who came at the briefing or later.
    pub persons: Vec<Person>,
    /// Roles, in the order in which they were taken.
    pub holdings: Vec<Holding>,
    /// Hints given, in order.
    pub hints: Vec<GivenHint>,
    /// The facilitator's word on what was expected, by injection.
    pub judged: Vec<Option<Score>>,
    /// What should become better.
    pub improvements: Vec<Improvement>,
    /// Suggestions that were set aside.
    pub set_aside: Vec<Signal>,
    /// What became of what earlier exercises taught.
    pub settled: Vec<Settled>,
    /// What of the score board the teams are shown; `None`: nothing.
    pub standings: Option<ShownStandings>,
}

/// How a team does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamStanding {
    /// Which team.
    pub team: String,
    /// Injections that are over and that it opened an incident for.
    pub detected: usize,
    /// The means of its times on those, without holds, in the order of the score board; `None`: there is no value.
    pub means: [Option<Span>; 4],
    /// Incidents of its that were nothing.
    pub false_alarms: usize,
    /// What its hints cost, in points.
    pub cost: u32,
}

/// Standings that the teams are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownStandings {
    /// Every team in the plan's order.
    pub teams: Vec<TeamStanding>,
    /// Who shows them.
    pub by: String,
    /// Something has happened since that may change them.
    pub changed: bool,
}

impl People {
    /// Who has a role now.
    pub fn holders(&self, role: Role) -> impl Iterator<Item = &Holding> {
        self.holdings.iter().filter(move |one| one.role == role && one.until.is_none())
    }

    /// Somebody by name.
    pub fn person(&self, name: &str) -> Option<&Person> {
        self.persons.iter().find(|one| one.name == name)
    }
}
