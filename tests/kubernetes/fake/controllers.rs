//! The two controllers without which deleting means little: the garbage collector and that of namespaces. They work behind the
//! requests, as in a real cluster.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

use super::call::Call;
use super::change::is_over;
use super::remove::{How, remove};
use super::request::Query;
use super::shared::Shared;
use super::state::{Key, State};
use super::users::User;

/// Works until the server ends.
pub async fn run(shared: Arc<Shared>) {
    let mut changed = shared.changed.subscribe();
    loop {
        let more = shared.change(round);
        if more {
            tokio::task::yield_now().await;
        } else if changed.changed().await.is_err() {
            return;
        }
    }
}

/// One look at everything; whether something was done.
fn round(state: &mut State) -> bool {
    let before = state.revision();
    empty_namespaces(state);
    collect(state);
    state.revision() != before
}

fn empty_namespaces(state: &mut State) {
    let ending: Vec<Key> = state
        .all("namespaces", None)
        .filter(|(_, object)| !object["metadata"]["deletionTimestamp"].is_null())
        .map(|(key, _)| key.clone())
        .collect();
    for namespace in ending {
        let inside: Vec<Key> = state
            .everything()
            .filter(|(key, _)| key.namespace == namespace.name)
            .map(|(key, _)| key.clone())
            .collect();
        for key in &inside {
            delete(state, key);
        }
        let left = state.everything().any(|(key, _)| key.namespace == namespace.name);
        if !left && let Some(object) = state.get(&namespace) {
            if object["spec"]["finalizers"].is_null() {
                continue;
            }
            let mut object = Value::clone(object);
            object["spec"] = serde_json::json!({});
            settle(state, &namespace, object);
        }
    }
}

/// Stores a change of a controller, or takes the object away when that ends it.
fn settle(state: &mut State, key: &Key, object: Value) {
    let over = is_over(&object);
    state.put(key.clone(), object);
    if over {
        state.take(key);
    }
}

/// Deletes what has lost its last owner, and lets owners go that waited for their dependants.
fn collect(state: &mut State) {
    let living: BTreeSet<String> = state
        .everything()
        .filter_map(|(_, object)| object["metadata"]["uid"].as_str().map(str::to_owned))
        .collect();
    let owned: Vec<(Key, Arc<Value>)> = state
        .everything()
        .filter(|(_, object)| object["metadata"]["ownerReferences"].is_array())
        .map(|(key, object)| (key.clone(), Arc::clone(object)))
        .collect();
    for (key, object) in &owned {
        let owners = owners(object);
        if !owners.is_empty() && owners.iter().all(|owner| !living.contains(*owner)) {
            delete(state, key);
        }
    }
    let waiting: Vec<(Key, Arc<Value>)> = state
        .everything()
        .filter(|(_, object)| {
            has_finalizer(object, "orphan") || has_finalizer(object, "foregroundDeletion")
        })
        .filter(|(_, object)| !object["metadata"]["deletionTimestamp"].is_null())
        .map(|(key, object)| (key.clone(), Arc::clone(object)))
        .collect();
    for (key, object) in waiting {
        let uid = object["metadata"]["uid"].as_str().unwrap_or_default();
        let of_it: Vec<&Key> = owned
            .iter()
            .filter(|(_, one)| owners(one).contains(&uid))
            .map(|(key, _)| key)
            .filter(|key| state.get(key).is_some())
            .collect();
        if has_finalizer(&object, "orphan") {
            of_it.into_iter().for_each(|dependant| orphan(state, dependant, uid));
            release(state, &key, "orphan");
        } else if of_it.is_empty() {
            release(state, &key, "foregroundDeletion");
        } else {
            of_it.into_iter().for_each(|dependant| delete(state, dependant));
        }
    }
}

fn owners(object: &Value) -> Vec<&str> {
    let owners = object["metadata"]["ownerReferences"].as_array();
    owners.into_iter().flatten().filter_map(|owner| owner["uid"].as_str()).collect()
}

fn has_finalizer(object: &Value, finalizer: &str) -> bool {
    object["metadata"]["finalizers"]
        .as_array()
        .is_some_and(|list| list.iter().any(|one| one == finalizer))
}

fn orphan(state: &mut State, key: &Key, owner: &str) {
    let Some(object) = state.get(key) else {
        return;
    };
    let mut object = Value::clone(object);
    if let Some(owners) = object["metadata"]["ownerReferences"].as_array_mut() {
        owners.retain(|one| one["uid"] != owner);
    }
    state.put(key.clone(), object);
}

fn release(state: &mut State, key: &Key, finalizer: &str) {
    let Some(object) = state.get(key) else {
        return;
    };
    let mut object = Value::clone(object);
    if let Some(list) = object["metadata"]["finalizers"].as_array_mut() {
        list.retain(|one| one != finalizer);
    }
    settle(state, key, object);
}

fn delete(state: &mut State, key: &Key) {
    let (Some(kind), Some(object)) = (state.kind_of(&key.resource), state.get(key).cloned()) else {
        return;
    };
    if !object["metadata"]["deletionTimestamp"].is_null() {
        return;
    }
    let call = Call {
        kind,
        namespace: key.namespace.clone(),
        name: key.name.clone(),
        sub: String::new(),
        query: Query::default(),
        user: User::new("system:kube-controller-manager", &["system:masters"]),
        agent: "kube-controller-manager".to_owned(),
        media_type: String::new(),
        body: Bytes::new(),
    };
    // What cannot be deleted now is looked at again after the next change.
    drop(remove(state, &call, &object, &How::background()));
}
