//! What a screen knows of the recording that it replays, and what keys can ask of it. Not the recording, and no clock.

pub mod act;
pub mod can;
pub mod chosen;
pub mod page;
pub mod player;
pub mod reel;
pub mod sought;
pub mod told;
pub mod when;

use std::sync::Arc;

use super::action::id::ActionId;
use super::place::Place;
use crate::exercise::mark::{Mark, MarkKind};
use crate::exercise::note::{self, Note};
use crate::gameday::span::Span;
use crate::lang::Message;
use when::When;

/// The speeds, from slow to fast, in quarters.
pub const SPEEDS: [u32; 9] = [1, 2, 4, 8, 16, 32, 64, 128, 256];
/// The place of the speed at which it happened.
pub const LIVE: usize = 2;

/// What a screen shows of the recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// Whether time goes on.
    pub playing: bool,
    /// How fast, as a place in [`SPEEDS`].
    pub speed: usize,
    /// Where it is, since the recording began.
    pub at: Span,
    /// The last event that is shown; 0: none yet.
    pub seq: u64,
    /// The last event of all.
    pub last: u64,
    /// When that was. To participants: how far they have been shown.
    pub length: Span,
    /// Places worth going to.
    pub marks: Arc<[Mark]>,
    /// What was added afterwards, with when that is, in order.
    pub notes: Arc<[(Span, Note)]>,
    /// What was looked for in the log last.
    pub sought: String,
    /// The events of the lines that have it.
    pub found: Arc<[u64]>,
    /// Which place of the way through the exercise it shows: the live screen, or a page before or after it.
    pub page: Place,
}

impl Replay {
    /// A recording with so many events and of such a length, at its beginning.
    pub fn new(last: u64, length: Span, marks: Arc<[Mark]>) -> Self {
        Self {
            playing: false,
            speed: LIVE,
            at: Span::ZERO,
            seq: 0,
            last,
            length,
            marks,
            notes: Arc::from([]),
            sought: String::new(),
            found: Arc::from([]),
            page: Place::Live,
        }
    }

    /// The note behind the event that is shown.
    pub fn note(&self) -> Option<&Note> {
        self.notes.iter().map(|(_, note)| note).find(|note| note.seq == self.seq)
    }

    /// Every note without its time.
    pub fn plain_notes(&self) -> Vec<Note> {
        self.notes.iter().map(|(_, note)| note.clone()).collect()
    }

    /// The next mark of a kind, or the one before.
    pub fn mark(&self, kind: MarkKind, forward: bool) -> Option<u64> {
        let of_kind = self.marks.iter().filter(|mark| mark.kind == kind).map(|mark| mark.seq);
        beside(of_kind, self.seq, forward)
    }

    /// The next note, or the one before.
    pub fn beside_note(&self, forward: bool) -> Option<u64> {
        beside(self.notes.iter().map(|(_, note)| note.seq), self.seq, forward)
    }

    /// The next line that was looked for, or the one before.
    pub fn beside_found(&self, forward: bool) -> Option<u64> {
        beside(self.found.iter().copied(), self.seq, forward)
    }
}

/// What comes next behind `seq`, or next before it.
fn beside(all: impl Iterator<Item = u64>, seq: u64, forward: bool) -> Option<u64> {
    if forward { all.filter(|one| *one > seq).min() } else { all.filter(|one| *one < seq).max() }
}

/// The speed as it is shown: `0.25`, `4`.
pub fn speed(place: usize) -> String {
    match SPEEDS.get(place).copied().unwrap_or(4) {
        quarters if quarters >= 4 => (quarters / 4).to_string(),
        quarters => format!("0.{}", quarters * 25).trim_end_matches('0').to_owned(),
    }
}

/// What is asked of the recording.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// This, by key.
    Do(ActionId),
    /// Go to a moment since the recording began.
    To(Span),
    /// Go to where the exercise clock showed this.
    Exercise(Span),
    /// Go to where somebody typed.
    When(When),
    /// Look for this in the log.
    Find(String),
    /// Write this behind an event.
    Note(Note),
    /// Take the note behind an event away.
    Drop(u64),
}

/// What an open question is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Where to go.
    When,
    /// What to look for.
    Find,
    /// What to write behind this event.
    Note(u64),
    /// Whether to take the note behind this event away.
    Drop(u64),
}

/// No note is longer, in characters.
const LONGEST: usize = 2_000;

impl Asked {
    /// What an answer asks for.
    ///
    /// # Errors
    /// Why it will not do.
    pub fn wish(&self, answer: &str) -> Result<Wish, Message> {
        let answer = answer.trim();
        Ok(match self {
            Self::When => Wish::When(when::parse(answer).ok_or(Message::plain("answer-when"))?),
            Self::Find if answer.is_empty() => return Err(Message::plain("answer-find")),
            Self::Find => Wish::Find(answer.to_owned()),
            Self::Note(_) if answer.chars().count() > LONGEST => {
                return Err(Message::plain("answer-note").with("most", LONGEST.to_string()));
            }
            Self::Note(seq) => Wish::Note(note::Note { seq: *seq, text: answer.to_owned() }),
            Self::Drop(seq) => Wish::Drop(*seq),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::stamp::Stamp;

    #[test]
    fn speeds_are_shown_as_people_write_them() {
        let shown: Vec<_> = (0..SPEEDS.len()).map(speed).collect();
        assert_eq!(shown, ["0.25", "0.5", "1", "2", "4", "8", "16", "32", "64"]);
        assert_eq!(speed(LIVE), "1");
    }

    #[test]
    fn what_is_beside_is_never_where_one_is() {
        let stamp = Stamp::new(Span::ZERO, 0);
        let mark = |seq, kind| Mark { kind, seq, stamp, index: 0, told: true };
        let marks = [
            mark(3, MarkKind::Phase),
            mark(5, MarkKind::Incident),
            mark(8, MarkKind::Phase),
            mark(8, MarkKind::Incident),
        ];
        let mut replay = Replay::new(9, Span::from_secs(9), Arc::from(marks));
        for (seq, next, before) in [
            (0, Some(3), None),
            (3, Some(8), None),
            (4, Some(8), Some(3)),
            (8, None, Some(3)),
            (9, None, Some(8)),
        ] {
            replay.seq = seq;
            assert_eq!(replay.mark(MarkKind::Phase, true), next, "after {seq}");
            assert_eq!(replay.mark(MarkKind::Phase, false), before, "before {seq}");
        }
        assert_eq!(replay.mark(MarkKind::Breach, false), None);
    }
}
