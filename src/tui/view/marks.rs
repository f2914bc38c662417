//! Marks with names under a picture, placed so that no name covers another. Not what they mean.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::tui::text;

/// Something at a column.
pub(super) struct Mark {
    /// Where, from the left.
    pub(super) column: u16,
    /// Its sign, one cell wide.
    pub(super) sign: &'static str,
    /// Its name.
    pub(super) name: String,
    /// How it looks.
    pub(super) style: Style,
}

/// Draws every mark: with its name where there is room for it, else its sign alone.
pub(super) fn draw(marks: &[Mark], area: Rect, buf: &mut Buffer) {
    let mut order: Vec<&Mark> = marks.iter().collect();
    order.sort_by_key(|mark| mark.column);
    // How far each row is taken.
    let mut taken = vec![0_u16; usize::from(area.height)];
    for (index, mark) in order.iter().enumerate() {
        let Some(row) = taken.iter().position(|taken| *taken <= mark.column) else { continue };
        let next = order.get(index + 1).map_or(area.width, |next| next.column);
        let last_row = row + 1 == taken.len();
        // The name may run below the next mark only where another row is free for that one.
        let room = if last_row { next.max(mark.column) } else { area.width } - mark.column;
        let name = text::fit(&mark.name, usize::from(room.saturating_sub(2)));
        let named = text::width(&name) >= 3 || name == mark.name;
        let label = if named { format!("{}{name}", mark.sign) } else { mark.sign.to_owned() };
        let y = area.y + u16::try_from(row).unwrap_or_default();
        let room = usize::from(area.width - mark.column);
        let label = text::fit(&label, room);
        buf.set_string(area.x + mark.column, y, &label, mark.style);
        if let Some(taken) = taken.get_mut(row) {
            *taken = mark.column + u16::try_from(text::width(&label)).unwrap_or(u16::MAX / 2) + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_never_cover_each_other() {
        let mark =
            |column, name: &str| Mark {
                column, sign: "◆", name: name.into(), style: Style::new()
            };
        for (height, want) in
            [(1, vec!["  ◆pod-… ◆databa… "]), (2, vec!["  ◆pod-failure    ", "         ◆databa… "])]
        {
            let area = Rect::new(0, 0, 18, height);
            let mut buf = Buffer::empty(area);
            draw(&[mark(9, "database-slowdown"), mark(2, "pod-failure")], area, &mut buf);
            assert_eq!(buf, Buffer::with_lines(want));
        }
    }
}
