//! Who did something and for whom, in words: a name as it is, and what is nobody's name in each language.

use super::go::COUNTDOWN;
use super::log::FACILITATOR;
use super::people::PLAN;
use super::said::{Said, said};
use super::schedule::GUARDRAIL;

/// Who did it, where that may be nobody but the program itself.
pub fn who(by: &str) -> Said {
    match by {
        GUARDRAIL => said!("who-guardrail", "guardrail"),
        COUNTDOWN => said!("who-countdown", "countdown"),
        PLAN => said!("who-plan", "plan"),
        FACILITATOR => said!("who-facilitator", "facilitator"),
        name => name.into(),
    }
}

/// For whom a card or a hint is.
pub fn to(team: Option<&str>) -> Said {
    team.map_or_else(|| said!("who-everyone", "everyone"), Said::from)
}
