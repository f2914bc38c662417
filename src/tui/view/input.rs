//! The line being typed with its team, and below it what the line will do, or a notice.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::tui::action::ActionId;
use crate::tui::scene::{Scene, put};
use crate::tui::theme::Role;
use crate::tui::ui::Mode;
use crate::tui::{keymap, text, typing};

/// Draws the line; tells where the cursor belongs.
pub fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
    if area.is_empty() {
        return None;
    }
    let typing = scene.ui.mode == Mode::Typing;
    let team = text::fit(typing::team(scene.state, scene.ui), 16);
    let prompt = format!("{team} › ");
    let role = if typing { Role::Selected } else { Role::Dim };
    put(area, 0, &Line::from(scene.piece(role, prompt.clone())), buf);
    let used = u16::try_from(text::width(&prompt)).unwrap_or(0);
    let room = Rect { x: area.x + used, width: area.width.saturating_sub(used), ..area };
    if !typing && scene.ui.draft.is_empty() {
        let key = keymap::shown(ActionId::Type, scene.ui).unwrap_or_default();
        let press = scene.tell("press-to-write", &[("key", (&*key).into())]);
        put(room, 0, &Line::from(scene.piece(Role::Dim, press)), buf);
        return None;
    }
    let cursor = scene.ui.draft.render(room, buf);
    cursor.filter(|_| typing)
}

/// Draws what is below it.
pub fn draw_hint(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let width = usize::from(area.width);
    let (role, says) = if !scene.ui.begun.is_empty() {
        (Role::Key, continuations(scene))
    } else if let Some(notice) = &scene.ui.notice {
        let says = notice.says.in_words(scene.lang);
        if notice.bad {
            (Role::Bad, format!("✗ {says}"))
        } else {
            (Role::Good, says.into_owned())
        }
    } else if scene.ui.mode == Mode::Typing || !scene.ui.draft.is_empty() {
        match typing::preview(scene.state, scene.ui) {
            Ok(does) => (Role::Dim, does),
            Err(why) => (Role::Warn, format!("✗ {why}")),
        }
    } else {
        return;
    };
    put(area, 0, &Line::from(scene.piece(role, text::fit(&says, width))), buf);
}

/// The keys of a chord so far, and how it can go on.
fn continuations(scene: &Scene<'_>) -> String {
    let begun: Vec<_> = scene.ui.begun.iter().map(ToString::to_string).collect();
    let next: Vec<_> = keymap::continuations(scene.ui)
        .into_iter()
        .map(|(keys, action)| {
            format!("{keys} {}", scene.lang.say(&action.name_key(scene.state, scene.ui)))
        })
        .collect();
    format!("{} …  {}", begun.join(" "), next.join(" · "))
}
