//! Where the log's line is in a live exercise: the recording as a bar with its marks, how it is played, and what was added at
//! the place. Not the playing.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::input;
use crate::exercise::mark::MarkKind;
use crate::exercise::state::Stage;
use crate::gameday::metric::grouped;
use crate::gameday::span::Span;
use crate::tui::action::ActionId;
use crate::tui::keymap;
use crate::tui::layer::Layer;
use crate::tui::place::Place;
use crate::tui::replay::{Replay, speed};
use crate::tui::scene::{Scene, put};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::words;

/// What was shown already, and what follows.
const PAST: &str = "━";
const AHEAD: &str = "┄";
/// The place.
const HERE: &str = "●";
/// A note that was added afterwards.
pub(in crate::tui::view) const NOTE: &str = "◆";

/// The sign of a mark: what is the rarer is drawn over the others.
const fn sign(kind: MarkKind) -> (&'static str, Role) {
    match kind {
        MarkKind::Phase => ("▏", Role::Title),
        MarkKind::Injection => ("✗", Role::Fault),
        MarkKind::Breach => ("▼", Role::Bad),
        MarkKind::Incident => ("▲", Role::Incident),
        MarkKind::Stop => ("■", Role::Stopped),
        MarkKind::Change => ("⇧", Role::Next),
        MarkKind::Pin => ("◎", Role::Next),
    }
}

/// From the least to the most important.
const ORDER: [MarkKind; 7] = [
    MarkKind::Phase,
    MarkKind::Change,
    MarkKind::Pin,
    MarkKind::Breach,
    MarkKind::Injection,
    MarkKind::Incident,
    MarkKind::Stop,
];

/// Draws both rows; where there is only one, a word to the person stands in place of the bar.
pub fn draw(scene: &Scene<'_>, replay: &Replay, row: Rect, below: Rect, buf: &mut Buffer) {
    let told = !scene.ui.begun.is_empty() || scene.ui.notice.is_some();
    if told {
        input::draw_hint(scene, if below.is_empty() { row } else { below }, buf);
    } else {
        put(below, 0, &about(scene, replay, usize::from(below.width)), buf);
    }
    if below.is_empty() && told {
        return;
    }
    let (left, right) = ends(replay);
    let role = if replay.playing { Role::Running } else { Role::Waiting };
    put(row, 0, &Line::from(scene.piece(role, left)), buf);
    let bar = bar(scene, replay, row, below);
    if !bar.is_empty() {
        buf.set_string(bar.right() + 1, row.y, right, scene.style(Role::Dim));
    }
    track(scene, replay, bar, buf);
}

/// What stands left and right of the bar: how it is played and where it is, and how long it is.
fn ends(replay: &Replay) -> (String, String) {
    let sign = if replay.playing { "▶" } else { "‖" };
    let left = format!("{sign} {:>4}× {}", speed(replay.speed), words::clock(replay.at));
    (left, words::clock(replay.length))
}

/// Where the bar is.
pub fn bar(scene: &Scene<'_>, replay: &Replay, row: Rect, below: Rect) -> Rect {
    let told = !scene.ui.begun.is_empty() || scene.ui.notice.is_some();
    let (left, right) = ends(replay);
    let wide = |text: &str| u16::try_from(text::width(text)).unwrap_or(u16::MAX);
    let (before, after) = (wide(&left) + 1, wide(&right) + 1);
    if row.is_empty() || (below.is_empty() && told) || row.width < before + after + 10 {
        return Rect::default();
    }
    Rect { x: row.x + before, width: row.width - before - after, height: 1, ..row }
}

/// The column of a moment.
fn column(at: Span, length: Span, width: u16) -> u16 {
    let last = u64::from(width.saturating_sub(1));
    let column = (at.as_millis() * last + length.as_millis() / 2) / length.as_millis().max(1);
    u16::try_from(column.min(last)).unwrap_or_default()
}

