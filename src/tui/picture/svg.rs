//! A drawn screen as an SVG picture: every cell where it is on a terminal, whatever font there is. Not what is drawn.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Modifier;

use crate::tui::text::width;
use crate::tui::theme::colour::{Rgb, shown};

/// The size of a cell, and of the margin.
const WIDE: f64 = 8.4;
const HIGH: f64 = 18.0;
const MARGIN: f64 = 10.0;

/// How a run of cells looks.
#[derive(Clone, Copy, PartialEq)]
struct Look {
    fore: Rgb,
    back: Option<Rgb>,
    bold: bool,
    dim: bool,
    italic: bool,
    underlined: bool,
}

/// Cells beside each other that look alike.
struct Run {
    x: u16,
    cells: u16,
    text: String,
    look: Look,
}

fn look(cell: &Cell, ground: Rgb) -> Look {
    let is = |modifier| cell.modifier.contains(modifier);
    let (fore, back) =
        (shown(cell.fg).unwrap_or(ground.ink()), shown(cell.bg).filter(|one| *one != ground));
    let (fore, back) =
        if is(Modifier::REVERSED) { (back.unwrap_or(ground), Some(fore)) } else { (fore, back) };
    Look {
        fore,
        back,
        bold: is(Modifier::BOLD),
        dim: is(Modifier::DIM),
        italic: is(Modifier::ITALIC),
        underlined: is(Modifier::UNDERLINED),
    }
}

/// Which sides a line of a frame reaches: left, right, up, down; and whether it is double.
fn line(symbol: &str) -> Option<([bool; 4], bool)> {
    let sides = |left, right, up, down| [left, right, up, down];
    Some(match symbol {
        "─" => (sides(true, true, false, false), false),
        "│" => (sides(false, false, true, true), false),
        "╭" => (sides(false, true, false, true), false),
        "╮" => (sides(true, false, false, true), false),
        "╰" => (sides(false, true, true, false), false),
        "╯" => (sides(true, false, true, false), false),
        "═" => (sides(true, true, false, false), true),
        "║" => (sides(false, false, true, true), true),
        "╔" => (sides(false, true, false, true), true),
        "╗" => (sides(true, false, false, true), true),
        "╚" => (sides(false, true, true, false), true),
        "╝" => (sides(true, false, true, false), true),
        _ => return None,
    })
}

/// Blocks that fill a cell from below, in eighths.
fn eighths(symbol: &str) -> Option<f64> {
    "▁▂▃▄▅▆▇█".chars().position(|one| symbol.chars().eq([one])).map(|at| at as f64 + 1.0)
}

/// Symbols stand with their like only, so that a font's own widths cannot shift the rest.
fn joins(text: &str, symbol: &str) -> bool {
    let (plain, before) = (symbol.is_ascii(), text.is_ascii());
    (plain && before) || (width(symbol) == 1 && text.ends_with(symbol) && !before)
}

fn runs(buffer: &Buffer, y: u16, ground: Rgb) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut x = 0;
    while x < buffer.area.width {
        let cell = &buffer[(x, y)];
        let (symbol, look) = (cell.symbol(), look(cell, ground));
        let cells = u16::try_from(width(symbol)).unwrap_or(1).max(1);
        match runs.last_mut() {
            Some(run) if run.look == look && joins(&run.text, symbol) => {
                run.text.push_str(symbol);
                run.cells += cells;
            }
            _ => runs.push(Run { x, cells, text: symbol.to_owned(), look }),
        }
        x += cells;
    }
    runs
}

