//! What is said of incidents, of what asks for one, and of people, in a line. Not where the line stands.

use ratatui::text::{Line, Span as Piece};

use crate::exercise::incident::{Cause, Incident};
use crate::exercise::signal::Signal;
use crate::exercise::suggestion::Suggestion;
use crate::exercise::times::cause;
use crate::gameday::people::Role as Part;
use crate::gameday::span::Span;
use crate::tui::people::items::is_away;
use crate::tui::scene::Scene;
use crate::tui::theme::Role;
use crate::tui::{text, words};

fn taken(pieces: &[Piece<'_>]) -> usize {
    pieces.iter().map(|piece| text::width(&piece.content)).sum()
}

/// The sign before the chosen line.
pub fn sign<'a>(scene: &Scene<'a>, chosen: bool) -> Piece<'a> {
    scene.piece(Role::Selected, if chosen { "› " } else { "  " })
}

/// Lines of a text in at most `room` cells, the first behind `head`.
pub fn told<'a>(
    scene: &Scene<'a>,
    head: &str,
    role: Role,
    says: &str,
    room: usize,
) -> Vec<Line<'a>> {
    let head = if head.is_empty() { String::new() } else { format!("{head} ") };
    let indent = text::width(&head);
    let wrapped = text::wrap(says, room.saturating_sub(indent + 2));
    let lines = wrapped.into_iter().enumerate().map(|(index, part)| {
        let head = if index == 0 { head.clone() } else { " ".repeat(indent) };
        Line::from(vec![Piece::raw("  "), scene.piece(Role::Dim, head), scene.piece(role, part)])
    });
    lines.collect()
}

/// What asks for an incident: how bad, since when, what; for the facilitator what is likely behind it.
pub fn suggestion<'a>(scene: &Scene<'a>, one: &Suggestion, width: usize) -> Line<'a> {
    let age = words::span(scene.now.since(one.at));
    let mut pieces = vec![
        scene.piece(Role::Next, format!("◇ {} ", one.severity)),
        scene.piece(Role::Warn, scene.say("suggested")),
        scene.piece(Role::Dim, format!(" {age} ")),
    ];
    let likely = one.injection.and_then(|id| scene.state.planned(id)).map(|planned| {
        let name = text::clean(&planned.name);
        let args = [("fault", (&*name).into())];
        format!(" · {}", scene.tell("suggested-likely", &args))
    });
    let likely = likely.unwrap_or_default();
    let room = width.saturating_sub(taken(&pieces));
    // What it is comes before what may be behind it.
    let title = text::fit(&scene.lang.said(&one.title), room);
    let left = room - text::width(&title);
    pieces.push(scene.piece(Role::Text, title));
    if left > 8 {
        pieces.push(scene.piece(Role::Dim, text::fit(&likely, left)));
    }
    Line::from(pieces)
}

/// How old an incident is, or was, by the clock that teams are measured by; and how long that clock stood still meanwhile.
pub fn age(scene: &Scene<'_>, incident: &Incident) -> (Span, Span) {
    let closed = incident.status.is_closed();
    let until = incident.moves.last().filter(|_| closed).map_or(scene.now, |(stamp, ..)| *stamp);
    let stopped = scene.state.stopped_between(incident.opened, until);
    (until.since(incident.opened) - stopped, stopped)
}

/// An incident: number, severity, status, team, age, title.
pub fn incident<'a>(scene: &Scene<'a>, incident: &'a Incident, width: usize) -> Line<'a> {
    let closed = incident.status.is_closed();
    let age = words::span(age(scene, incident).0);
    let sign = if closed { "✓" } else { "▲" };
    let role = if closed { Role::Dim } else { Role::Incident };
    let mut pieces = vec![
        scene.piece(role, format!("{sign} {} {} ", incident.id, incident.severity)),
        scene.piece(
            if closed { Role::Good } else { Role::Warn },
            scene.say(words::incident(incident.status)),
        ),
        scene.piece(Role::Team, format!(" {}", text::fit(&incident.team, 12))),
        scene.piece(Role::Dim, format!(" {age} ")),
    ];
    let title = text::fit(&incident.title, width.saturating_sub(taken(&pieces)));
    pieces.push(scene.piece(if closed { Role::Dim } else { Role::Text }, title));
    Line::from(pieces)
}

/// What is behind an incident, for the facilitator: in whose word, and how sure.
pub fn behind(scene: &Scene<'_>, incident: &Incident) -> (Role, String) {
    let found = cause(scene.state, incident).and_then(|id| scene.state.planned(id));
    let named = |key: &str| {
        let name = found.map(|planned| text::clean(&planned.name).into_owned());
        scene.tell(key, &[("fault", name.unwrap_or_default().as_str().into())])
    };
    let says = |key: &str| scene.lang.say(key).into_owned();
    match incident.cause {
        Some(Cause::Injection(_)) => (Role::Text, named("behind-said")),
        Some(Cause::Discovery) => (Role::Warn, says("behind-discovery")),
        Some(Cause::Unknown) => (Role::Dim, says("behind-unknown")),
        None if found.is_some() => (Role::Text, named("behind-likely")),
        None => (Role::Warn, says("behind-nothing")),
    }
}

/// What noticed: somebody, or which alert.
pub fn noticed(scene: &Scene<'_>, incident: &Incident) -> String {
    let state = scene.state;
    let by = |key: &str, what: &str| scene.tell(key, &[("what", (&*text::clean(what)).into())]);
    match &incident.signal {
        None => by("noticed-person", &named(scene, &incident.author)),
        Some(Signal::Slo { slo, .. }) => {
            by("noticed-slo", state.plan().slos.get(*slo).map_or("", |slo| &slo.name))
        }
        Some(Signal::Guardrail { rule, .. }) => {
            let rule = state.plan().guardrails.get(*rule);
            by("noticed-guardrail", rule.map_or("", |rule| &rule.when.source))
        }
        Some(Signal::Pods { nth }) => {
            by("noticed-pods", state.outages.get(*nth).map_or("", |outage| &outage.app))
        }
        Some(Signal::Alert { nth }) => {
            let fired = state.watching.alerts.fired.get(*nth);
            by("noticed-alert", fired.map_or("", |one| &one.alert.name))
        }
    }
}

/// Somebody, with a word where they are away.
pub fn named(scene: &Scene<'_>, name: &str) -> String {
    let name = text::clean(name);
    if is_away(scene.state, &name) {
        return format!("{name} ({})", scene.lang.say("away"));
    }
    name.into_owned()
}

/// Who commands; `None`: nobody has that role, and nobody ever had.
pub fn commander(scene: &Scene<'_>) -> Option<String> {
    let people = &scene.state.people;
    let names: Vec<String> =
        people.holders(Part::IncidentCommander).map(|held| named(scene, &held.person)).collect();
    if names.is_empty() {
        return None;
    }
    let names = text::fit(&names.join(", "), 24);
    Some(scene.tell("commanded", &[("name", (&*names).into())]))
}
