//! What an experiment needs to know of a pod: whether it is ready, who controls it, which container, port and folder are meant
//! where nobody says. Pure.

use k8s_openapi::api::core::v1::{Container, Pod, VolumeMount};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;

use crate::gameday::text::printable;
use crate::kubernetes::name::{MANAGED_BY, PART_OF};

/// Says which container is meant, as `kubectl` understands it.
const DEFAULT_CONTAINER: &str = "kubectl.kubernetes.io/default-container";

/// Its name.
pub fn name(pod: &Pod) -> &str {
    pod.metadata.name.as_deref().unwrap_or_default()
}

/// The value of a label.
pub fn label<'a>(pod: &'a Pod, key: &str) -> Option<&'a str> {
    pod.metadata.labels.as_ref()?.get(key).map(String::as_str)
}

/// Whether it is ready to serve.
pub fn is_ready(pod: &Pod) -> bool {
    let conditions = pod.status.as_ref().and_then(|status| status.conditions.as_deref());
    pod.metadata.deletion_timestamp.is_none()
        && conditions
            .unwrap_or_default()
            .iter()
            .any(|one| one.type_ == "Ready" && one.status == "True")
}

/// How often its containers were restarted.
pub fn restarts(pod: &Pod) -> i32 {
    let containers = pod.status.as_ref().and_then(|status| status.container_statuses.as_deref());
    containers.unwrap_or_default().iter().map(|one| one.restart_count).sum()
}

/// Whether all its containers have ended for good.
pub fn is_finished(pod: &Pod) -> bool {
    let phase = pod.status.as_ref().and_then(|status| status.phase.as_deref());
    matches!(phase, Some("Succeeded" | "Failed"))
}

/// Whether it has the network of its node.
pub fn is_on_host_network(pod: &Pod) -> bool {
    pod.spec.as_ref().and_then(|spec| spec.host_network) == Some(true)
}

/// The node that it runs on.
pub fn node(pod: &Pod) -> Option<&str> {
    pod.spec.as_ref()?.node_name.as_deref()
}

/// What controls it, and so makes another one when it is gone.
pub fn owner(pod: &Pod) -> Option<&OwnerReference> {
    pod.metadata.owner_references.as_deref()?.iter().find(|owner| owner.controller == Some(true))
}

/// Whether the controller with this uid controls it.
pub fn is_owned_by(pod: &Pod, uid: &str) -> bool {
    owner(pod).is_some_and(|owner| owner.uid == uid)
}

/// Whether it is a tool of the exercise: ours, or of Chaos Mesh. None of these is ever hit.
pub fn is_tool(pod: &Pod) -> bool {
    label(pod, MANAGED_BY.0) == Some(MANAGED_BY.1)
        || label(pod, PART_OF.0).is_some_and(|part| part == PART_OF.1 || part == "chaos-mesh")
}

/// Its containers, without those that only prepare it.
pub fn containers(pod: &Pod) -> &[Container] {
    pod.spec.as_ref().map(|spec| spec.containers.as_slice()).unwrap_or_default()
}

/// Its container of this name.
pub fn container<'a>(pod: &'a Pod, name: &str) -> Option<&'a Container> {
    containers(pod).iter().find(|one| one.name == name)
}

/// The container that does the pod's work: the one that is marked, the only one, or the one called as the app.
///
/// # Errors
/// When it cannot be told; for people.
pub fn main_container(pod: &Pod) -> Result<&Container, String> {
    let marked = pod.metadata.annotations.as_ref().and_then(|all| all.get(DEFAULT_CONTAINER));
    let called = marked.map(String::as_str).or_else(|| label(pod, "app"));
    match containers(pod) {
        [only] => Ok(only),
        several => {
            called.and_then(|called| several.iter().find(|one| one.name == called)).ok_or_else(
                || {
                    format!(
                        "pod {} has the containers {}, and which one is meant is not known; annotate its template with \
                         {DEFAULT_CONTAINER}: NAME",
                        shown(name(pod)),
                        list(several.iter().map(|one| one.name.as_str())),
                    )
                },
            )
        }
    }
}

