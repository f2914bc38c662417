//! The timeline: one stretch of exercise time with a lane each for phases, load, faults, incidents, cards and notes, and
//! SLOs, the present across all of them, and the time below. Not the lanes themselves.

mod events;
mod lanes;
mod load;
mod promises;
mod scale;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use self::scale::Scale;
use crate::exercise::state::Stage;
use crate::gameday::span::Span;
use crate::tui::axis::Axis;
use crate::tui::scene::Scene;
use crate::tui::theme::Role;
use crate::tui::{text, words};

/// How many rows each lane has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Rows {
    phases: u16,
    load: u16,
    faults: u16,
    /// One: incidents, cards and notes together; two: incidents, and cards and notes.
    people: u16,
    /// One: the worst of all SLOs; else one each.
    promises: u16,
    time: u16,
}

impl Rows {
    /// The rows of a picture of `height`: what matters most comes first.
    fn of(height: u16, faults: u16, promises: u16) -> Self {
        let mut rows = Self::default();
        let mut left = height;
        let mut raise = |row: &mut u16, to: u16, whole: bool| {
            let more = to.saturating_sub(*row);
            let given = if whole && more > left { 0 } else { more.min(left) };
            *row += given;
            left -= given;
        };
        raise(&mut rows.faults, 1, true);
        raise(&mut rows.phases, 1, true);
        raise(&mut rows.load, 1, true);
        raise(&mut rows.time, 1, true);
        raise(&mut rows.load, 2, true);
        raise(&mut rows.faults, faults.min(2), false);
        raise(&mut rows.people, 1, true);
        raise(&mut rows.promises, promises.min(1), true);
        raise(&mut rows.load, 3, true);
        raise(&mut rows.people, 2, true);
        raise(&mut rows.promises, promises, true);
        raise(&mut rows.load, 4, true);
        raise(&mut rows.faults, faults, false);
        raise(&mut rows.load, u16::MAX, false);
        rows
    }

    /// The rows of a watch, where alerts stand in the place of faults, and nothing of load or phases is known.
    fn of_watch(height: u16, alerts: u16, promises: u16) -> Self {
        let mut rows = Self::default();
        let mut left = height;
        let mut raise = |row: &mut u16, to: u16| {
            let given = to.saturating_sub(*row).min(left);
            *row += given;
            left -= given;
        };
        raise(&mut rows.promises, 1);
        raise(&mut rows.faults, 1);
        raise(&mut rows.people, 1);
        raise(&mut rows.time, 1);
        raise(&mut rows.promises, promises);
        raise(&mut rows.people, 2);
        raise(&mut rows.faults, alerts.max(1));
        raise(&mut rows.faults, u16::MAX);
        rows
    }

    /// For those who know of no faults.
    const fn without_faults(self) -> Self {
        Self { load: self.load + self.faults, faults: 0, ..self }
    }
}

/// How many rows show everything there is, without a frame.
pub fn useful_rows(scene: &Scene<'_>) -> u16 {
    let state = scene.state;
    let count = |length: usize| u16::try_from(length).unwrap_or(u16::MAX);
    let (faults, promises) = (count(state.injections.len()), count(state.slos.len()));
    if state.is_watch() {
        return 3 + promises.clamp(1, 8) + count(events::firing(state)).clamp(1, 4);
    }
    8 + faults.clamp(1, 3) + promises.min(4)
}

/// Where time runs over the columns, from when to when; `None`: there is no room for it.
pub fn plot(scene: &Scene<'_>, area: Rect, boxed: bool) -> Option<(Rect, Span, Span)> {
    let (now, end) = (scene.state.exercise_time(scene.now), scene.state.foreseen_end());
    let (from, to) = scene.ui.window.range(end, now);
    let side = u16::from(boxed);
    let (width, height) =
        (area.width.saturating_sub(2 * side), area.height.saturating_sub(1 + side));
    let gutter = gutter(width);
    if height < 2 || width < gutter + 20 {
        return None;
    }
    let plot = Rect { x: area.x + side + gutter, y: area.y + 1, width: width - gutter, height };
    Some((plot, from, to))
}

/// Cells left of the lanes, for their names.
const fn gutter(width: u16) -> u16 {
    if width >= 100 { 14 } else { 8 }
}

