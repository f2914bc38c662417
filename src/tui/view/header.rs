//! The top of the screen: what state, what time, which phase, how much load; what comes next and when; what is broken.

mod broken;
mod coming;
mod news;

mod participants;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span as Piece};

use super::clocked::{Beat, beat};
use super::key_of::key_of;
use super::watch::head;
use crate::exercise::state::{Stage, State};
use crate::gameday::defence::Defence;
use crate::gameday::metric::{Metric, grouped};
use crate::gameday::plan::Target;
use crate::tui::action::ActionId;
use crate::tui::scene::{Scene, put};
use crate::tui::theme::Role;
use crate::tui::{text, words};

/// Draws it, in four rows.
pub fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    title(scene, area, buf);
    if scene.state.participants && !scene.state.is_watch() {
        return participants::draw(scene, area, buf);
    }
    let second = match scene.state.is_watch() {
        true => head::source(scene),
        false => phase(scene, area.width),
    };
    put(area, 1, &second, buf);
    put(area, 2, &news::line(scene, usize::from(area.width)), buf);
    put(area, 3, &broken::line(scene, usize::from(area.width)), buf);
}

/// The role of the state word.
fn tone(state: &State) -> Role {
    match state.stage {
        Stage::Ended => Role::Over,
        Stage::NoGo => Role::Stopped,
        _ if state.real.is_some() || state.halted.is_some() => Role::Stopped,
        Stage::Running if state.held.is_none() => Role::Running,
        Stage::Preparing | Stage::Preflight | Stage::Running | Stage::Closing => Role::Waiting,
    }
}

fn title(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let (shape, word) = words::stage(scene.state);
    let word = scene.say(word);
    let clock = words::clock(scene.state.exercise_time(scene.now));
    let wall = words::wall(scene.now.wall, beat(scene.state) != Beat::Minute);
    let right = if scene.state.is_watch() {
        Line::from(scene.piece(Role::Title, format!("{wall} UTC")))
    } else {
        Line::from(vec![
            scene.piece(Role::Dim, format!("{} ", scene.say("header-exercise"))),
            scene.piece(Role::Title, clock),
            scene.piece(Role::Dim, format!(" · {wall} UTC")),
        ])
    };
    let wide = u16::try_from(right.width()).unwrap_or(area.width).min(area.width);
    let room = usize::from(area.width.saturating_sub(wide + 2));
    let badge = format!(" {shape} {word} ");
    let name = text::fit(&scene.state.plan().title, room.saturating_sub(text::width(&badge) + 1));
    let rest = room.saturating_sub(text::width(&badge) + 1 + text::width(&name));
    let left = Line::from(vec![
        scene.piece(tone(scene.state), badge),
        Piece::raw(" "),
        scene.piece(Role::Title, name),
        scene.piece(Role::Warn, text::fit(&lab(scene), rest)),
    ]);
    buf.set_line(area.x, area.y, &left, area.width.saturating_sub(wide + 1));
    buf.set_line(area.right() - wide, area.y, &right, wide);
}

/// Which of the lab's defences are off; nothing where none is.
fn lab(scene: &Scene<'_>) -> String {
    let plan = scene.state.plan();
    if plan.target != Target::Lab || plan.defences.off().next().is_none() {
        return String::new();
    }
    let off: Vec<&str> = plan.defences.off().map(Defence::name).collect();
    let says = if off.len() == Defence::ALL.len() {
        scene.say("header-lab-fragile").into_owned()
    } else {
        scene.tell("header-lab-without", &[("defences", (&*off.join(", ")).into())])
    };
    format!(" · {says}")
}

/// Whether alerts are silenced by the exercise now.
fn silenced(scene: &Scene<'_>) -> Option<String> {
    let live = scene.state.silencings.iter().any(|run| run.status.is_live());
    live.then(|| scene.say("header-silenced").into_owned())
}

fn phase<'a>(scene: &Scene<'a>, width: u16) -> Line<'a> {
    let state = scene.state;
    let count = state.phases.len();
    let mut pieces = Vec::with_capacity(8);
    match state.current_phase() {
        Some((index, phase, _)) => {
            let end = state.phase_start(index) + state.phase_length(index);
            let left = words::remaining(end - state.exercise_time(scene.now));
            let name = text::fit(&phase.name, usize::from(width / 3));
            let args = [("number", (index + 1).into()), ("count", count.into())];
            pieces.push(scene.piece(Role::Dim, format!("{} ", scene.tell("header-phase", &args))));
            pieces.push(scene.piece(Role::Title, name));
            let left = scene.tell("header-left", &[("left", (&*left).into())]);
            if state.real.is_none() {
                pieces.push(scene.piece(Role::Dim, format!(" {left}")));
            }
        }
        None => {
            let length = words::span(state.foreseen_end());
            let args = [("count", count.into()), ("length", (&*length).into())];
            pieces.push(scene.piece(Role::Dim, scene.tell("header-phases", &args)));
        }
    }
    if let Some(says) = silenced(scene) {
        pieces.push(scene.piece(Role::Warn, format!(" {says}")));
    }
    load(scene, &mut pieces);
    Line::from(pieces)
}

fn load<'a>(scene: &Scene<'a>, pieces: &mut Vec<Piece<'a>>) {
    let state = scene.state;
    let mut say = |role: Role, key: &'static str, value: &str| {
        let says = scene.tell(key, &[("value", value.into())]);
        pieces.push(scene.piece(role, format!(" {says}")));
    };
    if let Some(problem) = &state.load.problem {
        return say(Role::Bad, "header-load-problem", &text::clean(&scene.told(problem)));
    }
    if state.load.curve.is_none() {
        return say(Role::Dim, "header-load-none", "");
    }
    say(Role::Dim, "header-load", "");
    say(Role::Plan, "header-load-asked", &grouped(state.load.rate(scene.now)));
    match state.series.points().last().map(|point| &point.sample) {
        Some(last) if !last.length.is_zero() => {
            let sent = (last.attempted - last.dropped.min(last.attempted)) as f64
                / last.length.as_secs_f64();
            say(Role::Load, "header-load-sent", &grouped(sent));
            if let Some(dropped) = last.value(Metric::Dropped).filter(|dropped| *dropped > 0.0) {
                say(Role::Bad, "header-load-dropped", &grouped(dropped));
            }
        }
        _ => say(Role::Dim, "header-load-no-data", ""),
    }
    if state.load.by_hand.is_some() {
        say(Role::Warn, "header-load-by-hand", &key_of(scene, ActionId::LoadPlan));
    }
}
