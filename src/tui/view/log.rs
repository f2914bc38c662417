//! The log, the newest at the bottom.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::replay::NOTE;
use crate::exercise::log::{EntryKind, LogEntry};
use crate::exercise::note::Note;
use crate::exercise::stamp::Stamp;
use crate::gameday::span::Span;
use crate::tui::axis::Axis;
use crate::tui::scene::{Scene, put};
use crate::tui::theme::Role;
use crate::tui::typing::FACILITATOR;
use crate::tui::{text, words};

/// The least cells for a team's name.
const LEAST_TEAM: usize = 8;

/// Draws it.
pub fn draw(scene: &Scene<'_>, area: Rect, boxed: bool, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let log = &scene.state.log;
    let end = scene.ui.log_end.unwrap_or(log.len()).min(log.len());
    let newer = log.len() - end;
    let says = match newer {
        0 => String::new(),
        newer => scene.tell("log-newer", &[("count", newer.into())]),
    };
    let mut title = scene.title_of("pane-log", says);
    if scene.state.incidents.iter().any(|incident| !incident.status.is_closed()) && !boxed {
        title.spans.push(scene.piece(Role::Incident, open(scene)));
    }
    let inner = scene.panel(area, title, boxed, buf);
    if log.is_empty() && notes(scene, log, true).is_empty() {
        put(inner, 0, &Line::from(scene.piece(Role::Dim, scene.say("log-empty"))), buf);
        return;
    }
    let team = team_width(scene, inner.width);
    let mut row = inner.height;
    let before = log.get(..end).unwrap_or_default();
    let mut write = |lines: Vec<Line<'_>>| {
        for line in lines.iter().rev() {
            if row > 0 {
                row -= 1;
                put(inner, row, line, buf);
            }
        }
        row > 0
    };
    // Notes that were added afterwards stand behind what was in the log then.
    let mut notes: Vec<_> = notes(scene, before, newer == 0);
    for (index, entry) in before.iter().enumerate().rev() {
        while let Some((_, at, note)) = notes.pop_if(|(place, ..)| *place > index) {
            if !write(noted(scene, at, note, team, inner.width)) {
                return;
            }
        }
        if !write(lines(scene, entry, team, inner.width)) {
            return;
        }
    }
    for (_, at, note) in notes.into_iter().rev() {
        if !write(noted(scene, at, note, team, inner.width)) {
            return;
        }
    }
    if row > 0 {
        shift_up(inner, row, buf);
    }
}

/// The notes of a recording up to where it is, each with its place in the log: behind so many lines.
fn notes<'a>(scene: &Scene<'a>, log: &[LogEntry], newest: bool) -> Vec<(usize, Span, &'a Note)> {
    let replay = scene.ui.replay.iter().flat_map(|replay| replay.notes.iter());
    let past = replay.filter(|(_, note)| note.seq <= scene.state.seq && !scene.state.participants);
    let placed = past.map(|(at, note)| {
        let behind = log.iter().rposition(|entry| entry.seq <= note.seq);
        (behind.map_or(0, |place| place + 1), *at, note)
    });
    // Of an older part of the log, what stands behind its last line is further down.
    placed.filter(|(place, ..)| newest || *place < log.len()).collect()
}

/// The lines of a note.
fn noted<'a>(
    scene: &Scene<'a>,
    at: Span,
    note: &Note,
    team_width: usize,
    width: u16,
) -> Vec<Line<'a>> {
    let at = Axis::new(scene.state, scene.now).exercise_at(Stamp::new(at, 0));
    let head = 9 + team_width + 1;
    let room = usize::from(width).saturating_sub(head).max(8);
    let says = text::clean(&note.text);
    let says = format!("{NOTE} {} {says}", scene.say("log-afterwards"));
    let body = text::wrap(says.trim_end(), room).into_iter().enumerate();
    body.map(|(index, part)| {
        let first = if index == 0 { words::clock(at) } else { String::new() };
        let head = text::pad(&first, head);
        Line::from(vec![scene.piece(Role::Dim, head), scene.piece(Role::Next, part)])
    })
    .collect()
}

