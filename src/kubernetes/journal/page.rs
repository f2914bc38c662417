//! The journal of one run in one namespace as data, and as the ConfigMap that keeps it. Pure.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};
use serde::{Deserialize, Serialize};

use super::super::name;
use super::super::step::Step;
use super::super::undo::UndoData;
use crate::gameday::text::printable;

/// The kind of a journal, as its label says.
pub const KIND: &str = "journal";
/// Annotation: when the reaper undid what was left.
pub const REAPED: &str = "gameday.internal/reaped";
/// Annotation: why finalizers were taken away by force.
pub const FORCED: &str = "gameday.internal/forced";

/// The way back from one round of one injection, as it is kept in the cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Names the fault on the target: unique over the exercise.
    pub key: String,
    /// Later ones have greater numbers.
    pub order: u64,
    /// The injection and its round, for people.
    pub step: String,
    /// When it must be over whatever happens, milliseconds since 1970-01-01 UTC.
    pub deadline: i64,
    /// The way back itself.
    pub undo: UndoData,
}

/// What a journal says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    pub run: String,
    pub namespace: String,
    pub game_day: String,
    /// What may have to be undone, oldest first.
    pub entries: Vec<Entry>,
    /// Names of entries that this version cannot read. They are kept.
    pub unreadable: Vec<String>,
    pub halted: Option<String>,
    pub reaped: Option<String>,
}

impl Page {
    /// What a step's change is called, `run/step`: [`name::mark`] makes the label of it.
    pub fn fault(&self, entry: &Entry) -> String {
        format!("{}/{}", self.run, entry.step)
    }
}

/// What the journal of a run is called.
pub fn name_of(run: &str) -> String {
    format!("gd-{run}-journal")
}

/// An empty journal.
pub fn blank(run: &str, game_day: &str, namespace: &str) -> ConfigMap {
    let mut labels = name::labels(run, KIND, None);
    labels.insert(name::GAME_DAY.to_owned(), name::label(game_day));
    let version = (name::VERSION.to_owned(), env!("CARGO_PKG_VERSION").to_owned());
    ConfigMap {
        metadata: ObjectMeta {
            name: Some(name_of(run)),
            namespace: Some(namespace.to_owned()),
            labels: Some(labels),
            annotations: Some(BTreeMap::from([version])),
            ..ObjectMeta::default()
        },
        ..ConfigMap::default()
    }
}

/// Writes an entry down, in place of an earlier one of the same key.
///
/// # Errors
/// When the run was halted: nothing new may be broken. For people.
pub fn add(map: &mut ConfigMap, step: &Step, undo: &UndoData) -> Result<(), String> {
    if let Some(halted) = annotation(map, name::HALTED) {
        return Err(format!(
            "the run was halted ({}): nothing new is done",
            printable(halted, 200)
        ));
    }
    let page = read(map);
    let known = page.entries.iter().find(|one| one.key == step.key).map(|one| one.order);
    let last = page.entries.iter().map(|one| one.order).max().unwrap_or_default();
    let entry = Entry {
        key: step.key.clone(),
        order: known.unwrap_or(last + 1),
        step: step.name.clone(),
        deadline: step.deadline,
        undo: undo.clone(),
    };
    let text = serde_json::to_string(&entry).map_err(|error| error.to_string())?;
    map.data.get_or_insert_default().insert(slot(&step.key), text);
    Ok(())
}

/// Takes an entry out; whether it was there.
pub fn remove(map: &mut ConfigMap, key: &str) -> bool {
    map.data.as_mut().is_some_and(|data| data.remove(&slot(key)).is_some())
}

/// Reads a journal.
pub fn read(map: &ConfigMap) -> Page {
    let label = |key: &str| map.metadata.labels.as_ref().and_then(|all| all.get(key)).cloned();
    let mut page = Page {
        run: label(name::RUN).unwrap_or_default(),
        namespace: map.metadata.namespace.clone().unwrap_or_default(),
        game_day: label(name::GAME_DAY).unwrap_or_default(),
        halted: annotation(map, name::HALTED).map(str::to_owned),
        reaped: annotation(map, REAPED).map(str::to_owned),
        ..Page::default()
    };
    for (slot, text) in map.data.iter().flatten() {
        match serde_json::from_str::<Entry>(text) {
            Ok(entry) => page.entries.push(entry),
            Err(_) => page.unreadable.push(slot.clone()),
        }
    }
    page.entries.sort_by_key(|one| one.order);
    page
}

/// The journal as the owner of what goes with it: when it is deleted, the cluster deletes that, too, and experiments
/// recover.
pub fn owner(map: &ConfigMap) -> Option<OwnerReference> {
    Some(OwnerReference {
        api_version: "v1".to_owned(),
        kind: "ConfigMap".to_owned(),
        name: map.metadata.name.clone()?,
        uid: map.metadata.uid.clone()?,
        ..OwnerReference::default()
    })
}

fn annotation<'a>(map: &'a ConfigMap, key: &str) -> Option<&'a str> {
    map.metadata.annotations.as_ref()?.get(key).map(String::as_str)
}

/// Where in the ConfigMap an entry stands: any key becomes one that the API takes.
fn slot(key: &str) -> String {
    format!("{}.{:016x}", name::label(key).trim_matches('.'), name::digest(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gameday::span::Span;

    fn step(key: &str) -> Step {
        Step {
            run: "r-1".into(),
            game_day: "black-friday".into(),
            name: format!("step of {key}"),
            key: key.into(),
            lasts: Span::from_secs(60),
            deadline: 1_000,
        }
    }

    fn undo() -> UndoData {
        UndoData {
            run: "r-1".into(),
            context: "kind".into(),
            server: "https://127.0.0.1:6443".into(),
            namespace: "shop".into(),
            parts: Vec::new(),
        }
    }

    #[test]
    fn entries_are_kept_in_order_and_struck() {
        let mut map = blank("r-1", "Black Friday", "shop");
        for key in ["zeta", "ünï/cöde 0", "alpha"] {
            add(&mut map, &step(key), &undo()).unwrap();
        }
        add(&mut map, &step("zeta"), &undo()).unwrap();
        let page = read(&map);
        let keys: Vec<&str> = page.entries.iter().map(|one| one.key.as_str()).collect();
        assert_eq!(keys, ["zeta", "ünï/cöde 0", "alpha"]);
        assert_eq!((page.run.as_str(), page.game_day.as_str()), ("r-1", "Black-Friday"));
        for slot in map.data.as_ref().unwrap().keys() {
            assert!(slot.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)), "{slot}");
        }
        assert!(remove(&mut map, "zeta") && !remove(&mut map, "zeta"));
        assert_eq!(read(&map).entries.len(), 2);
    }

    #[test]
    fn what_a_later_version_wrote_is_kept_and_told() {
        let mut map = blank("r-1", "x", "shop");
        let data = map.data.get_or_insert_default();
        data.insert("new.1".into(), "{\"way\":\"unknown\"}".into());
        let page = read(&map);
        assert_eq!(page.unreadable, ["new.1"]);
        add(&mut map, &step("a"), &undo()).unwrap();
        assert_eq!(read(&map).unreadable, ["new.1"]);
    }

    #[test]
    fn nothing_is_written_after_a_halt() {
        let mut map = blank("r-1", "x", "shop");
        let annotations = map.metadata.annotations.get_or_insert_default();
        annotations.insert(name::HALTED.into(), "2026-01-01T00:00:00Z by \u{1b}aiko".into());
        let why = add(&mut map, &step("a"), &undo()).unwrap_err();
        assert!(why.contains("halted") && !why.contains('\u{1b}'), "{why}");
    }
}
