//! The launcher's list of game days and recordings. Not what the chosen one is about.

use chrono::DateTime;
use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Rect};
use ratatui::text::Line;

use super::areas::areas;
use crate::tui::action::ActionId;
use crate::tui::launcher::{Came, Day, Desk, Launcher, Record, Records, Row, rows};
use crate::tui::scene::Scene;
use crate::tui::theme::Role;
use crate::tui::view::key_of::tell;
use crate::tui::view::scroll::{is_wide, scrolled};
use crate::tui::{text, words};

/// Game days, then recordings.
pub(super) fn draw(
    scene: &Scene<'_>,
    launcher: &Launcher,
    desk: &Desk,
    area: Rect,
    boxed: bool,
    buf: &mut Buffer,
) {
    let title = scene.title_of("launcher-game-days", "");
    let inner = scene.panel(area, title, boxed, buf);
    let (lines, at) = list_lines(scene, launcher, desk, inner.width.into());
    let lines: Vec<_> = lines.into_iter().map(|(_, line)| line).collect();
    scrolled(scene, &lines, list_top(at, inner), inner, buf);
}

/// The lines of the list, each with the row it stands for; and the line of the chosen row.
fn list_lines<'a>(
    scene: &Scene<'a>,
    launcher: &Launcher,
    desk: &Desk,
    width: usize,
) -> (Vec<(Option<usize>, Line<'a>)>, usize) {
    let (mut lines, mut at) = (Vec::new(), 0);
    let mut recordings_begun = false;
    for (index, row) in rows(launcher, desk).into_iter().enumerate() {
        if matches!(row, Row::Record(_)) && !recordings_begun {
            recordings_begun = true;
            lines.push((None, heading(scene)));
        }
        if index == desk.at {
            at = lines.len();
        }
        let line = match row {
            Row::Day(day) => match launcher.days.get(day) {
                Some(day) => day_line(scene, day, index == desk.at, width),
                None => Line::default(),
            },
            Row::Record(record) => match &launcher.records {
                Records::Read(records, _) => {
                    records.get(record).map_or_else(Line::default, |one| {
                        record_line(scene, one, index == desk.at, width)
                    })
                }
                _ => Line::default(),
            },
        };
        lines.push((Some(index), line));
    }
    if !recordings_begun && scene.ui.filter.is_empty() {
        lines.push((None, heading(scene)));
        let says = match &launcher.records {
            Records::Reading => scene.say("launcher-reading").into_owned(),
            Records::Read(..) => scene.say("launcher-no-recordings").into_owned(),
            Records::Failed(why) => format!("✗ {}", text::clean(why)),
        };
        lines.push((None, Line::from(scene.piece(Role::Dim, format!("  {says}")))));
    }
    if let Records::Read(_, more) = &launcher.records
        && *more > 0
        && scene.ui.filter.is_empty()
    {
        let says = scene.tell("launcher-older", &[("count", (*more).into())]);
        lines.push((None, Line::from(scene.piece(Role::Dim, format!("  {says}")))));
    }
    if lines.is_empty() {
        let says = tell(scene, "launcher-nothing-found", &[], &[("key", ActionId::ClearFilter)]);
        let says = scene.piece(Role::Warn, says);
        lines.push((None, Line::from(says)));
    }
    (lines, at)
}

fn heading<'a>(scene: &Scene<'a>) -> Line<'a> {
    let mut line = Line::from(scene.piece(Role::Title, scene.say("launcher-recordings")));
    let count = scene.ui.marks.count();
    if count > 0 {
        let key = if count > 1 { "launcher-marks" } else { "launcher-one-mark" };
        let says = tell(scene, key, &[("count", count.into())], &[("key", ActionId::Compare)]);
        line.push_span(scene.piece(Role::Next, format!(" · {says}")));
    }
    line
}

fn day_line<'a>(scene: &Scene<'a>, day: &Day, selected: bool, width: usize) -> Line<'a> {
    let (sign, role) = match &day.plan {
        Err(_) => ("✗", Role::Bad),
        Ok(ready) if !ready.warnings.is_empty() => ("▲", Role::Warn),
        Ok(_) => ("✓", Role::Good),
    };
    let lasts = match &day.plan {
        Ok(ready) => words::span(ready.state.plan().duration()),
        Err(_) => scene.say("launcher-broken").into_owned(),
    };
    let room = width.saturating_sub(5 + text::width(&lasts));
    let name = text::pad(&day.name, room);
    line(scene, selected, sign, role, name, lasts)
}

fn record_line<'a>(scene: &Scene<'a>, record: &Record, selected: bool, width: usize) -> Line<'a> {
    let (sign, role) = match &record.result {
        Came::Running => ("►", Role::Running),
        Came::Unreadable(_) => ("✗", Role::Bad),
        Came::Over { met: true, .. } => ("✓", Role::Good),
        Came::Over { .. } => ("–", Role::Warn),
    };
    let when = DateTime::from_timestamp_millis(record.began)
        .map_or_else(String::new, |at| at.format("%m-%d %H:%M").to_string());
    // The column of marks is there as soon as there is one.
    let mark =
        (scene.ui.marks.count() > 0).then(|| scene.ui.marks.letter(&record.path).unwrap_or(" "));
    let used = 5 + text::width(&when) + mark.map_or(0, |_| 2);
    let room = width.saturating_sub(used);
    let name = if record.name.is_empty() { file_name(&record.path) } else { &record.name };
    let mut line = line(scene, selected, sign, role, text::pad(name, room), when);
    if let Some(mark) = mark {
        line.spans.insert(1, scene.piece(Role::Selected, format!("{mark} ")));
    }
    line
}

pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn line<'a>(
    scene: &Scene<'a>,
    selected: bool,
    sign: &'static str,
    role: Role,
    name: String,
    rest: String,
) -> Line<'a> {
    let at = if selected { "› " } else { "  " };
    let named = if selected { Role::Selected } else { Role::Text };
    Line::from(vec![
        scene.piece(Role::Selected, at),
        scene.piece(role, format!("{sign} ")),
        scene.piece(named, name),
        scene.piece(Role::Dim, format!(" {rest}")),
    ])
}

/// Where the list stands, and which row of it is where.
pub(in crate::tui::view) fn places(
    scene: &Scene<'_>,
    launcher: &Launcher,
    desk: &Desk,
    screen: Rect,
) -> (Rect, Vec<(Rect, usize)>) {
    let (area, wide) = (areas(screen).left, is_wide(screen));
    let inner = if wide { area.inner(Margin::new(1, 1)) } else { below_title(area) };
    let (lines, at) = list_lines(scene, launcher, desk, inner.width.into());
    let height = usize::from(inner.height);
    let top = list_top(at, inner).min(lines.len().saturating_sub(height));
    // The last row may say instead how many more there are.
    let more = lines.len() > top + height;
    let shown = lines.iter().skip(top).take(height - usize::from(more && height > 1));
    let rows = shown
        .zip(inner.y..)
        .filter_map(|((index, _), y)| index.map(|index| (Rect { y, height: 1, ..inner }, index)));
    (area, rows.collect())
}

fn below_title(area: Rect) -> Rect {
    Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area }
}

/// The chosen row is always in sight.
fn list_top(at: usize, inner: Rect) -> usize {
    (at + 2).saturating_sub(inner.height.into())
}
