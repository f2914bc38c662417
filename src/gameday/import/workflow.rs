//! A workflow of Chaos Mesh as a stretch of time: what is serial comes one after the other, what is parallel begins together. Tasks,
//! checks and branches are named and left out.

use std::collections::BTreeSet;

use serde_json::Value;

use super::fault::{USUAL, told};
use super::gathered::{Part, Planned};
use super::names::name;
use super::values::{span, text};
use crate::gameday::manifest::EXPERIMENTS;
use crate::gameday::span::Span;
use crate::gameday::text::printable;

/// Workflows may be deep.
const DEEPEST: usize = 20;
/// And grow: each template may be called from several.
const MOST: usize = 2_000;
/// No game day has more faults.
const FAULTS: usize = 200;

/// Adds everything that the workflow does.
pub(super) fn read(spec: &Value, part: &mut Part) {
    let templates = spec.get("templates").and_then(Value::as_array);
    let templates = templates.map(Vec::as_slice).unwrap_or_default();
    let Some(entry) = text(spec, "entry") else {
        return part.notes.push("left out: the workflow has no entry".to_owned());
    };
    let mut walk = Walk { templates, path: Vec::new(), steps: 0, refused: BTreeSet::new() };
    part.length = walk.go(entry, Span::ZERO, part);
}

struct Walk<'w> {
    templates: &'w [Value],
    /// The templates that are being read, each called by the one before.
    path: Vec<&'w str>,
    /// How many were read.
    steps: usize,
    /// What was said already.
    refused: BTreeSet<String>,
}

impl<'w> Walk<'w> {
    /// What is wrong with a template that is called where the walk is.
    fn wrong(&self, wanted: &str, part: &Part) -> Option<String> {
        let shown = printable(wanted, 60);
        if self.path.contains(&wanted) {
            let mut way: Vec<String> = self.path.iter().map(|one| printable(one, 60)).collect();
            way.push(shown.clone());
            let way = way.join(" > ");
            return Some(format!("template {shown} calls itself ({way}): it would never end"));
        }
        if self.path.len() >= DEEPEST {
            return Some(format!("template {shown} is more than {DEEPEST} deep"));
        }
        if self.steps >= MOST || part.faults.len() >= FAULTS {
            let what = format!("more than {FAULTS} faults or {MOST} steps");
            return Some(format!("{what}: no game day is that long"));
        }
        None
    }

    /// When the template that begins at `at` is over.
    fn go(&mut self, wanted: &'w str, at: Span, part: &mut Part) -> Span {
        let found = self.templates.iter().find(|one| text(one, "name") == Some(wanted));
        let wrong = self.wrong(wanted, part);
        let none = || format!("there is no template {}", printable(wanted, 60));
        let (Some(template), None) = (found, &wrong) else {
            let why = wrong.unwrap_or_else(none);
            if self.refused.insert(why.clone()) {
                part.notes.push(format!("left out: {why}"));
            }
            return at;
        };
        self.steps += 1;
        self.path.push(wanted);
        let end = self.read(template, wanted, at, part);
        self.path.pop();
        end
    }

    fn read(&mut self, template: &'w Value, wanted: &str, at: Span, part: &mut Part) -> Span {
        let shown = printable(wanted, 60);
        let deadline = text(template, "deadline").and_then(span);
        let kind = text(template, "templateType").unwrap_or_default();
        let children = template.get("children").and_then(Value::as_array);
        let children = children.map(Vec::as_slice).unwrap_or_default();
        let names = || children.iter().filter_map(Value::as_str);
        let end = match kind {
            "Serial" => names().fold(at, |at, child| self.go(child, at, part)),
            "Parallel" => {
                let ends: Vec<Span> = names().map(|child| self.go(child, at, part)).collect();
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn notes(templates: &Value) -> Vec<String> {
        let mut part = Part::default();
        read(&json!({"entry": "a", "templates": templates}), &mut part);
        part.notes
    }

    #[test]
    fn a_template_that_calls_itself_is_left_out_with_the_way_to_it() {
        let found = notes(&json!([
            {"name": "a", "templateType": "Serial", "children": ["b", "b"]},
            {"name": "b", "templateType": "Parallel", "children": ["a", "a", "b", "none"]},
        ]));
        assert_eq!(
            found,
            [
                "left out: template a calls itself (a > b > a): it would never end",
                "left out: template b calls itself (a > b > b): it would never end",
                "left out: there is no template none",
            ]
        );
    }

    #[test]
    fn what_doubles_at_each_step_ends() {
        let name = |number: usize| if number == 0 { "a".to_owned() } else { format!("t{number}") };
        let double = |number: usize| {
            let next = name(number + 1);
            json!({"name": name(number), "templateType": "Serial", "children": [next, next]})
        };
        let all: Vec<Value> = (0..40).map(double).collect();
        let found = notes(&json!(all));
        assert!(found.iter().any(|note| note.contains("more than 20 deep")), "{found:?}");
        assert!(found.iter().any(|note| note.contains("2000 steps")), "{found:?}");
    }
}
