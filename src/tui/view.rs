//! The whole screen as a function of the scene. Not its parts, which draw themselves.

pub mod briefing;
pub mod card;
pub mod clocked;
mod cluster;
pub mod compare;
pub mod debrief;
pub mod faults;
pub mod footer;
pub mod header;
mod history;
pub mod hits;
pub mod incidents;
pub mod input;
pub mod instruments;
mod key_of;
pub mod launcher;
pub mod log;
pub mod offering;
pub mod overlay;
pub mod page;
pub mod palette;
pub mod people;
mod picking;
pub mod pods;
pub mod question;
pub mod real;
pub mod relay;
pub mod replay;
pub mod report;
pub mod result;
pub mod scroll;
pub mod sheet;
pub mod slo;
mod small;
pub mod suggested;
pub mod tabs;
pub mod themes;
pub mod timeline;
mod toasts;
pub mod watch;
mod wrong;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Color;

use super::ascii;
use super::layout::{Areas, Wish, areas};
use super::pane::{PANES, Pane};
use super::place::Place;
use super::scene::Scene;
use super::theme::Role;
use super::ui::{Mode, Overlay};
use crate::exercise::state::Stage;

/// Draws everything, and puts the terminal's cursor where text is typed.
pub fn draw(frame: &mut Frame<'_>, scene: &Scene<'_>) {
    everything(frame, scene);
    finish(frame, scene);
}

/// The last strokes, over whatever is shown: the ground, and signs that every terminal has.
fn finish(frame: &mut Frame<'_>, scene: &Scene<'_>) {
    let buf = frame.buffer_mut();
    if let Some(ground) = scene.theme.ground() {
        for cell in buf.content.iter_mut().filter(|cell| cell.bg == Color::Reset) {
            cell.set_style(ground);
        }
    }
    if scene.ui.looks.ascii {
        ascii::replace(buf);
    }
}

fn everything(frame: &mut Frame<'_>, scene: &Scene<'_>) {
    let screen = frame.area();
    if scene.ui.place == Place::Compare {
        if compare::draw(scene, screen, frame.buffer_mut()) {
            over(frame, scene, None);
        }
        return;
    }
    let Some(places) = places(scene, screen) else {
        small::exercise(scene, screen, frame.buffer_mut());
        return;
    };
    let boxed = places.boxed;
    let buf = frame.buffer_mut();
    if let Some(cursor) = page::draw(scene, screen, buf) {
        return over(frame, scene, cursor);
    }
    header::draw(scene, places.header, buf);
    tabs::draw(scene, places.tabs, buf);
    for pane in PANES {
        let area = places.pane(pane);
        match pane {
            Pane::Timeline => timeline::draw(scene, area, boxed, buf),
            Pane::Slos => slo::draw(scene, area, boxed, buf),
            Pane::Faults if scene.state.is_watch() => watch::budgets::draw(scene, area, boxed, buf),
            Pane::Faults => faults::draw(scene, area, boxed, buf),
            Pane::Pods if scene.state.is_watch() => watch::alerts::draw(scene, area, boxed, buf),
            Pane::Pods => pods::draw(scene, area, boxed, buf),
            Pane::Instruments if scene.state.is_watch() => {
                watch::panels::draw(scene, area, boxed, buf);
            }
            Pane::Instruments => instruments::draw(scene, area, boxed, buf),
            Pane::Incidents => incidents::draw(scene, area, boxed, buf),
            Pane::Log => log::draw(scene, area, boxed, buf),
        }
        if boxed {
            corner(scene, pane, area, buf);
        }
    }
    result::draw(scene, places.result, boxed, buf);
    let mut cursor = None;
    if let Some(replay) = &scene.ui.replay {
        replay::draw(scene, replay, places.input, places.hint, buf);
    } else {
        cursor = input::draw(scene, places.input, buf);
        input::draw_hint(scene, places.hint, buf);
    }
    footer::draw(scene, places.footer, buf);
    input::draw_offers(scene, places.input, screen, buf);
    over(frame, scene, cursor);
}

/// What lies over every place, and the cursor.
fn over(frame: &mut Frame<'_>, scene: &Scene<'_>, mut cursor: Option<Position>) {
    let screen = frame.area();
    let buf = frame.buffer_mut();
    card::draw(scene, screen, buf);
    toasts::draw(scene, toast_room(scene, screen), buf);
    match scene.ui.overlay {
        Some(Overlay::Help { top }) => overlay::help(scene, top, screen, buf),
        Some(Overlay::Handover { top }) => relay::handover(scene, top, screen, buf),
        Some(Overlay::Objectives { selected }) => {
            overlay::objectives(scene, selected, screen, buf);
        }
        Some(Overlay::Themes { .. }) => themes::draw(scene, screen, buf),
        Some(Overlay::Real) => real::draw(scene, screen, buf),
        _ => {}
    }
    for sheet in [people::sheet(scene, screen), people::choice(scene, screen)].iter().flatten() {
        sheet::draw(scene, sheet, screen, buf);
    }
    if scene.ui.overlay.is_some() {
        cursor = None;
    }
    if scene.ui.palette {
        cursor = palette::draw(scene, screen, buf);
    }
    if let Some(picking) = &scene.ui.picking {
        picking::draw(scene, picking, screen, buf);
        cursor = None;
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

/// Where everything goes on a screen; `None`: it is too small.
pub fn places(scene: &Scene<'_>, screen: Rect) -> Option<Areas> {
    let wish = Wish {
        draft: scene.ui.draft.lines().len(),
        ended: scene.state.stage == Stage::Ended,
        typing: scene.ui.mode == Mode::Typing,
        panes: &scene.ui.panes,
        timeline: timeline::useful_rows(scene),
    };
    areas(screen, wish)
}

/// What toasts may cover: neither the header nor the line that is typed.
fn toast_room(scene: &Scene<'_>, screen: Rect) -> Rect {
    let Some(places) = places(scene, screen) else { return Rect::default() };
    let (top, bottom) = match scene.ui.page() {
        Place::Launcher | Place::Compare => return Rect::default(),
        Place::Live | Place::Replay => {
            (places.tabs.bottom().max(places.header.bottom()), places.input.y)
        }
        Place::Briefing | Place::Debrief | Place::Report => {
            let body = page::areas(scene, screen).body;
            (body.y, body.bottom())
        }
    };
    let width = (screen.width * 2 / 5).clamp(44, 64).min(screen.width);
    let x = screen.right() - width;
    Rect { x, y: top, width, height: bottom.saturating_sub(top) }
}

/// The number of a pane in its frame; the one in focus has a sign before its name.
fn corner(scene: &Scene<'_>, pane: Pane, area: Rect, buf: &mut Buffer) {
    if area.width < 8 || area.height < 2 {
        return;
    }
    let number = (pane.index() + 1).to_string();
    buf.set_string(area.right() - 3, area.y, number, scene.style(Role::Key));
    if scene.ui.panes.focus() == pane {
        buf.set_string(area.x + 1, area.y, "›", scene.style(Role::Selected));
    }
}
