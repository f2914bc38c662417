//! Bars with names in a lane, placed so that no name covers another. Not what they mean.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::tui::text;

/// Something that lasts.
pub(super) struct Bar {
    /// The column it begins in, and the one behind its last so far.
    pub(super) from: u16,
    pub(super) to: u16,
    /// The column behind its last by the plan; not before `to`.
    pub(super) planned: u16,
    /// The sign it begins with; empty: it began out of sight.
    pub(super) sign: &'static str,
    /// The sign it ended with; empty: it lasts, or ends out of sight.
    pub(super) end: &'static str,
    /// Its name.
    pub(super) name: String,
    /// How it looks.
    pub(super) style: Style,
}

/// What is filled, and what will be.
const FILL: &str = "━";
const AHEAD: &str = "┄";

/// Draws every bar in the first row that is free there; where none is, in the last one.
pub(super) fn draw(bars: &[Bar], area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let mut order: Vec<&Bar> = bars.iter().collect();
    order.sort_by_key(|bar| bar.from);
    let mut taken = vec![0_u16; usize::from(area.height)];
    for (index, bar) in order.iter().enumerate() {
        let last = taken.len() - 1;
        let row = taken.iter().position(|taken| *taken <= bar.from).unwrap_or(last);
        let next = order.get(index + 1).map_or(area.width, |next| next.from.max(bar.from));
        // The name may run below the next bar only where another row is free for that one.
        let limit = if row == last { next } else { area.width };
        let y = area.y + u16::try_from(row).unwrap_or_default();
        let end = one(bar, limit, Rect { y, height: 1, ..area }, buf);
        if let Some(taken) = taken.get_mut(row) {
            *taken = (*taken).max(end + 1);
        }
    }
}

/// Draws a bar; gives the column behind its name.
fn one(bar: &Bar, limit: u16, row: Rect, buf: &mut Buffer) -> u16 {
    let put = |column: u16, symbol: &str, buf: &mut Buffer| {
        if column < row.width {
            buf[(row.x + column, row.y)].set_symbol(symbol).set_style(bar.style);
        }
    };
    for column in bar.from..bar.planned {
        put(column, if column < bar.to { FILL } else { AHEAD }, buf);
    }
    if !bar.end.is_empty() {
        put(bar.to.saturating_sub(1).max(bar.from), bar.end, buf);
    }
    let mut head = bar.from;
    if !bar.sign.is_empty() && (bar.end.is_empty() || bar.to > bar.from + 1) {
        put(bar.from, bar.sign, buf);
    }
    head += 1;
    let behind = bar.planned.max(head);
    // Inside where it fits with something of the bar left to see, else behind the bar.
    let name = format!(" {} ", bar.name);
    let inside = behind.saturating_sub(head);
    let wide = u16::try_from(text::width(&name)).unwrap_or(u16::MAX);
    let at = if wide.saturating_add(2) <= inside { head } else { behind };
    let room = limit.min(row.width).saturating_sub(at);
    let name = if at == head { name } else { format!(" {}", bar.name) };
    let name = text::fit(&name, usize::from(room));
    let used = text::width(name.trim());
    if used < 6 && name.trim() != bar.name {
        return behind;
    }
    buf.set_string(row.x + at, row.y, &name, bar.style);
    behind.max(at + u16::try_from(text::width(&name)).unwrap_or(0))
}

/// A moment with a sign and no name.
pub(super) struct Dot {
    pub(super) column: u16,
    pub(super) sign: &'static str,
    pub(super) style: Style,
}

/// Draws dots where nothing else stands.
pub(super) fn dots(dots: &[Dot], area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    for dot in dots.iter().filter(|dot| dot.column < area.width) {
        let cell = &mut buf[(area.x + dot.column, area.y)];
        if matches!(cell.symbol(), " " | "•" | FILL | AHEAD) {
            cell.set_symbol(dot.sign).set_style(dot.style);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(from: u16, to: u16, planned: u16, end: &'static str, name: &str) -> Bar {
        Bar { from, to, planned, sign: "●", end, name: name.into(), style: Style::new() }
    }

    #[test]
    fn bars_show_how_long_and_names_never_cover_each_other() {
        let late = || bar(12, 12, 18, "", "slow");
        for (bars, want) in [
            (vec![bar(1, 6, 6, "✓", "kill"), late()], vec![" ●━━━✓ kill ●┄┄┄┄┄ slow "]),
            (vec![bar(1, 12, 14, "", "kill")], vec![" ● kill ━━━━┄┄          "]),
            (vec![bar(1, 2, 2, "✓", "kill")], vec![" ✓ kill                 "]),
            (vec![bar(1, 10, 10, "", "pod-failure"), late()], vec![" ●━━━━━━━━  ●┄┄┄┄┄ slow "]),
            (
                vec![bar(1, 10, 10, "", "pod-failure"), late()],
                vec![" ●━━━━━━━━ pod-failure  ", "            ●┄┄┄┄┄ slow "],
            ),
        ] {
            let area = Rect::new(0, 0, 24, u16::try_from(want.len()).unwrap());
            let mut buf = Buffer::empty(area);
            draw(&bars, area, &mut buf);
            assert_eq!(buf, Buffer::with_lines(want));
        }
    }
}
