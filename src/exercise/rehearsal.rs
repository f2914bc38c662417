//! A rehearsal: the plan in short time, with teams that are simulated, before people come. Here: that it is one, and how long
//! such teams take. Not the shortening of the plan, not what the teams do, and not what a rehearsal found.

use serde::{Deserialize, Serialize};

use super::said::{Said, said};
use crate::gameday::span::Span;

/// Who writes for a simulated team.
pub const SIMULATED: &str = "simulated";

/// How a rehearsal is run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rehearsal {
    /// How much shorter everything is that the plan and people take: 20 makes two hours six minutes.
    pub speed: f64,
    /// How its teams react.
    pub crew: Crew,
}

impl Rehearsal {
    /// What must be said wherever its figures stand.
    pub fn said(&self) -> Said {
        let speed = self.speed;
        said!(
            "rehearsal-note",
            "a rehearsal at {speed}× the speed of the plan: its teams were simulated, and their times are not those of people",
            speed = speed.to_string()
        )
    }
}

/// How simulated teams react. These are assumptions, to see what becomes of the plan with such teams; no team was measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Crew {
    /// Notices in half a minute.
    Quick,
    /// Notices in a minute.
    #[default]
    Usual,
    /// Notices in five minutes.
    Slow,
    /// Never does anything.
    Absent,
}

/// How long simulated teams take, at the speed of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// From when it shows to an incident, and from a card to its acknowledgement.
    pub notice: Span,
    /// From the opening of an incident to its acknowledgement.
    pub acknowledge: Span,
    /// From the acknowledgement to mitigated, or longer, until customers feel nothing any more.
    pub mitigate: Span,
    /// From mitigated to resolved, or longer, until what is behind it is undone.
    pub resolve: Span,
}

impl Crew {
    /// How long it takes; `None`: for ever.
    pub fn pace(self) -> Option<Pace> {
        let of = |notice, acknowledge, mitigate, resolve| Pace {
            notice: Span::from_secs(notice),
            acknowledge: Span::from_secs(acknowledge),
            mitigate: Span::from_secs(mitigate),
            resolve: Span::from_secs(resolve),
        };
        match self {
            Self::Quick => Some(of(30, 15, 60, 60)),
            Self::Usual => Some(of(60, 30, 180, 120)),
            Self::Slow => Some(of(300, 120, 900, 300)),
            Self::Absent => None,
        }
    }
}
