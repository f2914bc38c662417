//! The top of the screen: what state, what time, which phase, how much load, and what comes next.

mod participants;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span as Piece};

use super::clocked::{Beat, beat};
use crate::exercise::event::Outcome;
use crate::exercise::state::{Stage, State, Stop};
use crate::gameday::metric::{Metric, grouped};
use crate::gameday::plan::Target;
use crate::gameday::span::Span;
use crate::tui::scene::{Scene, put};
use crate::tui::theme::Role;
use crate::tui::{suspend, text, words};

/// Draws it, in three rows.
pub fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    title(scene, area, buf);
    if scene.state.participants {
        return participants::draw(scene, area, buf);
    }
    put(area, 1, &phase(scene, area.width), buf);
    put(area, 2, &news(scene, usize::from(area.width)), buf);
}

/// The role of the state word.
fn tone(state: &State) -> Role {
    match state.stage {
        Stage::NoGo => Role::Stopped,
        Stage::Ended => Role::Over,
        _ if state.halted.is_some() => Role::Stopped,
        Stage::Running if state.held.is_none() => Role::Running,
        Stage::Preparing | Stage::Preflight | Stage::Running | Stage::Closing => Role::Waiting,
    }
}

fn title(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let (shape, word) = words::stage(scene.state);
    let clock = words::clock(scene.state.exercise_time(scene.now));
    let wall = words::wall(scene.now.wall, beat(scene.state) != Beat::Minute);
    let right = Line::from(vec![
        scene.piece(Role::Dim, "exercise "),
        scene.piece(Role::Title, clock),
        scene.piece(Role::Dim, format!(" · {wall} UTC")),
    ]);
    let wide = u16::try_from(right.width()).unwrap_or(area.width).min(area.width);
    let room = usize::from(area.width.saturating_sub(wide + 2));
    let badge = format!(" {shape} {word} ");
    let name = text::fit(&scene.state.plan().title, room.saturating_sub(text::width(&badge) + 1));
    let left = Line::from(vec![
        scene.piece(tone(scene.state), badge),
        Piece::raw(" "),
        scene.piece(Role::Title, name),
        lab(scene),
    ]);
    buf.set_line(area.x, area.y, &left, area.width.saturating_sub(wide + 1));
    buf.set_line(area.right() - wide, area.y, &right, wide);
}

/// Which of the lab's defences are off; nothing where none is.
fn lab<'a>(scene: &Scene<'a>) -> Piece<'a> {
    let plan = scene.state.plan();
    if plan.target != Target::Lab || plan.defences.off().next().is_none() {
        return Piece::raw("");
    }
    scene.piece(Role::Warn, format!(" · lab {}", plan.defences))
}

fn phase<'a>(scene: &Scene<'a>, width: u16) -> Line<'a> {
    let state = scene.state;
    let count = state.phases.len();
    let mut pieces = Vec::with_capacity(6);
    match state.current_phase() {
        Some((index, phase, _)) => {
            let end = state.phase_start(index) + state.phase_length(index);
            let left = end - state.exercise_time(scene.now);
            let name = text::fit(&phase.name, usize::from(width / 3));
            pieces.push(scene.piece(Role::Dim, format!("phase {}/{count} ", index + 1)));
            pieces.push(scene.piece(Role::Title, name));
            pieces.push(scene.piece(Role::Dim, format!(" {} left", words::remaining(left))));
        }
        None => {
            let length = words::span(state.foreseen_end());
            pieces.push(scene.piece(Role::Dim, format!("{count} phases, {length}")));
        }
    }
    load(scene, &mut pieces);
    Line::from(pieces)
}

