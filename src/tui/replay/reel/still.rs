//! One moment of a recording, drawn as the live screen was then. Not the drawing, and no playing.

use std::time::Duration;

use super::Reel;
use crate::exercise::stamp::Stamp;
use crate::exercise::state::State;
use crate::gameday::span::Span;
use crate::port::tape::TapeError;
use crate::tui::journey;
use crate::tui::place::Place;
use crate::tui::replay::Wish;
use crate::tui::replay::when::When;
use crate::tui::ui::Ui;

/// Nothing plays: the clock of whoever watches does not matter.
const ANY: Duration = Duration::ZERO;

impl Reel {
    /// How long the recording is.
    pub const fn length(&self) -> Span {
        self.player.length()
    }

    /// Where a moment as it was typed is; what counts backwards counts from the end.
    pub fn moment(&self, when: When) -> Span {
        let from = if matches!(when, When::Earlier(_)) { self.length() } else { Span::ZERO };
        when.resolve(from, &self.end)
    }

    /// Shows this moment, up to its last event.
    ///
    /// # Errors
    /// When the recording cannot be read.
    pub fn show(&mut self, at: Span) -> Result<(), TapeError> {
        self.take(Wish::To(at), ANY)?;
        self.judge();
        Ok(())
    }

    /// When something happens next behind the moment that is shown; `None`: nothing does.
    pub fn next_event(&self) -> Option<Span> {
        let later = self.tape.at(self.at()) + 1;
        (later <= self.tape.last()).then(|| self.tape.stamp(later).elapsed)
    }

    /// Hands over what a live screen showed at this moment: with nothing of a recording about it, and in the place where
    /// it was then.
    pub fn as_live<T>(&mut self, draw: impl FnOnce(&State, &Ui, Stamp) -> T) -> T {
        let now = self.now();
        let (state, ui) = self.shown_mut();
        let replay = ui.replay.take();
        ui.place = journey::begin(state);
        let drawn = draw(state, ui, now);
        (ui.replay, ui.place) = (replay, Place::Replay);
        drawn
    }
}
