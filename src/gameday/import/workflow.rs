//! A workflow of Chaos Mesh as a stretch of time: what is serial comes one after the other, what is parallel begins together. Tasks,
//! checks and branches are named and left out.

use serde_json::Value;

use super::fault::{USUAL, told};
use super::gathered::{Part, Planned};
use super::names::name;
use super::values::{span, text};
use crate::gameday::manifest::EXPERIMENTS;
use crate::gameday::span::Span;
use crate::gameday::text::printable;

/// Workflows may refer to themselves.
const DEEPEST: usize = 20;
/// And grow.
const MOST: usize = 200;

/// Adds everything that the workflow does.
pub(super) fn read(spec: &Value, part: &mut Part) {
    let templates = spec.get("templates").and_then(Value::as_array);
    let templates = templates.map(Vec::as_slice).unwrap_or_default();
    let Some(entry) = text(spec, "entry") else {
        return part.notes.push("left out: the workflow has no entry".to_owned());
    };
    let walk = Walk { templates };
    part.length = walk.go(entry, Span::ZERO, 0, part);
}

struct Walk<'w> {
    templates: &'w [Value],
}

impl Walk<'_> {
    /// When the template that begins at `at` is over.
    fn go(&self, wanted: &str, at: Span, depth: usize, part: &mut Part) -> Span {
        let shown = printable(wanted, 60);
        let found = self.templates.iter().find(|one| text(one, "name") == Some(wanted));
        let Some(template) = found.filter(|_| depth < DEEPEST && part.faults.len() < MOST) else {
            part.notes.push(format!("left out: template {shown} is not there, or without an end"));
            return at;
        };
        let deadline = text(template, "deadline").and_then(span);
        let kind = text(template, "templateType").unwrap_or_default();
        let children = template.get("children").and_then(Value::as_array);
        let children = children.map(Vec::as_slice).unwrap_or_default();
        let names = || children.iter().filter_map(Value::as_str);
        let end = match kind {
            "Serial" => names().fold(at, |at, child| self.go(child, at, depth + 1, part)),
            "Parallel" => {
                let ends: Vec<Span> =
                    names().map(|child| self.go(child, at, depth + 1, part)).collect();
                ends.into_iter().max().unwrap_or(at)
            }
            "Suspend" => return at + deadline.unwrap_or(Span::ZERO),
            _ => return self.leaf(template, kind, deadline, (at, &shown), part),
        };
        // A deadline ends what is still there.
        deadline.map_or(end, |deadline| end.min(at + deadline))
    }

    fn leaf(
        &self,
        template: &Value,
        kind: &str,
        deadline: Option<Span>,
        (at, shown): (Span, &str),
        part: &mut Part,
    ) -> Span {
        let key = EXPERIMENTS.iter().find(|(known, _)| *known == kind).map(|(_, key)| *key);
        let kernel = (kind == "KernelChaos").then_some("kernelChaos");
        let Some(spec) = key.or(kernel).and_then(|key| template.get(key)) else {
            part.notes.push(format!(
                "left out: {shown} ({}): a game day has cards, guardrails and steady states for what is no fault",
                printable(kind, 40)
            ));
            return at;
        };
        let lasts = deadline.unwrap_or(USUAL);
        match told(kind, spec, Some(lasts)) {
            Ok(found) => part.faults.push(Planned {
                offset: at,
                name: name(shown),
                experiment: found.experiment,
                notes: found.notes,
            }),
            Err(why) => part.notes.push(format!("left out: {shown}: {why}")),
        }
        at + lasts
    }
}
