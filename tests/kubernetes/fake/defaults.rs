//! What a server fills into built-in objects that leave it out.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::kinds::Kind;

/// Fills in what was left out.
pub fn fill(kind: &Kind, object: &mut Value) {
    drop_nulls(object);
    if let Some(meta) = object["metadata"].as_object_mut() {
        // Empty maps and lists are the same as none.
        meta.retain(|_, value| *value != json!({}) && *value != json!([]));
    }
    match kind.resource().as_str() {
        "pods" => pod(&mut object["spec"]),
        "services" => service(object),
        "secrets" => secret(object),
        "namespaces" => namespace(object),
        "deployments.apps" => deployment(&mut object["spec"]),
        "statefulsets.apps" => stateful(&mut object["spec"]),
        "replicasets.apps" => {
            set(&mut object["spec"], "replicas", json!(1));
            pod(&mut object["spec"]["template"]["spec"]);
        }
        "daemonsets.apps" => {
            let rolling = json!({"maxSurge": 0, "maxUnavailable": 1});
            let strategy = json!({"type": "RollingUpdate", "rollingUpdate": rolling});
            set(&mut object["spec"], "updateStrategy", strategy);
            set(&mut object["spec"], "revisionHistoryLimit", json!(10));
            pod(&mut object["spec"]["template"]["spec"]);
        }
        "jobs.batch" => job(&mut object["spec"]),
        "horizontalpodautoscalers.autoscaling" => {
            set(&mut object["spec"], "minReplicas", json!(1));
        }
        "persistentvolumeclaims" => {
            set(&mut object["spec"], "volumeMode", json!("Filesystem"));
        }
        "rolebindings.rbac.authorization.k8s.io"
        | "clusterrolebindings.rbac.authorization.k8s.io" => binding(object),
        _ => {}
    }
}

fn set(object: &mut Value, field: &str, value: Value) {
    if object.is_null() {
        *object = json!({});
    }
    if let Some(fields) = object.as_object_mut() {
        fields.entry(field.to_owned()).or_insert(value);
    }
}

/// A built-in kind has no nulls.
fn drop_nulls(object: &mut Value) {
    match object {
        Value::Object(fields) => {
            fields.retain(|_, value| !value.is_null());
            fields.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

fn each<'a>(object: &'a mut Value, field: &str) -> impl Iterator<Item = &'a mut Value> {
    object
        .as_object_mut()
        .and_then(|fields| fields.get_mut(field))
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
}

fn pod(spec: &mut Value) {
    if !spec.is_object() {
        return;
    }
    set(spec, "restartPolicy", json!("Always"));
    set(spec, "dnsPolicy", json!("ClusterFirst"));
    set(spec, "schedulerName", json!("default-scheduler"));
    set(spec, "securityContext", json!({}));
    set(spec, "terminationGracePeriodSeconds", json!(30));
    for list in ["containers", "initContainers"] {
        each(spec, list).for_each(container);
    }
    for volume in each(spec, "volumes") {
        for source in ["configMap", "secret"] {
            if volume.get(source).is_some() {
                set(&mut volume[source], "defaultMode", json!(420));
            }
        }
        let only_a_name = volume.as_object().is_some_and(|fields| fields.len() == 1);
        if only_a_name {
            volume["emptyDir"] = json!({});
        }
    }
}

fn container(container: &mut Value) {
    set(container, "resources", json!({}));
    set(container, "terminationMessagePath", json!("/dev/termination-log"));
    set(container, "terminationMessagePolicy", json!("File"));
    let image = container["image"].as_str().unwrap_or_default();
    let tag = image.rsplit('/').next().unwrap_or_default().split_once(':').map(|(_, tag)| tag);
    let latest = matches!(tag, None | Some("latest")) && !image.contains('@');
    let policy = if latest { "Always" } else { "IfNotPresent" };
    set(container, "imagePullPolicy", json!(policy));
    each(container, "ports").for_each(|port| set(port, "protocol", json!("TCP")));
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if container.get(probe).is_none() {
            continue;
        }
        let probe = &mut container[probe];
        for (field, value) in [
            ("timeoutSeconds", 1),
            ("periodSeconds", 10),
            ("successThreshold", 1),
            ("failureThreshold", 3),
        ] {
            set(probe, field, json!(value));
        }
        if probe.get("httpGet").is_some() {
            set(&mut probe["httpGet"], "scheme", json!("HTTP"));
        }
    }
}

