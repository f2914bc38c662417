//! What lies over the screen: every key, and the objectives.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Clear, Widget};

use super::result::objective;
use crate::tui::keymap;
use crate::tui::scene::{Scene, put};
use crate::tui::text;
use crate::tui::theme::Role;

/// A box of at most `width` × `height` in the middle of the screen.
pub fn middle(screen: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(screen.width), height.min(screen.height));
    let x = screen.x + (screen.width - width) / 2;
    let y = screen.y + (screen.height - height) / 2;
    Rect { x, y, width, height }
}

/// What can be typed, besides the keys.
const TYPED: [(&str, &str); 8] = [
    ("!2 title", "open an incident, SEV1 to SEV5"),
    ("ack #1", "acknowledge; the number may be left out while one is open"),
    ("investigate, mitigate", "the same for the next steps"),
    ("resolve #1 text", "resolve, with a note"),
    ("false #1, dup #1", "false alarm, duplicate"),
    ("#1 text", "a note to an incident"),
    ("lesson: text", "a lesson for the report"),
    ("anything else", "a note; a blank in front makes it one in any case"),
];

/// Every key, from line `top` on.
pub fn help(scene: &Scene<'_>, top: usize, screen: Rect, buf: &mut Buffer) {
    let room = middle(screen, 104, screen.height.saturating_sub(2));
    let width = usize::from(room.width).saturating_sub(2);
    let mut lines: Vec<Line<'_>> = Vec::new();
    for action in keymap::at(scene.ui.place) {
        let keys: Vec<_> = action.keys.iter().map(ToString::to_string).collect();
        let now = (action.when)(scene.state, scene.ui);
        let key = action.help_key();
        let help = scene.lang.say(&key);
        let says = match now {
            Ok(()) if action.asks => scene.tell("action-asks-first", &[("help", (&*help).into())]),
            Ok(()) => help.into_owned(),
            Err(why) => {
                let why = scene.lang.say(why);
                scene.tell("action-cannot", &[("help", (&*help).into()), ("why", (&*why).into())])
            }
        };
        let role = if now.is_ok() { Role::Text } else { Role::Dim };
        push(scene, &mut lines, &keys.join(" "), &says, role, width);
    }
    lines.push(Line::default());
    lines.push(Line::from(scene.piece(Role::Title, "In the log's line")));
    for (typed, does) in TYPED {
        push(scene, &mut lines, typed, does, Role::Text, width);
    }
    for (key, does) in [
        ("Tab", "another team"),
        ("Ctrl-U Ctrl-R", "undo, redo"),
        ("Ctrl-Z", "to the shell; fg comes back"),
    ] {
        push(scene, &mut lines, key, does, Role::Text, width);
    }
    Clear.render(room, buf);
    let height = usize::from(room.height).saturating_sub(2);
    let top = top.min(lines.len().saturating_sub(height));
    let more = lines.len() - top > height;
    let says = if more { "j/k for more, Esc closes" } else { "Esc closes" };
    let inner = scene.panel(room, scene.title("help", says), true, buf);
    for (row, line) in lines.iter().skip(top).take(height).enumerate() {
        put(inner, u16::try_from(row).unwrap_or(u16::MAX), line, buf);
    }
}

fn push<'a>(
    scene: &Scene<'a>,
    lines: &mut Vec<Line<'a>>,
    key: &str,
    says: &str,
    role: Role,
    width: usize,
) {
    for (index, part) in text::wrap(says, width.saturating_sub(24)).into_iter().enumerate() {
        let key = if index == 0 { key } else { "" };
        lines.push(Line::from(vec![
            scene.piece(Role::Key, format!(" {} ", text::pad(key, 21))),
            scene.piece(role, part),
        ]));
    }
}

/// The objectives, to look at and to score.
pub fn objectives(scene: &Scene<'_>, selected: usize, screen: Rect, buf: &mut Buffer) {
    let width = screen.width.min(110);
    let mut lines = Vec::new();
    for index in 0..scene.state.plan().objectives.len() {
        let sign = if index == selected { "› " } else { "  " };
        for (part, mut line) in
            objective(scene, index, width.saturating_sub(4)).into_iter().enumerate()
        {
            let sign = if part == 0 { sign } else { "  " };
            line.spans.insert(0, scene.piece(Role::Selected, sign));
            lines.push(line);
        }
    }
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
    let room = middle(screen, width, height);
    Clear.render(room, buf);
    let says = "m met, n not met, Esc closes";
    let inner = scene.panel(room, scene.title("objectives", says), true, buf);
    for (row, line) in lines.iter().enumerate() {
        put(inner, u16::try_from(row).unwrap_or(u16::MAX), line, buf);
    }
}
