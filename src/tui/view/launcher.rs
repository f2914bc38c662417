//! The launcher: game days and recordings, and what the chosen one is about.

mod areas;
mod list;

use chrono::DateTime;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::text::Line;

use self::areas::{Areas, areas};
use self::list::file_name;
pub(super) use self::list::places;
use super::key_of::tell;
use super::overlay::middle;
use super::scroll::{is_wide, scrolled};
use super::{finish, footer, over, small, timeline};
use crate::exercise::event::Outcome;
use crate::gameday::load::LoadPattern;
use crate::gameday::metric::grouped;
use crate::tui::action::ActionId;
use crate::tui::launcher::{Came, Day, Desk, Launcher, Ready, Record, Records, Row, Text, chosen};
use crate::tui::place::Counter;
use crate::tui::scene::{Scene, cover, put};
use crate::tui::theme::Role;
use crate::tui::widget::markdown;
use crate::tui::{text, words};

/// Draws everything; `scene` shows the chosen game day.
pub fn draw(frame: &mut Frame<'_>, scene: &Scene<'_>, launcher: &Launcher, desk: &Desk) {
    let screen = frame.area();
    let buf = frame.buffer_mut();
    if small::bare(scene, screen, buf) {
        return;
    }
    let wide = is_wide(screen);
    let Areas { head, left, right, hint, keys } = areas(screen);
    let cursor = title(scene, head, buf);
    list::draw(scene, launcher, desk, left, wide, buf);
    about(scene, launcher, desk, right, wide, buf);
    notice(scene, hint, buf);
    if let Some(shown) = &desk.text {
        reading(scene, shown, screen, buf);
    }
    footer::draw(scene, keys, buf);
    if let Some((index, needs)) = desk.asks {
        ask(scene, launcher.days.get(index), &needs.to_string(), screen, buf);
    }
    let covered = desk.text.is_some() || desk.asks.is_some();
    over(frame, scene, cursor.filter(|_| !covered));
    finish(frame, scene);
}

/// Where its keys stand.
pub(super) fn footer_area(screen: Rect) -> Rect {
    areas(screen).keys
}

fn title(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let says = format!(" {} ", scene.say("launcher-title"));
    let mut line = Line::from(scene.piece(Role::Running, says));
    let typing = scene.ui.counter == Counter::Filter;
    let filtered = typing || !scene.ui.filter.is_empty();
    let sign = if filtered { "  / " } else { "  " };
    line.push_span(scene.piece(Role::Selected, sign));
    if !filtered {
        let keys = [("down", ActionId::Down), ("up", ActionId::Up), ("filter", ActionId::Filter)];
        line.push_span(scene.piece(Role::Dim, tell(scene, "launcher-hint", &[], &keys)));
    }
    put(area, 0, &line, buf);
    let used = u16::try_from(line.width()).unwrap_or(area.width).min(area.width);
    let room = Rect { x: area.x + used, width: area.width - used, ..area };
    if !filtered || room.width == 0 {
        return None;
    }
    scene.ui.filter.render(room, buf).filter(|_| typing)
}

fn notice(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let Some(notice) = &scene.ui.notice else { return };
    let says = notice.says.in_words(scene.lang);
    let (role, sign) = if notice.bad { (Role::Bad, "✗ ") } else { (Role::Good, "") };
    let says = text::fit(&format!("{sign}{says}"), area.width.into());
    put(area, 0, &Line::from(scene.piece(role, says)), buf);
}