fn deployment(spec: &mut Value) {
    set(spec, "replicas", json!(1));
    set(spec, "revisionHistoryLimit", json!(10));
    set(spec, "progressDeadlineSeconds", json!(600));
    set(spec, "strategy", json!({"type": "RollingUpdate"}));
    set(&mut spec["strategy"], "type", json!("RollingUpdate"));
    if spec["strategy"]["type"] == "RollingUpdate" {
        set(&mut spec["strategy"], "rollingUpdate", json!({}));
        set(&mut spec["strategy"]["rollingUpdate"], "maxSurge", json!("25%"));
        set(&mut spec["strategy"]["rollingUpdate"], "maxUnavailable", json!("25%"));
    }
    pod(&mut spec["template"]["spec"]);
}

fn stateful(spec: &mut Value) {
    set(spec, "replicas", json!(1));
    set(spec, "revisionHistoryLimit", json!(10));
    set(spec, "podManagementPolicy", json!("OrderedReady"));
    let strategy = json!({"type": "RollingUpdate", "rollingUpdate": {"partition": 0}});
    set(spec, "updateStrategy", strategy);
    let policy = json!({"whenDeleted": "Retain", "whenScaled": "Retain"});
    set(spec, "persistentVolumeClaimRetentionPolicy", policy);
    pod(&mut spec["template"]["spec"]);
}

fn job(spec: &mut Value) {
    if spec.get("completions").is_none() && spec.get("parallelism").is_none() {
        set(spec, "completions", json!(1));
    }
    set(spec, "parallelism", json!(1));
    set(spec, "backoffLimit", json!(6));
    set(spec, "completionMode", json!("NonIndexed"));
    set(spec, "suspend", json!(false));
    set(spec, "podReplacementPolicy", json!("TerminatingOrFailed"));
    pod(&mut spec["template"]["spec"]);
}

fn service(object: &mut Value) {
    let spec = &mut object["spec"];
    set(spec, "type", json!("ClusterIP"));
    set(spec, "sessionAffinity", json!("None"));
    set(spec, "internalTrafficPolicy", json!("Cluster"));
    for port in each(spec, "ports") {
        set(port, "protocol", json!("TCP"));
        let number = port["port"].clone();
        set(port, "targetPort", number);
    }
    set(object, "status", json!({"loadBalancer": {}}));
}

fn secret(object: &mut Value) {
    set(object, "type", json!("Opaque"));
    let Some(Value::Object(texts)) =
        object.as_object_mut().and_then(|fields| fields.remove("stringData"))
    else {
        return;
    };
    let mut data: Map<String, Value> = object["data"].as_object().cloned().unwrap_or_default();
    for (key, text) in texts {
        data.insert(key, STANDARD.encode(text.as_str().unwrap_or_default()).into());
    }
    object["data"] = data.into();
}

fn namespace(object: &mut Value) {
    let name = object["metadata"]["name"].clone();
    if name.is_string() {
        set(&mut object["metadata"], "labels", json!({}));
        object["metadata"]["labels"]["kubernetes.io/metadata.name"] = name;
    }
}

fn binding(object: &mut Value) {
    let group = json!("rbac.authorization.k8s.io");
    if object["roleRef"].is_object() {
        set(&mut object["roleRef"], "apiGroup", group.clone());
    }
    for subject in each(object, "subjects") {
        if subject["kind"] != "ServiceAccount" {
            set(subject, "apiGroup", group.clone());
        }
    }
}
