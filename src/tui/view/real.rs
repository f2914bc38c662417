//! Something real happened: the question before it is said, and what stands in the header from then on. Not the saying.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::footer;
use super::key_of::key_of;
use super::overlay::middle;
use super::sheet::clear;
use crate::exercise::state::Stage;
use crate::tui::action::ActionId;
use crate::tui::scene::{Scene, put};
use crate::tui::text;
use crate::tui::theme::Role;

const WIDE: u16 = 70;

fn lines<'a>(scene: &Scene<'a>) -> Vec<Line<'a>> {
    let live = scene.state.live_injections().count();
    let undone = scene.tell("real-undone", &[("count", live.into())]);
    let room = usize::from(WIDE) - 4;
    let mut lines = vec![Line::from(scene.piece(Role::Stopped, scene.say("real-asks")))];
    let says = [undone, scene.say("real-means").into_owned()];
    lines.extend(
        says.iter()
            .flat_map(|says| text::wrap(says, room))
            .map(|line| Line::from(scene.piece(Role::Text, line))),
    );
    lines.extend([Line::default(), footer::line(scene, WIDE - 4)]);
    lines
}

/// Where the question stands.
pub fn area(scene: &Scene<'_>, screen: Rect) -> Rect {
    middle(screen, WIDE, u16::try_from(lines(scene).len() + 2).unwrap_or(u16::MAX))
}

/// Draws the question.
pub fn draw(scene: &Scene<'_>, screen: Rect, buf: &mut Buffer) {
    let area = area(scene, screen);
    clear(area, buf);
    let inner = scene.panel(area, scene.title_of("real-title", ""), true, buf);
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(1), ..inner };
    for (row, line) in lines(scene).iter().enumerate() {
        put(inner, u16::try_from(row).unwrap_or(u16::MAX), line, buf);
    }
}

/// The line that says so; `None`: it is an exercise, or the exercise is over.
pub fn line<'a>(scene: &Scene<'a>) -> Option<Line<'a>> {
    let stop = scene.state.real.as_ref().filter(|_| scene.state.stage != Stage::Ended)?;
    let by = text::clean(&stop.by);
    let live = scene.state.live_injections().count();
    let mut pieces = vec![scene.piece(Role::Stopped, scene.say("real-now"))];
    if live > 0 && !scene.state.participants {
        let says = scene.tell("news-reverting", &[("count", live.into())]);
        pieces.push(scene.piece(Role::Bad, format!(" · {says}")));
    }
    if !scene.state.participants {
        let key = key_of(scene, ActionId::Quit);
        let says = scene.tell("real-ends", &[("key", (&*key).into())]);
        pieces.push(scene.piece(Role::Next, format!(" · {says}")));
    }
    let says = scene.tell("real-by", &[("by", (&*by).into())]);
    pieces.push(scene.piece(Role::Text, format!(" · {says}")));
    Some(Line::from(pieces))
}
