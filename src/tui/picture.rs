//! A drawn screen to be kept or sent: as a picture, or as plain text. Not what is drawn, and not where it goes.

mod svg;

use ratatui::buffer::Buffer;

pub use self::svg::svg;
use super::text::width;

/// The rows of a screen as plain text, without blanks at their ends.
pub fn text(buffer: &Buffer) -> String {
    let mut text = String::new();
    for y in buffer.area.top()..buffer.area.bottom() {
        let mut row = String::new();
        let mut x = buffer.area.left();
        while x < buffer.area.right() {
            let symbol = buffer[(x, y)].symbol();
            row.push_str(symbol);
            // What is behind a wide character belongs to it.
            x += u16::try_from(width(symbol)).unwrap_or(1).max(1);
        }
        text.push_str(row.trim_end());
        text.push('\n');
    }
    text
}
