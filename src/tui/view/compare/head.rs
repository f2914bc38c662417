//! The top of a comparison: the names of the sections, and a row for each exercise. Not the sections.

use chrono::DateTime;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span as Piece};

use crate::report::compare::model::{Comparison, Exercise};
use crate::report::words;
use crate::tui::compare::section::{SECTIONS, Section};
use crate::tui::scene::{Scene, put};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widget::grid::{self, Cell, cell};

/// From this width on a day has its year.
const LONG: u16 = 100;
/// Titles give way to this.
const LEAST_TITLE: usize = 8;
/// The column of titles.
const TITLE: usize = 2;

/// Draws the names of the sections; the one that is shown stands in brackets.
pub(super) fn tabs(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let current = scene.ui.compare.as_ref().map(|compare| compare.section);
    let mut pieces: Vec<Piece<'_>> = vec![scene.piece(Role::Running, title(scene))];
    // Between two names is one cell: what closes the one, or opens the other.
    let mut closes = " ";
    for (section, name) in names(scene, area.width) {
        let is_current = current == Some(section);
        let between = if is_current { "[" } else { closes };
        let (number, role) =
            if is_current { (Role::Selected, Role::Selected) } else { (Role::Key, Role::Text) };
        pieces.push(scene.piece(Role::Text, between));
        pieces.push(scene.piece(number, (section.index() + 1).to_string()));
        pieces.push(scene.piece(role, format!(" {name}")));
        closes = if is_current { "]" } else { " " };
    }
    pieces.push(scene.piece(Role::Text, closes));
    put(area, 0, &Line::from(pieces), buf);
}

/// Where each name stands.
pub(super) fn tabs_at(scene: &Scene<'_>, area: Rect) -> Vec<(Rect, Section)> {
    let mut x = area.x + cells(&title(scene));
    let mut found = Vec::new();
    for (section, name) in names(scene, area.width) {
        let width = 3 + cells(&name);
        found.push((Rect { x, width, height: 1, ..area }.intersection(area), section));
        x += width;
    }
    found
}

fn cells(says: &str) -> u16 {
    u16::try_from(text::width(says)).unwrap_or(u16::MAX)
}

fn title(scene: &Scene<'_>) -> String {
    format!(" {} ", scene.say("compare-screen"))
}

/// The names, as long as the row has room for.
fn names(scene: &Scene<'_>, width: u16) -> Vec<(Section, String)> {
    let room = usize::from(width).saturating_sub(text::width(&title(scene)) + 1);
    let make = |most: usize| -> Vec<(Section, String)> {
        let name = |one: Section| text::fit(&scene.lang.say(one.name_key()), most);
        SECTIONS.into_iter().map(|section| (section, name(section))).collect()
    };
    let wide = |names: &Vec<(Section, String)>| {
        names.iter().map(|(_, name)| 3 + text::width(name)).sum::<usize>()
    };
    (4..=14).rev().map(make).find(|names| wide(names) <= room).unwrap_or_else(|| make(3))
}

/// Draws a row for each exercise.
pub(super) fn exercises(scene: &Scene<'_>, comparison: &Comparison, area: Rect, buf: &mut Buffer) {
    let long = area.width >= LONG;
    let rows: Vec<Vec<Cell>> =
        comparison.exercises.iter().map(|one| exercise(scene, one, long)).collect();
    let mut widths = grid::widths(&rows);
    // The title gives way; what is still too much is cut at the end.
    let over = grid::sum(&widths).saturating_sub(area.width.into());
    if let Some(title) = widths.get_mut(TITLE) {
        *title = title.saturating_sub(over).max(LEAST_TITLE.min(*title));
    }
    for (row, cells) in rows.iter().enumerate() {
        let mut pieces = Vec::new();
        for (cell, width) in cells.iter().zip(&widths) {
            for (role, says) in cell {
                pieces.push(scene.piece(*role, text::pad(says, *width)));
                pieces.push(Piece::raw(" ".repeat(grid::GAP)));
            }
        }
        pieces.pop();
        put(area, u16::try_from(row).unwrap_or(u16::MAX), &Line::from(pieces), buf);
    }
}

fn exercise(scene: &Scene<'_>, one: &Exercise, long: bool) -> Vec<Cell> {
    let form = if long { "%Y-%m-%d %H:%M UTC" } else { "%m-%d %H:%M" };
    let began = DateTime::from_timestamp_millis(one.began_ms)
        .map_or_else(|| words::date(one.began_ms), |at| at.format(form).to_string());
    let whole = one.outcome == Some("completed");
    let ended = one.outcome.map_or_else(
        || scene.say("compare-no-end").into_owned(),
        |outcome| words::word(scene.lang, outcome),
    );
    let (met, all) = (one.objectives_met.to_string(), one.objectives.to_string());
    let met = scene.tell("compare-met", &[("value", (&*met).into()), ("all", (&*all).into())]);
    vec![
        cell(Role::Title, one.letter),
        cell(Role::Dim, began),
        cell(Role::Text, one.title.clone()),
        cell(if whole { Role::Text } else { Role::Warn }, ended),
        cell(Role::Text, words::length(one.ran_ms)),
        cell(Role::Text, met),
    ]
}
