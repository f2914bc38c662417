//! One experiment through the pipeline: finalizer, desired phase, conditions, records, and the finalizer off again. Each step writes
//! the whole object; a step that has to try again ends the pipeline.

use std::time::{Duration, Instant};

use gameday::kubernetes::name::digest;
use kube::ResourceExt as _;
use kube::api::DynamicObject;
use serde_json::{Value, json};

use super::super::cluster::*;
use super::event::Told;
use super::record::{self, Desired, Operation, Record};
use super::table::{self, Targets};
use super::{LONGEST_RETRY, Manager, Tries, age, effect, paused, select, timing};

const FINALIZER: &str = "chaos-mesh/records";
const CLEAN: &str = "chaos-mesh.chaos-mesh.org/cleanFinalizer";

pub async fn pipeline(
    manager: &mut Manager<'_>,
    kind: Kind,
    mut object: DynamicObject,
) -> kube::Result<()> {
    if !init_finalizer(manager, kind, &mut object).await? {
        return Ok(());
    }
    let Some(desired) = desired_phase(manager, kind, &mut object).await? else { return Ok(()) };
    if !conditions(manager, kind, &mut object).await? {
        return Ok(());
    }
    if waits_for_retry(manager, &object) {
        return Ok(());
    }
    if !records(manager, kind, &mut object, desired).await? {
        return Ok(());
    }
    clean_finalizer(manager, kind, &mut object).await
}

async fn init_finalizer(
    manager: &Manager<'_>,
    kind: Kind,
    object: &mut DynamicObject,
) -> kube::Result<bool> {
    if deleting(object) || object.finalizers().iter().any(|one| one == FINALIZER) {
        return Ok(true);
    }
    object.finalizers_mut().push(FINALIZER.to_owned());
    if !manager.update(kind, object).await? {
        return Ok(false);
    }
    let message = "Finalizer has been inited".to_owned();
    let told = Told {
        step: "initFinalizers",
        type_: "finalizer-inited",
        reason: "FinalizerInited",
        message,
    };
    manager.tell(kind, object, told).await;
    Ok(true)
}

async fn desired_phase(
    manager: &mut Manager<'_>,
    kind: Kind,
    object: &mut DynamicObject,
) -> kube::Result<Option<Desired>> {
    let spec = &object.data["spec"];
    let one_shot = table::one_shot(kind.kind, spec);
    let phase = timing::phase(spec, one_shot, deleting(object), paused(object), age(object));
    if let Some(again) = phase.again {
        // Ages are whole seconds on the server.
        manager.wake_in(again + Duration::from_millis(5));
    }
    let word = if phase.desired == Desired::Run { "Run" } else { "Stop" };
    if object.data["status"]["experiment"]["desiredPhase"] == word {
        return Ok(Some(phase.desired));
    }
    object.data["status"]["experiment"]["desiredPhase"] = word.into();
    if !manager.update(kind, object).await? {
        return Ok(None);
    }
    let (reason, message) =
        phase.stop.map_or(("Started", "Experiment has started"), timing::Stop::reason);
    let type_ = match reason {
        "TimeUp" => "time-up".to_owned(),
        reason => reason.to_lowercase(),
    };
    let told = Told { step: "desiredphase", type_: &type_, reason, message: message.to_owned() };
    manager.tell(kind, object, told).await;
    Ok(Some(phase.desired))
}

async fn conditions(
    manager: &Manager<'_>,
    kind: Kind,
    object: &mut DynamicObject,
) -> kube::Result<bool> {
    let records = records_of(object);
    let mut all = record::conditions(records.as_deref()).to_vec();
    all.push(("Paused", paused(object)));
    let said = |yes: bool| if yes { "True" } else { "False" };
    let wanted: Vec<Value> =
        all.iter().map(|(name, yes)| json!({"type": name, "status": said(*yes)})).collect();
    if covers(&object.data["status"]["conditions"], &json!(wanted)) {
        return Ok(true);
    }
    object.data["status"]["conditions"] = wanted.into();
    manager.update(kind, object).await
}

fn records_of(object: &DynamicObject) -> Option<Vec<Record>> {
    let records = &object.data["status"]["experiment"]["containerRecords"];
    records.is_array().then(|| serde_json::from_value(records.clone()).unwrap())
}

/// A failure is tried again later, or at once when somebody touched the object or the test changed its mind.
fn waits_for_retry(manager: &mut Manager<'_>, object: &DynamicObject) -> bool {
    let print = print(manager, object);
    let uid = object.uid().unwrap_or_default();
    let Some(tries) = manager.memory.tries.get(&uid) else { return false };
    let left = tries.not_before.saturating_duration_since(Instant::now());
    if tries.print != print || left.is_zero() {
        return false;
    }
    manager.wake_in(left);
    true
}

fn print(manager: &Manager<'_>, object: &DynamicObject) -> u64 {
    let seen = (object.annotations(), deleting(object), object.finalizers());
    digest(&format!("{seen:?}{}", manager.behaviour.version()))
}

