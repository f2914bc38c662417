//! A silence over alerts as it goes in an exercise: offered → agreed → being made → active → being lifted → lifted (or failed,
//! or not lifted). Its way back stands in the ledger before it is made. Not the silencing itself.

use chrono::DateTime;

use super::header::Header;
use super::said::{Said, said};
use super::stamp::Stamp;
use super::undo::Undo;
use crate::gameday::silence::Silence;
use crate::gameday::span::Span;

/// A silence is made for so long, however long the exercise lasts: where nobody can lift it any more, it ends soon by itself.
pub const LASTS: Span = Span::from_secs(15 * 60);

/// With less than this left it is made anew, as long as the exercise goes on.
const RENEWED: Span = Span::from_secs(5 * 60);

/// After making it anew failed, it is tried again after so long.
const RENEWED_AGAIN: Span = Span::from_secs(30);

/// So long after its end a silence that nobody can be asked about counts as over: clocks differ.
const SURELY_OVER: Span = Span::from_secs(60);

/// Where a silence is in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SilencingStatus {
    /// Nobody has agreed to it.
    #[default]
    Offered,
    /// Somebody has; it begins with the first phase.
    Agreed,
    /// Being made.
    Making,
    /// It silences.
    Active,
    /// Being lifted.
    Lifting,
    /// Lifted, and seen to be.
    Lifted,
    /// Could not be made; nothing of it is left.
    Failed,
    /// Lifting failed so far: it may silence still.
    NotLifted,
}

impl SilencingStatus {
    /// Whether alerts may be silenced by it now.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Making | Self::Active | Self::Lifting | Self::NotLifted)
    }

    /// Whether somebody may have it lifted, or take back that they agreed to it.
    pub const fn may_be_lifted(self) -> bool {
        matches!(self, Self::Agreed | Self::Making | Self::Active | Self::NotLifted)
    }

    /// Whether somebody may agree to it.
    pub const fn is_offered(self) -> bool {
        matches!(self, Self::Offered | Self::Lifted | Self::Failed)
    }
}

/// One silence as it goes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Silencing {
    /// Where it is.
    pub status: SilencingStatus,
    /// Who agreed to it last.
    pub agreed: Option<(Stamp, String)>,
    /// How often it was made, or made anew.
    pub round: u32,
    /// When that was last asked for.
    pub asked: Option<Stamp>,
    /// The way back that is still owed.
    pub undo: Option<Undo>,
    /// When it silenced: from, to.
    pub times: Vec<(Stamp, Option<Stamp>)>,
    /// When it ends by itself, in milliseconds since 1970-01-01 UTC, as it was seen.
    pub until: i64,
    /// The same where everything that was ordered is there, seen or not.
    pub longest: i64,
    /// How often lifting was tried.
    pub attempts: u32,
    /// When it last failed.
    pub last_failure: Option<Stamp>,
    /// What was seen when it was lifted.
    pub lift_evidence: Said,
    /// What went wrong.
    pub problem: Option<Said>,
}

impl Silencing {
    /// Whether it is surely over by itself, whatever its server says.
    pub fn is_surely_over(&self, now: i64) -> bool {
        let margin = i64::try_from(SURELY_OVER.as_millis()).unwrap_or(i64::MAX);
        now > self.longest.saturating_add(margin)
    }

    /// Whether one that is active is to be made anew at `now`, so that it does not end by itself.
    pub fn is_to_be_renewed(&self, now: Stamp) -> bool {
        let left = Span::from_millis(
            u64::try_from(self.until.saturating_sub(now.wall)).unwrap_or_default(),
        );
        left < RENEWED && self.asked.is_none_or(|asked| now.since(asked) >= RENEWED_AGAIN)
    }
}

/// The silences that an exercise begins with: none where nobody says on which server.
pub fn offered(header: &Header) -> Vec<Silencing> {
    let offers = header.alertmanager.iter().flat_map(|_| &header.plan.silences);
    offers.map(|_| Silencing::default()).collect()
}

/// The server that a way back of a silence leads to; `None`: it is no way back of a silence.
pub fn place_of(undo: &Undo) -> Option<&str> {
    undo.data.get("alertmanager")?.as_str()
}

/// A silence as people call it: `the silence of service="shop"`.
pub fn called(silence: &Silence) -> Said {
    said!("silence-called", "the silence of {alerts}", alerts = silence.to_string())
}

/// A time of day, for when a silence ends by itself.
pub fn time_of_day(at: i64) -> String {
    let at = DateTime::from_timestamp_millis(at).unwrap_or_default();
    at.format("%H:%M:%S UTC").to_string()
}