/// Draws it.
pub fn draw(scene: &Scene<'_>, area: Rect, boxed: bool, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let state = scene.state;
    let now = state.exercise_time(scene.now);
    let end = if state.participants { state.foreseen_end().max(now) } else { state.foreseen_end() };
    let (from, to) = scene.ui.window.range(end, now);
    let inner = scene.panel(
        area,
        scene.title_of("pane-timeline", title(scene, now, end, area.width >= 100)),
        boxed,
        buf,
    );
    let gutter = gutter(inner.width);
    if inner.height < 2 || inner.width < gutter + 20 {
        return;
    }
    let plot = Rect { x: inner.x + gutter, width: inner.width - gutter, ..inner };
    let scale = Scale { from, to, width: plot.width };
    let count = |length: usize| u16::try_from(length).unwrap_or(u16::MAX);
    let promises = count(state.slos.len());
    let rows = match state.is_watch() {
        true => Rows::of_watch(inner.height, count(events::firing(state)), promises),
        false => Rows::of(inner.height, count(state.injections.len()), promises),
    };
    let hides = state.participants && !state.is_watch();
    let rows = if hides { rows.without_faults() } else { rows };
    let axis = Axis::new(state, scene.now);
    let mut y = inner.y;
    let mut lane = |height: u16, key: &'static str| {
        let lane = Rect { y, height, ..plot };
        y += height;
        if height > 0 && !key.is_empty() {
            label(scene, &scene.say(key), inner.x, gutter, lane.y, buf);
        }
        lane
    };
    let phases_at = lane(rows.phases, "");
    let load_at = lane(rows.load, "");
    let faults_at = lane(rows.faults, if state.is_watch() { "lane-alerts" } else { "lane-faults" });
    let split = rows.people == 2;
    let incidents_at =
        lane(rows.people.min(1), if split { "lane-incidents" } else { "lane-people" });
    let notes_at = if split { lane(1, "lane-notes") } else { incidents_at };
    let promises_at = lane(rows.promises, if rows.promises == 1 { "lane-slos" } else { "" });
    let time_at = lane(rows.time, "");

    phases(scene, &scale, phases_at, buf);
    load::draw(scene, &axis, &scale, load_at, Rect { x: inner.x, width: gutter, ..load_at }, buf);
    let bars = match state.is_watch() {
        true => events::alerts(scene, &axis, &scale),
        false => events::faults(scene, &axis, &scale),
    };
    lanes::draw(&bars, faults_at, buf);
    lanes::draw(&events::incidents(scene, &axis, &scale), incidents_at, buf);
    lanes::draw(&events::cards(scene, &axis, &scale), notes_at, buf);
    lanes::dots(&events::notes(scene, &scale), notes_at, buf);
    lanes::dots(&events::afterwards(scene, &axis, &scale), notes_at, buf);
    if rows.promises > 1 {
        for (slo, y) in state.plan().slos.iter().zip(promises_at.top()..) {
            label(scene, &slo.name, inner.x, gutter, y, buf);
        }
    }
    promises::draw(scene, &axis, &scale, promises_at, buf);
    time(scene, &axis, &scale, time_at, buf);
    present(scene, &scale, now, plot, (rows.phases, rows.time), buf);
}

/// The time, and how much of it is in sight.
fn title(scene: &Scene<'_>, now: Span, end: Span, wide: bool) -> String {
    let window = &scene.ui.window;
    if scene.state.is_watch() {
        return watched(scene, now);
    }
    let (now, end) = (words::clock(now), words::clock(end));
    let (of, legend) = match (scene.state.participants, wide) {
        (true, _) => ("participants-timeline", "participants-legend"),
        (false, true) => ("timeline-of", "timeline-legend"),
        (false, false) => ("timeline-of", "timeline-legend-short"),
    };
    let mut says = scene.tell(of, &[("now", (&*now).into()), ("end", (&*end).into())]);
    if window.factor() > 1 {
        let key = if window.is_pinned() { "timeline-zoom-pinned" } else { "timeline-zoom" };
        let factor = window.factor().to_string();
        says.push_str(&scene.tell(key, &[("factor", (&*factor).into())]));
    }
    says.push_str(&scene.say(legend));
    if scene.ui.replay.as_ref().is_some_and(|replay| !replay.notes.is_empty()) {
        says.push_str(&scene.say("timeline-afterwards"));
    }
    says
}

/// How far a watch looks back.
fn watched(scene: &Scene<'_>, now: Span) -> String {
    let shown = words::span(now);
    let mut says = scene.tell("watch-timeline", &[("shown", (&*shown).into())]);
    if scene.ui.window.factor() > 1 {
        let factor = scene.ui.window.factor().to_string();
        says.push_str(&scene.tell("timeline-zoom", &[("factor", (&*factor).into())]));
    }
    says
}

