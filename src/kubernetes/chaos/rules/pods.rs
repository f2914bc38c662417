//! PodChaos, and the names of containers.

use k8s_openapi::api::core::v1::Pod;

use super::super::choose::words;
use super::super::pod;
use super::look::Look;

/// PodChaos.
pub(super) fn check(look: &mut Look<'_>, struck: &[&Pod]) {
    match look.text("action") {
        "pod-kill" => {
            let bare: Vec<&str> = struck
                .iter()
                .filter(|one| pod::owner(one).is_none())
                .map(|one| pod::name(one))
                .collect();
            if !bare.is_empty() {
                let why = format!("nothing would make {} again", pod::list(bare));
                look.no(
                    "selector",
                    why,
                    "choose pods of a Deployment or StatefulSet, or write action: pod-failure",
                );
            }
        }
        "container-kill" => {
            if words(look.get("containerNames")).is_empty() {
                let why = "container-kill needs the names of the containers";
                look.no("containerNames", why, "write containerNames: [app]");
            }
            containers(look, struck);
            let policy = |one: &Pod| one.spec.as_ref().and_then(|spec| spec.restart_policy.clone());
            let lost: Vec<&str> = struck
                .iter()
                .filter(|one| policy(one).as_deref() == Some("Never"))
                .map(|one| pod::name(one))
                .collect();
            if !lost.is_empty() {
                let why =
                    format!("{} starts no container again (restartPolicy: Never)", pod::list(lost));
                look.no("selector", why, "choose others");
            }
        }
        "pod-failure" => {}
        other => {
            let why = format!("PodChaos has no action \"{}\"", pod::shown(other));
            look.no("action", why, "write pod-kill, pod-failure or container-kill");
        }
    }
}

/// Every named container is in every pod.
pub(super) fn containers(look: &mut Look<'_>, struck: &[&Pod]) {
    for name in words(look.get("containerNames")) {
        let without = struck.iter().find(|one| pod::container(one, name).is_none());
        if let Some(one) = without {
            let known = pod::list(pod::containers(one).iter().map(|one| one.name.as_str()));
            let why = format!(
                "pod {} has no container {}; it has {known}",
                pod::shown(pod::name(one)),
                pod::shown(name)
            );
            look.no("containerNames", why, "name one that is there");
        }
    }
}
