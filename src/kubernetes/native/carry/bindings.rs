//! What an account may do, as the server says. Where it may not be asked, nobody knows.

use k8s_openapi::api::authentication::v1::SelfSubjectReview;
use k8s_openapi::api::authorization::v1::{
    LocalSubjectAccessReview, ResourceAttributes, SelfSubjectAccessReview,
    SelfSubjectAccessReviewSpec,
};
use kube::api::{Api, PostParams};

use super::super::ask::{Pace, Server};
use super::super::change::Ask;
use super::super::resource::Object;
use crate::kubernetes::review::review;
use crate::kubernetes::trouble::{code, trouble};
use crate::port::target::TargetError;

/// Whether a service account may do it; `None`: this program may not ask.
pub(super) async fn may(
    server: &Server<'_>,
    namespace: &str,
    account: &str,
    ask: &Ask,
) -> Result<Option<bool>, TargetError> {
    let review = review(namespace, account, attributes(ask));
    let api: Api<LocalSubjectAccessReview> = Api::namespaced(server.client().clone(), namespace);
    let mut pace = Pace::default();
    loop {
        match api.create(&PostParams::default(), &review).await {
            Ok(answer) => return Ok(answer.status.map(|status| status.allowed)),
            Err(error) if matches!(code(&error), Some(403 | 404)) => return Ok(None),
            Err(error) if pace.again(&error).await => {}
            Err(error) => return Err(trouble("review what an account may do", &error)),
        }
    }
}

fn attributes(ask: &Ask) -> ResourceAttributes {
    let (resource, part) = match ask.resource.split_once('/') {
        Some((resource, part)) => (resource, Some(part.to_owned())),
        None => (ask.resource.as_str(), None),
    };
    ResourceAttributes {
        verb: Some(ask.verb.clone()),
        group: Some(ask.group.clone()),
        resource: Some(resource.to_owned()),
        subresource: part,
        ..ResourceAttributes::default()
    }
}

/// Who this program is to the server; `None`: an older server, which cannot say.
pub(super) async fn myself(server: &Server<'_>) -> Result<Option<String>, TargetError> {
    let api: Api<SelfSubjectReview> = Api::all(server.client().clone());
    let mut pace = Pace::default();
    loop {
        match api.create(&PostParams::default(), &SelfSubjectReview::default()).await {
            Ok(answer) => {
                let user = answer.status.and_then(|status| status.user_info);
                return Ok(user.and_then(|user| user.username));
            }
            Err(error) if matches!(code(&error), Some(403 | 404)) => return Ok(None),
            Err(error) if pace.again(&error).await => {}
            Err(error) => return Err(trouble("ask who this is", &error)),
        }
    }
}

/// Refuses what this program may not do.
pub(super) async fn must(server: &Server<'_>, of: &Object, verb: &str) -> Result<(), TargetError> {
    let review = SelfSubjectAccessReview {
        spec: SelfSubjectAccessReviewSpec {
            resource_attributes: Some(ResourceAttributes {
                namespace: of.namespace.clone(),
                verb: Some(verb.to_owned()),
                group: Some(of.resource.group.clone()),
                resource: Some(of.resource.plural.clone()),
                name: Some(of.name.clone()),
                ..ResourceAttributes::default()
            }),
            ..SelfSubjectAccessReviewSpec::default()
        },
        ..SelfSubjectAccessReview::default()
    };
    let api: Api<SelfSubjectAccessReview> = Api::all(server.client().clone());
    let mut pace = Pace::default();
    let allowed = loop {
        match api.create(&PostParams::default(), &review).await {
            Ok(answer) => break answer.status.is_some_and(|status| status.allowed),
            Err(error) if pace.again(&error).await => {}
            Err(error) => return Err(trouble("ask what this program may do", &error)),
        }
    };
    if allowed {
        return Ok(());
    }
    Err(TargetError(format!(
        "this program may not {verb} {of}, and could not undo it: nothing is done; gameday rbac prints the Role that is needed"
    )))
}
