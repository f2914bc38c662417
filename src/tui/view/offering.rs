//! The offers of a server as a list, with what stands behind the chosen one. Not the choosing.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;

use crate::tui::offering::{Offered, Offering, Typing};
use crate::tui::scene::{Scene, put};
use crate::tui::text;
use crate::tui::theme::Role;

/// Draws it, and puts the cursor where text is typed.
pub fn draw(frame: &mut Frame<'_>, scene: &Scene<'_>, offering: &Offering) {
    let screen = frame.area();
    let buf = frame.buffer_mut();
    let [head, list, details, input, footer] = screen.layout(&Layout::vertical([
        Constraint::Length(2),
        Constraint::Min(3),
        Constraint::Length(7),
        Constraint::Length(2),
        Constraint::Length(1),
    ]));
    let place = text::clean(&offering.place);
    let title = scene.tell("offering-title", &[("place", (&*place).into())]);
    put(head, 0, &Line::from(scene.piece(Role::Title, title)), buf);
    put(head, 1, &Line::from(scene.piece(Role::Dim, scene.say("offering-says"))), buf);
    let args = [("taken", offering.taken().into()), ("all", offering.rows.len().into())];
    let count = scene.tell("offering-count", &args);
    let inner = scene.panel(list, scene.title_of("offering-panels", count), true, buf);
    let top = offering.chosen.saturating_sub(usize::from(inner.height.saturating_sub(1)));
    for (one, row) in offering.rows.iter().enumerate().skip(top).zip(0..inner.height) {
        put(inner, row, &line(scene, one, offering.chosen, inner.width), buf);
    }
    behind(scene, offering, details, buf);
    let typed = offering.typing.as_ref();
    if let Some((says, bad)) = &offering.said {
        let role = if *bad { Role::Bad } else { Role::Good };
        let says = if says.starts_with("offering-") {
            scene.lang.say(says).into_owned()
        } else {
            text::clean(says).into_owned()
        };
        put(input, 0, &Line::from(scene.piece(role, says)), buf);
    }
    let keys = if typed.is_some() { "offering-typing-keys" } else { "offering-keys" };
    put(footer, 0, &Line::from(scene.piece(Role::Key, scene.say(keys))), buf);
    if let Some(typing) = typed
        && let Some(cursor) = ask(scene, typing, input, buf)
    {
        frame.set_cursor_position(cursor);
    }
}

fn line<'a>(
    scene: &Scene<'a>,
    (index, one): (usize, &Offered),
    chosen: usize,
    width: u16,
) -> Line<'a> {
    let (sign, role) = if one.taken { ("[x]", Role::Good) } else { ("[ ]", Role::Dim) };
    let name = if index == chosen { Role::Selected } else { Role::Text };
    let mark = if index == chosen { "›" } else { " " };
    let title = text::fit(&text::clean(&one.title), usize::from(width / 2));
    Line::from(vec![
        scene.piece(name, mark),
        scene.piece(role, format!("{sign} ")),
        scene.piece(name, text::pad(&title, usize::from(width / 2))),
        scene.piece(Role::Threshold, format!(" {}", one.limit())),
    ])
}

/// The query of the chosen one, and its limit.
fn behind(scene: &Scene<'_>, offering: &Offering, area: Rect, buf: &mut ratatui::buffer::Buffer) {
    let inner = scene.panel(area, scene.title_of("offering-query", ""), true, buf);
    let Some(one) = offering.rows.get(offering.chosen) else { return };
    let rows = text::wrap(&text::clean(&one.query), usize::from(inner.width));
    for (text, row) in rows.into_iter().zip(0..inner.height) {
        put(inner, row, &Line::from(scene.piece(Role::Text, text)), buf);
    }
}

/// What is typed; tells where the cursor belongs.
fn ask(
    scene: &Scene<'_>,
    typing: &Typing,
    area: Rect,
    buf: &mut ratatui::buffer::Buffer,
) -> Option<ratatui::layout::Position> {
    let key = match typing {
        Typing::Limit(_) => "offering-limit",
        Typing::Query(_) => "offering-other-query",
        Typing::Save(_) => "offering-file",
    };
    let label = format!("{} › ", scene.say(key));
    let used = u16::try_from(text::width(&label)).unwrap_or(u16::MAX);
    put(area, 1, &Line::from(scene.piece(Role::Next, label)), buf);
    let width = area.width.saturating_sub(used);
    let at = Rect { x: area.x + used.min(area.width), y: area.y + 1, width, height: 1 };
    typing.draft().render(at.intersection(area), buf)
}
