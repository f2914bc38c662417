//! What built-in objects must be, and what of them may not be changed.

use serde_json::{Value, json};

use super::failure::Cause;
use super::kinds::Kind;
use super::select::object_takes;

/// What is wrong with a new or changed object.
pub fn check(kind: &Kind, object: &Value, wrong: &mut Vec<Cause>) {
    let spec = &object["spec"];
    match kind.resource().as_str() {
        "pods" => pod_spec(spec, "spec", wrong),
        "deployments.apps" | "statefulsets.apps" | "replicasets.apps" | "daemonsets.apps" => {
            workload(spec, wrong);
        }
        "jobs.batch" => {
            pod_spec(&spec["template"]["spec"], "spec.template.spec", wrong);
            let policy = &spec["template"]["spec"]["restartPolicy"];
            if policy == "Always" {
                let may_be = [json!("OnFailure"), json!("Never")];
                let field = "spec.template.spec.restartPolicy";
                wrong.push(Cause::unsupported(field, policy, &may_be));
            }
        }
        "services" => service(spec, wrong),
        "poddisruptionbudgets.policy"
            if !spec["minAvailable"].is_null() && !spec["maxUnavailable"].is_null() =>
        {
            let why = "minAvailable and maxUnavailable cannot be both set";
            wrong.push(Cause::invalid("spec", spec, why));
        }
        "horizontalpodautoscalers.autoscaling" => autoscaler(spec, wrong),
        "leases.coordination.k8s.io" => {
            for field in ["leaseDurationSeconds", "leaseTransitions"] {
                let least = i64::from(field == "leaseDurationSeconds");
                if spec[field].as_i64().is_some_and(|value| value < least) {
                    let why = "must be greater than 0";
                    wrong.push(Cause::invalid(&format!("spec.{field}"), &spec[field], why));
                }
            }
        }
        "events" => {
            let of = object["involvedObject"]["namespace"].as_str().unwrap_or_default();
            let here = object["metadata"]["namespace"].as_str().unwrap_or_default();
            if of != here && !(of.is_empty() && here == "default") {
                let why = "does not match event.namespace";
                wrong.push(Cause::invalid("involvedObject.namespace", &json!(of), why));
            }
        }
        "rolebindings.rbac.authorization.k8s.io"
        | "clusterrolebindings.rbac.authorization.k8s.io" => binding(object, wrong),
        "configmaps" | "secrets" => data(object, wrong),
        _ => {}
    }
}

fn pod_spec(spec: &Value, path: &str, wrong: &mut Vec<Cause>) {
    let containers = spec["containers"].as_array().map(Vec::as_slice).unwrap_or_default();
    if containers.is_empty() {
        wrong.push(Cause::required(&format!("{path}.containers"), ""));
    }
    for (at, container) in containers.iter().enumerate() {
        for field in ["name", "image"] {
            if container[field].as_str().is_none_or(str::is_empty) {
                wrong.push(Cause::required(&format!("{path}.containers[{at}].{field}"), ""));
            }
        }
        if containers[..at].iter().any(|one| one["name"] == container["name"]) {
            let field = format!("{path}.containers[{at}].name");
            let message = format!("Duplicate value: {}", container["name"]);
            wrong.push(Cause { reason: "FieldValueDuplicate", field, message });
        }
    }
}

fn workload(spec: &Value, wrong: &mut Vec<Cause>) {
    let labels = &spec["template"]["metadata"]["labels"];
    let selector = &spec["selector"];
    if selector.as_object().is_none_or(serde_json::Map::is_empty) {
        wrong.push(Cause::required("spec.selector", ""));
    } else if !object_takes(selector, labels) {
        let why = "`selector` does not match template `labels`";
        wrong.push(Cause::invalid("spec.template.metadata.labels", labels, why));
    }
    if spec["replicas"].as_i64().is_some_and(|replicas| replicas < 0) {
        let why = "must be greater than or equal to 0";
        wrong.push(Cause::invalid("spec.replicas", &spec["replicas"], why));
    }
    pod_spec(&spec["template"]["spec"], "spec.template.spec", wrong);
}

fn service(spec: &Value, wrong: &mut Vec<Cause>) {
    let ports = spec["ports"].as_array().map(Vec::as_slice).unwrap_or_default();
    if ports.is_empty() && spec["type"] != "ExternalName" && spec["clusterIP"] != "None" {
        wrong.push(Cause::required("spec.ports", ""));
    }
    for (at, port) in ports.iter().enumerate() {
        if ports.len() > 1 && port["name"].as_str().is_none_or(str::is_empty) {
            wrong.push(Cause::required(&format!("spec.ports[{at}].name"), ""));
        }
        if !(1..=65_535).contains(&port["port"].as_i64().unwrap_or_default()) {
            let why = "must be between 1 and 65535, inclusive";
            wrong.push(Cause::invalid(&format!("spec.ports[{at}].port"), &port["port"], why));
        }
    }
}

fn autoscaler(spec: &Value, wrong: &mut Vec<Cause>) {
    let (least, most) = (spec["minReplicas"].as_i64(), spec["maxReplicas"].as_i64());
    let most = most.unwrap_or_default();
    if most < 1 {
        let why = "must be greater than 0";
        wrong.push(Cause::invalid("spec.maxReplicas", &spec["maxReplicas"], why));
    }
    if least.is_some_and(|least| least < 1) {
        let why = "must be greater than or equal to 1";
        wrong.push(Cause::invalid("spec.minReplicas", &spec["minReplicas"], why));
    }
    if least.is_some_and(|least| most < least) {
        let why = "must be greater than or equal to `minReplicas`";
        wrong.push(Cause::invalid("spec.maxReplicas", &spec["maxReplicas"], why));
    }
}