fn load<'a>(scene: &Scene<'a>, pieces: &mut Vec<Piece<'a>>) {
    let state = scene.state;
    if let Some(problem) = &state.load.problem {
        pieces.push(scene.piece(Role::Bad, format!("  ✗ NO LOAD: {}", text::clean(problem))));
        return;
    }
    if state.load.curve.is_none() {
        pieces.push(scene.piece(Role::Dim, "  no load"));
        return;
    }
    let planned = grouped(state.load.rate(scene.now));
    pieces.push(scene.piece(Role::Dim, "  load "));
    pieces.push(scene.piece(Role::Plan, format!("{planned}/s asked")));
    match state.series.points().last().map(|point| &point.sample) {
        Some(last) if !last.length.is_zero() => {
            let sent = (last.attempted - last.dropped.min(last.attempted)) as f64
                / last.length.as_secs_f64();
            pieces.push(scene.piece(Role::Load, format!(" {}/s sent", grouped(sent))));
            if let Some(dropped) = last.value(Metric::Dropped).filter(|dropped| *dropped > 0.0) {
                pieces.push(scene.piece(Role::Bad, format!(" ✗ {}/s DROPPED", grouped(dropped))));
            }
        }
        _ => pieces.push(scene.piece(Role::Dim, " no data yet")),
    }
    if state.load.by_hand.is_some() {
        pieces.push(scene.piece(Role::Warn, " (by hand, \\ gives it back)"));
    }
}

/// The third row: what is in the way, else what comes next.
fn news<'a>(scene: &Scene<'a>, room: usize) -> Line<'a> {
    let state = scene.state;
    if let Some(trouble) = &scene.ui.trouble {
        let says = format!("✗ NOT RECORDING, nothing is lost: {}", text::clean(trouble));
        return Line::from(scene.piece(Role::Bad, says));
    }
    if scene.ui.suspending {
        return suspending(scene);
    }
    match state.stage {
        Stage::Preparing => Line::from(scene.piece(Role::Next, "the target is being made ready")),
        Stage::Preflight => {
            let since = words::span(scene.now.since(state.stage_since));
            let says = format!("measuring the steady state before the first phase, since {since}");
            Line::from(scene.piece(Role::Next, says))
        }
        Stage::NoGo => no_go(scene),
        Stage::Ended => ended(scene),
        _ => match (&state.halted, &state.held) {
            (Some(stop), _) => halted(scene, stop),
            (None, _) if state.stage == Stage::Closing => closing(scene),
            (None, Some(stop)) => held(scene, stop, room),
            (None, None) => next(scene, "", room),
        },
    }
}

/// Ctrl-Z waits for what must be undone first.
fn suspending<'a>(scene: &Scene<'a>) -> Line<'a> {
    let left = match suspend::left(scene.state) {
        0 => "halting".to_owned(),
        1 => "1 fault is left".to_owned(),
        many => format!("{many} faults are left"),
    };
    let most = words::span(suspend::PATIENCE.into());
    let says = format!("undoing, then suspending: {left} · at most {most}");
    Line::from(scene.piece(Role::Next, says))
}

fn no_go<'a>(scene: &Scene<'a>) -> Line<'a> {
    let failing = scene.state.steady.last().into_iter().flat_map(|check| &check.findings);
    let failing: Vec<_> = failing
        .filter(|finding| !finding.holds)
        .map(|finding| {
            let unit = finding.limit.metric.unit();
            let value = finding.value.map_or_else(|| "no data".to_owned(), |v| unit.show(v));
            format!("{} {value} ({})", finding.limit.metric, words::limit(&finding.limit))
        })
        .collect();
    Line::from(vec![
        scene.piece(Role::Next, "g starts anyway, q ends · "),
        scene.piece(Role::Bad, format!("✗ {}", failing.join(", "))),
    ])
}

fn by(stop: &Stop) -> String {
    let reason = text::clean(&stop.reason);
    let colon = if reason.is_empty() { "" } else { ": " };
    format!("{}{colon}{reason}", text::clean(&stop.by))
}

fn halted<'a>(scene: &Scene<'a>, stop: &Stop) -> Line<'a> {
    let live = scene.state.live_injections().count();
    let left = match live {
        0 => "no fault is active".to_owned(),
        1 => "1 fault is still being reverted".to_owned(),
        many => format!("{many} faults are still being reverted"),
    };
    let role = if live == 0 { Role::Good } else { Role::Bad };
    Line::from(vec![
        scene.piece(Role::Next, if live == 0 { "R releases, q ends · " } else { "q ends · " }),
        scene.piece(role, left),
        scene.piece(Role::Dim, format!(" · halted by {}", by(stop))),
    ])
}

