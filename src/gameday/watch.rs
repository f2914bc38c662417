//! What a file says that is to be watched, whichever form it was written in. Not the reading of the file, and no value of
//! what is watched.

use serde::{Deserialize, Serialize};

use super::plan::GameDay;
use super::service::Service;
use super::span::Span;
use super::unit::Unit;

/// What is to be watched.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WatchFile {
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// How often it is looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Span>,
    /// Figures.
    #[serde(default)]
    pub panels: Vec<PanelFile>,
    /// Promises.
    #[serde(default)]
    pub services: Vec<Service>,
}

impl WatchFile {
    /// Whether there is nothing to look at.
    pub fn is_empty(&self) -> bool {
        self.panels.is_empty() && self.services.is_empty()
    }
}

/// One figure to be watched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PanelFile {
    /// Its name, by which it is told from others: lower-case letters, digits, dashes.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What it belongs to; empty where nobody says so.
    #[serde(default)]
    pub group: String,
    /// What is asked, in PromQL.
    pub query: String,
    /// The unit of what comes.
    pub unit: Unit,
    /// Not below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Not above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
}

/// What a file turned out to be.
#[derive(Clone, Debug, PartialEq)]
pub enum Inspected {
    /// It says what is to be watched.
    Watch(WatchFile),
    /// A game day: only its promises are of use to who watches.
    GameDay(Box<GameDay>),
}
