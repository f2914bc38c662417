//! What should become better: written by people, proposed from evidence, settled in a later exercise. Not the proposing.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::id::ImprovementId;
use super::said::{Said, said};
use super::stamp::Stamp;

/// What kind of improvement it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// A person did what a program should do.
    Automation,
    /// It was noticed late, or not at all.
    Detection,
    /// The target should have coped by itself.
    Resilience,
    /// There was not enough of something.
    Capacity,
    /// People did not know what to do.
    Runbook,
    /// How people work together.
    Process,
}

/// Every category.
pub const CATEGORIES: [Category; 6] = [
    Category::Automation,
    Category::Detection,
    Category::Resilience,
    Category::Capacity,
    Category::Runbook,
    Category::Process,
];

impl Category {
    /// Its name, as it is typed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Automation => "automation",
            Self::Detection => "detection",
            Self::Resilience => "resilience",
            Self::Capacity => "capacity",
            Self::Runbook => "runbook",
            Self::Process => "process",
        }
    }

    /// In words, for other languages too.
    pub fn said(self) -> Said {
        match self {
            Self::Automation => said!("improve-automation", "automation"),
            Self::Detection => said!("improve-detection", "detection"),
            Self::Resilience => said!("improve-resilience", "resilience"),
            Self::Capacity => said!("improve-capacity", "capacity"),
            Self::Runbook => said!("improve-runbook", "runbook"),
            Self::Process => said!("improve-process", "process"),
        }
    }

    /// The category of a name.
    pub fn named(name: &str) -> Option<Self> {
        CATEGORIES.into_iter().find(|one| one.name() == name)
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What an improvement says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// What kind.
    pub category: Category,
    /// What is to be done. Text from outside: neutralise before showing.
    pub text: String,
    /// Who does it: a person or a team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    /// The events it rests on, by their place in the recording.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<u64>,
}

/// An improvement that people decided on.
#[derive(Clone, Debug, PartialEq)]
pub struct Improvement {
    /// Its number.
    pub id: ImprovementId,
    /// The event it was first written with.
    pub seq: u64,
    /// When.
    pub noted: Stamp,
    /// What it says now.
    pub says: Proposal,
    /// Who wrote that.
    pub team: String,
    /// The person.
    pub author: String,
    /// What it said before, and until when.
    pub before: Vec<(Stamp, Proposal)>,
    /// Taken back: when, by whom, why.
    pub dropped: Option<(Stamp, String, String)>,
}

/// Something learned in an earlier exercise of the same game day, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The earlier exercise.
    pub exercise: String,
    /// The event of its recording in which the lesson or the improvement was written.
    pub entry: u64,
    /// It is done; or it is open again.
    pub done: bool,
    /// Who said so.
    pub by: String,
    /// When.
    pub at: Stamp,
}
