//! What acts on no pods: clouds and machines; and BlockChaos, which needs a module on the node.

use super::super::choose::words;
use super::super::pod;
use super::look::Look;
use super::shared;

/// What a kind of a cloud must be told.
const CLOUDS: [(&str, &[&str], &[&str]); 3] = [
    ("AWSChaos", &["ec2-stop", "ec2-restart", "detach-volume"], &["awsRegion", "ec2Instance"]),
    ("GCPChaos", &["node-stop", "node-reset", "disk-loss"], &["project", "zone", "instance"]),
    (
        "AzureChaos",
        &["vm-stop", "vm-restart", "disk-detach"],
        &["subscriptionID", "resourceGroupName", "vmName"],
    ),
];

pub(super) fn check(look: &mut Look<'_>) {
    if let Some((_, actions, needed)) = CLOUDS.iter().find(|(kind, ..)| *kind == look.kind.name) {
        let action = look.text("action");
        if !actions.contains(&action) {
            let why = format!("{} has no action \"{}\"", look.kind.name, pod::shown(action));
            look.no("action", why, format!("write one of: {}", actions.join(", ")));
        }
        for field in needed.iter() {
            if look.text(field).is_empty() {
                look.no(field, "it is needed", "write it");
            }
        }
    }
    if look.kind.name == "PhysicalMachineChaos" {
        machine(look);
    }
}

fn machine(look: &mut Look<'_>) {
    let action = look.text("action").to_owned();
    if action.is_empty() || !look.get(&action).is_object() {
        let why = "the action has nothing to go by";
        look.no("action", why, "add the block called as the action");
    }
    if action.starts_with("http-") {
        let why = "the schema has its block, but it is no action";
        look.no("action", why, "break the network instead");
    }
    machines(look);
    if action == "redis-expiration" && look.get(&action)["option"].is_string() {
        let why = "Chaos Mesh 2.8 refuses just those that are right";
        look.no("redis-expiration.option", why, "leave it out");
    }
}

/// Which machines: by address, or by what they are called.
fn machines(look: &mut Look<'_>) {
    let address = !words(look.get("address")).is_empty();
    if !look.has("selector") {
        if !address {
            look.no("selector", "nothing says which machines", "write physicalMachines: { … }");
        }
        return;
    }
    if address {
        return look.no("selector", "beside address it is refused", "keep one of them");
    }
    let selector = look.get("selector");
    let says = ["physicalMachines", "labelSelectors", "expressionSelectors"];
    if says.iter().all(|key| selector[*key].is_null()) {
        look.no("selector", "it means every machine", "write physicalMachines: { … }");
    }
    shared::mode(look, look.spec, "");
}

/// BlockChaos.
pub(super) fn block(look: &mut Look<'_>) {
    if look.text("volumeName").is_empty() {
        look.no("volumeName", "it is needed", "write the name of the volume in the pod");
    }
}
