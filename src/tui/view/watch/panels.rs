//! The panels that stand on no promise: a name, a value, and how it went.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{all, wrong};
use crate::exercise::slo::WINDOW;
use crate::gameday::metric::Metric;
use crate::tui::scene::{Scene, put};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::view::history::History;

/// Draws them.
pub fn draw(scene: &Scene<'_>, area: Rect, boxed: bool, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let slos = &scene.state.plan().slos;
    let promised = |metric| slos.iter().any(|slo| slo.limit.metric == metric);
    let others: Vec<_> =
        all(scene).filter(|(one, _)| !promised(Metric::Asked(one.query))).collect();
    let frame = u16::from(boxed) * 2;
    let room = usize::from(area.height.saturating_sub(frame.max(1)));
    let more = others.len().saturating_sub(room);
    let rest = match more {
        0 => String::new(),
        more => scene.tell("inside-more", &[("count", more.into())]),
    };
    let inner = scene.panel(area, scene.title_of("pane-panels", rest), boxed, buf);
    if others.is_empty() {
        put(inner, 0, &Line::from(scene.piece(Role::Dim, scene.say("panels-none"))), buf);
        return;
    }
    let titles: Vec<String> = others.iter().map(|(one, _)| title(scene, &one.panel)).collect();
    let longest = titles.iter().map(|title| text::width(title)).max().unwrap_or_default();
    let wide = longest.min(usize::from(inner.width) / 2);
    let figures = scene.state.figures().last(WINDOW);
    for (((one, asking), title), row) in others.iter().zip(&titles).zip(0..inner.height) {
        let metric = Metric::Asked(one.query);
        // In a gap nothing is read: what was read last is not what is now.
        let value = figures.value(metric).filter(|_| asking.silent.is_none());
        let wrong = wrong(scene, asking);
        let role = if wrong.is_some() { Role::Warn } else { Role::Text };
        let shown = value.map_or_else(|| "–".to_owned(), |value| one.panel.unit.show(value));
        let mut pieces = vec![
            scene.piece(Role::Dim, text::pad(title, wide)),
            scene.piece(role, format!(" {shown:>8} ")),
        ];
        let used = u16::try_from(wide + 10).unwrap_or(u16::MAX);
        match wrong {
            Some(wrong) => pieces.push(scene.piece(Role::Warn, wrong)),
            None if inner.width > used + 8 => {
                let width = inner.width - used;
                let chart = Rect { x: inner.x + used, y: inner.y + row, width, height: 1 };
                History::alone(scene, metric, width).draw_alone(scene, metric, chart, buf);
            }
            None => {}
        }
        put(inner, row, &Line::from(pieces), buf);
    }
}

/// What people call a panel, with where it is from.
fn title(scene: &Scene<'_>, panel: &crate::exercise::panel::Panel) -> String {
    let title = scene.lang.said(&panel.title);
    let title = text::clean(&title);
    if panel.group.is_empty() {
        return title.into_owned();
    }
    format!("{}: {title}", text::clean(&panel.group))
}
