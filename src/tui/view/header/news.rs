//! The line that says what is in the way, else what comes next. Not what is broken.

use ratatui::text::Line;

use super::coming;
use crate::exercise::event::Outcome;
use crate::exercise::go;
use crate::exercise::state::{Stage, State, Stop};
use crate::exercise::who::who;
use crate::tui::action::ActionId;
use crate::tui::scene::Scene;
use crate::tui::theme::Role;
use crate::tui::view::key_of::key_of;
use crate::tui::view::watch::head;
use crate::tui::view::{briefing, real};
use crate::tui::{suspend, text, words};

/// The line, in at most `room` cells if it can be said in so many.
pub(super) fn line<'a>(scene: &Scene<'a>, room: usize) -> Line<'a> {
    let state = scene.state;
    if let Some(trouble) = &scene.ui.trouble {
        let says = scene.tell("news-not-recording", &[("why", (&*text::clean(trouble)).into())]);
        return Line::from(scene.piece(Role::Bad, says));
    }
    if scene.ui.suspending {
        return suspending(scene);
    }
    if let Some(line) = real::line(scene) {
        return line;
    }
    match state.stage {
        Stage::Preparing | Stage::Running if state.is_watch() => head::next(scene),
        Stage::Preparing | Stage::Preflight if go::is_expected(state) => briefing::verdict(scene),
        Stage::Preparing => Line::from(scene.piece(Role::Next, scene.say("news-preparing"))),
        Stage::Preflight => {
            let since = words::span(scene.now.since(state.stage_since));
            let says = scene.tell("news-preflight", &[("since", (&*since).into())]);
            Line::from(scene.piece(Role::Next, says))
        }
        Stage::NoGo => no_go(scene),
        Stage::Ended => ended(scene),
        _ => match (&state.halted, &state.held) {
            (Some(stop), _) => halted(scene, stop),
            (None, _) if state.stage == Stage::Closing => closing(scene),
            (None, Some(stop)) => held(scene, stop, room),
            (None, None) => coming::line(scene, false, room),
        },
    }
}

/// Ctrl-Z waits for what must be undone first.
fn suspending<'a>(scene: &Scene<'a>) -> Line<'a> {
    let left = match suspend::left(scene.state) {
        0 => scene.say("news-halting").into_owned(),
        many => scene.tell("faults-left", &[("count", many.into())]),
    };
    let most = words::span(suspend::PATIENCE.into());
    let args = [("left", (&*left).into()), ("most", (&*most).into())];
    Line::from(scene.piece(Role::Next, scene.tell("news-suspending", &args)))
}

fn no_go<'a>(scene: &Scene<'a>) -> Line<'a> {
    let failing = scene.state.steady.last().into_iter().flat_map(|check| &check.findings);
    let failing: Vec<_> = failing
        .filter(|finding| !finding.holds)
        .map(|finding| {
            let unit = finding.limit.metric.unit();
            let value =
                finding.value.map_or_else(|| scene.say("no-data").into_owned(), |v| unit.show(v));
            format!("{} {value} ({})", finding.limit.metric, words::limit(&finding.limit))
        })
        .collect();
    Line::from(vec![
        press(scene, "news-no-go-keys", &[("go", ActionId::Go), ("quit", ActionId::Quit)]),
        scene.piece(Role::Bad, format!(" · ✗ {}", failing.join(", "))),
    ])
}

/// What to press, with the keys it is done by.
fn press<'a>(
    scene: &Scene<'a>,
    text: &'static str,
    keys: &[(&'static str, ActionId)],
) -> ratatui::text::Span<'a> {
    let keys: Vec<_> = keys.iter().map(|(place, id)| (*place, key_of(scene, *id))).collect();
    let args: Vec<_> = keys.iter().map(|(place, key)| (*place, key.as_str().into())).collect();
    scene.piece(Role::Next, scene.tell(text, &args))
}

fn by<'a>(scene: &Scene<'a>, stop: &'a Stop) -> String {
    let reason = scene.told(&stop.reason);
    let reason = text::clean(&reason);
    let colon = if reason.is_empty() { "" } else { ": " };
    let by = who(&stop.by);
    format!("{}{colon}{reason}", text::clean(&scene.lang.said(&by)))
}

fn halted<'a>(scene: &Scene<'a>, stop: &Stop) -> Line<'a> {
    let live = scene.state.live_injections().count();
    let (role, keys) = match live {
        0 => (Role::Good, "news-halted-keys"),
        _ => (Role::Bad, "news-halted-wait"),
    };
    let left = scene.tell("news-reverting", &[("count", live.into())]);
    let stopped = by(scene, stop);
    let stopped = scene.tell("news-halted-by", &[("who", (&*stopped).into())]);
    Line::from(vec![
        press(scene, keys, &[("release", ActionId::Release), ("quit", ActionId::Quit)]),
        scene.piece(role, format!(" · {left}")),
        scene.piece(Role::Dim, format!(" · {stopped}")),
    ])
}

fn held<'a>(scene: &Scene<'a>, stop: &Stop, room: usize) -> Line<'a> {
    let since = words::span(scene.now.since(stop.since));
    let who = by(scene, stop);
    let args = [("since", (&*since).into()), ("who", (&*who).into())];
    let says = format!(" · {}", scene.tell("news-held", &args));
    let mut line = coming::line(scene, true, room.saturating_sub(text::width(&says)));
    line.spans.push(scene.piece(Role::Dim, says));
    line
}

fn closing<'a>(scene: &Scene<'a>) -> Line<'a> {
    let live = scene.state.live_injections().count();
    let says = scene.tell("news-closing", &[("count", live.into())]);
    let mut line = Line::from(scene.piece(Role::Next, says));
    if let Some(score) = to_score(scene) {
        line.spans.push(scene.piece(Role::Next, format!(" · {score}")));
    }
    line
}

/// The objectives that wait for the facilitator; `None`: none do.
fn to_score(scene: &Scene<'_>) -> Option<String> {
    let waiting = unscored(scene.state);
    let key = key_of(scene, ActionId::Objectives);
    let args = [("count", waiting.into()), ("key", (&*key).into())];
    (waiting > 0).then(|| scene.tell("news-to-score", &args))
}

fn unscored(state: &State) -> usize {
    let plan = state.plan().objectives.iter().zip(&state.scores);
    plan.filter(|(plan, score)| plan.measure.is_none() && score.is_none()).count()
}

fn ended<'a>(scene: &Scene<'a>) -> Line<'a> {
    let Some((outcome, why)) = &scene.state.outcome else { return Line::default() };
    let (role, sign, word) = match outcome {
        Outcome::Completed => (Role::Good, "✓", "outcome-completed"),
        Outcome::EndedEarly => (Role::Warn, "–", "outcome-ended-early"),
        Outcome::Halted => (Role::Bad, "■", "outcome-halted"),
        Outcome::NotStarted => (Role::Bad, "✗", "outcome-not-started"),
        Outcome::Died => (Role::Bad, "✗", "outcome-died"),
    };
    let mut pieces = vec![scene.piece(role, format!("{sign} {} · ", scene.say(word)))];
    if let Some(score) = to_score(scene) {
        pieces.push(scene.piece(Role::Next, format!("{score}, ")));
    }
    let keys = [("write", ActionId::Type), ("quit", ActionId::Quit)];
    pieces.push(press(scene, "news-ended-keys", &keys));
    let dot = if why.is_empty() { "" } else { " · " };
    pieces.push(scene.piece(Role::Dim, format!("{dot}{}", text::clean(&scene.told(why)))));
    Line::from(pieces)
}
