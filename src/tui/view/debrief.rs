//! The debrief: objectives, what was expected against what happened, incidents, lessons. Not the report.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span as Piece};

use super::key_of::tell;
use super::result::objective;
use super::scroll::scrolled;
use crate::exercise::incident::Incident;
use crate::exercise::log::EntryKind;
use crate::gameday::span::Span;
use crate::lang::Message;
use crate::report::model::{Injection, Length};
use crate::tui::action::ActionId;
use crate::tui::scene::{Scene, put};
use crate::tui::theme::Role;
use crate::tui::{fault, text, words};

const NAMES: [&str; 4] =
    ["debrief-objectives", "debrief-expectations", "debrief-incidents", "debrief-lessons"];

/// Draws it: every part in a box of its own, or one at a time.
pub fn draw(scene: &Scene<'_>, area: Rect, boxed: bool, buf: &mut Buffer) {
    if boxed {
        for (part, area) in boxes(area).into_iter().enumerate() {
            let role = if part == scene.ui.learnt.part { Role::Selected } else { Role::Title };
            let title = Line::from(scene.piece(role, format!(" {} ", name(scene, part))));
            let inner = scene.panel(area, title, true, buf);
            draw_part(scene, part, inner, buf);
        }
        return;
    }
    put(area, 0, &Line::from(tabs(scene)), buf);
    let rest = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    draw_part(scene, scene.ui.learnt.part, rest, buf);
}

fn boxes(area: Rect) -> [Rect; 4] {
    let [upper, lower] = area.layout(&Layout::vertical([Constraint::Fill(3), Constraint::Fill(2)]));
    let halves = Layout::horizontal([Constraint::Fill(1), Constraint::Fill(1)]);
    let [one, two] = upper.layout(&halves);
    let [three, four] = lower.layout(&halves);
    [one, two, three, four]
}

fn tabs<'a>(scene: &Scene<'a>) -> Vec<Piece<'a>> {
    let tab = |part: usize| {
        let role = if part == scene.ui.learnt.part { Role::Selected } else { Role::Dim };
        let sign = if part == scene.ui.learnt.part { "▸" } else { " " };
        scene.piece(role, format!("{sign}{} ", name(scene, part)))
    };
    (0..NAMES.len()).map(tab).collect()
}

/// Where a click chooses which part.
pub(super) fn parts(scene: &Scene<'_>, area: Rect, boxed: bool) -> Vec<Rect> {
    if boxed {
        return boxes(area).to_vec();
    }
    let mut x = area.x;
    let place = |tab: Piece<'_>| {
        let width = u16::try_from(tab.width()).unwrap_or(area.width);
        let place = Rect { x, width, height: 1, ..area }.intersection(area);
        x = x.saturating_add(width);
        place
    };
    tabs(scene).into_iter().map(place).collect()
}

fn name<'a>(scene: &Scene<'a>, part: usize) -> std::borrow::Cow<'a, str> {
    NAMES.get(part).map_or_else(Default::default, |key| scene.say(key))
}

fn draw_part(scene: &Scene<'_>, part: usize, area: Rect, buf: &mut Buffer) {
    let (lines, top) = match part {
        0 => objectives(scene, area),
        1 => (expectations(scene, area.width), top(scene, part)),
        2 => (incidents(scene, area.width), top(scene, part)),
        _ => (lessons(scene, area.width), top(scene, part)),
    };
    scrolled(scene, &lines, top, area, buf);
}

fn top(scene: &Scene<'_>, part: usize) -> usize {
    scene.ui.learnt.tops.get(part).copied().unwrap_or_default()
}

/// The objectives, scrolled so that the selected one is in sight.
fn objectives<'a>(scene: &Scene<'a>, area: Rect) -> (Vec<Line<'a>>, usize) {
    let mut lines: Vec<Line<'a>> = Vec::new();
    let mut selected_ends = 0;
    let plan = scene.state.plan();
    for index in 0..plan.objectives.len() {
        let selected = index == scene.ui.learnt.objective;
        for (part, mut line) in
            objective(scene, index, area.width.saturating_sub(2)).into_iter().enumerate()
        {
            let sign = if selected && part == 0 { "› " } else { "  " };
            line.spans.insert(0, scene.piece(Role::Selected, sign));
            lines.push(line);
        }
        match scene.state.scores.get(index) {
            Some(Some(score)) => {
                let by = format!("{}: {}", text::clean(&score.by), text::clean(&score.reason));
                for part in text::wrap(&by, usize::from(area.width).saturating_sub(16)) {
                    lines.push(Line::from(scene.piece(Role::Text, format!("{:16}{part}", ""))));
                }
            }
            _ if plan.objectives.get(index).is_some_and(|one| one.measure.is_none()) => {
                let keys = [("met", ActionId::Met), ("notMet", ActionId::NotMet)];
                let says = format!("{:16}{}", "", tell(scene, "debrief-to-score", &[], &keys));
                lines.push(Line::from(scene.piece(Role::Next, says)));
            }
            _ => {}
        }
        if selected {
            selected_ends = lines.len();
        }
    }
    if lines.is_empty() {
        lines.push(Line::from(scene.piece(Role::Dim, scene.say("why-no-objectives"))));
    }
    let top = (selected_ends + 1).saturating_sub(area.height.into());
    (lines, top)
}