fn held<'a>(scene: &Scene<'a>, stop: &Stop, room: usize) -> Line<'a> {
    let since = words::span(scene.now.since(stop.since));
    let says = format!(" · held {since} by {}", by(stop));
    let mut line = next(scene, " after resuming", room.saturating_sub(text::width(&says)));
    line.spans.push(scene.piece(Role::Dim, says));
    line
}

fn closing<'a>(scene: &Scene<'a>) -> Line<'a> {
    let live = scene.state.live_injections().count();
    let says = if live == 0 {
        "no fault is active; looking at the steady state once more".to_owned()
    } else {
        format!("reverting {live} more, then looking at the steady state")
    };
    let score = to_score(scene.state);
    let dot = if score.is_empty() { "" } else { " ·" };
    let says = format!("{says}{dot}{}", score.trim_end_matches(','));
    Line::from(scene.piece(Role::Next, says))
}

/// The objectives that wait for the facilitator, as ` o scores 2 objectives,`; empty: none do.
fn to_score(state: &State) -> String {
    let plan = state.plan().objectives.iter().zip(&state.scores);
    match plan.filter(|(plan, score)| plan.measure.is_none() && score.is_none()).count() {
        0 => String::new(),
        1 => " o scores 1 objective,".to_owned(),
        many => format!(" o scores {many} objectives,"),
    }
}

fn ended<'a>(scene: &Scene<'a>) -> Line<'a> {
    let Some((outcome, why)) = &scene.state.outcome else { return Line::default() };
    let (role, word) = match outcome {
        Outcome::Completed => (Role::Good, "✓ every phase ran"),
        Outcome::EndedEarly => (Role::Warn, "– ended early"),
        Outcome::Halted => (Role::Bad, "■ halted and not taken up again"),
        Outcome::NotStarted => (Role::Bad, "✗ never started"),
        Outcome::Died => (Role::Bad, "✗ the program died"),
    };
    let dot = if why.is_empty() { "" } else { " · " };
    Line::from(vec![
        scene.piece(role, word),
        scene.piece(Role::Next, format!(" ·{} i writes, q leaves", to_score(scene.state))),
        scene.piece(Role::Dim, format!("{dot}{}", text::clean(why))),
    ])
}

/// What happens next by the plan: a fault, and a phase or the end; the sooner first, in as many words as there is
/// room for.
fn next<'a>(scene: &Scene<'a>, after: &str, room: usize) -> Line<'a> {
    let state = scene.state;
    let now = state.exercise_time(scene.now);
    let left = |due: Span| format!(" in {}{after}", words::remaining(due - now));
    let fault = state.next_injection().and_then(|(run, due)| {
        let planned = state.planned(run.id)?;
        let what = format!("◆ {}", words::fault(&planned.experiment.fault));
        Some(Coming { due, whom: format!(", {}", words::whom(planned)), what })
    });
    let phase = state.current_phase().map(|(index, ..)| {
        let due = state.phase_start(index) + state.phase_length(index);
        let what = match state.plan().phases.get(index + 1) {
            Some(phase) => format!("phase {}", text::clean(&phase.name)),
            None => "the exercise closes".to_owned(),
        };
        Coming { due, what, whom: String::new() }
    });
    let mut coming: Vec<Coming> = fault.into_iter().chain(phase).collect();
    coming.sort_by_key(|one| one.due);
    let line = |count: usize, whom: bool| {
        let mut pieces = Vec::with_capacity(count * 3);
        for (index, one) in coming.iter().take(count).enumerate() {
            let before = if index == 0 { "next " } else { " · then " };
            let whom = if whom { one.whom.as_str() } else { "" };
            pieces.push(scene.piece(Role::Next, format!("{before}{}{whom}", one.what)));
            pieces.push(scene.piece(Role::Title, left(one.due)));
        }
        Line::from(pieces)
    };
    [(2, true), (2, false), (1, true)]
        .into_iter()
        .map(|(count, whom)| line(count, whom))
        .find(|line| line.width() <= room)
        .unwrap_or_else(|| line(1, false))
}

/// Something that lies ahead.
struct Coming {
    due: Span,
    what: String,
    whom: String,
}