/// The port at which the pod speaks HTTP: its only one, or the one called `http`.
///
/// # Errors
/// When it cannot be told; for people.
pub fn http_port(pod: &Pod) -> Result<i32, String> {
    let mut ports: Vec<(&str, i32)> = Vec::new();
    for port in containers(pod).iter().flat_map(|one| one.ports.as_deref().unwrap_or_default()) {
        if port.protocol.as_deref().is_none_or(|protocol| protocol == "TCP") {
            ports.push((port.name.as_deref().unwrap_or_default(), port.container_port));
        }
    }
    match ports.as_slice() {
        [] => Err(format!(
            "pod {} names no port at which it speaks HTTP; add it under ports of its container, called http",
            shown(name(pod))
        )),
        [(_, only)] => Ok(*only),
        several => several
            .iter()
            .find(|(called, _)| *called == "http")
            .map(|(_, port)| *port)
            .ok_or_else(|| {
                format!(
                    "pod {} has the ports {}, and at which one it speaks HTTP is not known; call that one http in its template",
                    shown(name(pod)),
                    list(several.iter().map(|(_, port)| port.to_string())),
                )
            }),
    }
}

/// The folder in which a container keeps its data: the only one that is mounted from a claim, else the only one that is mounted
/// from anything that can be written to.
///
/// # Errors
/// When there is none, or several; for people.
pub fn data_folder<'a>(pod: &'a Pod, container: &'a Container) -> Result<&'a str, String> {
    let mounts = data_mounts(pod, container);
    let claimed: Vec<_> = mounts.iter().filter(|(_, claim)| *claim).copied().collect();
    let meant = match (claimed.as_slice(), mounts.as_slice()) {
        ([only], _) | ([], [only]) => Some(only.0),
        _ => None,
    };
    let at = format!("container {} of pod {}", shown(&container.name), shown(name(pod)));
    match (meant, mounts.is_empty()) {
        (Some(mount), _) => Ok(&mount.mount_path),
        (None, true) => Err(format!(
            "{at} has no volume to write to, and file operations can only be broken at the root of one; mount an emptyDir or a claim \
             where its data is"
        )),
        (None, false) => Err(format!(
            "{at} has several volumes ({}), and which one is meant is not known; place an IOChaos of your own with its volumePath \
             (experiment: {{ manifest: file.yaml }})",
            list(mounts.iter().map(|(mount, _)| mount.mount_path.as_str())),
        )),
    }
}

/// What is mounted to be written to, and whether a claim stands behind it.
fn data_mounts<'a>(pod: &'a Pod, container: &'a Container) -> Vec<(&'a VolumeMount, bool)> {
    let volumes = pod.spec.as_ref().and_then(|spec| spec.volumes.as_deref()).unwrap_or_default();
    let mounts = container.volume_mounts.as_deref().unwrap_or_default().iter();
    let writable = mounts.filter(|one| one.read_only != Some(true) && one.sub_path.is_none());
    writable
        .filter_map(|mount| {
            let volume = volumes.iter().find(|one| one.name == mount.name)?;
            let told = volume.config_map.is_some()
                || volume.secret.is_some()
                || volume.projected.is_some()
                || volume.downward_api.is_some();
            let claim = volume.persistent_volume_claim.is_some() || volume.ephemeral.is_some();
            (!told).then_some((mount, claim))
        })
        .collect()
}

/// A name from outside, for people.
pub fn shown(name: &str) -> String {
    printable(name, 80)
}

/// Names from outside, for people.
pub fn list<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> String {
    const MOST: usize = 8;
    let names: Vec<String> = names.into_iter().map(|name| shown(name.as_ref())).collect();
    match names.len() {
        0..=MOST => names.join(", "),
        more => format!("{} and {} more", names[..MOST].join(", "), more - MOST),
    }
}