fn binding(object: &Value, wrong: &mut Vec<Cause>) {
    let role = &object["roleRef"];
    if role["name"].as_str().is_none_or(str::is_empty) {
        wrong.push(Cause::required("roleRef.name", ""));
    }
    let kinds = [json!("Role"), json!("ClusterRole")];
    if !kinds.contains(&role["kind"]) {
        wrong.push(Cause::unsupported("roleRef.kind", &role["kind"], &kinds));
    }
    for (at, subject) in object["subjects"].as_array().into_iter().flatten().enumerate() {
        if subject["kind"] == "ServiceAccount"
            && subject["namespace"].as_str().is_none_or(str::is_empty)
        {
            wrong.push(Cause::required(&format!("subjects[{at}].namespace"), ""));
        }
    }
}

fn data(object: &Value, wrong: &mut Vec<Cause>) {
    let mut size = 0;
    for (key, value) in object["data"].as_object().into_iter().flatten() {
        size += value.as_str().map_or(0, str::len);
        let fits = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
        if key.is_empty() || !key.chars().all(fits) {
            let why = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
            wrong.push(Cause::invalid(&format!("data[{key}]"), &json!(key), why));
        }
    }
    if size > 1024 * 1024 {
        let message = "Too long: may not be more than 1048576 bytes".to_owned();
        wrong.push(Cause { reason: "FieldValueTooLong", field: "data".to_owned(), message });
    }
    if object["type"] == "kubernetes.io/tls" {
        for key in ["tls.crt", "tls.key"] {
            if object["data"][key].is_null() {
                wrong.push(Cause::required(&format!("data[{key}]"), ""));
            }
        }
    }
}

/// What may not have been changed.
pub fn check_change(kind: &Kind, old: &Value, new: &Value, wrong: &mut Vec<Cause>) {
    let immutable = |field: &str, value: &Value| Cause::invalid(field, value, "field is immutable");
    let (was, is) = (&old["spec"], &new["spec"]);
    match kind.resource().as_str() {
        "pods" if pod_rest(was) != pod_rest(is) => {
            let why = "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
            wrong.push(Cause::forbidden("spec", why));
        }
        "deployments.apps" | "replicasets.apps" | "daemonsets.apps"
            if was["selector"] != is["selector"] =>
        {
            wrong.push(immutable("spec.selector", &is["selector"]));
        }
        "statefulsets.apps" if stateful_rest(was) != stateful_rest(is) => {
            let why = "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
            wrong.push(Cause::forbidden("spec", why));
        }
        "jobs.batch" => {
            for field in ["template", "selector", "completionMode"] {
                if was[field] != is[field] {
                    wrong.push(immutable(&format!("spec.{field}"), &is[field]));
                }
            }
        }
        "configmaps" | "secrets" => data_change(old, new, wrong),
        "rolebindings.rbac.authorization.k8s.io"
        | "clusterrolebindings.rbac.authorization.k8s.io"
            if old["roleRef"] != new["roleRef"] =>
        {
            wrong.push(Cause::invalid("roleRef", &new["roleRef"], "cannot change roleRef"));
        }
        "services" if was["clusterIP"] != is["clusterIP"] && is["type"] != "ExternalName" => {
            let why = "may not change once set";
            let list = json!([is["clusterIP"]]);
            wrong.push(Cause::invalid("spec.clusterIPs[0]", &list, why));
        }
        "persistentvolumeclaims" if without(was, &["resources"]) != without(is, &["resources"]) => {
            let why = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
            wrong.push(Cause::forbidden("spec", why));
        }
        _ => {}
    }
}

fn data_change(old: &Value, new: &Value, wrong: &mut Vec<Cause>) {
    if old["immutable"] == true {
        if new["immutable"] != true {
            let why = "field is immutable when `immutable` is set";
            wrong.push(Cause::forbidden("immutable", why));
        }
        for field in ["data", "binaryData"] {
            if old[field] != new[field] {
                let why = "field is immutable when `immutable` is set";
                wrong.push(Cause::forbidden(field, why));
            }
        }
    }
    if old["type"] != new["type"] {
        wrong.push(Cause::invalid("type", &new["type"], "field is immutable"));
    }
}

fn without(spec: &Value, fields: &[&str]) -> Value {
    let mut rest = spec.clone();
    if let Some(object) = rest.as_object_mut() {
        object.retain(|field, _| !fields.contains(&field.as_str()));
    }
    rest
}

fn pod_rest(spec: &Value) -> Value {
    let free = ["activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds"];
    let mut rest = without(spec, &free);
    for list in ["containers", "initContainers"] {
        let containers = rest.get_mut(list).and_then(Value::as_array_mut);
        for container in containers.into_iter().flatten() {
            container["image"] = Value::Null;
        }
    }
    rest
}

fn stateful_rest(spec: &Value) -> Value {
    let free = [
        "replicas",
        "ordinals",
        "template",
        "updateStrategy",
        "revisionHistoryLimit",
        "persistentVolumeClaimRetentionPolicy",
        "minReadySeconds",
    ];
    without(spec, &free)
}
