//! Alerts that an exercise silenced, or offered to. Plain data.

use serde::Serialize;

use super::time::Moment;

/// A silence as it went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Silenced {
    /// Which alerts.
    pub alerts: String,
    /// On which server.
    pub server: String,
    /// Who agreed; `None`: nobody.
    pub agreed_by: Option<String>,
    pub status: &'static str,
    /// When it silenced.
    pub times: Vec<SilencedTime>,
    /// What was seen at its end, or what went wrong.
    pub seen: String,
}

/// A stretch in which it silenced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SilencedTime {
    pub from: Moment,
    /// `None`: nobody saw its end.
    pub to: Option<Moment>,
}
