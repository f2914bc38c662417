//! Alerts as a port, and silences as another: who only watches holds the first.

use std::sync::Arc;

use super::target::Answer;
use super::trouble::SourceError;
use crate::exercise::alert::{Alerts, Silence, SilenceOrder};
use crate::exercise::said::Said;

/// Knows which alerts there are.
pub trait AlertSource: Send + Sync {
    /// Where it is, as people are told.
    fn place(&self) -> &str;

    /// The alerts at the instant `now`, in milliseconds since 1970-01-01 UTC.
    fn alerts(&self, now: i64) -> Answer<'_, Result<Alerts, SourceError>>;
}

/// Finds who can lift the silences of an exercise that died.
pub trait Silencers: Send + Sync {
    /// Who silences at this server.
    ///
    /// # Errors
    /// When nobody can, for people.
    fn at(&self, server: &str) -> Result<Arc<dyn Silencer>, Said>;
}

/// Why alerts could not be silenced.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{error}")]
pub struct NotSilenced {
    /// What went wrong.
    pub error: SourceError,
    /// Surely nothing of the silence is there: the order never came, or was refused.
    pub nothing: bool,
}

/// Silences alerts for a time, and ends that.
pub trait Silencer: Send + Sync {
    /// Where it is, as people are told.
    fn server(&self) -> &str;

    /// Silences, and looks that it is so.
    fn silence<'a>(&'a self, order: &'a SilenceOrder) -> Answer<'a, Result<Silence, NotSilenced>>;

    /// Every silence with this key that is not over.
    fn standing<'a>(&'a self, key: &'a str) -> Answer<'a, Result<Vec<Silence>, SourceError>>;

    /// Ends every silence with this key and looks that none is left; returns how many there were. May be asked again, also
    /// for what never began, and by a later process.
    fn lift<'a>(&'a self, key: &'a str) -> Answer<'a, Result<usize, SourceError>>;
}