fn track(scene: &Scene<'_>, replay: &Replay, bar: Rect, buf: &mut Buffer) {
    if bar.is_empty() {
        return;
    }
    let here = column(replay.at, replay.length, bar.width);
    let mut set = |column: u16, sign: &str, role: Role| {
        buf[(bar.x + column, bar.y)].set_symbol(sign).set_style(scene.style(role));
    };
    for at in 0..bar.width {
        if at <= here { set(at, PAST, Role::Text) } else { set(at, AHEAD, Role::Dim) }
    }
    for kind in ORDER {
        let (sign, role) = sign(kind);
        for mark in replay.marks.iter().filter(|mark| mark.kind == kind) {
            set(column(mark.stamp.elapsed, replay.length, bar.width), sign, role);
        }
    }
    for (at, _) in replay.notes.iter() {
        set(column(*at, replay.length, bar.width), NOTE, Role::Next);
    }
    set(here, HERE, Role::Now);
}

/// Which page it is or how far the exercise is, and the key that leads on; nothing while phases run on the live screen.
fn on_the_way(scene: &Scene<'_>, replay: &Replay) -> Option<String> {
    let tell = |text, id| {
        let keys = keymap::all_shown(id, Layer::Screen, scene.ui);
        scene.tell(text, &[("key", keys.first().map_or("", String::as_str).into())])
    };
    Some(match (replay.page, scene.state.stage) {
        (Place::Briefing, _) => tell("replay-briefing", ActionId::Forward),
        (Place::Debrief, _) => tell("replay-in-debrief", ActionId::Back),
        (Place::Report, _) => tell("replay-in-report", ActionId::Back),
        (_, Stage::Preparing | Stage::Preflight) => scene.say("replay-before").into_owned(),
        (_, Stage::Ended) if scene.state.participants => scene.say("replay-over").into_owned(),
        (_, Stage::Ended) => tell("replay-debrief", ActionId::Forward),
        _ => return None,
    })
}

/// In words: whether it plays, at which event, what was added there, and what is looked for.
fn about<'a>(scene: &Scene<'a>, replay: &Replay, width: usize) -> Line<'a> {
    let says = scene.say(if replay.playing { "replay-playing" } else { "replay-paused" });
    let mut parts = vec![says.into_owned()];
    parts.extend(on_the_way(scene, replay));
    let seq = grouped(replay.seq as f64);
    parts.push(if scene.state.participants {
        scene.say("replay-participants").into_owned()
    } else {
        let last = grouped(replay.last as f64);
        scene.tell("replay-event", &[("event", (&*seq).into()), ("last", (&*last).into())])
    });
    if !replay.sought.is_empty() {
        let place = replay.found.iter().position(|one| *one == replay.seq);
        let sought = text::clean(&replay.sought).into_owned();
        let count = replay.found.len();
        parts.push(match place {
            Some(place) => scene.tell(
                "replay-found",
                &[
                    ("text", (&*sought).into()),
                    ("place", (place + 1).into()),
                    ("count", count.into()),
                ],
            ),
            None => {
                scene.tell("replay-sought", &[("text", (&*sought).into()), ("count", count.into())])
            }
        });
    }
    let note = replay.note().map(|note| match text::clean(&note.text) {
        says if says.is_empty() => format!("{NOTE} {}", scene.say("replay-bookmark")),
        says => {
            let says = says.replace('\n', " ");
            format!("{NOTE} {}", scene.tell("replay-note", &[("text", (&*says).into())]))
        }
    });
    let says = text::fit(&parts.join(" · "), width);
    let room = width.saturating_sub(text::width(&says) + 3);
    let mut pieces = vec![scene.piece(Role::Dim, says)];
    if let Some(note) = note.filter(|_| room > 4) {
        pieces.push(scene.piece(Role::Dim, " · "));
        pieces.push(scene.piece(Role::Next, text::fit(&note, room)));
    }
    Line::from(pieces)
}
