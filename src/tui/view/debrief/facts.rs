//! One objective, incident, line, improvement or earlier lesson of the debrief in lines. Not faults, which are `expected`'s.

use ratatui::text::Line;

use super::expected;
use super::keys::keys;
use crate::exercise::id::{ImprovementId, IncidentId};
use crate::exercise::incident::{Cause, Incident};
use crate::exercise::state::State;
use crate::exercise::times::{cause, clock_at, is_real};
use crate::report::words::date;
use crate::tui::action::ActionId;
use crate::tui::debrief::{Item, Part, is_unexplained, waits};
use crate::tui::scene::Scene;
use crate::tui::theme::Role;
use crate::tui::view::key_of::tell;
use crate::tui::view::result::objective;
use crate::tui::{text, words};

/// How much of a piece of evidence is shown.
const EVIDENCE_SHOWN: usize = 3;

/// What there is to say of one, and where it is selected, what keys do with it.
pub(super) fn lines<'a>(
    scene: &Scene<'a>,
    item: Item,
    width: u16,
    selected: bool,
) -> Vec<Line<'a>> {
    let mut lines = match item {
        Item::Objective(index) => scored(scene, index, width),
        Item::Injection(id) => expected::lines(scene, id, width),
        Item::Incident(id) => incident(scene, id, width),
        Item::Written(seq) => written(scene, seq, width, selected),
        Item::Line(index) => proposed_line(scene, index, width, selected),
        Item::Improvement(id) => improvement(scene, id, width, selected),
        Item::Proposed(index) => proposed(scene, index, width, selected),
        Item::Earlier(index) => earlier(scene, index, width),
    };
    let measured = matches!(item, Item::Objective(_)) && !waits(item, scene.state, scene.ui);
    let dropped = matches!(item, Item::Improvement(id) if is_dropped(scene.state, id));
    if selected
        && !measured
        && !dropped
        && let Some(says) = keys(scene, item)
    {
        wrapped(scene, &says, Role::Next, "  ", width, &mut lines);
    }
    lines
}

/// What stands below them all: that there is nothing, and how something is added.
pub(super) fn more<'a>(scene: &Scene<'a>, part: Part, width: u16, is_empty: bool) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    let none = match part {
        Part::Objectives => "why-no-objectives",
        Part::Expectations => "why-no-faults",
        Part::Incidents => "debrief-no-incidents",
        Part::Earlier if scene.ui.learnt.earlier.is_none() => "debrief-reading-earlier",
        Part::Earlier => "debrief-no-earlier",
        _ => "debrief-nothing-yet",
    };
    if is_empty {
        wrapped(scene, &scene.say(none), Role::Dim, "", width, &mut lines);
    }
    let says = match part {
        Part::Lessons => {
            let keys = [("lesson", ActionId::Lesson), ("add", ActionId::Add)];
            Some(tell(scene, "debrief-write-lesson", &[], &keys))
        }
        Part::Well | Part::Badly | Part::Lucky | Part::Improvements => {
            Some(tell(scene, "debrief-to-add", &[], &[("add", ActionId::Add)]))
        }
        _ => None,
    };
    if let Some(says) = says {
        wrapped(scene, &says, Role::Next, "", width, &mut lines);
    }
    if part == Part::Earlier {
        for problem in &scene.ui.learnt.problems {
            let says = scene.tell("debrief-unreadable", &[("why", problem.as_str().into())]);
            wrapped(scene, &says, Role::Warn, "", width, &mut lines);
        }
    }
    lines
}

/// Says it in as many lines as it takes, `before` each.
fn wrapped<'a>(
    scene: &Scene<'a>,
    says: &str,
    role: Role,
    before: &str,
    width: u16,
    lines: &mut Vec<Line<'a>>,
) {
    let room = usize::from(width).saturating_sub(text::width(before));
    for part in text::wrap(says, room) {
        lines.push(Line::from(scene.piece(role, format!("{before}{part}"))));
    }
}

/// A head, and what it says beside it.
fn headed<'a>(
    scene: &Scene<'a>,
    head: (Role, String),
    says: (Role, &str),
    width: u16,
    lines: &mut Vec<Line<'a>>,
) {
    let (head_role, head) = head;
    let indent = text::width(&head);
    let parts = text::wrap(says.1, usize::from(width).saturating_sub(indent));
    for (index, part) in parts.into_iter().enumerate() {
        let head = if index == 0 { head.clone() } else { " ".repeat(indent) };
        let pieces = vec![scene.piece(head_role, head), scene.piece(says.0, part)];
        lines.push(Line::from(pieces));
    }
}