fn expectations<'a>(scene: &Scene<'a>, width: u16) -> Vec<Line<'a>> {
    let Some(report) = &scene.ui.learnt.report else { return Vec::new() };
    let mut lines = Vec::new();
    for injection in &report.injections {
        let head = format!("◆ {} · {}", injection.name, what(scene, injection));
        lines.push(Line::from(scene.piece(Role::Title, text::fit(&head, width.into()))));
        let expected = injection
            .expected
            .clone()
            .unwrap_or_else(|| scene.say("debrief-nothing-expected").into_owned());
        row(scene, "debrief-expected", &expected, Role::Text, width, &mut lines);
        let (role, happened) = happened(scene, injection);
        row(scene, "debrief-happened", &happened, role, width, &mut lines);
    }
    if lines.is_empty() {
        lines.push(Line::from(scene.piece(Role::Dim, scene.say("why-no-faults"))));
    }
    lines
}

/// What it was, of which part of the target.
fn what(scene: &Scene<'_>, injection: &Injection) -> String {
    let mut all = scene.state.plan().injections();
    let Some((_, planned)) = all.find(|(_, one)| one.name == injection.name) else {
        return injection.what.clone();
    };
    let say = |message: Message| scene.lang.message(&message).into_owned();
    let named = say(fault::named(&planned.experiment.fault));
    format!("{named} · {}", say(fault::whom::short(planned)))
}

/// A word of the report: it has a text of its own here; one without stands for itself.
fn word<'a>(scene: &Scene<'a>, kind: &str, word: &str) -> String {
    let key = format!("{kind}-{}", word.replace(' ', "-"));
    let found = scene.lang.say(&key);
    if found == key { word.to_owned() } else { found.into_owned() }
}

fn row<'a>(
    scene: &Scene<'a>,
    key: &'a str,
    says: &str,
    role: Role,
    width: u16,
    lines: &mut Vec<Line<'a>>,
) {
    let head = format!("  {} ", scene.say(key));
    let indent = text::width(&head);
    let parts = text::wrap(says, usize::from(width).saturating_sub(indent));
    for (index, part) in parts.into_iter().enumerate() {
        let head = if index == 0 { head.clone() } else { " ".repeat(indent) };
        let pieces = vec![scene.piece(Role::Dim, head), scene.piece(role, part)];
        lines.push(Line::from(pieces));
    }
}

/// What came of a fault: what it did, how it was noticed, and how long it took until it was good again.
fn happened(scene: &Scene<'_>, injection: &Injection) -> (Role, String) {
    if injection.t0.is_none() {
        let why = match &injection.problem {
            Some(problem) => problem.clone(),
            None => word(scene, "status", injection.status),
        };
        return (Role::Warn, scene.tell("debrief-not-in-effect", &[("why", (&*why).into())]));
    }
    let time = |length: &Option<Length>| {
        length.as_ref().map_or_else(
            || scene.say("no-data").into_owned(),
            |length| words::span(Span::from_millis(length.running_ms)),
        )
    };
    let mut says = Vec::with_capacity(4);
    if !injection.victims.is_empty() {
        let pods = injection.victims.join(", ");
        says.push(scene.tell("debrief-hit", &[("pods", pods.as_str().into())]));
    }
    let found = injection.time_to_detect.is_some();
    says.push(if found {
        let by = injection.detected_by.as_deref().unwrap_or("?");
        let after = time(&injection.time_to_detect);
        let args = [("by", by.into()), ("after", (&*after).into())];
        scene.tell("debrief-detected", &args)
    } else {
        scene.say("debrief-not-detected").into_owned()
    });
    if injection.time_to_mitigate.is_some() {
        let after = time(&injection.time_to_mitigate);
        says.push(scene.tell("debrief-mitigated", &[("after", (&*after).into())]));
    }
    // The report's own words for what is not simply a length of time.
    let recovery = match injection.recovery_ms {
        Some(millis) => {
            let after = words::span(Span::from_millis(millis));
            scene.tell("debrief-recovered", &[("after", (&*after).into())])
        }
        None => {
            let says = word(scene, "recovery", injection.recovery);
            scene.tell("debrief-recovery", &[("says", (&*says).into())])
        }
    };
    says.push(recovery);
    let undone = injection.reverted.is_some();
    if !undone {
        says.push(scene.say("debrief-not-reverted").into_owned());
    }
    let role = match (undone, found) {
        (false, _) => Role::Bad,
        (true, false) => Role::Warn,
        (true, true) => Role::Good,
    };
    (role, says.join(" · "))
}

fn incidents<'a>(scene: &Scene<'a>, width: u16) -> Vec<Line<'a>> {
    let all = &scene.state.incidents;
    if all.is_empty() {
        return vec![Line::from(scene.piece(Role::Dim, scene.say("debrief-no-incidents")))];
    }
    all.iter().map(|incident| incident_line(scene, incident, width)).collect()
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

fn lessons<'a>(scene: &Scene<'a>, width: u16) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    let written = scene.state.log.iter().filter(|entry| entry.kind == EntryKind::Lesson);
    for entry in written {
        let team = entry.team.as_deref().unwrap_or_default();
        let head = format!("{} ", text::fit(team, 12));
        let indent = text::width(&head);
        let parts = text::wrap(&entry.text, usize::from(width).saturating_sub(indent));
        for (index, part) in parts.into_iter().enumerate() {
            let head = if index == 0 { head.clone() } else { " ".repeat(indent) };
            let pieces = vec![scene.piece(Role::Team, head), scene.piece(Role::Text, part)];
            lines.push(Line::from(pieces));
        }
    }
    let says = tell(scene, "debrief-write-lesson", &[], &[("lesson", ActionId::Lesson)]);
    lines.push(Line::from(scene.piece(Role::Next, says)));
    lines
}
