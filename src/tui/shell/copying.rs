//! What goes to the clipboard of the terminal or into a file, and from there to others. Not what it says.

use super::{Desk, scene};
use crate::exercise::command::Command;
use crate::lang::Message;
use crate::tui::copy;
use crate::tui::room::Room;
use crate::tui::ui::Ui;

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
        self.give(text, "says-update-copied");
        if !self.turned || Room::may(&command) {
            self.orders.send(command);
        }
    }

    /// Copies a text, and says so.
    pub(super) fn give(&mut self, text: &str, says: &'static str) {
        // As above.
        if self.screen.copy(text).is_ok() {
            self.ui_shown().say(Message::plain(says));
        }
    }

    /// Writes a text beside the recording, and says where.
    pub(super) fn write_down(&mut self, ending: &str, text: &str) {
        let Some(write) = self.options.write_down.clone() else { return };
        written(write(ending, text), self.ui_shown());
    }

    fn ui_shown(&mut self) -> &mut Ui {
        match &mut self.room {
            Some(room) if self.turned => &mut room.ui,
            _ => &mut self.ui,
        }
    }
}

/// Says where it was written, or why it was not.
pub(super) fn written(path: Result<String, String>, ui: &mut Ui) {
    match path {
        Ok(path) => ui.say(Message::plain("says-written").with("path", path)),
        Err(why) => ui.complain(why),
    }
}
