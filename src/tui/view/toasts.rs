//! Toasts as boxes at the upper right of what is shown, below the header and above the line that is typed. Not what is
//! worth one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Block, BorderType, Widget};

use super::key_of::tell;
use crate::lang::Arg;
use crate::tui::action::ActionId;
use crate::tui::layer::Layer;
use crate::tui::scene::{Scene, cover, put};
use crate::tui::theme::Role;
use crate::tui::toast::{Kind, Toast};
use crate::tui::{keymap, text};

/// What is so takes no more lines than this; what to do is always there whole.
const SAYS: usize = 2;

/// One box.
struct Boxed<'a> {
    area: Rect,
    kind: Kind,
    lines: Vec<Line<'a>>,
}

/// Draws them, within `room`.
pub(super) fn draw(scene: &Scene<'_>, room: Rect, buf: &mut Buffer) {
    let boxes = boxes(scene, room);
    let hidden = scene.ui.toasts.at(scene.now.elapsed).count() - boxes.len();
    let last = boxes.len().saturating_sub(1);
    for (index, one) in boxes.into_iter().enumerate() {
        let kind = one.kind;
        let role = role(kind);
        let name = scene.lang.say(&format!("toast-{}", kind.slug())).into_owned();
        let title = Line::from(scene.piece(role, format!(" {} {name} ", kind.sign())));
        let mut block = Block::bordered()
            .border_type(if kind.is_bad() { BorderType::Double } else { BorderType::Rounded })
            .border_style(scene.style(role))
            .title_top(title);
        if index == 0 {
            block = block.title_top(Line::from(way_out(scene)).right_aligned());
        }
        if index == last && hidden > 0 {
            let more = Line::from(scene.piece(Role::Next, format!(" +{hidden} ")));
            block = block.title_bottom(more.right_aligned());
        }
        cover(one.area, buf);
        let inner = block.inner(one.area);
        block.render(one.area, buf);
        let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
        for (line, row) in one.lines.iter().zip(0..) {
            put(inner, row, line, buf);
        }
    }
}

/// Where each stands.
pub(super) fn areas(scene: &Scene<'_>, room: Rect) -> Vec<Rect> {
    boxes(scene, room).into_iter().map(|one| one.area).collect()
}

/// The newest first, as many as there is room for.
fn boxes<'a>(scene: &Scene<'a>, room: Rect) -> Vec<Boxed<'a>> {
    let mut left = room;
    let mut boxes = Vec::new();
    for toast in scene.ui.toasts.at(scene.now.elapsed) {
        let lines = lines(scene, toast, usize::from(left.width).saturating_sub(4));
        let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
        if height > left.height {
            break;
        }
        boxes.push(Boxed { area: Rect { height, ..left }, kind: toast.kind, lines });
        left = Rect { y: left.y + height, height: left.height - height, ..left };
    }
    boxes
}

fn role(kind: Kind) -> Role {
    match kind {
        Kind::RecordingAgain => Role::Good,
        Kind::Incident => Role::Incident,
        Kind::Guardrail(_) => Role::Warn,
        _ => Role::Bad,
    }
}

/// What is so, then what to do.
fn lines<'a>(scene: &Scene<'a>, toast: &Toast, width: usize) -> Vec<Line<'a>> {
    let slug = toast.kind.slug();
    let facts: Vec<_> = toast
        .facts
        .iter()
        .map(|(name, fact)| (*name, text::clean(&scene.lang.said(fact)).into_owned()))
        .collect();
    let facts: Vec<(&'static str, Arg<'_>)> =
        facts.iter().map(|(name, fact)| (*name, Arg::from(&**fact))).collect();
    let says = tell(scene, &format!("toast-{slug}-says"), &facts, &[]);
    let (do_key, keys) = match toast.kind.shared().filter(|_| scene.state.participants) {
        Some((key, keys)) => (key.to_owned(), keys),
        None => (format!("toast-{slug}-do"), toast.kind.keys()),
    };
    let todo = tell(scene, &do_key, &facts, keys);
    let mut wrapped = text::wrap(&says, width);
    if wrapped.len() > SAYS {
        let rest = wrapped.split_off(SAYS - 1).join(" ");
        wrapped.push(text::fit(&rest, width));
    }
    let says = wrapped.into_iter().map(|line| Line::from(scene.piece(Role::Text, line)));
    let todo = text::wrap(&todo, width).into_iter();
    says.chain(todo.map(|line| Line::from(scene.piece(Role::Next, line)))).collect()
}

/// The key that closes them; empty where it means something else.
fn way_out(scene: &Scene<'_>) -> String {
    let free = scene.ui.layer() == Layer::Screen;
    let key = keymap::shown(ActionId::Dismiss, scene.ui).filter(|_| free);
    key.map(|key| format!(" {key} × ")).unwrap_or_default()
}
