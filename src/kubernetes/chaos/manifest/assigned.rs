//! What is to be written for one round of one injection, and what is written already.

use k8s_openapi::api::core::v1::Pod;
use serde_json::{Map, Value, json};

use super::super::bound::bound;
use super::super::kinds;
use super::super::object::Manifest;
use super::super::pod;
use crate::gameday::span::Span;
use crate::kubernetes::scene::Scene;
use crate::kubernetes::step::Step;
use crate::port::target::{FaultOrder, TargetError};

/// More pods than so many go into several objects: Chaos Mesh works through an object one pod after the other, and keeps a record
/// of each in it.
pub(super) const SHARD: usize = 50;

/// An order in a scene, and the objects written for it.
pub(super) struct Assigned<'a> {
    pub(super) scene: &'a Scene,
    /// The pods that are hit.
    pub(super) victims: Vec<&'a Pod>,
    /// The pods on the other side.
    pub(super) peers: Vec<&'a Pod>,
    step: &'a Step,
    /// The objects end by themselves after so long.
    pub(super) lasts: Span,
    written: Vec<Manifest>,
}

impl<'a> Assigned<'a> {
    /// Nothing is written yet.
    ///
    /// # Errors
    /// When a pod is not there any more, or the fault may not stay so long; for people.
    pub(super) fn new(
        order: &'a FaultOrder,
        scene: &'a Scene,
        step: &'a Step,
    ) -> Result<Self, TargetError> {
        let victims = found(&order.victims, scene)?;
        if victims.is_empty() {
            return Err(TargetError("nobody is hit: no pod was chosen".to_owned()));
        }
        let peers = found(&order.peers, scene)?;
        let lasts = bound(order.lasts).map_err(TargetError)?;
        Ok(Self { scene, victims, peers, step, lasts, written: Vec::new() })
    }

    /// What was written.
    pub(super) fn finish(self) -> Vec<Manifest> {
        self.written
    }

    /// Writes an object of this kind that strikes `struck`; `beside` are the pods on its other side.
    pub(super) fn write(&mut self, kind: &str, spec: Value, struck: &[&Pod], beside: &[&Pod]) {
        let Some(kind) = kinds::of(kind) else { return };
        let mut all = Map::new();
        all.extend(selection(&self.scene.namespace, struck));
        if let Value::Object(spec) = spec {
            all.extend(spec);
        }
        let mut all = Value::Object(all);
        if !kind.is_one_shot(&all) {
            all["duration"] = self.lasts.to_string().into();
        }
        let number = self.written.len();
        let one = Manifest::new(kind, &self.scene.namespace, all, self.step, number);
        let struck: Vec<&str> = struck.iter().map(|one| pod::name(one)).collect();
        let beside: Vec<&str> = beside.iter().map(|one| pod::name(one)).collect();
        self.written.push(one.hitting(self.scene, &struck, &beside));
    }
}

/// These pods and nobody else.
pub(super) fn selection(namespace: &str, pods: &[&Pod]) -> Map<String, Value> {
    let names: Vec<&str> = pods.iter().map(|one| pod::name(one)).collect();
    let selector = json!({"namespaces": [namespace], "pods": {namespace: names}});
    Map::from_iter([("mode".to_owned(), "all".into()), ("selector".to_owned(), selector)])
}

/// The pods of these names.
fn found<'a>(names: &[String], scene: &'a Scene) -> Result<Vec<&'a Pod>, TargetError> {
    let all = names.iter().map(|name| {
        scene.pod(name).ok_or_else(|| {
            TargetError(format!(
                "pod {} is not in namespace {} any more; choose again",
                pod::shown(name),
                pod::shown(&scene.namespace)
            ))
        })
    });
    all.collect()
}

/// Pods that agree in something, together, in shards.
pub(super) fn grouped<'a, T: PartialEq>(
    pods: &[&'a Pod],
    by: impl Fn(&'a Pod) -> Result<T, String>,
) -> Result<Vec<(T, Vec<&'a Pod>)>, String> {
    let mut groups: Vec<(T, Vec<&Pod>)> = Vec::new();
    for one in pods {
        let key = by(one)?;
        let room = |(known, members): &&mut (T, Vec<&Pod>)| *known == key && members.len() < SHARD;
        match groups.iter_mut().find(room) {
            Some((_, members)) => members.push(one),
            None => groups.push((key, vec![one])),
        }
    }
    Ok(groups)
}
