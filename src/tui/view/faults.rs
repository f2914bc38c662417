//! The injections: each with its state, its age or what remains, whom it hits, and what went wrong.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::exercise::state::{InjectionRun, InjectionStatus, Stage};
use crate::gameday::plan::PlannedInjection;
use crate::tui::scene::{Scene, put};
use crate::tui::theme::Role;
use crate::tui::{text, words};

/// Draws it.
pub fn draw(scene: &Scene<'_>, area: Rect, boxed: bool, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let runs = &scene.state.injections;
    let inner = scene.panel(area, scene.title("faults", summary(runs)), boxed, buf);
    if runs.is_empty() {
        put(inner, 0, &Line::from(scene.piece(Role::Dim, "the game day has no faults")), buf);
        return;
    }
    let selected = scene.ui.selected.min(runs.len() - 1);
    let spare = usize::from(inner.height).saturating_sub(runs.len());
    let details =
        runs.get(selected).map(|run| details(scene, run, inner.width)).unwrap_or_default();
    let details = details.get(..spare.min(details.len())).unwrap_or_default();
    let rows = usize::from(inner.height) - details.len();
    for (row, run) in shown(runs, selected, rows).enumerate() {
        let line = line(scene, run, run.id.0 == selected, inner.width);
        put(inner, u16::try_from(row).unwrap_or(u16::MAX), &line, buf);
    }
    for (index, line) in details.iter().enumerate() {
        let row = u16::try_from(runs.len().min(rows) + index).unwrap_or(u16::MAX);
        put(inner, row, line, buf);
    }
}

fn summary(runs: &[InjectionRun]) -> String {
    let count =
        |wanted: fn(InjectionStatus) -> bool| runs.iter().filter(|run| wanted(run.status)).count();
    let stuck = count(|status| status == InjectionStatus::NotReverted);
    let live = count(InjectionStatus::is_live) - stuck;
    let planned = count(|status| status == InjectionStatus::Planned);
    let loud = if stuck > 0 { format!("▲ {stuck} NOT REVERTED, ") } else { String::new() };
    format!("{loud}{live} active, {planned} planned")
}

/// Where each injection stands that is shown, with its index.
pub fn rows(scene: &Scene<'_>, area: Rect, boxed: bool) -> Vec<(Rect, usize)> {
    let runs = &scene.state.injections;
    let side = u16::from(boxed);
    let inner = Rect {
        x: area.x + side,
        y: area.y + 1,
        width: area.width.saturating_sub(2 * side),
        height: area.height.saturating_sub(1 + side),
    };
    if runs.is_empty() || inner.is_empty() {
        return Vec::new();
    }
    let selected = scene.ui.selected.min(runs.len() - 1);
    shown(runs, selected, usize::from(inner.height))
        .zip(inner.top()..)
        .map(|(run, y)| (Rect { y, height: 1, ..inner }, run.id.0))
        .collect()
}

/// The rows that are shown: those not undone always, then those around the selected one, in timeline order.
fn shown(
    runs: &[InjectionRun],
    selected: usize,
    rows: usize,
) -> impl Iterator<Item = &InjectionRun> {
    let mut order: Vec<usize> = (0..runs.len()).collect();
    order.sort_by_key(|index| {
        let stuck = runs.get(*index).is_some_and(|run| run.status == InjectionStatus::NotReverted);
        (*index != selected, !stuck, index.abs_diff(selected))
    });
    order.truncate(rows);
    order.sort_unstable();
    order.into_iter().filter_map(|index| runs.get(index))
}

fn line<'a>(scene: &Scene<'a>, run: &'a InjectionRun, selected: bool, width: u16) -> Line<'a> {
    let planned = scene.state.planned(run.id);
    let name = planned.map_or("", |planned| planned.name.as_str());
    let role = match run.status {
        InjectionStatus::Planned => Role::Text,
        InjectionStatus::Reverted => Role::Good,
        InjectionStatus::Skipped => Role::Dim,
        InjectionStatus::Armed | InjectionStatus::Injecting | InjectionStatus::Reverting => {
            Role::Warn
        }
        InjectionStatus::Active | InjectionStatus::Failed | InjectionStatus::NotReverted => {
            Role::Bad
        }
    };
    let room = usize::from(width);
    let name_room = (room / 3).clamp(11, 24);
    let mut pieces = vec![
        scene.piece(Role::Selected, if selected { "›" } else { " " }),
        scene.piece(role, words::sign(run.status)),
        scene.piece(
            if selected { Role::Selected } else { Role::Text },
            format!(" {} ", text::pad(name, name_room)),
        ),
        scene.piece(role, progress(scene, run, planned)),
    ];
    let used: usize = pieces.iter().map(|piece| text::width(&piece.content)).sum();
    if let Some(planned) = planned
        && room > used + 8
    {
        let whom = text::fit(&words::whom(planned), room - used - 2);
        pieces.push(scene.piece(Role::Dim, format!("  {whom}")));
    }
    Line::from(pieces)
}

