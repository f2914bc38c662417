//! The top of the screen for participants: what runs and since when, what is sent, how things stand, what is wrong. Not
//! what comes next: they do not know.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::exercise::reading::Reading;
use crate::exercise::state::{Stage, State};
use crate::gameday::metric::{Metric, grouped};
use crate::tui::action::ActionId;
use crate::tui::keymap;
use crate::tui::scene::{Scene, put};
use crate::tui::theme::Role;
use crate::tui::view::key_of::key_of;
use crate::tui::view::{real, suggested, wrong};
use crate::tui::{text, words};

/// Draws the rows below the title.
pub(super) fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    put(area, 1, &phase(scene, area.width), buf);
    let says = real::line(scene);
    let says = says.unwrap_or_else(|| Line::from(scene.piece(Role::Next, news(scene))));
    put(area, 2, &says, buf);
    put(area, 3, &wrong(scene, usize::from(area.width)), buf);
}

fn phase<'a>(scene: &Scene<'a>, width: u16) -> Line<'a> {
    let state = scene.state;
    let mut pieces = vec![scene.piece(Role::Dim, format!("{} ", scene.say("participants-view")))];
    if let Some((index, phase, _)) = state.current_phase() {
        let name = text::fit(&phase.name, usize::from(width / 3));
        let since = state.exercise_time(scene.now) - state.phase_start(index);
        let since = words::span(since);
        pieces.push(scene.piece(Role::Dim, "· "));
        pieces.push(scene.piece(Role::Title, name));
        let since = scene.tell("participants-since", &[("span", (&*since).into())]);
        pieces.push(scene.piece(Role::Dim, format!(" {since}")));
    }
    let Some(last) = state.series.points().last().map(|point| &point.sample) else {
        return Line::from(pieces);
    };
    if state.stage != Stage::Ended && !last.length.is_zero() {
        let sent = last.attempted - last.dropped.min(last.attempted);
        let sent = grouped(sent as f64 / last.length.as_secs_f64());
        let says = scene.tell("participants-load", &[("rate", (&*sent).into())]);
        pieces.push(scene.piece(Role::Load, format!("  {says}")));
        if let Some(dropped) = last.value(Metric::Dropped).filter(|dropped| *dropped > 0.0) {
            let dropped = grouped(dropped);
            let says = scene.tell("participants-dropped", &[("rate", (&*dropped).into())]);
            pieces.push(scene.piece(Role::Bad, format!("  ✗ {says}")));
        }
    }
    Line::from(pieces)
}

/// How things stand, in a sentence.
fn news(scene: &Scene<'_>) -> String {
    let state = scene.state;
    let stopped = |key, by: &str| {
        let by = text::clean(by);
        scene.tell(key, &[("by", (&*by).into())])
    };
    match (state.stage, &state.halted, &state.held) {
        (Stage::Preparing, ..) => scene.say("participants-preparing").into_owned(),
        (Stage::Preflight, ..) => scene.say("participants-preflight").into_owned(),
        (Stage::NoGo, ..) => scene.say("participants-no-go").into_owned(),
        (Stage::Ended, ..) => scene.say("participants-ended").into_owned(),
        (_, Some(stop), _) => stopped("participants-halted", &stop.by),
        (Stage::Closing, ..) => scene.say("participants-closing").into_owned(),
        (Stage::Running, _, Some(stop)) => stopped("participants-held", &stop.by),
        (Stage::Running, ..) => {
            let key = match scene.ui.replay {
                Some(_) => key_of(scene, ActionId::Type),
                None => keymap::shown(ActionId::Type, scene.ui).unwrap_or_default(),
            };
            scene.tell("participants-running", &[("key", (&*key).into())])
        }
    }
}

/// What is seen to be wrong.
fn wrong<'a>(scene: &Scene<'a>, room: usize) -> Line<'a> {
    let state = scene.state;
    let mut says: Vec<String> = broken(state).map(|name| format!("✗ {name}")).collect();
    let pods: Vec<&str> = wrong::pods(scene).iter().map(|pod| pod.name.as_str()).collect();
    if !pods.is_empty() {
        let (count, pods) = (pods.len(), pods.join(", "));
        let args = [("count", count.into()), ("pods", (&*pods).into())];
        says.push(format!("◐ {}", scene.tell("participants-pods", &args)));
    }
    let open = |reading: &Reading| reading.breakers.iter().any(|breaker| breaker.open > 0);
    if state.readings.last().is_some_and(open) {
        says.push(format!("○ {}", scene.say("participants-breakers")));
    }
    let incidents = state.incidents.iter().filter(|one| !one.status.is_closed()).count();
    if incidents > 0 {
        let says_so = scene.tell("participants-incidents", &[("count", incidents.into())]);
        says.push(format!("▲ {says_so}"));
    }
    if let Some((long, _)) = suggested::says(scene) {
        says.insert(0, long);
    }
    if !says.is_empty() {
        return Line::from(scene.piece(Role::Bad, text::fit(&says.join(" · "), room)));
    }
    if state.topology.pods.is_empty() || state.series.points().is_empty() {
        return Line::from(scene.piece(Role::Dim, scene.say("no-data")));
    }
    Line::from(scene.piece(Role::Good, format!("✓ {}", scene.say("participants-nothing-wrong"))))
}

/// The names of the promises that are broken now.
fn broken(state: &State) -> impl Iterator<Item = String> {
    let all = state.plan().slos.iter().zip(&state.slos);
    all.filter(|(_, run)| run.breached().is_some())
        .map(|(slo, _)| text::clean(&slo.name).into_owned())
}
