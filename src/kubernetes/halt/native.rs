//! The way back of native changes, from the journal: what decides over permissions first, then the newest first.

use std::time::Duration;

use tokio::time::timeout;

use super::super::connect::Connection;
use super::super::journal::page::{Entry, name_of};
use super::super::native::carry::{self, Over};
use super::super::native::change::Change;
use super::super::undo::Part;
use super::outcome::{Line, Outcome};

/// One change to take back.
#[derive(Clone, Debug, PartialEq)]
pub struct Due<'a> {
    /// Its entry.
    pub key: &'a str,
    /// The order of its entry, and its place in it.
    pub age: (u64, usize),
    pub change: &'a Change,
}

/// In which order changes are taken back.
pub fn in_order<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Vec<Due<'a>> {
    let mut due: Vec<Due<'a>> = entries
        .into_iter()
        .flat_map(|entry| {
            let parts = entry.undo.parts.iter().enumerate();
            parts.filter_map(|(place, part)| match part {
                Part::Native(change) => {
                    Some(Due { key: &entry.key, age: (entry.order, place), change })
                }
                Part::Chaos(_) => None,
            })
        })
        .collect();
    due.sort_by_key(|one| (!is_critical(one.change), std::cmp::Reverse(one.age)));
    due
}

/// What others may do hangs on it: it comes first, or the rest may be forbidden.
fn is_critical(change: &Change) -> bool {
    change.turn() == 0
}

/// Takes them back one after the other: two may be of the same object.
pub async fn take_back<'a>(
    connection: &Connection,
    run: &str,
    entries: &'a [Entry],
    over: Over,
    bound: Duration,
) -> Vec<(&'a str, Line)> {
    let mut lines = Vec::new();
    for due in in_order(entries) {
        let change = std::slice::from_ref(due.change);
        let what = &due.change.what;
        let what = what.to_string();
        let line = match timeout(bound, carry::go_back(connection, change, over)).await {
            Ok(Ok(said)) => Line::recovered(what, said.to_string()),
            Ok(Err(error)) => left(connection, run, &what, &error.0),
            Err(_) => {
                left(connection, run, &what, &format!("not done within {} s", bound.as_secs()))
            }
        };
        lines.push((due.key, line));
    }
    lines
}

fn left(connection: &Connection, run: &str, what: &str, why: &str) -> Line {
    let look = format!(
        "kubectl -n {} get configmap {} -o yaml, which says what was before",
        connection.namespace,
        name_of(run)
    );
    Line::left(Outcome::Failed, what, why, &look)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kubernetes::undo::UndoData;

    fn entry(order: u64, kinds: &[&str]) -> Entry {
        let part = |kind: &&str| {
            let resource = json!({"group": "", "version": "v1", "plural": "x", "kind": kind, "namespaced": true});
            let change = json!({
                "what": format!("{kind} {order}"), "resource": resource, "name": "x", "uid": "u",
                "fault": "r/s", "deed": {"delete": {"pods": []}}
            });
            Part::Native(serde_json::from_value(change).unwrap())
        };
        let undo = UndoData {
            run: "r".into(),
            context: String::new(),
            server: String::new(),
            namespace: "shop".into(),
            parts: kinds.iter().map(part).collect(),
        };
        Entry { key: order.to_string(), order, step: String::new(), deadline: 0, undo }
    }

    #[test]
    fn permissions_come_first_and_then_the_newest() {
        let entries =
            [entry(1, &["Node", "Deployment"]), entry(2, &["RoleBinding"]), entry(3, &["Secret"])];
        let order: Vec<String> =
            in_order(&entries).iter().map(|due| due.change.what.to_string()).collect();
        assert_eq!(order, ["RoleBinding 2", "Secret 3", "Deployment 1", "Node 1"]);
    }
}
