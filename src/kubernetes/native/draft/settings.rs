//! Changes of ConfigMaps: which of several has a key, and what stood there.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::change::Change;
use super::super::edit::{Edit, find, key};
use super::super::resource::Object;
use super::start::{Mark, patch};
use super::workload;
use crate::exercise::said::said;
use crate::gameday::text::printable;

/// What is set in which of the ConfigMaps, by its name: the named one (`map/key`), the one that has the key, or the only one.
pub(in super::super) fn choose(
    maps: &BTreeMap<String, Value>,
    set: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, BTreeMap<String, String>>, String> {
    let mut chosen: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let all: Vec<&str> = maps.keys().map(String::as_str).collect();
    for (name, value) in set {
        let (map, name) = match name.split_once('/') {
            Some((map, name)) if maps.contains_key(map) => (map, name),
            Some((map, _)) => {
                return Err(format!(
                    "no ConfigMap {} is used; used are: {}",
                    printable(map, 80),
                    words(&all)
                ));
            }
            None => {
                let has = |map: &&&str| {
                    maps.get(**map)
                        .is_some_and(|map| find(map, &[key("data"), key(name)]).is_some())
                };
                let having: Vec<&str> = all.iter().filter(has).copied().collect();
                match (&having[..], &all[..]) {
                    ([one], _) | ([], [one]) => (*one, name.as_str()),
                    ([], _) => return Err(unclear("none of them has", name, &all)),
                    (several, _) => return Err(unclear("several have", name, several)),
                }
            }
        };
        chosen.entry(map.to_owned()).or_default().insert(name.to_owned(), value.clone());
    }
    Ok(chosen)
}

fn unclear(why: &str, name: &str, maps: &[&str]) -> String {
    let written: Vec<String> =
        maps.iter().map(|map| printable(&format!("{map}/{name}"), 120)).collect();
    format!(
        "which ConfigMap is {} of? {why} it. Write one of: {}",
        printable(name, 80),
        written.join(", ")
    )
}

fn words(all: &[&str]) -> String {
    all.iter().map(|one| printable(one, 80)).collect::<Vec<_>>().join(", ")
}

/// Keys of one ConfigMap change; `live`: running pods see it.
pub(in super::super) fn settings(
    of: Object,
    object: &Value,
    set: &BTreeMap<String, String>,
    live: bool,
    mark: &Mark,
) -> Result<Change, String> {
    let edit = |(name, value): (&String, &String)| {
        Edit::new(object, vec![key("data"), key(name)], Some(json!(value)))
    };
    let edits = set.iter().map(edit).collect();
    let what = said!(
        "native-settings",
        "set {set} in {object}",
        set = workload::settings(set),
        object = of.to_string()
    );
    let mut change = patch(of, object, edits, mark, what)?;
    change.warnings.push(match live {
        true => said!("native-file-late", "pods get the file within about two minutes"),
        false => said!("native-after-restart", "running pods see it only after a restart"),
    });
    Ok(change)
}
