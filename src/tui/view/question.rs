//! Questions as boxes in the middle of the screen.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::footer;
use super::overlay::middle;
use crate::tui::dialog::Dialog;
use crate::tui::scene::{Scene, cover, put};
use crate::tui::text;
use crate::tui::theme::Role;

/// A question is at most so wide, one with an answer of several lines, and that of the emergency stop.
const WIDE: u16 = 76;
const WIDER: u16 = 116;
const HALT_WIDE: u16 = 66;

/// Draws a question; tells where the cursor belongs.
pub fn draw(
    scene: &Scene<'_>,
    dialog: &Dialog,
    screen: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let (lines, typed) = lines(scene, dialog, screen);
    let inner = boxed(scene, &lines, "question-title", area(scene, dialog, screen), buf);
    let (answer, row) = dialog.answer.as_ref().zip(typed)?;
    let row = u16::try_from(row).ok().filter(|row| *row < inner.height)?;
    let height = u16::try_from(answer_rows(scene, dialog, screen)).unwrap_or(1);
    let width = inner.width.saturating_sub(4);
    let at = Rect { x: inner.x + 3, y: inner.y + row, width, height }.intersection(inner);
    answer.render(at, buf)
}

/// Where the box of a question stands.
pub fn area(scene: &Scene<'_>, dialog: &Dialog, screen: Rect) -> Rect {
    around(lines(scene, dialog, screen).0.len(), wide(dialog, screen), screen)
}

/// Where the box of the emergency stop stands.
pub fn halt_area(scene: &Scene<'_>, screen: Rect) -> Rect {
    around(halt_lines(scene).len(), HALT_WIDE, screen)
}

fn around(lines: usize, width: u16, screen: Rect) -> Rect {
    middle(screen, width, u16::try_from(lines + 2).unwrap_or(u16::MAX))
}

fn wide(dialog: &Dialog, screen: Rect) -> u16 {
    let several = dialog.answer.as_ref().is_some_and(|answer| answer.lines().len() > 1);
    screen.width.saturating_sub(4).min(if several { WIDER } else { WIDE })
}

fn details(scene: &Scene<'_>, dialog: &Dialog, room: usize) -> Vec<String> {
    let each = dialog.details.iter();
    each.flat_map(|detail| text::wrap(&detail.in_words(scene.lang), room)).collect()
}

/// How many rows the answer has: as many as it has lines, and as fit.
fn answer_rows(scene: &Scene<'_>, dialog: &Dialog, screen: Rect) -> usize {
    let room = usize::from(wide(dialog, screen)).saturating_sub(4);
    let asked = text::wrap(&scene.lang.message(&dialog.question), room).len();
    // The frame, blank rows, a problem and the keys.
    let others = asked + details(scene, dialog, room).len() + 6;
    let most = usize::from(screen.height).saturating_sub(others).max(1);
    dialog.answer.as_ref().map_or(0, |answer| answer.lines().len().clamp(1, most))
}

/// What stands in the box, the keys in the last line; and the line of the answer.
fn lines<'a>(scene: &Scene<'a>, dialog: &Dialog, screen: Rect) -> (Vec<Line<'a>>, Option<usize>) {
    let width = wide(dialog, screen);
    let room = usize::from(width).saturating_sub(4);
    let mut lines: Vec<Line<'a>> = text::wrap(&scene.lang.message(&dialog.question), room)
        .into_iter()
        .map(|line| Line::from(scene.piece(Role::Title, line)))
        .collect();
    for row in details(scene, dialog, room) {
        lines.push(Line::from(scene.piece(Role::Text, row)));
    }
    let typed = dialog.answer.is_some().then_some(lines.len() + 1);
    if typed.is_some() {
        lines.extend([Line::default(), Line::from(scene.piece(Role::Selected, "› "))]);
        let more = answer_rows(scene, dialog, screen).saturating_sub(1);
        lines.extend(std::iter::repeat_n(Line::default(), more));
    }
    if let Some(problem) = &dialog.problem {
        let problem = scene.lang.message(problem);
        lines.push(Line::from(scene.piece(Role::Bad, format!("✗ {}", text::clean(&problem)))));
    }
    lines.extend([Line::default(), footer::line(scene, width.saturating_sub(4))]);
    (lines, typed)
}

/// Draws the question of the emergency stop.
pub fn draw_halt(scene: &Scene<'_>, screen: Rect, buf: &mut Buffer) {
    let area = halt_area(scene, screen);
    boxed(scene, &halt_lines(scene), "halt-title", area, buf);
}

fn halt_lines<'a>(scene: &Scene<'a>) -> Vec<Line<'a>> {
    let live = scene.state.live_injections().count();
    let begun = scene.state.phases.iter().any(|run| run.started.is_some());
    let then = if begun { "halt-until-released" } else { "halt-ends" };
    let means = scene.tell("halt-means", &[("count", live.into())]);
    vec![
        Line::from(scene.piece(Role::Stopped, scene.say("halt-ask"))),
        Line::from(scene.piece(Role::Text, means)),
        Line::from(scene.piece(Role::Text, scene.say(then))),
        Line::default(),
        footer::line(scene, HALT_WIDE - 4),
    ]
}

fn boxed(
    scene: &Scene<'_>,
    lines: &[Line<'_>],
    title: &'static str,
    room: Rect,
    buf: &mut Buffer,
) -> Rect {
    cover(room, buf);
    let inner = scene.panel(room, scene.title_of(title, ""), true, buf);
    for (row, line) in lines.iter().enumerate() {
        let at = Rect { x: inner.x + 1, width: inner.width.saturating_sub(1), ..inner };
        put(at, u16::try_from(row).unwrap_or(u16::MAX), line, buf);
    }
    inner
}
