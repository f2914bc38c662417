//! Rows of a comparison below each other: what every exercise has, and what changed by sign and word. Not which rows.

use ratatui::text::Line;

use crate::report::compare::model::{Comparison, Group, Row};
use crate::report::compare::shown::named;
use crate::report::compare::table::{Entry, changed, changes, letters, values};
use crate::tui::scene::Scene;
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widget::grid::{self, Cell, cell};

/// Columns before what stands below a heading.
const INDENT: &str = "  ";

/// The rows of a group in `width` columns.
pub(super) fn lines<'a>(
    scene: &Scene<'a>,
    all: &Comparison,
    group: &Group,
    width: usize,
) -> Vec<Line<'a>> {
    if group.rows.is_empty() {
        return vec![Line::from(scene.piece(Role::Dim, scene.say("compare-nothing")))];
    }
    let form = Form { scene, all, alone: alone(group), stacked: false };
    let (form, rows) = form.fitting(group, width);
    let widths = grid::fitted(grid::widths(&rows), width);
    let mut lines: Vec<Line<'a>> = Vec::new();
    let mut rows = rows.into_iter();
    let put = |cells: &[Cell], lines: &mut Vec<Line<'a>>| {
        lines.extend(grid::lines(scene.theme, cells, &widths));
    };
    if let Some(head) = rows.next() {
        put(&head, &mut lines);
    }
    let mut before: Option<&Row> = None;
    for (row, cells) in group.rows.iter().zip(rows) {
        let same = before.is_some_and(|it| (&it.of, &it.team) == (&row.of, &row.team));
        if let Some(heading) = form.heading(group, row).filter(|_| !same) {
            lines.push(Line::from(scene.piece(Role::Title, text::fit(&heading, width))));
        }
        put(&cells, &mut lines);
        lines.extend(form.evidence(row, width));
        before = Some(row);
    }
    lines
}

/// Whether each row is about a thing of its own, which then names it.
fn alone(group: &Group) -> bool {
    let own = |pair: &[Row]| match pair {
        [one, other] => one.of != other.of,
        _ => true,
    };
    group.rows.iter().all(|row| row.of.is_some()) && group.rows.windows(2).all(own)
}

/// How rows are laid out.
struct Form<'s, 'a> {
    scene: &'s Scene<'a>,
    all: &'s Comparison,
    /// A row is named by what it is about.
    alone: bool,
    /// What changed stands below the value, for want of room beside.
    stacked: bool,
}

impl<'a> Form<'_, 'a> {
    /// The rows below their headings, beside each other as far as there is room.
    fn fitting(self, group: &Group, width: usize) -> (Self, Vec<Vec<Cell>>) {
        let rows = self.rows(group);
        if self.all.exercises.len() < 3 || grid::sum(&grid::widths(&rows)) <= width {
            return (self, rows);
        }
        let stacked = Self { stacked: true, ..self };
        let rows = stacked.rows(group);
        (stacked, rows)
    }

    fn rows(&self, group: &Group) -> Vec<Vec<Cell>> {
        let heads = std::iter::once(String::new()).chain(letters(self.all));
        let mut heads: Vec<Cell> = heads.map(|says| cell(Role::Title, says)).collect();
        if !self.stacked {
            heads.extend(changed(self.all).map(|says| cell(Role::Dim, says)));
        }
        let rows = group.rows.iter().map(|row| self.row(group, row));
        std::iter::once(heads).chain(rows).collect()
    }

    fn row(&self, group: &Group, row: &Row) -> Vec<Cell> {
        let mut cells = vec![cell(Role::Text, self.label(group, row))];
        cells.extend(values(self.scene.lang, row).into_iter().map(entry));
        let changes = changes(self.scene.lang, row).into_iter().map(entry);
        if !self.stacked {
            cells.extend(changes);
            return cells;
        }
        for (cell, change) in cells.iter_mut().skip(2).zip(changes) {
            cell.extend(change);
        }
        cells
    }

    fn label(&self, group: &Group, row: &Row) -> String {
        match &row.of {
            Some(of) if self.alone => of.clone(),
            _ => {
                let indent = if self.heading(group, row).is_some() { INDENT } else { "" };
                format!("{indent}{}", named(self.scene.lang, "row", row.what))
            }
        }
    }

    /// What the row and those after it are about; `None`: of the whole exercise, or it says so itself.
    fn heading(&self, group: &Group, row: &Row) -> Option<String> {
        if self.alone {
            return None;
        }
        let all = || self.scene.say("compare-all-teams").into_owned();
        let teams = group.rows.iter().any(|row| row.team.is_some());
        let team = teams.then(|| row.team.clone().unwrap_or_else(all));
        match (&row.of, team) {
            (Some(of), Some(team)) => Some(format!("{of} · {team}")),
            (Some(of), None) => Some(of.clone()),
            (None, team) => team,
        }
    }

    /// What words of a row rest on, a line for each exercise.
    fn evidence(&self, row: &Row, width: usize) -> Vec<Line<'a>> {
        let said = letters(self.all).zip(values(self.scene.lang, row));
        let lines = said.filter_map(|(letter, entry)| match entry {
            Entry::Judged { evidence, .. } => {
                let lead = format!("{INDENT}{INDENT}{letter}");
                let room = width.saturating_sub(text::width(&lead) + grid::GAP);
                let widths = [text::width(&lead), room];
                let cells = [cell(Role::Title, lead), cell(Role::Dim, evidence)];
                Some(grid::lines(self.scene.theme, &cells, &widths))
            }
            _ => None,
        });
        lines.flatten().collect()
    }
}

fn entry(entry: Entry) -> Cell {
    match entry {
        Entry::Said(says)
        | Entry::Outside(says)
        | Entry::Name(says)
        | Entry::Judged { word: says, .. } => cell(Role::Text, says),
        Entry::Changed { by, answer, says } => {
            let role = match answer {
                "better" => Role::Good,
                "worse" => Role::Bad,
                "different" => Role::Text,
                _ => Role::Dim,
            };
            cell(role, by.map_or_else(|| says.clone(), |by| format!("{says} {by}")))
        }
    }
}
