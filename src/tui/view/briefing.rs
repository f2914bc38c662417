//! The briefing: what the exercise is to show, who takes part, and whether it may begin, as it stands this second.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;

use super::debrief::still_open;
use super::key_of::tell;
use super::scroll::{Part, scrolled, stack};
use super::timeline;
use crate::exercise::state::{Stage, State};
use crate::exercise::steady::Finding;
use crate::exercise::target::PodHealth;
use crate::exercise::who::who;
use crate::exercise::{approval, go};
use crate::gameday::plan::GuardrailAction;
use crate::tui::action::ActionId;
use crate::tui::scene::{Scene, put};
use crate::tui::theme::Role;
use crate::tui::{text, words};

/// Draws it.
pub fn draw(scene: &Scene<'_>, area: Rect, boxed: bool, buf: &mut Buffer) {
    // Before that, the header says it.
    let told = u16::from(!go::is_expected(scene.state));
    if told > 0 {
        put(area, 0, &verdict(scene), buf);
    }
    let rest = Rect { y: area.y + told, height: area.height.saturating_sub(told), ..area };
    let top = scene.ui.tops.get(scene.ui.page() as usize).copied().unwrap_or_default();
    if !boxed {
        let width = rest.width;
        let mut parts = vec![checks(scene, width)];
        parts.extend(reaches(scene, width));
        parts.push(purpose(scene, width));
        parts.extend(earlier(scene, width));
        parts.push(roles(scene, width));
        return stack(scene, parts, top, rest, buf);
    }
    let preview = (rest.height / 3).clamp(8, 14);
    let [upper, below] =
        rest.layout(&Layout::vertical([Constraint::Min(8), Constraint::Length(preview)]));
    let [left, right] =
        upper.layout(&Layout::horizontal([Constraint::Fill(1), Constraint::Fill(1)]));
    let halves = Layout::vertical([Constraint::Fill(1), Constraint::Fill(1)]);
    let [first, second] = left.layout(&halves);
    let wide = right.width - 2;
    let mut beside = vec![purpose(scene, wide)];
    beside.extend(reaches(scene, wide));
    beside.extend(earlier(scene, wide));
    let areas = Layout::vertical(beside.iter().map(|_| Constraint::Fill(1))).split(right);
    let parts = [(first, checks(scene, first.width - 2)), (second, roles(scene, second.width - 2))];
    for (area, part) in parts.into_iter().chain(areas.iter().copied().zip(beside)) {
        let inner = scene.panel(area, title(scene, &part), true, buf);
        scrolled(scene, &part.lines, top, inner, buf);
    }
    timeline::draw(scene, below, true, buf);
}

fn title<'a>(scene: &Scene<'a>, part: &Part<'_>) -> Line<'a> {
    Line::from(scene.piece(Role::Title, format!(" {} ", part.name)))
}

/// Whether it may begin, and what to press.
pub fn verdict<'a>(scene: &Scene<'a>) -> Line<'a> {
    let state = scene.state;
    let says = |role, key: &'a str| Line::from(scene.piece(role, scene.say(key)));
    if !go::is_open(state) {
        return match (state.stage, &state.briefing.go, &state.overridden) {
            (Stage::Preparing, ..) => says(Role::Waiting, "briefing-preparing"),
            (Stage::NoGo, ..) => {
                let keys = [("go", ActionId::Go), ("quit", ActionId::Quit)];
                let says = tell(scene, "briefing-no-go-waits", &[], &keys);
                Line::from(scene.piece(Role::Stopped, says))
            }
            (_, _, Some((by, reason))) => {
                let (by, reason) = (text::clean(by), text::clean(reason));
                let args = [("by", (&*by).into()), ("reason", (&*reason).into())];
                Line::from(scene.piece(Role::Warn, scene.tell("briefing-overridden", &args)))
            }
            (_, Some((_, by)), None) => {
                let by = text::clean(by);
                let says = scene.tell("briefing-gone", &[("by", (&*by).into())]);
                Line::from(scene.piece(Role::Good, says))
            }
            _ => says(Role::Dim, "briefing-over"),
        };
    }
    let Some(findings) = go::findings(state, scene.now) else {
        let left = words::remaining(go::ready_at(state) - scene.now.elapsed);
        let says = scene.tell("briefing-measuring", &[("left", (&*left).into())]);
        return Line::from(scene.piece(Role::Waiting, says));
    };
    let go = [("go", ActionId::Go)];
    let failing = findings.iter().filter(|finding| !finding.holds).count();
    if failing > 0 {
        let args = [("count", failing.into()), ("all", findings.len().into())];
        let says = tell(scene, "briefing-no-go", &args, &go);
        return Line::from(scene.piece(Role::Stopped, says));
    }
    match go::goes_at(state) {
        Some(at) => {
            let left = words::remaining(at - scene.now.elapsed);
            let keys = [("go", ActionId::Go), ("hold", ActionId::HoldBriefing)];
            let says = tell(scene, "briefing-counts", &[("left", (&*left).into())], &keys);
            Line::from(scene.piece(Role::Running, says))
        }
        None => Line::from(scene.piece(Role::Running, tell(scene, "briefing-go", &[], &go))),
    }
}

