//! Cells in columns that fit the room: what is too wide is wrapped, never lost. Not what stands in them.

use ratatui::text::{Line, Span as Piece};

use crate::tui::text;
use crate::tui::theme::{Role, Theme};

/// The least a column gives way to.
const LEAST: usize = 6;
/// Blanks between two columns.
pub const GAP: usize = 2;

/// What stands in a cell, each part in its role and beginning a line of its own.
pub type Cell = Vec<(Role, String)>;

/// A cell of one part.
pub fn cell(role: Role, says: impl Into<String>) -> Cell {
    vec![(role, says.into())]
}

/// How wide each column is where there is room for everything.
pub fn widths(rows: &[Vec<Cell>]) -> Vec<usize> {
    let count = rows.iter().map(Vec::len).max().unwrap_or_default();
    let mut widths = vec![1; count];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            let widest = cell.iter().map(|(_, says)| text::width(&text::clean(says))).max();
            *width = widest.unwrap_or_default().max(*width);
        }
    }
    widths
}

/// How wide columns are together.
pub fn sum(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + widths.len().saturating_sub(1) * GAP
}

/// The same columns in so much room: the widest give way.
pub fn fitted(mut widths: Vec<usize>, room: usize) -> Vec<usize> {
    while sum(&widths) > room {
        match widths.iter_mut().max() {
            Some(widest) if *widest > LEAST => *widest -= 1,
            _ => break,
        }
    }
    widths
}

/// A row in as many lines as its tallest cell takes; none where all of it is blank.
pub fn lines(theme: &Theme, row: &[Cell], widths: &[usize]) -> Vec<Line<'static>> {
    if row.iter().flatten().all(|(_, says)| says.trim().is_empty()) {
        return Vec::new();
    }
    let wrapped = |(cell, width): (&Cell, &usize)| -> Vec<(Role, String)> {
        let parts = cell.iter().flat_map(|(role, says)| {
            text::wrap(says, *width).into_iter().map(move |line| (*role, line))
        });
        parts.collect()
    };
    let cells: Vec<Vec<(Role, String)>> = row.iter().zip(widths).map(wrapped).collect();
    let tall = cells.iter().map(Vec::len).max().unwrap_or_default();
    let line = |nth: usize| {
        let mut pieces: Vec<Piece<'static>> = Vec::new();
        let mut blanks = 0;
        for (cell, width) in cells.iter().zip(widths) {
            if let Some((role, says)) = cell.get(nth).filter(|(_, says)| !says.trim().is_empty()) {
                let says = says.trim_end();
                pieces.push(Piece::raw(" ".repeat(blanks)));
                pieces.push(Piece::styled(says.to_owned(), theme.style(*role)));
                blanks = width.saturating_sub(text::width(says)) + GAP;
            } else {
                blanks += width + GAP;
            }
        }
        Line::from(pieces)
    };
    (0..tall).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::Depth;

    fn shown(rows: &[Vec<Cell>], room: usize) -> Vec<String> {
        let theme = Theme::named("dark", Depth::Mono).unwrap();
        let widths = fitted(widths(rows), room);
        rows.iter().flat_map(|row| lines(&theme, row, &widths)).map(|it| it.to_string()).collect()
    }

    #[test]
    fn the_widest_columns_give_way_and_nothing_is_lost() {
        let said = |all: &[&str]| -> Vec<Cell> {
            all.iter().map(|says| cell(Role::Text, *says)).collect()
        };
        let rows = [said(&["", "A", "B"]), said(&["time in breach", "18s", "決済 never left"])];
        assert_eq!(
            shown(&rows, 80),
            ["                A    B", "time in breach  18s  決済 never left"]
        );
        assert_eq!(
            shown(&rows, 23),
            [
                "          A    B",
                "time in   18s  決済",
                "breach         never",
                "               left"
            ]
        );
    }

    #[test]
    fn parts_stand_below_each_other_and_blank_rows_take_no_line() {
        let parts = vec![(Role::Text, "18s".to_owned()), (Role::Good, "better".to_owned())];
        let rows = [vec![cell(Role::Text, "x"), parts], vec![cell(Role::Text, ""), Vec::new()]];
        assert_eq!(shown(&rows, 20), ["x  18s", "   better"]);
    }
}
