//! What stands in each section of a comparison, part by part. Not its charts, and not how rows are laid out.

use ratatui::text::{Line, Span as Piece};

use super::rows;
use crate::report::compare::model::Comparison;
use crate::report::compare::shown::align;
use crate::report::compare::table::{self, Entry, warnings};
use crate::tui::compare::Compare;
use crate::tui::compare::section::Section;
use crate::tui::scene::Scene;
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::view::scroll::Part;
use crate::tui::widget::grid::{self, Cell, cell};

/// The parts of the section that is shown, in `width` columns.
pub(super) fn parts<'a>(scene: &Scene<'a>, compare: &Compare, width: usize) -> Vec<Part<'a>> {
    let all = &compare.of.comparison;
    let group = |name: &str| group(scene, all, name, width);
    match compare.section {
        Section::Overview => careful(scene, all, width)
            .into_iter()
            .chain([tallies(scene, all, width), group("customers"), group("objectives")])
            .collect(),
        Section::Faults => vec![group("injections")],
        Section::Teams => vec![group("teams"), group("team times")],
        Section::Slos => vec![group("slos")],
        Section::Load => vec![group("load"), group("phases")],
        Section::Time => Vec::new(),
        Section::Notes => vec![
            exercises(scene, all, width),
            differences(scene, all, width),
            reckoned(scene, compare, width),
        ],
    }
}

fn part<'a>(scene: &Scene<'a>, key: &'a str, lines: Vec<Line<'a>>) -> Part<'a> {
    Part { name: scene.say(key), lines }
}

fn group<'a>(scene: &Scene<'a>, all: &Comparison, name: &str, width: usize) -> Part<'a> {
    let found = all.groups.iter().find(|group| group.group == name);
    let lines = found.map_or_else(Vec::new, |group| rows::lines(scene, all, group, width));
    let name = crate::report::compare::shown::named(scene.lang, "group", name);
    Part { name: name.into(), lines }
}

/// Why figures tell less than they seem to.
fn careful<'a>(scene: &Scene<'a>, all: &Comparison, width: usize) -> Option<Part<'a>> {
    let says = warnings(all, scene.lang, |outside| text::clean(outside).into_owned());
    let lines = says.iter().flat_map(|one| hanging(scene, (Role::Warn, "! "), one, width));
    let lines: Vec<Line<'a>> = lines.collect();
    (!lines.is_empty()).then(|| part(scene, "compare-warnings", lines))
}

fn tallies<'a>(scene: &Scene<'a>, all: &Comparison, width: usize) -> Part<'a> {
    let says = table::tallies(all, scene.lang);
    let lines = says.iter().flat_map(|(letter, counts)| {
        hanging(scene, (Role::Title, &format!("{letter}  ")), counts, width)
    });
    part(scene, "compare-tally", lines.collect())
}

/// A text behind a sign, wrapped beside it.
fn hanging<'a>(
    scene: &Scene<'a>,
    (role, sign): (Role, &str),
    says: &str,
    width: usize,
) -> Vec<Line<'a>> {
    let indent = text::width(sign);
    let lines = text::wrap(says, width.saturating_sub(indent)).into_iter().enumerate();
    let line = |(nth, says): (usize, String)| {
        let lead = if nth == 0 { sign.to_owned() } else { " ".repeat(indent) };
        let text = if role == Role::Warn { Role::Warn } else { Role::Text };
        Line::from(vec![scene.piece(role, lead), scene.piece(text, says)])
    };
    lines.map(line).collect()
}

/// Rows of a table below its headings.
fn table<'a>(scene: &Scene<'a>, rows: &[Vec<Cell>], width: usize) -> Vec<Line<'a>> {
    let widths = grid::fitted(grid::widths(rows), width);
    rows.iter().flat_map(|row| grid::lines(scene.theme, row, &widths)).collect()
}

/// Which exercises they are, by name and file.
fn exercises<'a>(scene: &Scene<'a>, all: &Comparison, width: usize) -> Part<'a> {
    let heads = ["", "compare-col-exercise", "compare-col-target", "compare-col-recording"];
    let head = heads.map(|key| {
        let says = if key.is_empty() { "".into() } else { scene.lang.say(key) };
        cell(Role::Dim, says.into_owned())
    });
    let rows = all.exercises.iter().map(|one| {
        vec![
            cell(Role::Title, one.letter),
            cell(Role::Text, one.exercise.clone()),
            cell(Role::Text, one.target.clone()),
            cell(Role::Text, one.file.clone()),
        ]
    });
    let rows: Vec<Vec<Cell>> = std::iter::once(head.to_vec()).chain(rows).collect();
    part(scene, "compare-exercises", table(scene, &rows, width))
}

fn differences<'a>(scene: &Scene<'a>, all: &Comparison, width: usize) -> Part<'a> {
    let found = table::differences(all, scene.lang);
    if found.rows.is_empty() {
        let says = scene.say("compare-no-differences");
        return part(scene, "compare-differences", vec![Line::from(scene.piece(Role::Text, says))]);
    }
    let head = found.heads.into_iter().map(|says| cell(Role::Dim, says)).collect();
    let shown = |entry: Entry| match entry {
        Entry::Said(says) | Entry::Outside(says) => cell(Role::Text, says),
        _ => Cell::new(),
    };
    let rows = found.rows.into_iter().map(|row| row.into_iter().map(shown).collect());
    let rows: Vec<Vec<Cell>> = std::iter::once(head).chain(rows).collect();
    let mut lines = table(scene, &rows, width);
    lines.extend(said(scene, "compare-digest-says", width));
    part(scene, "compare-differences", lines)
}

/// How times are aligned, and from what on something is better.
fn reckoned<'a>(scene: &Scene<'a>, compare: &Compare, width: usize) -> Part<'a> {
    let mut lines = said(scene, "compare-noise-says", width);
    lines.push(Line::default());
    lines.extend(said(scene, align(compare.align), width));
    part(scene, "compare-reckoned", lines)
}

fn said<'a>(scene: &Scene<'a>, key: &str, width: usize) -> Vec<Line<'a>> {
    let says = text::wrap(&scene.lang.say(key), width).into_iter();
    let piece = |says: String| -> Piece<'a> { scene.piece(Role::Dim, says) };
    says.map(|says| Line::from(piece(says))).collect()
}