fn about(
    scene: &Scene<'_>,
    launcher: &Launcher,
    desk: &Desk,
    area: Rect,
    boxed: bool,
    buf: &mut Buffer,
) {
    match chosen(launcher, desk) {
        Some(Row::Day(index)) => {
            let Some(day) = launcher.days.get(index) else { return };
            match &day.plan {
                Ok(ready) => about_day(scene, launcher, day, ready, (area, boxed), buf),
                Err(problems) => {
                    let inner = scene.panel(area, named(scene, &day.name), boxed, buf);
                    let lines = wrapped(scene, problems, Role::Bad, inner.width);
                    scrolled(scene, &lines, 0, inner, buf);
                }
            }
        }
        Some(Row::Record(index)) => {
            let Records::Read(records, _) = &launcher.records else { return };
            let Some(record) = records.get(index) else { return };
            let title =
                if record.title.is_empty() { file_name(&record.path) } else { &record.title };
            let inner = scene.panel(area, named(scene, title), boxed, buf);
            scrolled(scene, &record_says(scene, record, inner.width), 0, inner, buf);
        }
        None => drop(scene.panel(area, Line::default(), boxed, buf)),
    }
}

fn named<'a>(scene: &Scene<'a>, name: &str) -> Line<'a> {
    Line::from(scene.piece(Role::Title, format!(" {} ", text::clean(name))))
}

fn wrapped<'a>(scene: &Scene<'a>, says: &str, role: Role, width: u16) -> Vec<Line<'a>> {
    let lines = says.lines().flat_map(|line| text::wrap(line, width.into()));
    lines.map(|line| Line::from(scene.piece(role, line))).collect()
}

fn about_day(
    scene: &Scene<'_>,
    launcher: &Launcher,
    day: &Day,
    ready: &Ready,
    (area, boxed): (Rect, bool),
    buf: &mut Buffer,
) {
    let preview = if area.height >= 30 { 14 } else { (area.height / 2).clamp(5, 10) };
    let [upper, below] =
        area.layout(&Layout::vertical([Constraint::Min(3), Constraint::Length(preview)]));
    let plan = ready.state.plan();
    let inner = scene.panel(upper, named(scene, &plan.title), boxed, buf);
    let mut lines = Vec::new();
    let last = match &launcher.records {
        Records::Read(records, _) => {
            records.iter().find(|record| record.name == plan.name && !record.rehearsal)
        }
        _ => None,
    };
    let came = last.map_or_else(
        || scene.say("launcher-never-run").into_owned(),
        |record| came(scene, record).1,
    );
    let says = scene.tell("launcher-last", &[("says", (&*came).into())]);
    lines.extend(wrapped(scene, &says, Role::Dim, inner.width));
    let peak = plan.phases.iter().filter_map(|phase| phase.load.as_ref()).map(LoadPattern::peak);
    let (length, peak) = (words::span(plan.duration()), grouped(peak.fold(0.0, f64::max)));
    let facts = scene.tell(
        "launcher-facts",
        &[
            ("length", (&*length).into()),
            ("phases", plan.phases.len().into()),
            ("faults", plan.injections().count().into()),
            ("peak", (&*peak).into()),
        ],
    );
    lines.extend(wrapped(scene, &facts, Role::Text, inner.width));
    let from = scene.say(day.from);
    lines.extend(wrapped(scene, &from, Role::Dim, inner.width));
    if ready.needs > launcher.ceiling {
        let needs = ready.needs.to_string();
        let says = tell(
            scene,
            "launcher-needs",
            &[("reach", (&*needs).into())],
            &[("launch", ActionId::Launch)],
        );
        lines.extend(wrapped(scene, &says, Role::Warn, inner.width));
    }
    if let Some(hypothesis) = &plan.hypothesis {
        lines.extend(wrapped(scene, hypothesis, Role::Text, inner.width));
    }
    for warning in &ready.warnings {
        lines.extend(wrapped(scene, &format!("▲ {warning}"), Role::Warn, inner.width));
    }
    lines.push(Line::from(scene.piece(Role::Title, scene.say("briefing-objectives"))));
    lines.extend(plan.objectives.iter().map(|objective| {
        let says = text::fit(&format!("· {}", objective.title), inner.width.into());
        Line::from(scene.piece(Role::Text, says))
    }));
    scrolled(scene, &lines, 0, inner, buf);
    timeline::draw(scene, below, boxed, buf);
}

