//! What goes to the clipboard of the terminal, and from there to others. Not what it says.

use super::{Desk, scene};
use crate::exercise::command::Command;
use crate::lang::Message;
use crate::tui::copy;
use crate::tui::room::Room;

impl Desk {
    /// Copies what is in focus.
    pub(super) fn copy(&mut self) {
        let now = self.now();
        let (state, ui) = match &mut self.room {
            Some(room) if self.turned => (&room.state, &mut room.ui),
            _ => (&self.state, &mut self.ui),
        };
        let text = copy::copied(&scene(state, ui, &self.options, now));
        // A terminal that takes nothing is noticed before the next draw.
        if self.screen.copy(&text).is_ok() {
            ui.say(Message::plain("says-copied").with("text", text));
        }
    }

    /// Copies what is to be sent, and writes down that it was.
    pub(super) fn tell(&mut self, text: &str, command: Command) {
        let ui = match &mut self.room {
            Some(room) if self.turned => &mut room.ui,
            _ => &mut self.ui,
        };
        // As above.
        if self.screen.copy(text).is_ok() {
            ui.say(Message::plain("says-update-copied"));
        }
        if !self.turned || Room::may(&command) {
            self.orders.send(command);
        }
    }
}
