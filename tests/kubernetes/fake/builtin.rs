//! The kinds that every server has.

use k8s_openapi::api::{
    admissionregistration::v1 as admission, apps::v1 as apps, authentication::v1 as authentication,
    authorization::v1 as authorization, autoscaling::v2 as autoscaling, batch::v1 as batch,
    coordination::v1 as coordination, core::v1 as core, discovery::v1 as discovery,
    policy::v1 as policy, rbac::v1 as rbac, scheduling::v1 as scheduling, storage::v1 as storage,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::kinds::{Kind, Shape};

/// The resource of custom resource definitions.
pub const CRDS: &str = "customresourcedefinitions.apiextensions.k8s.io";

fn typed<T: DeserializeOwned + Serialize>(object: Value) -> Result<Value, String> {
    let read: T = serde_json::from_value(object).map_err(|error| error.to_string())?;
    serde_json::to_value(read).map_err(|error| error.to_string())
}

/// A definition is taken as it is: its own check is in `crds`.
fn untyped(object: Value) -> Result<Value, String> {
    Ok(object)
}

struct Row {
    group: &'static str,
    version: &'static str,
    kind: &'static str,
    plural: &'static str,
    short: &'static str,
    namespaced: bool,
    subs: &'static [&'static str],
    typed: fn(Value) -> Result<Value, String>,
}

macro_rules! row {
    ($group:literal, $version:literal, $kind:literal, $plural:literal, $short:literal, $namespaced:literal,
     [$($sub:literal),*], $typed:expr) => {
        Row {
            group: $group, version: $version, kind: $kind, plural: $plural, short: $short,
            namespaced: $namespaced, subs: &[$($sub),*], typed: $typed,
        }
    };
}

#[rustfmt::skip]
const ROWS: &[Row] = &[
    row!("", "v1", "Namespace", "namespaces", "ns", false, ["status", "finalize"], typed::<core::Namespace>),
    row!("", "v1", "Node", "nodes", "no", false, ["status"], typed::<core::Node>),
    row!("", "v1", "PersistentVolume", "persistentvolumes", "pv", false, ["status"], typed::<core::PersistentVolume>),
    row!("", "v1", "Pod", "pods", "po", true, ["status", "eviction", "binding", "proxy"], typed::<core::Pod>),
    row!("", "v1", "Service", "services", "svc", true, ["status"], typed::<core::Service>),
    row!("", "v1", "Endpoints", "endpoints", "ep", true, [], typed::<core::Endpoints>),
    row!("", "v1", "ConfigMap", "configmaps", "cm", true, [], typed::<core::ConfigMap>),
    row!("", "v1", "Secret", "secrets", "", true, [], typed::<core::Secret>),
    row!("", "v1", "ServiceAccount", "serviceaccounts", "sa", true, ["token"], typed::<core::ServiceAccount>),
    row!("", "v1", "Event", "events", "ev", true, [], typed::<core::Event>),
    row!("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", "pvc", true, ["status"], typed::<core::PersistentVolumeClaim>),
    row!("", "v1", "ResourceQuota", "resourcequotas", "quota", true, ["status"], typed::<core::ResourceQuota>),
    row!("", "v1", "LimitRange", "limitranges", "limits", true, [], typed::<core::LimitRange>),
    row!("", "v1", "ReplicationController", "replicationcontrollers", "rc", true, ["status", "scale"], typed::<core::ReplicationController>),
    row!("apps", "v1", "Deployment", "deployments", "deploy", true, ["status", "scale"], typed::<apps::Deployment>),
    row!("apps", "v1", "StatefulSet", "statefulsets", "sts", true, ["status", "scale"], typed::<apps::StatefulSet>),
    row!("apps", "v1", "ReplicaSet", "replicasets", "rs", true, ["status", "scale"], typed::<apps::ReplicaSet>),
    row!("apps", "v1", "DaemonSet", "daemonsets", "ds", true, ["status"], typed::<apps::DaemonSet>),
    row!("apps", "v1", "ControllerRevision", "controllerrevisions", "", true, [], typed::<apps::ControllerRevision>),
    row!("batch", "v1", "Job", "jobs", "", true, ["status"], typed::<batch::Job>),
    row!("batch", "v1", "CronJob", "cronjobs", "cj", true, ["status"], typed::<batch::CronJob>),
    row!("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", "hpa", true, ["status"], typed::<autoscaling::HorizontalPodAutoscaler>),
    row!("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", "pdb", true, ["status"], typed::<policy::PodDisruptionBudget>),
    row!("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", "", true, [], typed::<discovery::EndpointSlice>),
    row!("coordination.k8s.io", "v1", "Lease", "leases", "", true, [], typed::<coordination::Lease>),
    row!("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", "netpol", true, [], typed::<k8s_openapi::api::networking::v1::NetworkPolicy>),
    row!("networking.k8s.io", "v1", "Ingress", "ingresses", "ing", true, ["status"], typed::<k8s_openapi::api::networking::v1::Ingress>),
    row!("rbac.authorization.k8s.io", "v1", "Role", "roles", "", true, [], typed::<rbac::Role>),
    row!("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", "", true, [], typed::<rbac::RoleBinding>),
    row!("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", "", false, [], typed::<rbac::ClusterRole>),
    row!("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", "", false, [], typed::<rbac::ClusterRoleBinding>),
    row!("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", "pc", false, [], typed::<scheduling::PriorityClass>),
    row!("storage.k8s.io", "v1", "StorageClass", "storageclasses", "sc", false, [], typed::<storage::StorageClass>),
    row!("admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", "", false, [], typed::<admission::MutatingWebhookConfiguration>),
    row!("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", "", false, [], typed::<admission::ValidatingWebhookConfiguration>),
    row!("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", "crd,crds", false, ["status"], untyped),
];

#[rustfmt::skip]
const QUESTIONS: &[Row] = &[
    row!("authorization.k8s.io", "v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", "", false, [], typed::<authorization::SelfSubjectAccessReview>),
    row!("authorization.k8s.io", "v1", "SelfSubjectRulesReview", "selfsubjectrulesreviews", "", false, [], typed::<authorization::SelfSubjectRulesReview>),
    row!("authorization.k8s.io", "v1", "SubjectAccessReview", "subjectaccessreviews", "", false, [], typed::<authorization::SubjectAccessReview>),
    row!("authorization.k8s.io", "v1", "LocalSubjectAccessReview", "localsubjectaccessreviews", "", true, [], typed::<authorization::LocalSubjectAccessReview>),
    row!("authentication.k8s.io", "v1", "SelfSubjectReview", "selfsubjectreviews", "", false, [], typed::<authentication::SelfSubjectReview>),
    row!("authentication.k8s.io", "v1", "TokenReview", "tokenreviews", "", false, [], typed::<authentication::TokenReview>),
];

/// All of them.
pub fn kinds() -> Vec<Kind> {
    let objects = ROWS.iter().map(|row| kind(row, false));
    objects.chain(QUESTIONS.iter().map(|row| kind(row, true))).collect()
}

fn kind(row: &Row, question: bool) -> Kind {
    let short = row.short.split(',').filter(|short| !short.is_empty());
    Kind {
        group: row.group.to_owned(),
        version: row.version.to_owned(),
        kind: row.kind.to_owned(),
        plural: row.plural.to_owned(),
        singular: row.kind.to_lowercase(),
        short: short.map(str::to_owned).collect(),
        namespaced: row.namespaced,
        subs: row.subs.iter().map(|sub| (*sub).to_owned()).collect(),
        schema: Shape::Typed(row.typed),
        question,
    }
}