/// The state in a word, with how long, or how long still.
fn progress(scene: &Scene<'_>, run: &InjectionRun, planned: Option<&PlannedInjection>) -> String {
    let word = run.status.word();
    let age = |from| words::span(scene.now.since(from));
    match run.status {
        InjectionStatus::Planned if matches!(scene.state.stage, Stage::Closing | Stage::Ended) => {
            "not run".to_owned()
        }
        InjectionStatus::Planned => {
            let due = scene.state.injection_due(run);
            format!("in {}", words::remaining(due - scene.state.exercise_time(scene.now)))
        }
        InjectionStatus::Active => {
            let Some(t0) = run.t0 else { return "ACTIVE".to_owned() };
            let since = scene.now.since(t0);
            let left = match planned.and_then(|planned| planned.experiment.duration) {
                Some(length) => format!("{} left", words::remaining(length - since)),
                None => "to phase end".to_owned(),
            };
            format!("ACTIVE {}, {left}", words::span(since))
        }
        InjectionStatus::NotReverted => {
            let why = run.problem.as_deref().map(text::clean).unwrap_or_default();
            format!("NOT REVERTED, {} tries: {why}", run.attempts)
        }
        InjectionStatus::Reverting => {
            let tries =
                if run.attempts > 1 { format!(", try {}", run.attempts) } else { String::new() };
            format!("{word} {}{tries}", run.revert_started.map(age).unwrap_or_default())
        }
        InjectionStatus::Reverted => match (run.t0, run.reverted) {
            (Some(t0), Some(end)) => format!("{word} after {}", words::span(end.since(t0))),
            _ => word.to_owned(),
        },
        InjectionStatus::Failed | InjectionStatus::Skipped => {
            let why = run.problem.as_deref().map(text::clean).unwrap_or_default();
            if why.is_empty() { word.to_owned() } else { format!("{word}: {why}") }
        }
        InjectionStatus::Armed | InjectionStatus::Injecting => {
            format!("{word} {}", run.armed.map(age).unwrap_or_default())
        }
    }
}

/// More about the selected one, in lines.
fn details<'a>(scene: &Scene<'a>, run: &'a InjectionRun, width: u16) -> Vec<Line<'a>> {
    let mut parts: Vec<(Role, String)> = Vec::new();
    if let Some(problem) = &run.problem {
        parts.push((Role::Bad, format!("✗ {problem}")));
    }
    if let Some(planned) = scene.state.planned(run.id) {
        parts.push((Role::Dim, words::fault(&planned.experiment.fault)));
        if let Some(expect) = &planned.expect {
            parts.push((Role::Dim, format!("expected: {expect}")));
        }
    }
    if !run.victims.is_empty() {
        parts.push((Role::Text, format!("hit: {}", run.victims.join(", "))));
    }
    if let Some(blast) = &run.blast {
        parts.push((
            Role::Text,
            format!(
                "blast radius: {} {}, risk {}",
                blast.pods,
                if blast.pods == 1 { "pod" } else { "pods" },
                blast.risk
            ),
        ));
    }
    for seen in [&run.evidence, &run.revert_evidence] {
        if !seen.is_empty() {
            parts.push((Role::Dim, format!("seen: {seen}")));
        }
    }
    let room = usize::from(width).saturating_sub(4);
    parts
        .into_iter()
        .flat_map(|(role, says)| {
            text::wrap(&says, room).into_iter().map(move |line| (role, line)).collect::<Vec<_>>()
        })
        .map(|(role, line)| Line::from(scene.piece(role, format!("   {line}"))))
        .collect()
}