/// The name of a lane, left of it.
fn label(scene: &Scene<'_>, name: &str, x: u16, gutter: u16, y: u16, buf: &mut Buffer) {
    let room = usize::from(gutter.saturating_sub(1));
    buf.set_string(x, y, text::fit(name, room), scene.style(Role::Dim));
}

fn phases(scene: &Scene<'_>, scale: &Scale, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let state = scene.state;
    let current = state.current_phase().map(|(index, ..)| index);
    for (index, phase) in state.plan().phases.iter().enumerate() {
        let begins = state.phase_start(index);
        let ends = match index + 1 {
            next if next < state.phases.len() => state.phase_start(next),
            _ => scale.to,
        };
        let Some((from, to)) = scale.stretch(begins, ends) else { continue };
        let edge = if begins >= scale.from { "▏" } else { "‹" };
        let name =
            text::fit(&format!("{edge}{}", phase.name), usize::from(to.saturating_sub(from)));
        let role = if current == Some(index) { Role::Title } else { Role::Dim };
        buf.set_string(area.x + from, area.y, name, scene.style(role));
    }
}

/// The time below: as the exercise clock shows it, with a sign where that stood still.
fn time(scene: &Scene<'_>, axis: &Axis<'_>, scale: &Scale, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    for at in scale.ticks() {
        let Some(column) = scale.column(at) else { continue };
        let says = match scene.state.is_watch() {
            true => {
                let wall = scene.state.header.began.saturating_add_unsigned(at.as_millis());
                format!("╵{}", words::wall(wall, false))
            }
            false => format!("╵{}", words::clock(at)),
        };
        if text::width(&says) <= usize::from(scale.width - column) {
            buf.set_string(area.x + column, area.y, says, scene.style(Role::Dim));
        }
    }
    for pause in &scene.state.pauses {
        let Some(column) = scale.column(axis.exercise_at(pause.stop.since)) else { continue };
        let (sign, role) = if pause.halt { ("■", Role::Stopped) } else { ("‖", Role::Waiting) };
        buf.set_string(area.x + column, area.y, sign, scene.style(role));
    }
}

/// The present, across every lane but over nothing that stands there.
fn present(
    scene: &Scene<'_>,
    scale: &Scale,
    now: Span,
    plot: Rect,
    (above, below): (u16, u16),
    buf: &mut Buffer,
) {
    let state = scene.state;
    // The present of a watch is where its lanes end.
    if !matches!(state.stage, Stage::Running) || state.is_watch() {
        return;
    }
    let Some(column) = scale.column(now) else { return };
    let x = plot.x + column;
    let style = scene.style(Role::Now);
    let (top, bottom) = (plot.top() + above, plot.bottom() - below);
    for y in top..bottom {
        let cell = &mut buf[(x, y)];
        if y == top {
            cell.set_symbol("▼").set_style(style);
        } else if matches!(cell.symbol(), " " | "░" | "█" | "▒" | "┄" | "╌") {
            cell.set_symbol("│").set_style(style);
        }
    }
    // A time that is written there stays readable.
    if below > 0 && buf[(x, plot.bottom() - 1)].symbol() == " " {
        buf[(x, plot.bottom() - 1)].set_symbol("▲").set_style(style);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lane_has_its_row_before_any_has_more() {
        for (height, faults, promises, want) in [
            (2, 3, 2, (1, 0, 1, 0, 0, 0)),
            (4, 3, 2, (1, 1, 1, 0, 0, 1)),
            (6, 3, 2, (1, 2, 2, 0, 0, 1)),
            (8, 3, 2, (1, 2, 2, 1, 1, 1)),
            (10, 3, 2, (1, 3, 2, 2, 1, 1)),
            (13, 3, 2, (1, 4, 3, 2, 2, 1)),
            (20, 3, 2, (1, 11, 3, 2, 2, 1)),
            (8, 0, 0, (1, 3, 1, 2, 0, 1)),
            (12, 9, 9, (1, 4, 3, 2, 1, 1)),
        ] {
            let rows = Rows::of(height, faults, promises);
            let got = (rows.phases, rows.load, rows.faults, rows.people, rows.promises, rows.time);
            assert_eq!(got, want, "{height} rows");
        }
    }
}
