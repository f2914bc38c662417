//! A column chart in cells: eighths of a cell high, with a threshold line. Not the choice of its values.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

const EIGHTHS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// From where to where a column reaches, from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reach {
    /// The lowest: so high it is solid.
    pub low: f64,
    /// The highest: so high a thin line goes on.
    pub high: f64,
    /// Of both the one that is drawn where one cell cannot show two: the highest.
    pub upper: bool,
}

impl Reach {
    /// A column without a range.
    pub const fn to(height: f64) -> Self {
        Self { low: height, high: height, upper: true }
    }
}

/// One column.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Column {
    /// Its height; `None`: no data, nothing is drawn.
    pub reach: Option<Reach>,
    /// How it is drawn.
    pub style: Style,
    /// The column lies in a stretch that is shaded, in this style: `░` where it is empty, `▓` where it is solid.
    pub shade: Option<Style>,
}

/// Draws `columns` from the left of `area`, and a broken line at `threshold` (0 to 1) where no column covers it.
pub fn draw(columns: &[Column], threshold: Option<(f64, Style)>, area: Rect, buf: &mut Buffer) {
    let rows = area.height;
    let line = threshold.map(|(at, style)| (row_of(at, rows), style));
    for (column, x) in columns.iter().zip(area.left()..area.right()) {
        let (solid, thin) = column.reach.map_or((0, 0), |reach| ends(reach, rows));
        for row in 0..rows {
            let cell = &mut buf[(x, area.bottom() - 1 - row)];
            let filled = solid.saturating_sub(row * 8).min(8);
            let reached = thin.saturating_sub(row * 8).min(8);
            if filled > 0 {
                let full = if column.shade.is_some() { "▓" } else { "█" };
                let part = EIGHTHS.get(usize::from(filled)).unwrap_or(&" ");
                cell.set_symbol(if filled == 8 { full } else { part });
                cell.set_style(column.style);
            } else if reached > 0 {
                cell.set_symbol(if reached > 4 { "│" } else { "╷" }).set_style(column.style);
            } else if let Some((_, style)) = line.filter(|(at, _)| *at == row) {
                cell.set_symbol("┄").set_style(style);
            } else if let Some(shade) = column.shade {
                cell.set_symbol("░").set_style(shade);
            }
        }
    }
}

/// The row, from the bottom, in which a height lies.
pub fn row_of(height: f64, rows: u16) -> u16 {
    let row = (height.clamp(0.0, 1.0) * f64::from(rows)).floor() as u16;
    row.min(rows.saturating_sub(1))
}

/// How many eighths are solid, and up to which a thin line goes on. Where both end in one cell, one of them is drawn.
fn ends(reach: Reach, rows: u16) -> (u16, u16) {
    let (low, high) = (eighths(reach.low, rows), eighths(reach.high, rows));
    let cell = |end: u16| end.saturating_sub(1) / 8;
    match (cell(low) == cell(high), reach.upper) {
        (true, true) => (high, high),
        (true, false) => (low, low),
        (false, _) => (low, high),
    }
}

/// A height in eighths of a row; something that is not zero is at least one eighth.
fn eighths(height: f64, rows: u16) -> u16 {
    let exact = height.clamp(0.0, 1.0) * f64::from(rows) * 8.0;
    if exact > 0.0 { (exact.round() as u16).max(1) } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(columns: &[Column], threshold: f64, rows: u16) -> Buffer {
        let area = Rect::new(0, 0, u16::try_from(columns.len()).unwrap(), rows);
        let mut buf = Buffer::empty(area);
        draw(columns, Some((threshold, Style::new())), area, &mut buf);
        buf
    }

    #[test]
    fn heights_are_drawn_in_eighths_and_no_data_not_at_all() {
        let column =
            |height: Option<f64>| Column { reach: height.map(Reach::to), ..Column::default() };
        let columns = [Some(0.0), Some(0.001), Some(0.5), Some(0.75), Some(2.0), None].map(column);
        assert_eq!(drawn(&columns, 0.9, 2), Buffer::with_lines(["┄┄┄▄█┄", " ▁███ "]));
    }

    #[test]
    fn a_range_goes_on_as_a_thin_line_and_where_there_is_no_room_the_worse_end_counts() {
        let column = |low, high, upper| Column {
            reach: Some(Reach { low, high, upper }),
            ..Column::default()
        };
        let columns = [
            column(0.1, 1.0, true),
            column(0.1, 0.5, true),
            column(0.1, 0.2, true),
            column(0.1, 0.2, false),
            column(0.4, 1.0, false),
        ];
        assert_eq!(drawn(&columns, 0.0, 3), Buffer::with_lines(["│   │", "│╷  ▂", "▂▂▅▂█"]));
    }

    #[test]
    fn a_shaded_stretch_is_seen_without_colour() {
        let shade = Some(Style::new());
        let columns = [
            Column { reach: Some(Reach::to(1.0)), shade, ..Column::default() },
            Column { reach: Some(Reach::to(0.25)), shade, ..Column::default() },
            Column { shade, ..Column::default() },
            Column::default(),
        ];
        assert_eq!(drawn(&columns, 0.5, 3), Buffer::with_lines(["▓░░ ", "▓┄┄┄", "▓▆░ "]));
    }
}
