//! The participants' view at the facilitator's own screen: told, folded and kept as on a screen that joined. Not the
//! drawing.

use std::sync::Arc;

use super::intake::{anew, take};
use super::ui::Ui;
use crate::exercise::command::Command;
use crate::exercise::log_line::write;
use crate::exercise::participant::{Teller, begin};
use crate::exercise::state::State;
use crate::port::feed::FeedItem;

/// What participants see, and the screen's own state for it: nothing of the facilitator's shines through.
pub struct Room {
    teller: Teller,
    /// The exercise as participants know it.
    pub state: State,
    /// What belongs to this view alone.
    pub ui: Ui,
}

/// What is kept of a room to go on from there: all but what was measured, which the room has itself, and how much of it.
pub struct Kept {
    teller: Teller,
    state: State,
    samples: usize,
    readings: usize,
}

impl Room {
    /// For an exercise of which nothing has happened yet; `None`: it is too late to tell it from the beginning, or
    /// this screen is a participants' one anyway.
    pub fn new(state: &State, ui: &Ui) -> Option<Self> {
        if state.seq != 0 || state.participants {
            return None;
        }
        let teller = Teller::new(Arc::clone(&state.header));
        let state = begin(teller.header());
        let mut own = Ui::new(ui.by.clone());
        own.turned = true;
        own.labels.clone_from(&ui.labels);
        own.bindings.clone_from(&ui.bindings);
        own.tongue.clone_from(&ui.tongue);
        own.for_participants();
        Some(Self { teller, state, ui: own })
    }

    /// Takes what arrived at the screen, as far as participants are told it.
    pub fn take(&mut self, item: &FeedItem) {
        let FeedItem::Event(envelope) = item else { return };
        let Some(told) = self.teller.tell(envelope) else { return };
        let now = envelope.stamp.elapsed;
        if let Some(plan) = told.plan {
            take(FeedItem::Revealed(plan), now, &mut self.state, &mut self.ui);
        }
        take(FeedItem::Event(Arc::new(told.envelope)), now, &mut self.state, &mut self.ui);
    }

    /// What is needed to go on telling from here later.
    pub fn kept(&mut self) -> Kept {
        // Whatever shares what was measured has it copied when more of it comes.
        let series = std::mem::take(&mut self.state.series);
        let readings = std::mem::take(&mut self.state.readings);
        let (samples, read) = (series.points().len(), readings.len());
        let (teller, state) = (self.teller.clone(), self.state.clone());
        (self.state.series, self.state.readings) = (series, readings);
        Kept { teller, state, samples, readings: read }
    }

    /// Goes on from what was kept of it.
    pub fn go_on_from(&mut self, kept: &Kept) {
        self.teller = kept.teller.clone();
        let series = self.state.series.again(kept.samples);
        let readings = self.state.readings.again(kept.readings);
        self.state = State { series, readings, ..kept.state.clone() };
        anew(&self.state, &mut self.ui);
    }

    /// Whether a command may be given from here: what teams do, and the emergency stop.
    pub fn may(command: &Command) -> bool {
        match command {
            Command::PullLever { .. } | Command::Halt { .. } => true,
            Command::LinkIncident { .. } => false,
            other => write(other).is_some(),
        }
    }
}
