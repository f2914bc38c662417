//! The card that waits for a team, over the participants' screen until somebody says that it was seen. Not the deck.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::key_of::key_of;
use super::sheet::clear;
use crate::tui::action::ActionId;
use crate::tui::layer::Layer;
use crate::tui::people::items::waiting;
use crate::tui::scene::{Scene, put};
use crate::tui::text;
use crate::tui::theme::Role;

/// So many lines of it are shown; the log has all of it.
const MOST: usize = 4;

/// Where it stands: below the header, over what is looked at; `None`: no card waits here.
pub fn area(scene: &Scene<'_>, screen: Rect) -> Option<Rect> {
    let free = matches!(scene.ui.layer(), Layer::Screen | Layer::Typing);
    if !scene.state.participants || !free {
        return None;
    }
    let lines = u16::try_from(lines(scene, screen.width)?.len()).ok()?;
    let area = Rect { y: screen.y + 5, height: lines + 2, ..screen };
    Some(area.intersection(screen)).filter(|area| area.height > 2)
}

fn lines(scene: &Scene<'_>, width: u16) -> Option<Vec<String>> {
    let (_, card) = waiting(scene.state, scene.ui)?;
    let room = usize::from(width).saturating_sub(4);
    let mut lines = text::wrap(&card.text, room);
    lines.truncate(MOST);
    if let Some(away) = &card.away {
        let away = scene.tell("deck-away", &[("name", (&*text::clean(away)).into())]);
        lines.extend(text::wrap(&away, room).into_iter().take(1));
    }
    let key = key_of(scene, ActionId::SeenCard);
    lines.push(scene.tell("card-press", &[("key", (&*key).into())]));
    Some(lines)
}

/// Draws it.
pub fn draw(scene: &Scene<'_>, screen: Rect, buf: &mut Buffer) {
    let Some(area) = area(scene, screen) else { return };
    let (Some(lines), Some((card, shown))) =
        (lines(scene, screen.width), waiting(scene.state, scene.ui))
    else {
        return;
    };
    clear(area, buf);
    let all = scene.lang.say("card-for-all");
    let to = shown.to.as_deref().map_or(all, text::clean);
    let args = [("number", (card + 1).into()), ("to", (&*to).into())];
    let title = scene.tell("card-title", &args);
    let title = Line::from(scene.piece(Role::Stopped, format!(" ■ {title} ")));
    let inner = scene.panel(area, title, true, buf);
    let last = lines.len() - 1;
    for (index, line) in lines.into_iter().enumerate() {
        let role = if index == last { Role::Next } else { Role::Title };
        let row = u16::try_from(index).unwrap_or(u16::MAX);
        put(inner, row, &Line::from(scene.piece(role, format!(" {line}"))), buf);
    }
}
