//! What participants are told of a recording, up to any of its events: told from the first one on, never taken out of what the
//! facilitator knows. Not the drawing.

use super::Replay;
use crate::exercise::state::State;
use crate::gameday::span::Span;
use crate::port::feed::FeedItem;
use crate::port::tape::{Tape, TapeError};
use crate::tui::place::Place;
use crate::tui::room::{Kept, Room};
use crate::tui::ui::Ui;

/// What is needed to go on is kept every so many events, at least.
const LEAST: u64 = 250;
/// It is kept so often at most.
const MOST: u64 = 32;

/// What participants are told.
pub struct Told {
    /// What they see; `None`: nobody looked yet.
    room: Option<Room>,
    /// The event of the recording that was told last.
    at: u64,
    /// What is needed to go on after an event, in order.
    kept: Vec<(u64, Kept)>,
}

impl Told {
    /// Nothing is told before somebody looks.
    pub const fn new() -> Self {
        Self { room: None, at: 0, kept: Vec::new() }
    }

    /// What they see.
    pub const fn room(&self) -> Option<&Room> {
        self.room.as_ref()
    }

    /// The same, to be changed by keys.
    pub const fn room_mut(&mut self) -> Option<&mut Room> {
        self.room.as_mut()
    }

    /// Tells everything up to event `seq`, as a screen that was there since `since` or before has it. `like` is the
    /// facilitator's screen.
    ///
    /// # Errors
    /// When the recording cannot be read.
    pub fn go(
        &mut self,
        seq: u64,
        since: u64,
        tape: &mut dyn Tape,
        like: &Ui,
    ) -> Result<(), TapeError> {
        if self.room.is_none() {
            let before = State::new(std::sync::Arc::clone(tape.header()));
            let Some(mut room) = Room::new(&before, like) else { return Ok(()) };
            room.ui.place = Place::Replay;
            room.ui.replay = Some(Replay::new(0, Span::ZERO, [].into()));
            room.ui.looks = like.looks.clone();
            self.kept.push((0, room.kept()));
            (self.room, self.at) = (Some(room), 0);
        }
        let Some(room) = &mut self.room else { return Ok(()) };
        let near = self.kept.partition_point(|(at, _)| *at <= since.min(seq));
        let near = near.checked_sub(1).and_then(|place| self.kept.get(place));
        if let Some((at, kept)) = near
            && (seq < self.at || *at > self.at)
        {
            room.go_on_from(kept);
            self.at = *at;
        }
        let every = LEAST.max(tape.last() / MOST);
        while self.at < seq {
            let Some(event) = tape.event(self.at + 1)? else { break };
            self.at += 1;
            room.ui.toasts.pass(event.stamp.elapsed);
            room.take(&FeedItem::Event(event));
            let last = self.kept.last().map_or(0, |(at, _)| *at);
            if self.at.is_multiple_of(every) && self.at > last {
                self.kept.push((self.at, room.kept()));
            }
        }
        Ok(())
    }
}

impl Default for Told {
    fn default() -> Self {
        Self::new()
    }
}
