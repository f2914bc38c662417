//! The debrief: what happened, what is proposed from it, and what people decided, part by part. Not the report.

mod expected;
mod facts;
mod keys;

pub(super) use self::facts::still_open;

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span as Piece};

use crate::tui::debrief::act::waiting;
use crate::tui::debrief::{ALL, Part, items, place};
use crate::tui::scene::{Scene, put};
use crate::tui::text;
use crate::tui::theme::Role;

/// The list of parts is so wide.
const PARTS_WIDE: u16 = 24;

/// Draws it: the parts beside the chosen one, or in a row above it.
pub fn draw(scene: &Scene<'_>, area: Rect, boxed: bool, buf: &mut Buffer) {
    let part = Part::chosen(scene.ui);
    if boxed {
        let [left, right] = columns(area);
        let inner = scene.panel(left, scene.title_of("place-debrief", ""), true, buf);
        for ((line, area), _) in list(scene).into_iter().zip(rows(inner)).zip(ALL) {
            put(area, 0, &line, buf);
        }
        let title = Line::from(scene.piece(Role::Selected, format!(" {} ", name(scene, part))));
        let inner = scene.panel(right, title, true, buf);
        draw_part(scene, part, inner, buf);
        return;
    }
    put(area, 0, &Line::from(tabs(scene, area.width)), buf);
    draw_part(scene, part, below(area), buf);
}

fn columns(area: Rect) -> [Rect; 2] {
    area.layout(&Layout::horizontal([Constraint::Length(PARTS_WIDE), Constraint::Fill(1)]))
}

fn below(area: Rect) -> Rect {
    Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area }
}

fn inside(area: Rect) -> Rect {
    area.inner(ratatui::layout::Margin::new(1, 1))
}

fn rows(area: Rect) -> impl Iterator<Item = Rect> {
    (area.y..area.bottom()).map(move |y| Rect { y, height: 1, ..area })
}

/// The parts below each other, each with how many of it wait for somebody.
fn list<'a>(scene: &Scene<'a>) -> Vec<Line<'a>> {
    let waiting = waiting(scene.state, scene.ui);
    let each = ALL.iter().zip(waiting).enumerate();
    each.map(|(index, (part, waits))| {
        let chosen = index == scene.ui.learnt.part;
        let (sign, role) = if chosen { ("› ", Role::Selected) } else { ("  ", Role::Text) };
        let count = items(scene.state, scene.ui, *part).len();
        let name = text::pad(&name(scene, *part), 14);
        let mut pieces = vec![
            scene.piece(Role::Selected, sign),
            scene.piece(role, name),
            scene.piece(Role::Dim, format!("{count:>3}")),
        ];
        if waits > 0 {
            pieces.push(scene.piece(Role::Warn, " ?"));
        }
        Line::from(pieces)
    })
    .collect()
}

/// The parts in a row: by their names, or where that is too much by their numbers.
fn tabs<'a>(scene: &Scene<'a>, width: u16) -> Vec<Piece<'a>> {
    let named = row_of(scene, |part| name(scene, part).into_owned());
    let used: usize = named.iter().map(Piece::width).sum();
    if used <= usize::from(width) {
        return named;
    }
    let chosen = Part::chosen(scene.ui);
    row_of(scene, |part| {
        if part == chosen {
            name(scene, part).into_owned()
        } else {
            (part as usize + 1).to_string()
        }
    })
}

fn row_of<'a>(scene: &Scene<'a>, named: impl Fn(Part) -> String) -> Vec<Piece<'a>> {
    let chosen = Part::chosen(scene.ui);
    let tab = |part: Part| {
        let role = if part == chosen { Role::Selected } else { Role::Dim };
        let sign = if part == chosen { "▸" } else { " " };
        scene.piece(role, format!("{sign}{} ", named(part)))
    };
    ALL.into_iter().map(tab).collect()
}

/// Where a click chooses which part.
pub(super) fn parts(scene: &Scene<'_>, area: Rect, boxed: bool) -> Vec<Rect> {
    if boxed {
        return rows(inside(columns(area)[0])).take(ALL.len()).collect();
    }
    let mut x = area.x;
    let place = |tab: Piece<'_>| {
        let width = u16::try_from(tab.width()).unwrap_or(area.width);
        let place = Rect { x, width, height: 1, ..area }.intersection(area);
        x = x.saturating_add(width);
        place
    };
    tabs(scene, area.width).into_iter().map(place).collect()
}

/// Where a click selects which one of the part that is shown.
pub(super) fn item_rows(scene: &Scene<'_>, area: Rect, boxed: bool) -> Vec<(Rect, usize)> {
    let area = if boxed { inside(columns(area)[1]) } else { below(area) };
    let shown = shown(scene, Part::chosen(scene.ui), area);
    let lines = shown.lines.iter().skip(shown.top).zip(rows(area));
    lines.filter_map(|((index, _), row)| index.map(|index| (row, index))).collect()
}

fn name<'a>(scene: &Scene<'a>, part: Part) -> std::borrow::Cow<'a, str> {
    scene.say(part.key())
}

/// Lines, each of one of the part or of none; and how many are left out above.
struct Shown<'a> {
    lines: Vec<(Option<usize>, Line<'a>)>,
    top: usize,
}

/// A part, scrolled so that the selected one is in sight.
fn shown<'a>(scene: &Scene<'a>, part: Part, area: Rect) -> Shown<'a> {
    let mut lines: Vec<(Option<usize>, Line<'a>)> = Vec::new();
    let width = area.width.saturating_sub(2);
    let chosen = place(scene.state, scene.ui, part);
    let mut top = 0;
    for (index, item) in items(scene.state, scene.ui, part).into_iter().enumerate() {
        let selected = index == chosen;
        let begins = lines.len();
        for (row, mut line) in facts::lines(scene, item, width, selected).into_iter().enumerate() {
            let sign = if selected && row == 0 { "› " } else { "  " };
            line.spans.insert(0, scene.piece(Role::Selected, sign));
            lines.push((Some(index), line));
        }
        if selected {
            // The last row may be covered by how much more there is.
            let fits = (lines.len() + 1).saturating_sub(area.height.into());
            top = fits.min(begins);
        }
    }
    let more = facts::more(scene, part, area.width, lines.is_empty());
    lines.extend(more.into_iter().map(|line| (None, line)));
    let most = lines.len().saturating_sub(area.height.into());
    Shown { lines, top: top.min(most) }
}

fn draw_part(scene: &Scene<'_>, part: Part, area: Rect, buf: &mut Buffer) {
    let Shown { lines, top } = shown(scene, part, area);
    let lines: Vec<Line<'_>> = lines.into_iter().map(|(_, line)| line).collect();
    super::scroll::scrolled(scene, &lines, top, area, buf);
}
