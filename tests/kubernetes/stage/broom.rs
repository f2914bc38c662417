//! Looks whether anything of ours is left, and takes a namespace away with all that is in it, also where no controller does that.

use std::time::Duration;

use gameday::kubernetes::name;
use kube::api::{Api, ApiResource, DeleteParams, DynamicObject, ListParams, Patch, PatchParams};
use kube::core::GroupVersionKind;
use kube::discovery::{Discovery, Scope, verbs};
use kube::{Client, ResourceExt as _};
use serde_json::{Value, json};

/// How long the program may take to let go of the last thing.
const LETTING_GO: Duration = Duration::from_secs(15);
/// How long objects may take to go by themselves.
const GOING: Duration = Duration::from_secs(5);

/// The resource of an object; the plurals of Chaos Mesh are its own.
pub fn resource_of(object: &Value) -> ApiResource {
    let text = |field: &str| object[field].as_str().unwrap_or_default();
    let (group, version) = text("apiVersion").rsplit_once('/').unwrap_or(("", text("apiVersion")));
    let gvk = GroupVersionKind::gvk(group, version, text("kind"));
    if group == "chaos-mesh.org" && gvk.kind.ends_with("Chaos") {
        return ApiResource::from_gvk_with_plural(&gvk, &gvk.kind.to_lowercase());
    }
    ApiResource::from_gvk(&gvk)
}

/// What of ours is still there when the program had its time, wherever one may look.
pub async fn left_after(client: &Client, namespace: &str, shared: bool) -> Vec<String> {
    let kinds = kinds(client, false).await;
    let mut left = Vec::new();
    let gone = async {
        loop {
            left = ours(client, &kinds, namespace, shared).await;
            if left.is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let _ = tokio::time::timeout(LETTING_GO, gone).await;
    left
}

/// Every kind that can be listed and deleted.
async fn kinds(client: &Client, namespaced: bool) -> Vec<ApiResource> {
    let discovery =
        Discovery::new(client.clone()).exclude(&["metrics.k8s.io"]).run().await.unwrap();
    let all = discovery.groups().flat_map(kube::discovery::ApiGroup::recommended_resources);
    all.filter(|(resource, can)| {
        can.supports_operation(verbs::LIST)
            && can.supports_operation(verbs::DELETE)
            && (!namespaced || can.scope == Scope::Namespaced)
            // Seen through their newer name.
            && !(resource.group.is_empty() && matches!(resource.kind.as_str(), "Endpoints" | "Event"))
    })
    .map(|(resource, _)| resource)
    .collect()
}

/// What has our labels, or our mark. On a shared server other tests have namespaces of their own.
async fn ours(client: &Client, kinds: &[ApiResource], own: &str, shared: bool) -> Vec<String> {
    let mut left = Vec::new();
    for kind in kinds {
        let api: Api<DynamicObject> = Api::all_with(client.clone(), kind);
        let Ok(all) = api.list(&ListParams::default()).await else { continue };
        for one in all {
            let labelled =
                one.labels().get(name::MANAGED_BY.0).is_some_and(|by| by == name::MANAGED_BY.1)
                    || one.labels().get(name::PART_OF.0).is_some_and(|of| of == name::PART_OF.1)
                    || one.labels().contains_key(name::RUN);
            let touched = one.labels().contains_key(name::FAULT)
                || one.annotations().contains_key(name::FAULT);
            let namespace = one.namespace().unwrap_or_default();
            let others = shared && namespace != own && namespace.starts_with("gd-e2e-");
            if (labelled || touched) && !others {
                left.push(format!("{} {namespace}/{}", kind.kind, one.name_any()));
            }
        }
    }
    left
}

/// Takes the namespace away. `played`: no controller empties it.
pub async fn sweep(client: &Client, namespace: &str, played: bool) {
    let namespaces: Api<DynamicObject> = Api::all_with(client.clone(), &namespace_resource());
    if played {
        empty(client, namespace).await;
    }
    let _ = namespaces.delete(namespace, &DeleteParams::default()).await;
    if played {
        finalize(client, namespace).await;
    }
    let gone = async {
        while !matches!(namespaces.get_opt(namespace).await, Ok(None)) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    if tokio::time::timeout(GOING * 4, gone).await.is_ok() {
        return;
    }
    // Something holds on by a finalizer.
    empty(client, namespace).await;
    let gone = async {
        while !matches!(namespaces.get_opt(namespace).await, Ok(None)) {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    let gone = tokio::time::timeout(GOING * 12, gone).await;
    assert!(gone.is_ok(), "namespace {namespace} does not go");
}

fn namespace_resource() -> ApiResource {
    ApiResource::from_gvk(&GroupVersionKind::gvk("", "v1", "Namespace"))
}

/// Deletes everything in it; what does not go by itself loses its finalizers.
async fn empty(client: &Client, namespace: &str) {
    let kinds = kinds(client, true).await;
    let everything = async || {
        let mut all = Vec::new();
        for kind in &kinds {
            let api: Api<DynamicObject> = Api::namespaced_with(client.clone(), namespace, kind);
            let list = api.list(&ListParams::default()).await;
            all.extend(list.into_iter().flatten().map(|one| (api.clone(), one)));
        }
        all
    };
    // What has children first, so that nothing is made again meanwhile.
    for (api, one) in everything().await {
        let _ = api.delete(&one.name_any(), &DeleteParams::background()).await;
    }
    let gone = async {
        loop {
            let all = everything().await;
            if all.is_empty() {
                return;
            }
            for (api, one) in
                all.iter().filter(|(_, one)| one.metadata.deletion_timestamp.is_none())
            {
                let _ = api.delete(&one.name_any(), &DeleteParams::background()).await;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    if tokio::time::timeout(GOING, gone).await.is_ok() {
        return;
    }
    for (api, one) in everything().await {
        let name = one.name_any();
        let patch = Patch::Merge(json!({"metadata": {"finalizers": null}}));
        let _ = api.patch(&name, &PatchParams::default(), &patch).await;
        let _ = api.delete(&name, &DeleteParams::default().grace_period(0)).await;
    }
}

/// Says that a namespace is empty, where no controller does.
async fn finalize(client: &Client, namespace: &str) {
    let api: Api<DynamicObject> = Api::all_with(client.clone(), &namespace_resource());
    let Ok(Some(mut there)) = api.get_opt(namespace).await else { return };
    there.data["spec"]["finalizers"] = json!([]);
    let request = http::Request::put(format!("/api/v1/namespaces/{namespace}/finalize"))
        .header(http::header::CONTENT_TYPE, "application/json")
        .body(serde_json::to_vec(&there).unwrap())
        .unwrap();
    let _ = client.request::<Value>(request).await;
}
