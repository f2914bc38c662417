//! Whether the server allows each call that a game day needs.

use futures::StreamExt as _;
use futures::stream;
use k8s_openapi::api::authorization::v1::{
    ResourceAttributes, SelfSubjectAccessReview, SelfSubjectAccessReviewSpec,
};
use kube::Api;
use kube::api::PostParams;

use super::super::super::access::Need;
use super::super::super::connect::Connection;
use super::super::super::patience::patiently;
use super::super::super::trouble::trouble;
use super::super::facts::{Asked, Permission};
use super::bound::PATIENCE;

/// So many questions at the same time.
const AT_ONCE: usize = 8;

/// Asks for each call.
pub(super) async fn permissions(connection: &Connection, needs: &[Need]) -> Vec<Permission> {
    let calls = needs.iter().flat_map(|need| {
        let name = |need: &Need| need.names.first().cloned();
        need.verbs.iter().map(move |verb| (need.clone(), (*verb).to_owned(), name(need)))
    });
    let asked = calls.map(|(need, verb, name)| async move {
        let allowed = allowed(connection, &need, &verb, name).await;
        Permission { need, verb, allowed }
    });
    stream::iter(asked).buffered(AT_ONCE).collect().await
}

async fn allowed(
    connection: &Connection,
    need: &Need,
    verb: &str,
    name: Option<String>,
) -> Asked<bool> {
    let api: Api<SelfSubjectAccessReview> = Api::all(connection.client.clone());
    let (resource, part) = match need.resource.split_once('/') {
        Some((resource, part)) => (resource, Some(part.to_owned())),
        None => (need.resource.as_str(), None),
    };
    let review = SelfSubjectAccessReview {
        spec: SelfSubjectAccessReviewSpec {
            resource_attributes: Some(ResourceAttributes {
                group: Some(need.group.to_owned()),
                resource: Some(resource.to_owned()),
                subresource: part,
                verb: Some(verb.to_owned()),
                namespace: (!need.everywhere).then(|| connection.namespace.clone()),
                name,
                ..ResourceAttributes::default()
            }),
            ..SelfSubjectAccessReviewSpec::default()
        },
        ..SelfSubjectAccessReview::default()
    };
    let post = PostParams::default();
    let answer = patiently(PATIENCE, || api.create(&post, &review)).await;
    let answer = answer.map_err(|error| trouble("ask what we may do", &error).0)?;
    Ok(answer.status.is_some_and(|status| status.allowed))
}
