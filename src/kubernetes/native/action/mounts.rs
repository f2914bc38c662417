//! Which ConfigMaps and Secrets pods use, and how.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::core::v1::{Container, Pod, PodSpec, Volume, VolumeProjection};

use super::act::{Act, Action};
use super::pods::{list, only};
use crate::exercise::said::said;
use crate::kubernetes::scene::Scene;

/// In every namespace by itself, and nobody's settings.
const ROOT: &str = "kube-root-ca.crt";

/// Keys of a ConfigMap of the victims change.
pub(super) fn settings(
    scene: &Scene,
    victims: &[&Pod],
    set: &BTreeMap<String, String>,
) -> Result<Action, String> {
    let mut maps = common(victims, maps);
    maps.remove(ROOT);
    if maps.is_empty() {
        return Err(format!(
            "{} use no ConfigMap, mounted or in their environment: write source: environment, or mount one",
            list(victims.iter().copied())
        ));
    }
    // Only those that the keys can be in count: who names one, means it.
    let meant: BTreeSet<&str> =
        set.keys().filter_map(|key| key.split_once('/')).map(|(map, _)| map).collect();
    if !meant.is_empty() {
        maps.retain(|name, _| meant.contains(name.as_str()));
    }
    for name in maps.keys() {
        let users =
            scene.pods.iter().filter(|pod| spec(pod).is_some_and(|spec| maps_of(spec, name)));
        only(victims, users, &format!("ConfigMap {name}"))?;
    }
    Ok(Action {
        act: Act::Settings { maps, set: set.clone() },
        back: Vec::new(),
        warnings: Vec::new(),
    })
}

/// The certificate that the victims serve has expired.
pub(super) fn certificate(scene: &Scene, victims: &[&Pod], expired: i64) -> Result<Action, String> {
    let secrets = common(victims, secrets);
    if secrets.is_empty() {
        return Err(format!(
            "{} mount no Secret: a certificate that comes from elsewhere (an Ingress, a mesh, a load balancer) is not exchanged",
            list(victims.iter().copied())
        ));
    }
    for name in secrets.keys() {
        let users = scene
            .pods
            .iter()
            .filter(|pod| spec(pod).is_some_and(|spec| self::secrets(spec).contains_key(name)));
        only(victims, users, &format!("Secret {name}"))?;
    }
    let warnings = vec![
        said!(
            "native-certificate-late",
            "pods get the file within about two minutes, and serve it once they read it again"
        ),
        said!(
            "native-certificate-own",
            "it is signed by itself: some see an unknown authority before they see that it expired"
        ),
    ];
    let secrets = secrets.into_keys().collect();
    Ok(Action { act: Act::Certificate { secrets, expired }, back: Vec::new(), warnings })
}

fn spec(pod: &Pod) -> Option<&PodSpec> {
    pod.spec.as_ref()
}

/// What every victim uses; whether all of them see it without a restart.
fn common(
    victims: &[&Pod],
    uses: impl Fn(&PodSpec) -> BTreeMap<String, bool>,
) -> BTreeMap<String, bool> {
    let mut all = victims.iter().filter_map(|pod| spec(pod)).map(uses);
    let Some(mut found) = all.next() else { return BTreeMap::new() };
    for other in all {
        found.retain(|name, _| other.contains_key(name));
        for (name, live) in &mut found {
            *live = *live && other.get(name).copied().unwrap_or_default();
        }
    }
    found
}

fn maps_of(spec: &PodSpec, name: &str) -> bool {
    maps(spec).contains_key(name)
}

/// ConfigMaps by name; whether a change of it shows in a file of a running pod.
fn maps(spec: &PodSpec) -> BTreeMap<String, bool> {
    let mut found = BTreeMap::new();
    let mut add = |name: &str, live: bool| {
        *found.entry(name.to_owned()).or_default() |= live;
    };
    for volume in spec.volumes.iter().flatten() {
        let live = is_live(spec, &volume.name);
        let projected = projected(volume).filter_map(|one| one.config_map.as_ref());
        let projected = projected.map(|map| &map.name);
        volume
            .config_map
            .iter()
            .map(|map| &map.name)
            .chain(projected)
            .for_each(|name| add(name, live));
    }
    for container in containers(spec) {
        let from =
            container.env_from.iter().flatten().filter_map(|one| one.config_map_ref.as_ref());
        from.for_each(|one| add(&one.name, false));
        let single = container.env.iter().flatten().filter_map(|one| one.value_from.as_ref());
        let single = single.filter_map(|one| one.config_map_key_ref.as_ref());
        single.for_each(|one| add(&one.name, false));
    }
    found
}

/// Secrets that are mounted, by name; whether a change of it shows in a file of a running pod.
fn secrets(spec: &PodSpec) -> BTreeMap<String, bool> {
    let mut found = BTreeMap::new();
    for volume in spec.volumes.iter().flatten() {
        let live = is_live(spec, &volume.name);
        let own = volume.secret.iter().filter_map(|secret| secret.secret_name.as_ref());
        let projected = projected(volume).filter_map(|one| one.secret.as_ref());
        let projected = projected.map(|one| &one.name);
        for name in own.chain(projected) {
            *found.entry(name.clone()).or_default() |= live;
        }
    }
    found
}

/// What is put together in a volume. What comes with the token of the pod's account is the cluster's: authorities to trust,
/// which every pod has.
fn projected(volume: &Volume) -> impl Iterator<Item = &VolumeProjection> {
    let sources = || volume.projected.iter().flat_map(|all| all.sources.iter().flatten());
    let is_account = sources().any(|one| one.service_account_token.is_some());
    sources().filter(move |_| !is_account)
}

fn containers(spec: &PodSpec) -> impl Iterator<Item = &Container> {
    spec.containers.iter().chain(spec.init_containers.iter().flatten())
}

/// Whether the files of a volume follow it: those mounted by a subPath never do.
fn is_live(spec: &PodSpec, volume: &str) -> bool {
    let mounts = containers(spec).flat_map(|one| one.volume_mounts.iter().flatten());
    let mut mounts = mounts.filter(|mount| mount.name == volume);
    mounts.any(|mount| mount.sub_path.is_none() && mount.sub_path_expr.is_none())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_comes_with_the_token_of_the_account_is_nobodys_settings() {
        let account = json!([
            {"serviceAccountToken": {"path": "token"}},
            {"configMap": {"name": ROOT}},
            {"configMap": {"name": "openshift-service-ca.crt"}},
            {"secret": {"name": "of-the-cluster"}},
        ]);
        let own = json!([{"configMap": {"name": "shop"}}, {"secret": {"name": "shop-tls"}}]);
        let spec: PodSpec = serde_json::from_value(json!({
            "containers": [{"name": "app", "volumeMounts": [
                {"name": "kube-api-access", "mountPath": "/var/run/secrets"}, {"name": "own", "mountPath": "/own"},
            ]}],
            "volumes": [
                {"name": "kube-api-access", "projected": {"sources": account}},
                {"name": "own", "projected": {"sources": own}},
            ],
        }))
        .unwrap();
        assert_eq!(maps(&spec), BTreeMap::from([("shop".to_owned(), true)]));
        assert_eq!(secrets(&spec), BTreeMap::from([("shop-tls".to_owned(), true)]));
    }
}
