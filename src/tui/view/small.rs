//! A screen that is too small says so. Not where anything goes on one that is not.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Paragraph, Widget, Wrap};

use crate::tui::layout::{LEAST_HEIGHT, LEAST_WIDTH};
use crate::tui::scene::Scene;
use crate::tui::theme::Role;
use crate::tui::words;

/// The screen of an exercise: its state comes first.
pub(super) fn exercise(scene: &Scene<'_>, screen: Rect, buf: &mut Buffer) {
    let (shape, word) = words::stage(scene.state);
    let number = |value: u16| value.to_string();
    let needed = scene.tell(
        "too-small",
        &[
            ("width", (&*number(screen.width)).into()),
            ("height", (&*number(screen.height)).into()),
            ("leastWidth", (&*number(LEAST_WIDTH)).into()),
            ("leastHeight", (&*number(LEAST_HEIGHT)).into()),
        ],
    );
    let text = vec![
        Line::from(format!("{shape} {}", scene.say(word))),
        Line::from(needed),
        if scene.ui.halting { Line::from(scene.say("too-small-halting")) } else { Line::default() },
    ];
    write(scene, text, screen, buf);
}

/// A screen without an exercise; whether it is too small.
pub(super) fn bare(scene: &Scene<'_>, screen: Rect, buf: &mut Buffer) -> bool {
    if screen.width >= LEAST_WIDTH && screen.height >= LEAST_HEIGHT {
        return false;
    }
    let (width, height) = (screen.width.to_string(), screen.height.to_string());
    let size = [("width", (&*width).into()), ("height", (&*height).into())];
    write(scene, vec![Line::from(scene.tell("launcher-too-small", &size))], screen, buf);
    true
}

fn write(scene: &Scene<'_>, text: Vec<Line<'_>>, screen: Rect, buf: &mut Buffer) {
    Paragraph::new(text)
        .style(scene.style(Role::Text))
        .wrap(Wrap { trim: true })
        .render(screen, buf);
}
