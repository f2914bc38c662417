//! Objects of a cluster, one after the other: experiments, schedules and workflows of Chaos Mesh. Others are named and left alone.

use serde_json::Value;

use super::fault::{Told, USUAL, told};
use super::gathered::{Gathered, Part, Planned};
use super::names::{name, stem};
use super::values::{span, text};
use super::workflow;
use crate::gameday::manifest::EXPERIMENTS;
use crate::gameday::span::Span;
use crate::gameday::text::printable;

/// Adds what one object says.
pub(super) fn read(object: &Value, file: &str, all: &mut Gathered) {
    let kind = text(object, "kind").unwrap_or_default();
    let api = text(object, "apiVersion").unwrap_or_default();
    if !api.starts_with("chaos-mesh.org/") {
        let shown = printable(&format!("{api} {kind}"), 80);
        all.note(file, format!("{} is no object of Chaos Mesh: left alone", shown.trim()));
        return;
    }
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    let meta = |key: &str| object.pointer(&format!("/metadata/{key}")).and_then(Value::as_str);
    namespace(spec, meta("namespace"), file, all);
    let own = meta("name").unwrap_or(kind);
    let of_file = stem(file);
    let mut part = Part { name: name(own), ..Part::default() };
    part.from = (of_file != own).then(|| printable(file, 120));
    match kind {
        "Workflow" => workflow::read(spec, &mut part),
        "Schedule" => schedule(spec, own, &mut part),
        _ => match told(kind, spec, None) {
            Ok(told) => alone(told, own, &mut part),
            Err(why) => part.notes.push(format!("left out: {}", printable(&why, 300))),
        },
    }
    if part.faults.is_empty() {
        for note in part.notes {
            all.note(file, note);
        }
        return;
    }
    all.parts.push(part);
}

fn alone(told: Told, own: &str, part: &mut Part) {
    let Told { experiment, notes } = told;
    part.length = experiment.duration.unwrap_or(USUAL);
    part.faults.push(Planned { offset: Span::ZERO, name: name(own), experiment, notes });
}

/// A fault that strikes again and again, as it is where game days know no such thing.
fn schedule(spec: &Value, own: &str, part: &mut Part) {
    let cron = text(spec, "schedule").unwrap_or_default();
    let every = cron.strip_prefix("@every ").and_then(span);
    let inner = EXPERIMENTS.iter().find_map(|(kind, key)| Some((*kind, spec.get(key)?)));
    if spec.get("kernelChaos").is_some() {
        let why = told("KernelChaos", spec, None).err().unwrap_or_default();
        return part.notes.push(format!("left out: {why}"));
    }
    let lasts = inner.and_then(|(_, inner)| text(inner, "duration")).and_then(span);
    let whole = USUAL.max(lasts.unwrap_or(Span::ZERO));
    if let (Some(every), Some(("PodChaos", inner))) = (every, inner)
        && let Ok(mut found) = told("PodChaos", inner, Some(whole))
        && found.experiment.fault == crate::gameday::fault::Fault::PodFailure
    {
        found.experiment.interval = Some(every);
        found.notes.push(format!(
            "its schedule has no end: it strikes every {every} for {whole} here, by the clock of the exercise and not of the cluster"
        ));
        return alone(found, own, part);
    }
    match told("Schedule", spec, Some(whole)) {
        Ok(mut found) => {
            found.notes.push(format!("its schedule has no end: it stays for {whole} here"));
            alone(found, own, part);
        }
        Err(why) => part.notes.push(format!("left out: {why}")),
    }
}

/// The namespace where the pods are; only one of them can be exercised.
fn namespace(spec: &Value, of_object: Option<&str>, file: &str, all: &mut Gathered) {
    let chosen = spec.pointer("/selector/namespaces/0").and_then(Value::as_str);
    let inner = EXPERIMENTS.iter().find_map(|(_, key)| spec.get(key));
    let inner = inner.and_then(|inner| inner.pointer("/selector/namespaces/0"));
    let found = chosen.or(inner.and_then(Value::as_str)).or(of_object);
    let Some(found) = found else { return };
    match &all.namespace {
        None => all.namespace = Some(found.to_owned()),
        Some(known) if known != found => {
            let known = known.clone();
            let found = printable(found, 63);
            all.note(file, format!(
                "its pods are in the namespace {found}, and the game day is about {known}: make two of it"
            ));
        }
        Some(_) => {}
    }
}
