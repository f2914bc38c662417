//! Game days made of what others wrote: manifests of Chaos Mesh, a folder of them, experiments of Chaos Toolkit. Reads no file itself;
//! what cannot be said in a game day stands in it as a comment, with the reason.

mod fault;
mod gathered;
mod names;
mod objects;
mod plan;
mod toolkit;
mod values;
mod workflow;

use serde_json::Value;

use gathered::Gathered;
pub use gathered::Wishes;

use super::manifest::json;
use super::node::parse_all;
use super::problem::Problems;
use super::problem::show::render;
use super::write::write;

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name, for people.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// A game day, and what people have to know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The file.
    pub text: String,
    /// What is said otherwise than it was, or not at all; one line each.
    pub notes: Vec<String>,
}

/// Makes a game day of files, in this order.
///
/// # Errors
/// A file that cannot be read at all, with its place; or that there is no experiment in any of them. For people.
pub fn import(sources: &[Source], wishes: &Wishes) -> Result<Imported, String> {
    let mut all = Gathered::default();
    for source in sources {
        for document in documents(source)? {
            match is_toolkit(&document) {
                true => toolkit::read(&document, &source.name, &mut all),
                false => objects::read(&document, &source.name, &mut all),
            }
        }
    }
    if all.parts.is_empty() {
        let why = "there is no experiment in it that a game day could have";
        let notes: String = all.notes.iter().map(|note| format!("\n  {note}")).collect();
        return Err(format!("{why}{notes}"));
    }
    let mut notes = all.notes.clone();
    for part in &all.parts {
        let inner = part.faults.iter().flat_map(|one| &one.notes);
        notes.extend(part.notes.iter().chain(inner).map(|note| format!("{}: {note}", part.name)));
    }
    let (plan, remarks) = plan::plan(all, wishes);
    Ok(Imported { text: write(&plan, &remarks), notes })
}

fn documents(source: &Source) -> Result<Vec<Value>, String> {
    let wrong = |problem| {
        let mut problems = Problems::default();
        problems.push(problem);
        render(&problems, &source.text, &source.name)
    };
    let nodes = parse_all(&source.text).map_err(wrong)?;
    let mut found = Vec::new();
    for node in &nodes {
        let value = json(node).map_err(wrong)?;
        match value.get("items").and_then(Value::as_array) {
            // What kubectl prints of several objects.
            Some(items) if value.get("kind").is_some_and(|kind| kind == "List") => {
                found.extend(items.iter().cloned());
            }
            _ => found.push(value),
        }
    }
    Ok(found)
}

fn is_toolkit(document: &Value) -> bool {
    document.get("method").is_some_and(Value::is_array) && document.get("apiVersion").is_none()
}
