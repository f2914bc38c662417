//! A column chart in cells: eighths of a cell high, with a threshold line. Not the choice of its values.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

const EIGHTHS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// One column.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Column {
    /// Its height, from 0 to 1; `None`: no data, nothing is drawn.
    pub height: Option<f64>,
    /// How it is drawn.
    pub style: Style,
    /// Added to every cell of the column, drawn or not.
    pub shade: Option<Style>,
}

/// Draws `columns` from the left of `area`, and a broken line at `threshold` (0 to 1) where no column covers it.
pub fn draw(columns: &[Column], threshold: Option<(f64, Style)>, area: Rect, buf: &mut Buffer) {
    let rows = area.height;
    let line = threshold.map(|(at, style)| (row_of(at, rows), style));
    for (column, x) in columns.iter().zip(area.left()..area.right()) {
        let eighths = column.height.map_or(0, |height| eighths(height, rows));
        for row in 0..rows {
            let y = area.bottom() - 1 - row;
            let filled = eighths.saturating_sub(row * 8).min(8);
            let cell = &mut buf[(x, y)];
            if filled > 0 {
                cell.set_symbol(EIGHTHS.get(usize::from(filled)).unwrap_or(&" "));
                cell.set_style(column.style);
            } else if let Some((_, style)) = line.filter(|(at, _)| *at == row) {
                cell.set_symbol("┄").set_style(style);
            }
            if let Some(shade) = column.shade.filter(|_| row == 0) {
                cell.set_style(shade);
            }
        }
    }
}

/// The row, from the bottom, in which a height lies.
pub fn row_of(height: f64, rows: u16) -> u16 {
    let row = (height.clamp(0.0, 1.0) * f64::from(rows)).floor() as u16;
    row.min(rows.saturating_sub(1))
}

/// A height in eighths of a row; something that is not zero is at least one eighth.
fn eighths(height: f64, rows: u16) -> u16 {
    let exact = height.clamp(0.0, 1.0) * f64::from(rows) * 8.0;
    if exact > 0.0 { (exact.round() as u16).max(1) } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heights_are_drawn_in_eighths_and_no_data_not_at_all() {
        let area = Rect::new(0, 0, 6, 2);
        let mut buf = Buffer::empty(area);
        let column = |height| Column { height, ..Column::default() };
        let columns = [Some(0.0), Some(0.001), Some(0.5), Some(0.75), Some(2.0), None].map(column);
        draw(&columns, Some((0.9, Style::new())), area, &mut buf);
        assert_eq!(buf, Buffer::with_lines(["┄┄┄▄█┄", " ▁███ "]));
    }
}