fn checks<'a>(scene: &Scene<'a>, width: u16) -> Part<'a> {
    let state = scene.state;
    let mut lines = vec![target(scene)];
    let live = if go::is_open(state) { go::findings(state, scene.now) } else { None };
    let seen = state.steady.first().map(|check| check.findings.clone());
    match live.or(seen) {
        Some(findings) => {
            let name = |finding: &Finding| text::width(&finding.limit.metric.to_string());
            let wide = findings.iter().map(name).max().unwrap_or_default();
            lines.extend(findings.iter().map(|finding| check(scene, finding, wide)));
        }
        None => {
            for limit in &state.plan().steady_state {
                let says = format!("◔ {} {}", limit.metric, scene.say("briefing-check-measuring"));
                let mut line = Line::from(scene.piece(Role::Waiting, says));
                line.push_span(scene.piece(Role::Dim, format!("  {}", words::limit(limit))));
                lines.push(line);
            }
        }
    }
    if state.plan().steady_state.is_empty() {
        lines.push(Line::from(scene.piece(Role::Warn, scene.say("briefing-no-checks"))));
    }
    for line in &mut lines {
        if line.width() > usize::from(width) {
            line.spans.truncate(3);
        }
    }
    Part { name: scene.say("briefing-checks"), lines }
}

/// Whether there is something to exercise.
fn target<'a>(scene: &Scene<'a>) -> Line<'a> {
    let state = scene.state;
    if state.base_url.is_none() {
        return Line::from(scene.piece(Role::Waiting, scene.say("briefing-target-waits")));
    }
    let pods = &state.topology.pods;
    let ready = pods.iter().filter(|pod| pod.health == PodHealth::Ready).count();
    let (key, role) = if ready == pods.len() {
        ("briefing-target-ready", Role::Good)
    } else {
        ("briefing-target-unready", Role::Bad)
    };
    let args = [("ready", ready.into()), ("all", pods.len().into())];
    Line::from(scene.piece(role, scene.tell(key, &args)))
}

fn check<'a>(scene: &Scene<'a>, finding: &Finding, wide: usize) -> Line<'a> {
    let limit = &finding.limit;
    let (sign, role, key) = match (finding.holds, finding.value) {
        (true, _) => ("✓", Role::Good, "briefing-check-ok"),
        (false, Some(_)) => ("✗", Role::Bad, "briefing-check-failing"),
        (false, None) => ("–", Role::Warn, "no-data"),
    };
    let value = finding.value.map(|value| limit.metric.unit().show(value)).unwrap_or_default();
    Line::from(vec![
        scene.piece(role, format!("{sign} {} ", text::pad(&limit.metric.to_string(), wide))),
        scene.piece(role, text::pad(&scene.say(key), 8)),
        scene.piece(Role::Title, format!(" {}", text::pad(&value, 8))),
        scene.piece(Role::Dim, format!("  {}", words::limit(limit))),
    ])
}

