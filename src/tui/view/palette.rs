//! The line for levers as a box in the middle of the screen, with what can be typed and what it would do.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::{Clear, Widget};

use super::overlay::middle;
use crate::exercise::lever::LEVERS;
use crate::exercise::lever::complete::candidates;
use crate::exercise::lever::parse::form;
use crate::tui::palette;
use crate::tui::scene::{Scene, put};
use crate::tui::theme::Role;
use crate::tui::{text, typing};

/// Draws it; tells where the cursor belongs.
pub fn draw(scene: &Scene<'_>, screen: Rect, buf: &mut Buffer) -> Option<Position> {
    let width = screen.width.saturating_sub(4).min(80);
    let room = usize::from(width).saturating_sub(4);
    let mut lines = vec![Line::default(), Line::default()];
    let typed = palette::line(scene.ui);
    let names = palette::names(scene.state);
    let can = candidates(&typed, &names);
    let word = typed.split_whitespace().next().unwrap_or_default().to_lowercase();
    let verb_is_typed = typed.trim_start().contains(char::is_whitespace);
    if let Some(lever) = form(&word).filter(|_| verb_is_typed || can.len() <= 1) {
        lines.push(help(scene, lever.form, lever.about));
        if verb_is_typed && !can.is_empty() {
            let list = text::wrap(&can.join("  "), room);
            lines.extend(
                list.into_iter().take(4).map(|row| Line::from(scene.piece(Role::Text, row))),
            );
        }
    } else {
        for lever in LEVERS {
            let verb = lever.form.split(' ').next().unwrap_or_default();
            if can.iter().any(|one| one == verb) {
                lines.push(help(scene, lever.form, lever.about));
            }
        }
    }
    lines.push(Line::default());
    lines.push(match palette::preview(scene.state, scene.ui) {
        Ok(lever) => {
            Line::from(scene.piece(Role::Good, text::fit(&format!("Enter: {lever}"), room)))
        }
        Err(_) if typed.trim().is_empty() => Line::default(),
        Err(why) => Line::from(scene.piece(Role::Warn, text::fit(&format!("✗ {why}"), room))),
    });
    let keys = "Enter pulls it · Tab completes · Shift-Tab: team · Esc goes back";
    lines.push(Line::from(scene.piece(Role::Key, keys)));
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
    let area = middle(screen, width, height);
    Clear.render(area, buf);
    let inner = scene.panel(area, scene.title("lever", "what the team does"), true, buf);
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    for (row, line) in lines.iter().enumerate() {
        put(inner, u16::try_from(row).unwrap_or(u16::MAX), line, buf);
    }
    let team = text::fit(typing::team(scene.state, scene.ui), 16);
    let prompt = format!("{team} › ");
    put(inner, 0, &Line::from(scene.piece(Role::Selected, prompt.clone())), buf);
    let used = u16::try_from(text::width(&prompt)).unwrap_or_default();
    let at =
        Rect { x: inner.x + used, width: inner.width.saturating_sub(used), height: 1, ..inner };
    scene.ui.lever.render(at, buf)
}

fn help<'a>(scene: &Scene<'a>, form: &'static str, about: &'static str) -> Line<'a> {
    Line::from(vec![scene.piece(Role::Key, text::pad(form, 28)), scene.piece(Role::Dim, about)])
}
