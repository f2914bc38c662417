//! Objects of Chaos Mesh as somebody wrote them: from a tree of YAML to JSON, what cannot be taken, and whom they hit. Not the
//! placing of them.

mod json;
mod kinds;
mod whom;

pub(in crate::gameday) use json::is_more_than_text;
pub use json::json;
pub use kinds::{API, EXPERIMENTS, MOST, refused};
pub use whom::{Whom, whom};

use serde_json::Value;

use super::fault::{Experiment, Fault, Mode};
use super::node::{Kind, Node, parse_all};
use super::problem::{Place, Problem, Problems, Severity};
use super::span::Span;
use super::text::printable;

/// Reads one object.
///
/// # Errors
/// Everything that keeps it from being placed.
pub fn object(node: &Node) -> Result<Value, Vec<Problem>> {
    let mut problems = Vec::new();
    let value = match json(node) {
        Ok(value) => value,
        Err(problem) => return Err(vec![problem]),
    };
    kind(node, &mut problems);
    specs(node, &mut problems);
    if problems.is_empty() { Ok(value) } else { Err(problems) }
}

/// Reads every object of a file.
///
/// # Errors
/// Everything that keeps them from being placed, with places in the file.
pub fn documents(text: &str) -> Result<Vec<Value>, Problems> {
    let mut problems = Problems::default();
    let nodes = match parse_all(text) {
        Ok(nodes) => nodes,
        Err(problem) => {
            problems.push(problem);
            return Err(problems);
        }
    };
    let mut objects = Vec::new();
    for node in &nodes {
        match object(node) {
            Ok(object) => objects.push(object),
            Err(wrong) => wrong.into_iter().for_each(|one| problems.push(one)),
        }
    }
    let start = Place { line: 1, column: 1, width: 1 };
    if nodes.is_empty() {
        problems.push(error(start, "there is no object in this file", "", "write one"));
    } else if nodes.len() > MOST {
        let what = format!("{} objects are too many for one injection", nodes.len());
        problems.push(error(start, what, "", "make several files of it"));
    }
    if problems.is_empty() { Ok(objects) } else { Err(problems.sorted()) }
}

/// Puts objects that were read from a file into the experiment that names it.
///
/// # Errors
/// When nothing says which pods they hit, or they would stay for longer than `room`; for people.
pub fn put(experiment: &mut Experiment, objects: Vec<Value>, room: Span) -> Result<(), String> {
    let said = whom(&objects);
    if experiment.selector.is_empty() {
        experiment.selector = said.selector.ok_or(
            "its objects do not say by labels which pods they hit; add target: { selector: { app: web-app } } to the experiment",
        )?;
        experiment.destination = experiment.destination.take().or(said.destination);
        // What the file of the game day says itself goes first; all is what it says where it says nothing.
        if experiment.mode == Mode::All {
            experiment.mode = said.mode;
        }
    }
    if experiment.duration.is_none() {
        if let Some(long) = said.duration.filter(|duration| *duration > room) {
            return Err(format!(
                "its objects stay for {long}, and only {room} are left of the exercise; give the experiment a duration"
            ));
        }
        experiment.duration = said.duration;
    }
    if let Fault::Manifest { documents, .. } = &mut experiment.fault {
        *documents = objects;
    }
    Ok(())
}

fn error(place: Place, what: impl Into<String>, why: &str, mend: &str) -> Problem {
    let (why, mend) = (why.to_owned(), mend.to_owned());
    Problem { severity: Severity::Error, place, what: what.into(), why, mend }
}

fn word<'n>(node: &'n Node, key: &str) -> Option<(&'n str, Place)> {
    match node.get(key) {
        Some(Node { place, kind: Kind::Text { text, .. } }) => Some((text, *place)),
        _ => None,
    }
}

