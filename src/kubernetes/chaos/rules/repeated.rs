//! Schedule and Workflow: the experiments inside them, and what holds these together.

use serde_json::Value;

use super::super::choose::{items, words};
use super::super::kinds::{KINDS, Kind};
use super::super::{kinds, pod};
use super::look::Look;
use super::{cron, shared};
use crate::gameday::go_duration;

/// How an experiment inside is looked at.
type Inner = fn(&mut Look<'_>);

/// Schedule.
pub(super) fn schedule(look: &mut Look<'_>, inner: Inner) {
    if let Err(why) = cron::check(look.text("schedule")) {
        look.no("schedule", why, "write one such as \"@every 60s\"");
    }
    let kind = look.text("type");
    if let Some(why) = kinds::refused(kind) {
        return look.no("type", format!("{kind} {why}"), "choose another kind");
    }
    let Some(kind) = kinds::of(kind).filter(|kind| kind.name != "Schedule") else {
        return look.no("type", "it is no kind that can be repeated", "write one such as PodChaos");
    };
    for odd in KINDS.iter().filter(|one| one.name != kind.name && one.name != "Schedule") {
        if look.has(odd.block) {
            look.no(odd.block, format!("it does not belong to type {}", kind.name), "remove it");
        }
    }
    let block = look.get(kind.block);
    if !block.is_object() {
        let why = "it is missing, and the webhook of Chaos Mesh would crash";
        return look.no(kind.block, why, format!("add the spec of a {}", kind.name));
    }
    let mut inside = look.inside(kind, block, kind.block);
    match kind.name {
        "Workflow" => workflow(&mut inside, inner),
        _ => {
            shared::duration(&mut inside);
            inner(&mut inside);
        }
    }
    look.reasons.append(&mut inside.reasons);
}

/// Workflow.
pub(super) fn workflow(look: &mut Look<'_>, inner: Inner) {
    let templates: Vec<&Value> = items(look.get("templates")).collect();
    let names: Vec<&str> =
        templates.iter().map(|one| one["name"].as_str().unwrap_or_default()).collect();
    if !names.contains(&look.text("entry")) {
        let why = format!("there is no template \"{}\"", pod::shown(look.text("entry")));
        look.no("entry", why, "name one of the templates");
    }
    for (at, template) in templates.iter().enumerate() {
        let place = format!("templates[{at}]");
        if names.iter().filter(|name| **name == names[at]).count() > 1 {
            look.no(&format!("{place}.name"), "another one is called so", "give each its own name");
        }
        for child in words(&template["children"]) {
            if !names.contains(&child) {
                let why = format!("there is no template \"{}\"", pod::shown(child));
                look.no(&format!("{place}.children"), why, "name one of the templates");
            }
        }
        one(look, template, &place, inner);
    }
}

/// One template of a Workflow.
fn one<'a>(look: &mut Look<'a>, template: &'a Value, place: &str, inner: Inner) {
    let kind = template["templateType"].as_str().unwrap_or_default();
    if let Some(why) = kinds::refused(kind).filter(|_| kind != "StatusCheck") {
        return look.no(
            &format!("{place}.templateType"),
            format!("{kind} {why}"),
            "choose another kind",
        );
    }
    let kind = match kind {
        "Serial" | "Parallel" | "Task" | "StatusCheck" => return,
        "Suspend" => return deadline(look, template, place),
        "Schedule" => {
            let why = "a Schedule inside a Workflow goes on when the Workflow is aborted";
            return look.no(
                &format!("{place}.templateType"),
                why,
                "repeat it in the game day: interval:",
            );
        }
        other => kinds::of(other).filter(|kind| kind.is_experiment()),
    };
    let Some(kind) = kind else {
        let why = "it is no kind of template";
        return look.no(
            &format!("{place}.templateType"),
            why,
            "write one such as Serial or PodChaos",
        );
    };
    block(look, template, place, kind, inner);
}

fn block<'a>(
    look: &mut Look<'a>,
    template: &'a Value,
    place: &str,
    kind: &'static Kind,
    inner: Inner,
) {
    let spec = &template[kind.block];
    let at = format!("{place}.{}", kind.block);
    if !spec.is_object() {
        return look.no(&at, "it is missing", format!("add the spec of a {}", kind.name));
    }
    if !spec["duration"].is_null() {
        let why = "inside a Workflow it is refused";
        look.no(&format!("{at}.duration"), why, "write deadline: at the template");
    }
    if !kind.is_one_shot(spec) {
        deadline(look, template, place);
    }
    let mut inside = look.inside(kind, spec, &at);
    inner(&mut inside);
    look.reasons.append(&mut inside.reasons);
}

fn deadline(look: &mut Look<'_>, template: &Value, place: &str) {
    let field = format!("{place}.deadline");
    let Some(text) = template["deadline"].as_str() else {
        return look.no(&field, "without one it never ends", "write one such as 1m");
    };
    if let Err(why) = go_duration::length(text) {
        look.no(&field, why, "write one such as 1m");
    }
}
