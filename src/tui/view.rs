//! The whole screen as a function of the scene. Not its parts, which draw themselves.

pub mod briefing;
pub mod clocked;
pub mod debrief;
pub mod faults;
pub mod footer;
pub mod header;
mod history;
pub mod incidents;
pub mod input;
pub mod instruments;
pub mod launcher;
pub mod log;
mod marks;
pub mod overlay;
pub mod page;
pub mod palette;
pub mod pods;
pub mod question;
pub mod report;
pub mod result;
pub mod scroll;
pub mod slo;
pub mod timeline;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::{Paragraph, Widget, Wrap};

use super::layout::{LEAST_HEIGHT, LEAST_WIDTH, areas};
use super::scene::Scene;
use super::theme::Role;
use super::ui::{Mode, Overlay};
use crate::exercise::state::Stage;

/// Draws everything, and puts the terminal's cursor where text is typed.
pub fn draw(frame: &mut Frame<'_>, scene: &Scene<'_>) {
    let screen = frame.area();
    let typing = scene.ui.mode == Mode::Typing;
    let ended = scene.state.stage == Stage::Ended;
    let lines = scene.ui.draft.lines().len();
    let Some(places) = areas(screen, lines, ended, typing, scene.ui.instruments) else {
        too_small(frame, scene, screen);
        return;
    };
    let boxed = places.boxed;
    let buf = frame.buffer_mut();
    if let Some(cursor) = page::draw(scene, screen, buf) {
        return over(frame, scene, cursor);
    }
    header::draw(scene, places.header, buf);
    timeline::draw(scene, places.timeline, boxed, buf);
    slo::draw(scene, places.slos, boxed, buf);
    faults::draw(scene, places.faults, boxed, buf);
    pods::draw(scene, places.pods, boxed, buf);
    incidents::draw(scene, places.incidents, boxed, buf);
    instruments::draw(scene, places.instruments, boxed, buf);
    log::draw(scene, places.log, boxed, buf);
    result::draw(scene, places.result, boxed, buf);
    let cursor = input::draw(scene, places.input, buf);
    input::draw_hint(scene, places.hint, buf);
    footer::draw(scene, places.footer, buf);
    over(frame, scene, cursor);
}

/// What lies over every place, and the cursor.
fn over(frame: &mut Frame<'_>, scene: &Scene<'_>, mut cursor: Option<Position>) {
    let screen = frame.area();
    let buf = frame.buffer_mut();
    match scene.ui.overlay {
        Some(Overlay::Help { top }) => overlay::help(scene, top, screen, buf),
        Some(Overlay::Objectives { selected }) => {
            overlay::objectives(scene, selected, screen, buf);
        }
        None => {}
    }
    if scene.ui.overlay.is_some() {
        cursor = None;
    }
    if scene.ui.palette {
        cursor = palette::draw(scene, screen, buf);
    }
    if let Some(dialog) = &scene.ui.dialog {
        cursor = question::draw(scene, dialog, screen, buf);
    }
    if scene.ui.halting {
        question::draw_halt(scene, screen, buf);
        cursor = None;
    }
    if let Some(position) = cursor {
        frame.set_cursor_position(position);
    }
}

fn too_small(frame: &mut Frame<'_>, scene: &Scene<'_>, screen: Rect) {
    let (shape, word) = super::words::stage(scene.state);
    let text = vec![
        Line::from(format!("{shape} {word}")),
        Line::from(format!(
            "This window is {}×{}. gameday needs {LEAST_WIDTH}×{LEAST_HEIGHT}: please make it larger. \
             The exercise goes on; Ctrl-X halts all.",
            screen.width, screen.height
        )),
        if scene.ui.halting {
            Line::from("HALT ALL? Ctrl-X or Enter halts.")
        } else {
            Line::default()
        },
    ];
    Paragraph::new(text)
        .style(scene.style(Role::Text))
        .wrap(Wrap { trim: true })
        .render(screen, frame.buffer_mut());
}
