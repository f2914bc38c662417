//! Changes made from actions and the objects they are about: what stood there is taken down, and what must not be touched is
//! refused. Pure.

mod account;
mod secret;
mod settings;
mod start;
mod workload;

use serde_json::{Value, json};

use super::change::{Back, Change, Deed, PodRef};
use super::edit::{Edit, key};
use super::resource::{Object, Resource};
use crate::exercise::said::said;
use crate::gameday::span::Span;
use crate::gameday::text::printable;

pub(super) use account::{asks, holders, role, unbind};
pub(super) use secret::{pair, swap, swapped};
pub(super) use settings::{choose, settings};
pub(super) use start::Mark;
pub(super) use workload::{environment, image, restart, scale};

use k8s_openapi::api::core::v1::Pod;

/// `node` takes no new pods; `None`: somebody saw to that before, and it stays so.
pub(super) fn cordon(
    of: Object,
    node: &Value,
    brief: bool,
    mark: &Mark,
) -> Result<Option<Change>, String> {
    let at = vec![key("spec"), key("unschedulable")];
    let mut edit = Edit::new(node, at, Some(json!(true)));
    if edit.before == edit.after {
        return Ok(None);
    }
    // A server leaves what is false out.
    edit.before = None;
    let name = printable(&of.name, 80);
    let what = said!("native-cordon", "close node {node} to new pods", node = name);
    start::patch(of, node, vec![edit], mark, what).map(|mut change| {
        if let Deed::Patch { brief: short, .. } = &mut change.deed {
            *short = brief;
        }
        Some(change)
    })
}

/// Pods are asked to leave.
pub(super) fn evict(pods: Vec<PodRef>, grace: Span, mark: &Mark) -> Change {
    let what = said!("native-evict", "evict {pods}", pods = names(&pods));
    of_pods(pods.clone(), what, Deed::Evict { pods, grace }, mark)
}

/// Pods are deleted.
pub(super) fn delete(pods: Vec<PodRef>, mark: &Mark) -> Change {
    let what = said!("native-delete", "delete {pods} at once", pods = names(&pods));
    of_pods(pods.clone(), what, Deed::Delete { pods }, mark)
}

fn of_pods(
    pods: Vec<PodRef>,
    what: crate::exercise::said::Said,
    deed: Deed,
    mark: &Mark,
) -> Change {
    let single = match &pods[..] {
        [one] => Some(one.clone()),
        _ => None,
    };
    Change {
        what,
        resource: Resource::within::<Pod>(),
        namespace: pods.first().map(|pod| pod.namespace.clone()),
        name: single.as_ref().map(|pod| pod.name.clone()).unwrap_or_default(),
        uid: single.map(|pod| pod.uid).unwrap_or_default(),
        fault: mark.to_string(),
        deed,
        effect: Vec::new(),
        back: Vec::<Back>::new(),
        warnings: Vec::new(),
    }
}

fn names(pods: &[PodRef]) -> String {
    let names: Vec<String> = pods.iter().map(|pod| printable(&pod.name, 80)).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests;