fn frame(out: &mut String, run: &Run, y: f64, symbol: &str) -> bool {
    let Some((sides, double)) = line(symbol) else { return false };
    let mut path = String::new();
    let mut push = |x: f64, across: f64, down: f64| {
        let (centre, middle) = (x + WIDE / 2.0, y + HIGH / 2.0);
        let (across, down) = (centre + across, middle + down);
        let _ = match sides {
            [true, true, ..] => {
                let long = f64::from(run.cells) * WIDE;
                write!(path, "M{x:.1} {down:.1}h{long:.1}")
            }
            [.., true, true] => write!(path, "M{across:.1} {y}v{HIGH}"),
            [left, _, up, _] => {
                let (to_x, to_y) = (if left { x } else { x + WIDE }, if up { y } else { y + HIGH });
                write!(path, "M{to_x:.1} {down:.1}H{across:.1}V{to_y:.1}")
            }
        };
    };
    let steps = if sides[0] && sides[1] { 1 } else { run.cells };
    for step in 0..steps {
        let x = MARGIN + f64::from(run.x + step) * WIDE;
        if double {
            // The outer line of a corner is outside on both axes.
            let [left, _, up, _] = sides;
            let (side, end) = (if left { 1.5 } else { -1.5 }, if up { 1.5 } else { -1.5 });
            push(x, side, end);
            push(x, -side, -end);
        } else {
            push(x, 0.0, 0.0);
        }
    }
    let _ = writeln!(out, r#"<path d="{path}" stroke="{}" fill="none"/>"#, run.look.fore.hex());
    true
}

fn words(out: &mut String, run: &Run, y: f64) {
    let trimmed = run.text.trim_start();
    let lead = run.text.len() - trimmed.len();
    let text = trimmed.trim_end();
    if text.is_empty() {
        return;
    }
    let x = MARGIN + (f64::from(run.x) + lead as f64) * WIDE;
    let long = width(text) as f64 * WIDE;
    let mut style = String::new();
    for (is, says) in [
        (run.look.bold, r#" font-weight="bold""#),
        (run.look.dim, r#" opacity="0.65""#),
        (run.look.italic, r#" font-style="italic""#),
        (run.look.underlined, r#" text-decoration="underline""#),
    ] {
        style.push_str(if is { says } else { "" });
    }
    let text = escaped(text);
    let _ = writeln!(
        out,
        r#"<text x="{x:.1}" y="{}" fill="{}"{style} textLength="{long:.1}">{text}</text>"#,
        y + 14.0,
        run.look.fore.hex()
    );
}

/// A text within XML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for one in text.chars() {
        match one {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // No XML may have these, however they are written.
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            one => out.push(one),
        }
    }
    out
}

/// The picture of a screen on a terminal of this background; `title` and `about` tell those who do not see it what it is.
pub fn svg(buffer: &Buffer, ground: Rgb, title: &str, about: &str) -> String {
    let (mut behind, mut before) = (String::new(), String::new());
    for y in 0..buffer.area.height {
        let top = MARGIN + f64::from(y) * HIGH;
        for run in runs(buffer, y, ground) {
            let (x, long) = (MARGIN + f64::from(run.x) * WIDE, f64::from(run.cells) * WIDE);
            let mut fill = |from: f64, high: f64, colour: Rgb| {
                let _ = writeln!(
                    behind,
                    r#"<rect x="{x:.1}" y="{from}" width="{long:.1}" height="{high}" fill="{}"/>"#,
                    colour.hex()
                );
            };
            if let Some(back) = run.look.back {
                fill(top, HIGH, back);
            }
            let symbol: String = run.text.chars().take(1).collect();
            if let Some(eighths) = eighths(&symbol) {
                // A filled cell is a rectangle: no font leaves seams in it.
                let high = HIGH * eighths / 8.0;
                fill(top + HIGH - high, high, run.look.fore);
            } else if !frame(&mut before, &run, top, &symbol) {
                words(&mut before, &run, top);
            }
        }
    }
    let wide = 2.0 * MARGIN + f64::from(buffer.area.width) * WIDE;
    let high = 2.0 * MARGIN + f64::from(buffer.area.height) * HIGH;
    let (title, about, ground) = (escaped(title), escaped(about), ground.hex());
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{wide:.0}" height="{high:.0}" viewBox="0 0 {wide:.0} {high:.0}" font-family="DejaVu Sans Mono, Menlo, Consolas, Noto Sans Mono CJK JP, monospace" font-size="14" xml:space="preserve">
<title>{title}</title>
<desc>{about}</desc>
<style>text{{white-space:pre}}</style>
<rect width="100%" height="100%" rx="8" fill="{ground}"/>
{behind}{before}</svg>
"#
    )
}
