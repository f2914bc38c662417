//! Pod*Chaos: what NetworkChaos, IOChaos and HTTPChaos want of one pod, together; and the answer that it is so.

use kube::ResourceExt as _;
use kube::api::DynamicObject;
use serde_json::{Value, json};

use super::super::behaviour::Mood;
use super::super::cluster::*;
use super::Manager;
use super::record::{INJECTED, INJECTED_WAIT, NOT_INJECTED, NOT_INJECTED_WAIT, Outcome, Record};
use super::table;

/// Where each experiment's part stands in the spec of a child.
const LISTS: [&str; 5] = ["tcs", "iptables", "ipsets", "actions", "rules"];

fn source(object: &DynamicObject) -> String {
    format!("{}/{}", object.namespace().unwrap_or_default(), object.name_any())
}

/// Notes the generation that has to be answered.
fn expect(object: &mut DynamicObject, record: &Record, generation: Option<i64>) {
    object.data["status"]["instances"][&record.id] = generation.unwrap_or(0).into();
}

/// How far the child is; `None`: it has not answered.
fn answered(
    object: &DynamicObject,
    record: &Record,
    child: &DynamicObject,
) -> Option<Result<(), String>> {
    let status = &child.data["status"];
    let wanted = object.data["status"]["instances"][&record.id].as_i64().unwrap_or(0);
    if let Some(why) = status["failedMessage"].as_str().filter(|why| !why.is_empty()) {
        return Some(Err(why.to_owned()));
    }
    (status["observedGeneration"].as_i64().unwrap_or(0) >= wanted).then_some(Ok(()))
}

pub async fn apply(
    there: &Cluster,
    kind: Kind,
    object: &mut DynamicObject,
    record: &Record,
    pod: Option<&DynamicObject>,
) -> kube::Result<Outcome> {
    let (_, name) = record.pod().unwrap_or_default();
    let child = there.get(kind, name).await?;
    if record.phase == NOT_INJECTED_WAIT {
        return Ok(match child.map(|child| answered(object, record, &child)) {
            None => {
                Outcome::failed(NOT_INJECTED_WAIT, format!("{} \"{name}\" not found", kind.plural))
            }
            Some(None) => Outcome::now(NOT_INJECTED_WAIT),
            Some(Some(Ok(()))) => Outcome::now(INJECTED),
            Some(Some(Err(why))) => Outcome::failed(NOT_INJECTED_WAIT, why),
        });
    }
    let Some(pod) = pod else {
        return Ok(Outcome::failed(NOT_INJECTED, format!("Pod \"{name}\" not found")));
    };
    let entry = entry(kind, object, record);
    let generation = match child {
        None => {
            let mut owners = owned_by(POD, pod);
            owners[0]["controller"] = false.into();
            let mut spec = entry;
            if kind == table::POD_IO {
                spec["volumeMountPath"] = object.data["spec"]["volumePath"].clone();
                spec["container"] = record.container().into();
            }
            let new = json!({
                "metadata": {"name": name, "namespace": there.namespace, "ownerReferences": owners},
                "spec": spec,
            });
            there.create(kind, new).await?.and_then(|new| new.metadata.generation)
        }
        Some(mut child) => {
            let own = source(object);
            for (list, new) in entry.as_object().into_iter().flatten() {
                let mut all = child.data["spec"][list].as_array().cloned().unwrap_or_default();
                all.retain(|one| one["source"] != own.as_str());
                all.extend(new.as_array().cloned().unwrap_or_default());
                child.data["spec"][list] = all.into();
            }
            write(there, kind, &child).await?
        }
    };
    expect(object, record, generation);
    Ok(Outcome::now(NOT_INJECTED_WAIT))
}

