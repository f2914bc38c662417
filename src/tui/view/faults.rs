//! The injections: each with its state, its age and what remains, whom it hits, what undoing it will do, and what went
//! wrong.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::exercise::state::{InjectionRun, InjectionStatus, Stage};
use crate::exercise::{approval, reach};
use crate::gameday::plan::PlannedInjection;
use crate::gameday::span::Span;
use crate::tui::scene::{Scene, put};
use crate::tui::theme::Role;
use crate::tui::{fault, text, words};

/// Draws it.
pub fn draw(scene: &Scene<'_>, area: Rect, boxed: bool, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let runs = &scene.state.injections;
    let title = scene.title_of("pane-faults", summary(scene, runs));
    let inner = scene.panel(area, title, boxed, buf);
    if runs.is_empty() {
        put(inner, 0, &Line::from(scene.piece(Role::Dim, scene.say("why-no-faults"))), buf);
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

fn summary(scene: &Scene<'_>, runs: &[InjectionRun]) -> String {
    let count =
        |wanted: fn(InjectionStatus) -> bool| runs.iter().filter(|run| wanted(run.status)).count();
    let stuck = count(|status| status == InjectionStatus::NotReverted);
    let live = count(InjectionStatus::is_live) - stuck;
    let planned = count(|status| status == InjectionStatus::Planned);
    let over = runs.len() - stuck - live - planned;
    let args = [("live", live.into()), ("planned", planned.into()), ("over", over.into())];
    let says = scene.tell("faults-summary", &args);
    if stuck == 0 {
        return says;
    }
    format!("▲ {}, {says}", scene.tell("faults-stuck", &[("count", stuck.into())]))
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
        let whom = text::fit(&scene.lang.message(&fault::whom::short(planned)), room - used - 2);
        pieces.push(scene.piece(Role::Dim, format!("  {whom}")));
    }
    Line::from(pieces)
}

/// The state in a word, with how long, or how long still.
fn progress(scene: &Scene<'_>, run: &InjectionRun, planned: Option<&PlannedInjection>) -> String {
    let age = |from| words::span(scene.now.since(from));
    let tell =
        |key: &str, name: &'static str, value: &str| scene.tell(key, &[(name, value.into())]);
    let why = run.problem.as_ref().map(|why| scene.told(why)).unwrap_or_default();
    let why = text::clean(&why);
    match run.status {
        InjectionStatus::Planned
            if scene.state.real.is_some()
                || matches!(scene.state.stage, Stage::Closing | Stage::Ended) =>
        {
            scene.say("fault-not-run").into_owned()
        }
        InjectionStatus::Planned => {
            let due = scene.state.injection_due(run);
            let left = words::remaining(due - scene.state.exercise_time(scene.now));
            tell("fault-in", "left", &left)
        }
        InjectionStatus::Active => {
            let since = run.t0.map_or(Span::ZERO, |t0| scene.now.since(t0));
            let says = tell("fault-active", "age", &words::span(since));
            let left = match planned.and_then(|planned| planned.experiment.duration) {
                Some(length) => tell("fault-left", "left", &words::remaining(length - since)),
                None => scene.say("fault-to-phase-end").into_owned(),
            };
            format!("{says}, {left}")
        }
        InjectionStatus::NotReverted => {
            let count = usize::try_from(run.attempts).unwrap_or(usize::MAX);
            scene.tell("fault-not-reverted", &[("count", count.into()), ("why", (&*why).into())])
        }
        InjectionStatus::Reverting => {
            let says =
                tell("fault-reverting", "age", &run.revert_started.map(age).unwrap_or_default());
            if run.attempts < 2 {
                return says;
            }
            format!("{says}, {}", tell("fault-try", "number", &run.attempts.to_string()))
        }
        InjectionStatus::Reverted => match (run.t0, run.reverted) {
            (Some(t0), Some(end)) => tell("fault-reverted", "age", &words::span(end.since(t0))),
            _ => scene.say("fault-undone").into_owned(),
        },
        InjectionStatus::Failed | InjectionStatus::Skipped => {
            let failed = run.status == InjectionStatus::Failed;
            let word = scene.say(if failed { "fault-failed" } else { "fault-skipped" });
            if why.is_empty() { word.into_owned() } else { format!("{word}: {why}") }
        }
        InjectionStatus::Armed | InjectionStatus::Injecting => {
            let armed = run.status == InjectionStatus::Armed;
            let key = if armed { "fault-armed" } else { "fault-injecting" };
            tell(key, "age", &run.armed.map(age).unwrap_or_default())
        }
    }
}

/// More about the selected one, in lines: what it does, whom it hit, and what undoing it will do.
fn details<'a>(scene: &Scene<'a>, run: &'a InjectionRun, width: u16) -> Vec<Line<'a>> {
    let mut parts: Vec<(Role, String)> = Vec::new();
    let told = |key: &str, says: &str| scene.tell(key, &[("says", (&*text::clean(says)).into())]);
    if let Some(problem) = &run.problem {
        parts.push((Role::Bad, told("fault-problem", &scene.told(problem))));
    }
    let planned = scene.state.planned(run.id);
    if let Some(planned) = planned {
        let does = fault::does(&planned.experiment);
        parts.push((Role::Text, told("fault-does", &scene.lang.message(&does))));
    }
    if run.status == InjectionStatus::Planned
        && let Some(reach) = approval::told(scene.state, run.id)
    {
        parts.push((Role::Text, text::clean(&scene.lang.said(&reach)).into_owned()));
    }
    if !run.victims.is_empty() {
        parts.push((Role::Text, told("fault-hit", &run.victims.join(", "))));
    }
    if let Some(owed) = fault::owed(run, planned).filter(|_| !run.status.is_over()) {
        parts.push((Role::Next, told("fault-undo", &owed.in_words(scene.lang))));
    }
    if let Some(expect) = planned.and_then(|planned| planned.expect.as_ref()) {
        parts.push((Role::Dim, told("fault-expected", expect)));
    }
    if let Some(blast) = &run.blast {
        let risk = scene.say(words::risk(blast.risk));
        let args = [("count", blast.pods.into()), ("risk", (&*risk).into())];
        parts.push((Role::Text, scene.tell("fault-blast", &args)));
        if approval::is_needed(scene.state) {
            let words = reach::words(blast);
            parts.push((Role::Dim, text::clean(&scene.lang.said(&words)).into_owned()));
        }
    }
    for seen in [&run.evidence, &run.revert_evidence] {
        if !seen.is_empty() {
            let says = scene.told(seen);
            let says = text::clean(&says);
            parts.push((Role::Dim, scene.tell("fault-seen", &[("says", (&*says).into())])));
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
