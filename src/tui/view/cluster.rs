//! What a cluster says of itself beside its pods: what is not seen of it, experiments, rollouts, the last warnings.

use ratatui::text::Line;

use crate::exercise::approval;
use crate::exercise::cluster::{Placed, Rollout, Warning};
use crate::tui::scene::Scene;
use crate::tui::theme::Role;
use crate::tui::{text, words};

/// So many warnings are shown, newest first.
const WARNINGS: usize = 12;

/// All of it; none where the target is no cluster.
pub(super) fn lines<'a>(scene: &Scene<'a>, width: usize) -> Vec<Line<'a>> {
    if !approval::is_needed(scene.state) {
        return Vec::new();
    }
    let seen = &scene.state.cluster;
    let mut lines = Vec::new();
    let mut say = |role: Role, says: String| {
        let rows = text::wrap(&text::clean(&says), width);
        lines.extend(rows.into_iter().map(|row| Line::from(scene.piece(role, row))));
    };
    if !seen.unseen.is_empty() {
        say(Role::Warn, format!("▲ {}", scene.lang.said(&seen.unseen)));
    }
    for one in &seen.experiments {
        let (role, says) = experiment(scene, one);
        say(role, says);
    }
    for one in &seen.rollouts {
        say(Role::Next, rollout(scene, one));
    }
    for one in seen.warnings.iter().rev().take(WARNINGS) {
        say(Role::Warn, warning(one));
    }
    if lines.is_empty() {
        lines.push(Line::from(scene.piece(Role::Dim, scene.say("cluster-quiet"))));
    }
    lines
}

fn experiment(scene: &Scene<'_>, one: &Placed) -> (Role, String) {
    let injected = one.conditions.iter().any(|condition| condition == "AllInjected");
    let role = if injected { Role::Bad } else { Role::Warn };
    let conditions = match one.conditions.is_empty() {
        true => "–".to_owned(),
        false => one.conditions.join(", "),
    };
    let key = if one.ours { "cluster-experiment" } else { "cluster-experiment-others" };
    let args = [
        ("name", one.name.as_str().into()),
        ("phase", one.phase.as_str().into()),
        ("conditions", conditions.as_str().into()),
    ];
    (role, scene.tell(key, &args))
}

fn rollout(scene: &Scene<'_>, one: &Rollout) -> String {
    let count = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
    let args = [
        ("name", one.name.as_str().into()),
        ("updated", count(one.updated).into()),
        ("ready", count(one.ready).into()),
        ("wanted", count(one.wanted).into()),
    ];
    scene.tell("cluster-rollout", &args)
}

fn warning(one: &Warning) -> String {
    format!("▲ {} {} {}: {}", words::wall(one.at, true), one.about, one.reason, one.text)
}