/// `true`: the pipeline goes on.
async fn records(
    manager: &mut Manager<'_>,
    kind: Kind,
    object: &mut DynamicObject,
    desired: Desired,
) -> kube::Result<bool> {
    let known = records_of(object);
    let selected = known.is_none();
    let mut records = match known {
        Some(records) => records,
        None => match selection(manager, kind, object).await? {
            Ok(records) => records,
            Err(why) => {
                let message = format!("Failed to select targets: {why}");
                let told = Told { step: "records", type_: "failed", reason: "Failed", message };
                // Nobody tries again before the object changes.
                if !deleting(object) && !once(manager, object, "select") {
                    manager.tell(kind, object, told).await;
                }
                return Ok(true);
            }
        },
    };
    let before = records.clone();
    let mut failed = false;
    for record in &mut records {
        let Some(operation) = record.operation(desired) else { continue };
        let outcome = effect::carry(manager, kind, object, record, operation).await?;
        failed |= outcome.error.is_some();
        let done = record.note(operation, &outcome, &now());
        let message = match (&outcome.error, operation) {
            (Some(error), Operation::Apply) => format!("Failed to apply chaos: {error}"),
            (Some(error), Operation::Recover) => format!("Failed to recover chaos: {error}"),
            (None, Operation::Apply) => format!("Successfully apply chaos for {}", record.id),
            (None, Operation::Recover) => format!("Successfully recover chaos for {}", record.id),
        };
        let (reason, type_) = match (&outcome.error, operation) {
            (Some(_), _) => ("Failed", "failed"),
            (None, Operation::Apply) => ("Applied", "applied"),
            (None, Operation::Recover) => ("Recovered", "recovered"),
        };
        if done || failed {
            manager.tell(kind, object, Told { step: "records", type_, reason, message }).await;
        }
    }
    if failed {
        retry_later(manager, object);
    } else {
        manager.memory.tries.remove(&object.uid().unwrap_or_default());
    }
    if selected || records != before {
        object.data["status"]["experiment"]["containerRecords"] =
            serde_json::to_value(&records).unwrap();
        if !manager.update(kind, object).await? {
            return Ok(false);
        }
        if !conditions(manager, kind, object).await? {
            return Ok(false);
        }
    }
    Ok(!failed)
}

/// Whether this was done for the object as it is already.
fn once(manager: &mut Manager<'_>, object: &DynamicObject, what: &str) -> bool {
    let key = format!("{}/{what}/{}", object.uid().unwrap_or_default(), print(manager, object));
    manager.memory.begun.insert(key, Instant::now()).is_some()
}

fn retry_later(manager: &mut Manager<'_>, object: &DynamicObject) {
    let print = print(manager, object);
    let uid = object.uid().unwrap_or_default();
    let count = manager.memory.tries.get(&uid).map_or(0, |tries| tries.count + 1);
    let wait = (Duration::from_millis(5) * 2_u32.pow(count.min(10))).min(LONGEST_RETRY);
    let tries = Tries { count, not_before: Instant::now() + wait, print };
    manager.memory.tries.insert(uid, tries);
    manager.wake_in(wait);
}

async fn selection(
    manager: &Manager<'_>,
    kind: Kind,
    object: &DynamicObject,
) -> kube::Result<Result<Vec<Record>, String>> {
    let spec = &object.data["spec"];
    let targets = table::targets(kind.kind, spec);
    if targets == Targets::Outside {
        return Ok(Ok(vec![Record::new(spec.to_string(), ".")]));
    }
    let mut choosers = vec![(".", spec)];
    if kind.kind == "NetworkChaos" && spec["target"].is_object() {
        choosers.push((".Target", &spec["target"]));
    }
    let nodes = manager.cluster.list(NODE).await?;
    let mut records = Vec::new();
    for (key, chooser) in choosers {
        let own = object.namespace().unwrap_or_default();
        let mut pods = Vec::new();
        for namespace in select::namespaces(&chooser["selector"], &own) {
            let there = Cluster { client: manager.cluster.client.clone(), namespace };
            pods.extend(there.list(POD).await?);
        }
        match select::choose(chooser, targets, &pods, &nodes) {
            Ok(ids) => records.extend(ids.into_iter().map(|id| Record::new(id, key))),
            Err(why) => return Ok(Err(why)),
        }
    }
    Ok(Ok(records))
}

async fn clean_finalizer(
    manager: &Manager<'_>,
    kind: Kind,
    object: &mut DynamicObject,
) -> kube::Result<()> {
    if !deleting(object) || object.finalizers().is_empty() {
        return Ok(());
    }
    let records = records_of(object).unwrap_or_default();
    let recovered = records.iter().all(|record| record.phase == record::NOT_INJECTED);
    let forced = object.annotations().get(CLEAN).is_some_and(|value| value == "forced");
    if !recovered && !forced {
        return Ok(());
    }
    object.finalizers_mut().retain(|one| one != FINALIZER);
    if manager.update(kind, object).await? {
        let message = "Finalizer has been removed".to_owned();
        let (type_, reason) = ("finalizer-removed", "FinalizerInited");
        let told = Told { step: "cleanFinalizers", type_, reason, message };
        manager.tell(kind, object, told).await;
    }
    Ok(())
}