pub async fn recover(
    there: &Cluster,
    kind: Kind,
    object: &mut DynamicObject,
    record: &Record,
    pod: &DynamicObject,
) -> kube::Result<Outcome> {
    let Some(mut child) = there.get(kind, &pod.name_any()).await? else {
        return Ok(Outcome::now(NOT_INJECTED));
    };
    if record.phase == INJECTED_WAIT {
        return Ok(match answered(object, record, &child) {
            None => Outcome::now(INJECTED_WAIT),
            Some(Ok(())) => Outcome::now(NOT_INJECTED),
            Some(Err(why)) => Outcome::failed(INJECTED_WAIT, why),
        });
    }
    let own = source(object);
    for list in LISTS {
        if let Some(all) = child.data["spec"][list].as_array_mut() {
            all.retain(|one| one["source"] != own.as_str());
        }
    }
    let generation = write(there, kind, &child).await?;
    expect(object, record, generation);
    Ok(Outcome::now(INJECTED_WAIT))
}

/// Writes the spec; its new generation.
async fn write(there: &Cluster, kind: Kind, child: &DynamicObject) -> kube::Result<Option<i64>> {
    there.patch(kind, &child.name_any(), &json!({"spec": child.data["spec"]})).await?;
    Ok(there.get(kind, &child.name_any()).await?.and_then(|child| child.metadata.generation))
}

/// What an experiment adds to the child.
fn entry(kind: Kind, object: &DynamicObject, record: &Record) -> Value {
    let spec = &object.data["spec"];
    let own = source(object);
    let action = spec["action"].as_str().unwrap_or_default();
    if kind == table::POD_HTTP {
        let mut actions = json!({});
        for name in ["abort", "delay", "replace", "patch"] {
            if !spec[name].is_null() {
                actions[name] = spec[name].clone();
            }
        }
        let selector = json!({"port": spec["port"]});
        return json!({"rules": [{
            "source": own, "port": spec["port"], "target": spec["target"], "selector": selector,
            "actions": actions,
        }]});
    }
    if kind == table::POD_IO {
        return json!({"actions": [{
            "source": own, "type": action, "path": spec["path"].as_str().unwrap_or_default(),
            "percent": spec["percent"].as_i64().unwrap_or(100),
        }]});
    }
    if action == "partition" {
        let direction = if record.selector_key == "." { "OUTPUT" } else { "INPUT" };
        let name = format!("{direction}/{}", &letters(gameday::kubernetes::name::digest(&own), 8));
        return json!({"iptables": [{"source": own, "name": name, "direction": direction}]});
    }
    let type_ = if action == "bandwidth" { "bandwidth" } else { "netem" };
    let mut tc = json!({"source": own, "type": type_});
    for name in ["delay", "loss", "duplicate", "corrupt", "bandwidth", "rate"] {
        if !spec[name].is_null() {
            tc[name] = spec[name].clone();
        }
    }
    json!({"tcs": [tc]})
}

/// The daemon's part: says that the newest spec is in the pod, unless the test wants it never to.
pub async fn answer(manager: &Manager<'_>, kind: Kind, child: &DynamicObject) -> kube::Result<()> {
    let sources = LISTS.iter().flat_map(|list| child.data["spec"][list].as_array()).flatten();
    let stuck =
        sources.filter_map(|one| one["source"].as_str()?.split_once('/')).find_map(|(_, name)| {
            match manager.behaviour.mood_of(table::parent(kind), name) {
                Some(Mood::Waits(why)) => Some(why),
                _ => None,
            }
        });
    match stuck {
        None => {
            let status = json!({
                "observedGeneration": child.metadata.generation, "failedMessage": "",
            });
            let clean = child.data["status"]["failedMessage"].as_str().unwrap_or("").is_empty();
            if clean && child.data["status"]["observedGeneration"] == status["observedGeneration"] {
                return Ok(());
            }
            manager.cluster.say(kind, child, status).await
        }
        Some(None) => Ok(()),
        Some(Some(why)) => manager.cluster.say(kind, child, json!({"failedMessage": why})).await,
    }
}
