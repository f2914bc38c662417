//! What participants are told as lines of JSON, and back: the header first, then what of the plan became known, and
//! events as a recording has them. Not the socket.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Told;
use crate::exercise::event::Envelope;
use crate::exercise::header::Header;
use crate::exercise::wire::{self, WireError};
use crate::gameday::plan::GameDay;

/// A line.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// The first.
    Header(Box<Header>),
    /// What of the plan is known from now on.
    Plan(Arc<GameDay>),
    /// What happened.
    Event(Box<Envelope>),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Other {
    Header(Box<Header>),
    Plan(Arc<GameDay>),
}

fn json(other: &Other) -> Result<String, WireError> {
    serde_json::to_string(other).map_err(|error| WireError::NotJson(error.to_string()))
}

/// The first line.
///
/// # Errors
/// When it cannot be written.
pub fn first(header: Header) -> Result<String, WireError> {
    json(&Other::Header(Box::new(header)))
}

/// The lines of one thing told.
///
/// # Errors
/// When it cannot be written.
pub fn lines(told: &Told) -> Result<Vec<String>, WireError> {
    let plan = told.plan.as_ref().map(|plan| json(&Other::Plan(Arc::clone(plan)))).transpose()?;
    Ok(plan.into_iter().chain([wire::encode(&told.envelope)?]).collect())
}

/// Reads a line.
///
/// # Errors
/// When it is none of these.
pub fn read(line: &str) -> Result<Line, WireError> {
    if line.starts_with("{\"seq\"") {
        return wire::decode(line).map(|envelope| Line::Event(Box::new(envelope)));
    }
    let other =
        serde_json::from_str(line).map_err(|error| WireError::NotJson(error.to_string()))?;
    Ok(match other {
        Other::Header(header) => Line::Header(header),
        Other::Plan(plan) => Line::Plan(plan),
    })
}
