//! What is copied: a line of text for elsewhere, by what is in focus. Not the clipboard.

use super::pane::Pane;
use super::possible::selected;
use super::scene::Scene;
use super::{fault, text, words};
use crate::exercise::state::Stage;

/// The text that is copied now: after the end where the report is; else the selected fault, the incident or the line
/// of the log that is in focus, or how things stand.
pub fn copied(scene: &Scene<'_>) -> String {
    let focused = match scene.ui.panes.focus() {
        _ if scene.state.stage == Stage::Ended && !scene.ui.report.is_empty() => {
            Some(scene.ui.report.join("\n"))
        }
        Pane::Faults => fault(scene),
        Pane::Incidents => incident(scene),
        Pane::Log => entry(scene),
        Pane::Timeline | Pane::Slos | Pane::Pods | Pane::Instruments => None,
    };
    let text = focused.unwrap_or_else(|| status(scene));
    let lines: Vec<_> = text.lines().map(text::clean).collect();
    lines.join("\n")
}

fn fault(scene: &Scene<'_>) -> Option<String> {
    let run = selected(scene.state, scene.ui)?;
    let planned = scene.state.planned(run.id)?;
    let sign = words::sign(run.status);
    let fault = fault::named(&planned.experiment.fault);
    let fault = scene.lang.message(&fault).into_owned();
    let victims = match run.victims.as_slice() {
        [] => scene.lang.message(&fault::whom::short(planned)).into_owned(),
        victims => victims.join(", "),
    };
    let problem =
        run.problem.as_ref().map(|why| format!(" · {}", scene.told(why))).unwrap_or_default();
    Some(format!("{sign} {} · {fault} · {victims}{problem}", planned.name))
}

fn incident(scene: &Scene<'_>) -> Option<String> {
    let all = &scene.state.incidents;
    let one = all.iter().rev().find(|one| !one.status.is_closed()).or_else(|| all.last())?;
    let status = scene.say(words::incident(one.status));
    Some(format!("{} {} {status} · {} · {}", one.id, one.severity, one.team, one.title))
}

fn entry(scene: &Scene<'_>) -> Option<String> {
    let log = &scene.state.log;
    let end = scene.ui.log_end.unwrap_or(log.len()).min(log.len());
    let one = log.get(end.checked_sub(1)?)?;
    let team = one.team.as_deref().unwrap_or("·");
    Some(format!("{} {team} {}", words::time_of(scene.state, one), scene.told(&one.text)))
}

fn status(scene: &Scene<'_>) -> String {
    let (sign, word) = words::stage(scene.state);
    let at = words::time(scene.state, scene.now);
    let mut out = format!("{sign} {} · {} · {at}", scene.say(word), scene.state.plan().title);
    if let Some((_, phase, _)) = scene.state.current_phase() {
        out.push_str(" · ");
        out.push_str(&phase.name);
    }
    out
}