/// A log that does not fill its panel begins at the top.
fn shift_up(inner: Rect, empty: u16, buf: &mut Buffer) {
    for y in inner.top()..inner.bottom() {
        for x in inner.left()..inner.right() {
            let cell = if y + empty < inner.bottom() {
                buf[(x, y + empty)].clone()
            } else {
                ratatui::buffer::Cell::EMPTY
            };
            buf[(x, y)] = cell;
        }
    }
}

/// Open incidents in short, for screens without room for their panel.
fn open(scene: &Scene<'_>) -> String {
    let open: Vec<_> = scene
        .state
        .incidents
        .iter()
        .filter(|incident| !incident.status.is_closed())
        .map(|incident| format!("▲{} {}", incident.id, incident.severity))
        .collect();
    format!("{} ", open.join(" "))
}

/// Cells for the team: as many as the longest name takes, where the line has room for it.
fn team_width(scene: &Scene<'_>, width: u16) -> usize {
    let names = scene.state.plan().teams.iter().map(String::as_str).chain([FACILITATOR]);
    let longest = names.map(text::width).max().unwrap_or_default();
    longest.clamp(LEAST_TEAM, usize::from(width / 6).max(LEAST_TEAM))
}

/// What a line is, how long before it was written it happened, and how often it was written anew: a sign and a word each.
fn signs(scene: &Scene<'_>, entry: &LogEntry) -> Vec<String> {
    let kind = match entry.kind {
        EntryKind::Note => None,
        EntryKind::Lesson => Some("log-lesson"),
        EntryKind::Action => Some("log-action"),
        EntryKind::Decision => Some("log-decision"),
        EntryKind::Fix => Some("log-fix"),
        EntryKind::Deploy => Some("log-deploy"),
        EntryKind::ConfigChange => Some("log-config"),
        EntryKind::Update => Some("log-update"),
        EntryKind::WentWell => Some("log-well"),
        EntryKind::WentBadly => Some("log-badly"),
        EntryKind::Lucky => Some("log-lucky"),
    };
    let back = entry.recorded.since(entry.stamp);
    let back = (!back.is_zero()).then(|| {
        let span = words::span(back);
        scene.tell("log-back-dated", &[("span", (&*span).into())])
    });
    let edited = (!entry.before.is_empty()).then(|| {
        let times = entry.before.len().to_string();
        scene.tell("log-edited", &[("times", (&*times).into())])
    });
    let kind = kind.map(|key| scene.say(key).into_owned());
    kind.into_iter().chain(back).chain(edited).collect()
}

fn lines<'a>(
    scene: &Scene<'a>,
    entry: &'a LogEntry,
    team_width: usize,
    width: u16,
) -> Vec<Line<'a>> {
    let clock = words::time_of(scene.state, entry);
    let team = entry.team.as_deref().unwrap_or("·");
    let mut mark = String::new();
    if let Some(incident) = entry.incident {
        mark = format!("{incident} ");
    }
    for sign in signs(scene, entry) {
        mark.push_str(&sign);
        mark.push(' ');
    }
    let head = 9 + team_width + 1;
    let room = usize::from(width).saturating_sub(head).max(8);
    let body = text::wrap(&format!("{mark}{}", scene.told(&entry.text)), room);
    let role = if entry.team.is_some() { Role::Text } else { Role::Dim };
    let mut out = Vec::with_capacity(body.len());
    for (index, part) in body.into_iter().enumerate() {
        let head = if index == 0 {
            [
                scene.piece(Role::Dim, format!("{clock} ")),
                scene.piece(Role::Team, format!("{} ", text::pad(team, team_width))),
            ]
        } else {
            [scene.piece(Role::Dim, " ".repeat(head)), scene.piece(Role::Dim, "")]
        };
        let [first, second] = head;
        let body = match part.strip_prefix(&mark).filter(|_| index == 0 && !mark.is_empty()) {
            Some(rest) => {
                vec![scene.piece(Role::Incident, mark.clone()), scene.piece(role, rest.to_owned())]
            }
            None => vec![scene.piece(role, part)],
        };
        out.push(Line::from_iter([first, second].into_iter().chain(body)));
    }
    out
}
