//! Places in a recording worth going to: found while it is folded. Not how one goes there.

use super::event::{Envelope, Event};
use super::log::{EntryKind, FACILITATOR};
use super::stamp::Stamp;
use crate::gameday::span::Span;

/// What is worth going to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MarkKind {
    /// A phase began.
    Phase,
    /// A fault took effect, or was to and failed.
    Injection,
    /// An incident was opened.
    Incident,
    /// An SLO was broken.
    Breach,
    /// The clock was held, or everything halted.
    Stop,
    /// Somebody wrote that something was deployed, or a configuration changed.
    Change,
    /// Somebody pinned the moment.
    Pin,
}

/// A place worth going to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// What.
    pub kind: MarkKind,
    /// The event it came with.
    pub seq: u64,
    /// When that event was recorded.
    pub stamp: Stamp,
    /// Its number among its kind in the plan or the exercise: phase, injection, incident, SLO; 0 for others.
    pub index: usize,
    /// Whether participants are told of it.
    pub told: bool,
}

/// The mark that an event is; `None`: it is none.
pub fn mark(envelope: &Envelope) -> Option<Mark> {
    let (kind, index) = match &envelope.event {
        Event::PhaseStarted { phase, .. } => (MarkKind::Phase, *phase),
        Event::InjectionActive { id, .. } | Event::InjectionFailed { id, .. } => {
            (MarkKind::Injection, id.0)
        }
        Event::IncidentOpened { id, .. } => (MarkKind::Incident, id.0 as usize),
        Event::SloBreached { slo, .. } => (MarkKind::Breach, *slo),
        Event::Held { .. } | Event::Halted { .. } => (MarkKind::Stop, 0),
        Event::Logged { kind: EntryKind::Deploy | EntryKind::ConfigChange, .. } => {
            (MarkKind::Change, 0)
        }
        Event::MomentPinned { .. } => (MarkKind::Pin, 0),
        _ => return None,
    };
    let told = match &envelope.event {
        Event::Logged { team, .. } | Event::MomentPinned { team, .. } => team != FACILITATOR,
        _ => kind != MarkKind::Injection,
    };
    Some(Mark { kind, seq: envelope.seq, stamp: envelope.stamp, index, told })
}

/// The last of `stamps` (in order of events, from the first) that is not later than `elapsed`, as the number of its
/// event; 0: all are later.
pub fn event_at(stamps: &[Stamp], elapsed: Span) -> u64 {
    stamps.partition_point(|stamp| stamp.elapsed <= elapsed) as u64
}