fn kind(node: &Node, problems: &mut Vec<Problem>) {
    let Kind::Map(_) = &node.kind else {
        let what = format!("an object is expected here, and this is {}", node.noun());
        let mend = "write apiVersion: chaos-mesh.org/v1alpha1, kind: PodChaos, spec: …";
        return problems.push(error(node.place, what, "", mend));
    };
    let api = word(node, "apiVersion");
    if api.is_none_or(|(api, _)| api != API) {
        let place = api.map_or(node.place, |(_, place)| place);
        let why = "only what Chaos Mesh takes back by itself can be taken back for certain";
        let what = format!("this is no object of {API}");
        problems.push(error(place, what, why, "write an object of Chaos Mesh 2"));
        return;
    }
    let Some((kind, place)) = word(node, "kind") else {
        problems.push(error(node.place, "the object has no kind", "", "add kind: PodChaos"));
        return;
    };
    if let Some((why, mend)) = refused(kind) {
        problems.push(error(place, format!("{kind} is not taken"), why, mend));
    } else if !is_known(kind) {
        let what = format!("{} is no kind of experiment", printable(kind, 60));
        let names: Vec<&str> = EXPERIMENTS.iter().map(|(name, _)| *name).collect();
        let mend = super::problem::suggestion(kind, &names);
        problems.push(error(place, what, "", &mend));
    }
    if !matches!(node.get("spec"), Some(Node { kind: Kind::Map(_), .. })) {
        problems.push(error(node.place, "the object has no spec", "", "add spec:"));
    }
    let namespaced = node.get("metadata").and_then(|meta| word(meta, "generateName"));
    if let Some((_, place)) = namespaced {
        let why = "it is named after the run, so that it is found again";
        problems.push(error(place, "an object has no generateName here", why, "remove it"));
    }
}

fn is_known(kind: &str) -> bool {
    matches!(kind, "Schedule" | "Workflow") || EXPERIMENTS.iter().any(|(name, _)| *name == kind)
}

/// What Chaos Mesh would drop silently, wherever a spec of an experiment stands.
fn specs(node: &Node, problems: &mut Vec<Problem>) {
    let Some(spec) = node.get("spec") else { return };
    let mut all = vec![spec];
    all.extend(EXPERIMENTS.iter().filter_map(|(_, key)| spec.get(key)));
    if let Some(Kind::List(templates)) = spec.get("templates").map(|node| &node.kind) {
        for template in templates {
            all.extend(EXPERIMENTS.iter().filter_map(|(_, key)| template.get(key)));
        }
    }
    for key in ["kernelChaos"] {
        let within = spec.get("templates").map(|node| match &node.kind {
            Kind::List(items) => items.iter().filter_map(|item| item.get(key)).collect(),
            _ => Vec::new(),
        });
        for found in spec.get(key).into_iter().chain(within.unwrap_or_default()) {
            let (why, mend) = refused("KernelChaos").unwrap_or_default();
            problems.push(error(found.place, "KernelChaos is not taken", why, mend));
        }
    }
    for spec in all {
        if let Some(found) = spec.get("scheduler") {
            let why = "Chaos Mesh 2 drops it silently: the fault would begin at once and stay";
            let mend = "repeat a pod-failure with interval: 30s, or write a Schedule";
            problems.push(error(
                found.place,
                "\"scheduler\" is no key of an experiment",
                why,
                mend,
            ));
        }
        if let Some(found) = spec.get("partition") {
            let why = "Chaos Mesh 2 drops it silently: all traffic would be cut";
            let mend = "write direction: both and target: beside action: partition";
            problems.push(error(found.place, "\"partition\" is no key of a spec", why, mend));
        }
        if let Some(found) = spec.get("stressngStressors") {
            let why = "it can leave load behind that nothing takes away";
            let mend = "write stressors: { cpu: … } or { memory: … }";
            problems.push(error(found.place, "\"stressngStressors\" is not taken", why, mend));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gameday::node::parse;

    fn why(text: &str) -> Vec<String> {
        let problems = object(&parse(text).unwrap()).unwrap_err();
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_would_hurt_is_refused_with_its_place() {
        let head = "apiVersion: chaos-mesh.org/v1alpha1\n";
        for (text, expected) in [
            ("kind: KernelChaos\nspec: {}", "2:7: error: KernelChaos is not taken"),
            ("kind: PodChaoss\nspec: {}", "2:7: error: PodChaoss is no kind of experiment"),
            ("kind: PodChaos", "1:1: error: the object has no spec"),
            (
                "kind: PodChaos\nspec:\n  scheduler: { cron: x }",
                "4:14: error: \"scheduler\" is no key of an experiment",
            ),
            (
                "kind: NetworkChaos\nspec:\n  partition: { direction: both }",
                "4:14: error: \"partition\" is no key of a spec",
            ),
            (
                "kind: Workflow\nspec: { templates: [{ kernelChaos: { mode: one } }] }",
                "3:36: error: KernelChaos is not taken",
            ),
        ] {
            let found = why(&format!("{head}{text}\n"));
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].starts_with(expected), "{found:?}");
        }
        assert!(why("apiVersion: v1\nkind: Pod\nspec: {}\n")[0].contains("1:13"));
        assert!(why("- a\n")[0].contains("an object is expected"));
    }
}
