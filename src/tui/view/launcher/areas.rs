//! Where the parts of the launcher go. Not what stands in them.

use ratatui::layout::{Constraint, Layout, Rect};

use crate::tui::view::scroll::is_wide;

/// Where the parts go.
pub(super) struct Areas {
    pub(super) head: Rect,
    pub(super) left: Rect,
    pub(super) right: Rect,
    pub(super) hint: Rect,
    pub(super) keys: Rect,
}

/// On a screen of this size.
pub(super) fn areas(screen: Rect) -> Areas {
    let [head, body, hint, keys] = screen.layout(&Layout::vertical([
        Constraint::Length(1),
        Constraint::Min(8),
        Constraint::Length(1),
        Constraint::Length(1),
    ]));
    let wide = is_wide(screen);
    let share = if wide { (2, 3) } else { (4, 5) };
    let [left, right] = body.layout(
        &Layout::horizontal([Constraint::Fill(share.0), Constraint::Fill(share.1)])
            .spacing(u16::from(!wide)),
    );
    Areas { head, left, right, hint, keys }
}