fn record_says<'a>(scene: &Scene<'a>, record: &Record, width: u16) -> Vec<Line<'a>> {
    let (role, says) = came(scene, record);
    let mut lines = wrapped(scene, &says, role, width);
    lines.push(Line::default());
    lines.extend(wrapped(scene, &record.path, Role::Dim, width));
    let keys = [("launch", ActionId::Launch), ("report", ActionId::Report)];
    let says = tell(scene, "launcher-read-report", &[], &keys);
    lines.push(Line::from(scene.piece(Role::Next, says)));
    let keys = [("mark", ActionId::MarkRecording)];
    let says = match scene.ui.marks.letter(&record.path) {
        Some(letter) => tell(scene, "launcher-marked", &[("letter", letter.into())], &keys),
        None => tell(scene, "launcher-mark", &[], &keys),
    };
    lines.extend(wrapped(scene, &says, Role::Next, width));
    lines
}

/// What came of it, and how good that is.
fn came(scene: &Scene<'_>, record: &Record) -> (Role, String) {
    let when = DateTime::from_timestamp_millis(record.began)
        .map_or_else(String::new, |at| at.format("%Y-%m-%d %H:%M UTC").to_string());
    match &record.result {
        Came::Running => (Role::Running, scene.say("launcher-is-running").into_owned()),
        Came::Unreadable(why) => {
            let says = scene.tell("launcher-unreadable", &[("why", (&**why).into())]);
            (Role::Bad, says)
        }
        Came::Over { outcome, met, objectives, ran } => {
            let how = scene.say(match outcome {
                Some(Outcome::Completed) => "outcome-completed",
                Some(Outcome::EndedEarly) => "outcome-ended-early",
                Some(Outcome::Halted) => "outcome-halted",
                Some(Outcome::NotStarted) => "outcome-not-started",
                Some(Outcome::Died) => "outcome-died",
                None => "outcome-unknown",
            });
            let (sign, role) = if *met { ("✓", Role::Good) } else { ("–", Role::Warn) };
            let ran = words::span(*ran);
            let says = scene.tell(
                "launcher-came",
                &[
                    ("when", (&*when).into()),
                    ("how", (&*how).into()),
                    ("ran", (&*ran).into()),
                    ("objectives", (&**objectives).into()),
                ],
            );
            (role, format!("{sign} {says}"))
        }
    }
}

/// Where a text is read.
pub(super) fn reading_area(screen: Rect) -> Rect {
    Rect { height: screen.height.saturating_sub(1), ..screen }
}

fn reading(scene: &Scene<'_>, shown: &Text, screen: Rect, buf: &mut Buffer) {
    let area = reading_area(screen);
    cover(area, buf);
    let inner = scene.panel(area, named(scene, &shown.title), true, buf);
    let lines = if shown.markdown {
        markdown::lines(scene.theme, &shown.body, inner.width)
    } else {
        let wrapped = shown.body.lines().flat_map(|line| text::wrap(line, inner.width.into()));
        wrapped.map(|line| Line::from(scene.piece(Role::Text, line))).collect()
    };
    scrolled(scene, &lines, shown.top, inner, buf);
}

/// Where it is asked whether more may be allowed.
pub(super) fn ask_area(screen: Rect) -> Rect {
    middle(screen, 72, 7)
}

fn ask(scene: &Scene<'_>, day: Option<&Day>, needs: &str, screen: Rect, buf: &mut Buffer) {
    let Some(day) = day else { return };
    let room = ask_area(screen);
    cover(room, buf);
    let inner = scene.panel(room, named(scene, &day.name), true, buf);
    let says = scene.tell("launcher-asks-reach", &[("reach", needs.into())]);
    let mut lines = wrapped(scene, &says, Role::Text, inner.width);
    lines.truncate(usize::from(inner.height).saturating_sub(1));
    scrolled(scene, &lines, 0, inner, buf);
    let keys = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    put(keys, keys.height.saturating_sub(1), &footer::line(scene, keys.width), buf);
}