fn purpose<'a>(scene: &Scene<'a>, width: u16) -> Part<'a> {
    let plan = scene.state.plan();
    let room = usize::from(width);
    let mut lines = Vec::new();
    match &plan.hypothesis {
        Some(hypothesis) => {
            let wrapped = text::wrap(hypothesis, room);
            lines.extend(wrapped.into_iter().map(|line| Line::from(scene.piece(Role::Text, line))));
        }
        None => lines.push(Line::from(scene.piece(Role::Dim, scene.say("briefing-no-hypothesis")))),
    }
    lines.push(Line::from(scene.piece(Role::Title, scene.say("briefing-objectives"))));
    for objective in &plan.objectives {
        let how = match &objective.measure {
            Some(measure) if measure.source == objective.title => String::new(),
            Some(measure) => format!("  {}", text::clean(&measure.source)),
            None => format!("  {}", scene.say("briefing-scored-by-hand")),
        };
        let title = text::fit(&objective.title, room.saturating_sub(2));
        let left = room.saturating_sub(2 + text::width(&title));
        lines.push(Line::from(vec![
            scene.piece(Role::Text, format!("· {title}")),
            scene.piece(Role::Dim, text::fit(&how, left)),
        ]));
    }
    if plan.objectives.is_empty() {
        lines.push(Line::from(scene.piece(Role::Dim, scene.say("why-no-objectives"))));
    }
    Part { name: scene.say("briefing-hypothesis"), lines }
}

fn roles<'a>(scene: &Scene<'a>, width: u16) -> Part<'a> {
    let state = scene.state;
    let room = usize::from(width);
    let mut lines = Vec::new();
    let mut row = |key: &'a str, says: String| {
        let head = format!("{} ", scene.say(key));
        let indent = text::width(&head);
        for (index, part) in text::wrap(&says, room.saturating_sub(indent)).into_iter().enumerate()
        {
            let head = if index == 0 { head.clone() } else { " ".repeat(indent) };
            let pieces = vec![scene.piece(Role::Dim, head), scene.piece(Role::Text, part)];
            lines.push(Line::from(pieces));
        }
    };
    row("briefing-facilitator", scene.ui.by.clone());
    row("briefing-teams", state.plan().teams.join(", "));
    row("briefing-length", length(scene, state));
    row("briefing-reach", format!("{} · seed {}", state.header.ceiling, state.header.seed));
    for (silence, run) in state.plan().silences.iter().zip(&state.silencings) {
        let by = run.agreed.as_ref().filter(|_| !run.status.is_offered()).map(|(_, by)| by);
        let consent = match by {
            Some(by) => {
                let by = scene.told(&who(by)).into_owned();
                scene.tell("briefing-silence-agreed", &[("by", (&*by).into())])
            }
            None => tell(scene, "briefing-silence-offered", &[], &[("key", ActionId::Silence)]),
        };
        let server = state.header.alertmanager.as_deref().unwrap_or_default();
        row("briefing-silence", format!("{silence} · {server} · {consent}"));
    }
    for rule in &state.plan().guardrails {
        let then = scene.say(match rule.then {
            GuardrailAction::Warn => "briefing-rule-warns",
            GuardrailAction::Hold => "briefing-rule-holds",
            GuardrailAction::Halt => "briefing-rule-halts",
        });
        row("briefing-guardrail", format!("{} → {then}", rule.when.source));
    }
    Part { name: scene.say("briefing-roles"), lines }
}

/// How far each injection reaches, where that is approved with the go.
fn reaches<'a>(scene: &Scene<'a>, width: u16) -> Option<Part<'a>> {
    let room = usize::from(width);
    let mut lines = Vec::new();
    for run in &scene.state.injections {
        let Some(reach) = approval::told(scene.state, run.id) else { continue };
        let name = scene.state.name_of(run.id);
        let says = format!("{name}: {}", scene.lang.said(&reach));
        let wrapped = text::wrap(&text::clean(&says), room);
        lines.extend(wrapped.into_iter().map(|line| Line::from(scene.piece(Role::Text, line))));
    }
    (!lines.is_empty()).then(|| Part { name: scene.say("briefing-reach"), lines })
}

/// What earlier exercises taught and nobody has said is done.
fn earlier<'a>(scene: &Scene<'a>, width: u16) -> Option<Part<'a>> {
    let lines = still_open(scene, width);
    (!lines.is_empty()).then(|| Part { name: scene.say("briefing-earlier"), lines })
}

fn length(scene: &Scene<'_>, state: &State) -> String {
    let plan = state.plan();
    let length = words::span(plan.duration());
    let args = [
        ("length", (&*length).into()),
        ("phases", plan.phases.len().into()),
        ("faults", plan.injections().count().into()),
    ];
    scene.tell("briefing-length-says", &args)
}