fn scored<'a>(scene: &Scene<'a>, index: usize, width: u16) -> Vec<Line<'a>> {
    let mut lines = objective(scene, index, width);
    if let Some(Some(score)) = scene.state.scores.get(index) {
        let by = format!("{}: {}", text::clean(&score.by), text::clean(&score.reason));
        wrapped(scene, &by, Role::Text, &" ".repeat(14), width, &mut lines);
    }
    lines
}

fn incident<'a>(scene: &Scene<'a>, id: IncidentId, width: u16) -> Vec<Line<'a>> {
    let Some(incident) = scene.state.incident(id) else { return Vec::new() };
    let mut lines = vec![incident_line(scene, incident, width)];
    let (role, says) = behind(scene, incident);
    wrapped(scene, &says, role, "  ", width, &mut lines);
    lines
}

fn incident_line<'a>(scene: &Scene<'a>, incident: &Incident, width: u16) -> Line<'a> {
    let closed = incident.status.is_closed();
    let until = incident.moves.last().filter(|_| closed).map_or(scene.now, |(stamp, ..)| *stamp);
    let lasted = words::span(until.since(incident.opened));
    let sign = if closed { "✓" } else { "▲" };
    let head = format!("{sign} {} {} ", incident.id, incident.severity);
    let status = scene.say(words::incident(incident.status));
    let status = format!("{status} {lasted} ");
    let team = format!("{} ", text::fit(&incident.team, 12));
    let used = text::width(&head) + text::width(&status) + text::width(&team);
    let title = text::fit(&incident.title, usize::from(width).saturating_sub(used));
    Line::from(vec![
        scene.piece(if closed { Role::Dim } else { Role::Incident }, head),
        scene.piece(if closed { Role::Good } else { Role::Warn }, status),
        scene.piece(Role::Team, team),
        scene.piece(Role::Text, title),
    ])
}

/// What is behind an incident, and who says so.
fn behind(scene: &Scene<'_>, incident: &Incident) -> (Role, String) {
    if !is_real(incident) {
        return (Role::Dim, scene.say("debrief-was-nothing").into_owned());
    }
    if is_unexplained(scene.state, incident) {
        return (Role::Warn, scene.say("debrief-unexplained").into_owned());
    }
    match (incident.cause, cause(scene.state, incident)) {
        (Some(Cause::Discovery), _) => {
            (Role::Incident, scene.say("debrief-is-discovery").into_owned())
        }
        (said, Some(id)) => {
            let name = scene.state.planned(id).map_or_else(String::new, |one| one.name.clone());
            let key = if said.is_some() { "debrief-is-behind" } else { "debrief-seems-behind" };
            let name = text::clean(&name);
            (Role::Text, scene.tell(key, &[("fault", (&*name).into())]))
        }
        _ => (Role::Dim, scene.say("debrief-is-unknown").into_owned()),
    }
}

fn written<'a>(scene: &Scene<'a>, seq: u64, width: u16, selected: bool) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    if let Some(entry) = scene.state.log.iter().find(|entry| entry.seq == seq) {
        let head = format!("✓ {} ", text::fit(entry.team.as_deref().unwrap_or_default(), 12));
        headed(
            scene,
            (Role::Team, head),
            (Role::Text, &scene.told(&entry.text)),
            width,
            &mut lines,
        );
        if selected {
            rests_on(scene, &entry.evidence, width, &mut lines);
        }
    }
    lines
}

fn proposed_line<'a>(scene: &Scene<'a>, index: usize, width: u16, selected: bool) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    let Some(line) = scene.ui.learnt.lines.get(index) else { return lines };
    headed(scene, (Role::Warn, "? ".into()), (Role::Text, &line.text), width, &mut lines);
    if selected {
        rests_on(scene, &line.evidence, width, &mut lines);
        if line.evidence.is_empty() {
            let at = words::clock(clock_at(scene.state, line.at).unwrap_or_default());
            let says = scene.tell("debrief-rests-on", &[("what", (&*at).into())]);
            wrapped(scene, &says, Role::Dim, "  ", width, &mut lines);
        }
    }
    lines
}

/// What something rests on: lines of the log, as many as are read.
fn rests_on<'a>(scene: &Scene<'a>, evidence: &[u64], width: u16, lines: &mut Vec<Line<'a>>) {
    for seq in evidence.iter().take(EVIDENCE_SHOWN) {
        let what = evidence_words(scene, *seq);
        let says = scene.tell("debrief-rests-on", &[("what", (&*what).into())]);
        let says = text::fit(&says, usize::from(width).saturating_sub(2));
        lines.push(Line::from(scene.piece(Role::Dim, format!("  {says}"))));
    }
    let more = evidence.len().saturating_sub(EVIDENCE_SHOWN);
    if more > 0 {
        let says = scene.tell("debrief-rests-on-more", &[("count", more.into())]);
        lines.push(Line::from(scene.piece(Role::Dim, format!("  {says}"))));
    }
}

