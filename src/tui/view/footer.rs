//! The keys that work now, and no other.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span as Piece};

use crate::tui::action::Action;
use crate::tui::keymap;
use crate::tui::scene::{Scene, put};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::ui::{Mode, Overlay};

/// Draws it.
pub fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let keys = keys(scene);
    let room = usize::from(area.width);
    let mut used = 0;
    let mut chosen: Vec<&(String, String, u8)> = Vec::new();
    // The way to the help, and out, are always there; the others by weight, as far as they fit.
    let always = |key: &&(String, String, u8)| key.2 >= 11;
    for key in keys.iter().filter(always).chain(keys.iter().filter(|key| !always(key))) {
        let wide = text::width(&key.0) + text::width(&key.1) + 3;
        if used + wide <= room + 2 {
            used += wide;
            chosen.push(key);
        }
    }
    chosen.sort_by_key(|key| key.2);
    let mut pieces: Vec<Piece<'_>> = Vec::with_capacity(chosen.len() * 3);
    for (key, name, weight) in chosen {
        if !pieces.is_empty() {
            pieces.push(Piece::raw("  "));
        }
        let role = if *weight == 0 { Role::Stopped } else { Role::Key };
        pieces.push(scene.piece(role, key.clone()));
        pieces.push(scene.piece(Role::Dim, format!(" {name}")));
    }
    put(area, 0, &Line::from(pieces), buf);
}

/// Keys with their names and weights, for the mode the screen is in.
fn keys(scene: &Scene<'_>) -> Vec<(String, String, u8)> {
    let name = |action: &Action| scene.lang.say(&action.name_key()).into_owned();
    let fixed = |keys: &[(&str, &str)]| {
        let weight = |index: usize| u8::try_from(index + 1).unwrap_or(u8::MAX);
        keys.iter()
            .enumerate()
            .map(|(index, (key, name))| ((*key).to_owned(), (*name).to_owned(), weight(index)))
            .collect()
    };
    let ui = scene.ui;
    let mut keys: Vec<(String, String, u8)> = if ui.halting {
        return fixed(&[("Ctrl-X or Enter", "halt now"), ("any other key", "back")]);
    } else if let Some(dialog) = &ui.dialog {
        if dialog.answer.is_some() {
            fixed(&[("Enter", "do it"), ("Esc", "back")])
        } else {
            fixed(&[("Enter", "yes"), ("Esc", "no")])
        }
    } else if ui.palette {
        fixed(&[("Enter", "pull"), ("Tab", "complete"), ("Shift-Tab", "team"), ("Esc", "back")])
    } else if let Some(overlay) = ui.overlay {
        match overlay {
            Overlay::Help { .. } => fixed(&[("j/k", "scroll"), ("Esc", "close")]),
            Overlay::Objectives { .. } => {
                fixed(&[("j/k", "select"), ("m", "met"), ("n", "not met"), ("Esc", "close")])
            }
        }
    } else if ui.mode == Mode::Typing {
        fixed(&[
            ("Enter", "write"),
            ("Tab", "team"),
            ("Esc", "stop writing"),
            ("Ctrl-U", "undo"),
            ("Ctrl-R", "redo"),
        ])
    } else {
        return keymap::footer(ui.place, scene.state, ui)
            .into_iter()
            .filter_map(|(weight, action)| {
                Some((action.keys.first()?.to_string(), name(action), weight))
            })
            .collect();
    };
    let halt =
        keymap::footer(ui.place, scene.state, ui).into_iter().find(|(weight, _)| *weight == 0);
    if let Some((weight, action)) = halt
        && let Some(key) = action.keys.first()
    {
        keys.insert(0, (key.to_string(), name(action), weight));
    }
    keys
}