fn evidence_words(scene: &Scene<'_>, seq: u64) -> String {
    let event = || scene.tell("debrief-event", &[("seq", (&*seq.to_string()).into())]);
    scene.state.log.iter().find(|entry| entry.seq == seq).map_or_else(event, |entry| {
        format!("{} {}", words::time_of(scene.state, entry), text::clean(&scene.told(&entry.text)))
    })
}

fn is_dropped(state: &State, id: ImprovementId) -> bool {
    state.people.improvements.iter().any(|one| one.id == id && one.dropped.is_some())
}

fn improvement<'a>(
    scene: &Scene<'a>,
    id: ImprovementId,
    width: u16,
    selected: bool,
) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    let found = scene.state.people.improvements.iter().find(|one| one.id == id);
    let Some(one) = found else { return lines };
    let category = scene.say(words::category(one.says.category));
    if let Some((_, by, why)) = &one.dropped {
        headed(scene, (Role::Dim, "– ".into()), (Role::Dim, &one.says.text), width, &mut lines);
        let (by, why) = (text::clean(by), text::clean(why));
        let args = [("by", (&*by).into()), ("why", (&*why).into())];
        wrapped(scene, &scene.tell("debrief-dropped", &args), Role::Dim, "  ", width, &mut lines);
        return lines;
    }
    let head = format!("✓ {category} ");
    headed(scene, (Role::Title, head), (Role::Text, &one.says.text), width, &mut lines);
    let owner = one.says.owner.as_deref();
    let owner = owner.map_or_else(|| scene.say("debrief-no-owner"), text::clean);
    let never = || scene.say("debrief-no-due").into_owned();
    let due = one.says.due.map_or_else(never, |due| due.to_string());
    let args = [
        ("owner", (&*owner).into()),
        ("due", (&*due).into()),
        ("count", one.says.evidence.len().into()),
    ];
    wrapped(scene, &scene.tell("debrief-facts", &args), Role::Dim, "  ", width, &mut lines);
    if selected {
        rests_on(scene, &one.says.evidence, width, &mut lines);
    }
    lines
}

fn proposed<'a>(scene: &Scene<'a>, index: usize, width: u16, selected: bool) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    let Some(one) = scene.ui.learnt.improvements.get(index) else { return lines };
    let head = format!("? {} ", scene.say(words::category(one.category)));
    headed(scene, (Role::Warn, head), (Role::Text, &one.text), width, &mut lines);
    if selected {
        rests_on(scene, &one.evidence, width, &mut lines);
    }
    lines
}

fn earlier<'a>(scene: &Scene<'a>, index: usize, width: u16) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    let Some(known) = scene.ui.learnt.known.get(index) else { return lines };
    let (sign, role) = if known.done.is_some() { ("✓", Role::Good) } else { ("○", Role::Warn) };
    let day: String = date(known.began).chars().take(10).collect();
    let kind = known.taught.category.map_or("debrief-lesson", words::category);
    let head = format!("{sign} {day} {} ", scene.say(kind));
    let says = if known.done.is_some() { Role::Dim } else { Role::Text };
    headed(scene, (role, head), (says, &known.taught.text), width, &mut lines);
    let mut facts = Vec::new();
    match &known.done {
        Some(by) => {
            let by = text::clean(by);
            facts.push(scene.tell("debrief-is-done", &[("by", (&*by).into())]));
        }
        None => facts.push(scene.say("debrief-is-open").into_owned()),
    }
    if known.is_repeated() {
        let times = known.times + usize::from(known.again);
        facts.push(scene.tell("debrief-is-repeated", &[("count", times.into())]));
    }
    if let Some(owner) = known.taught.owner.as_deref().map(text::clean) {
        facts.push(scene.tell("debrief-owner", &[("owner", (&*owner).into())]));
    }
    if let Some(due) = known.taught.due.map(|due| due.to_string()) {
        facts.push(scene.tell("debrief-due", &[("due", (&*due).into())]));
    }
    wrapped(scene, &facts.join(" · "), Role::Dim, "  ", width, &mut lines);
    lines
}

/// What is still open of it, for the briefing.
pub(in crate::tui::view) fn still_open<'a>(scene: &Scene<'a>, width: u16) -> Vec<Line<'a>> {
    let known = &scene.ui.learnt.known;
    let open = known.iter().enumerate().filter(|(_, one)| one.done.is_none());
    open.flat_map(|(index, _)| earlier(scene, index, width)).collect()
}
