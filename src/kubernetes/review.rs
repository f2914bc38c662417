//! What a service account may do, as the server's RBAC has it: the question itself, and those who enforce the answer themselves.

use k8s_openapi::api::authorization::v1::{
    LocalSubjectAccessReview, ResourceAttributes, SubjectAccessReviewSpec,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::api::{Api, PostParams};
use tokio::sync::OnceCell;

use super::connect::{Connection, connect};
use super::trouble::trouble;
use crate::port::permissions::Permissions;
use crate::port::target::{Answer, TargetError};

/// The API group of what is no object of the cluster, in the rules of its Roles.
const SHOP: &str = "shop";

/// How a service account is called as a user.
pub(super) fn user(namespace: &str, account: &str) -> String {
    format!("system:serviceaccount:{namespace}:{account}")
}

/// Asks whether an account of the namespace may do `what` there.
pub(super) fn review(
    namespace: &str,
    account: &str,
    what: ResourceAttributes,
) -> LocalSubjectAccessReview {
    let groups =
        ["system:serviceaccounts".to_owned(), format!("system:serviceaccounts:{namespace}")];
    let groups = groups.into_iter().chain(["system:authenticated".to_owned()]);
    LocalSubjectAccessReview {
        metadata: ObjectMeta { namespace: Some(namespace.to_owned()), ..ObjectMeta::default() },
        spec: SubjectAccessReviewSpec {
            user: Some(user(namespace, account)),
            groups: Some(groups.collect()),
            resource_attributes: Some(ResourceAttributes {
                namespace: Some(namespace.to_owned()),
                ..what
            }),
            ..SubjectAccessReviewSpec::default()
        },
        status: None,
    }
}

/// The permissions of the shop as the RBAC of its namespace has them: `products:read` is the verb `read` on `products` of the
/// group `shop`.
#[derive(Default)]
pub struct Bindings {
    connection: OnceCell<Connection>,
}

impl Bindings {
    async fn may(&self, account: &str, permission: &str) -> Result<bool, TargetError> {
        let Connection { client, namespace, .. } =
            self.connection.get_or_try_init(|| connect(None, None)).await?;
        let (resource, verb) = permission.split_once(':').unwrap_or((permission, "use"));
        let what = ResourceAttributes {
            group: Some(SHOP.to_owned()),
            resource: Some(resource.to_owned()),
            verb: Some(verb.to_owned()),
            ..ResourceAttributes::default()
        };
        let api: Api<LocalSubjectAccessReview> = Api::namespaced(client.clone(), namespace);
        let asked = api.create(&PostParams::default(), &review(namespace, account, what)).await;
        let answer = asked.map_err(|error| trouble("review what an account may do", &error))?;
        Ok(answer.status.is_some_and(|status| status.allowed))
    }
}

impl Permissions for Bindings {
    fn held<'a>(
        &'a self,
        account: &'a str,
        permissions: &'a [&'a str],
    ) -> Answer<'a, Result<Vec<String>, TargetError>> {
        Box::pin(async move {
            let mut held = Vec::new();
            for permission in permissions {
                if self.may(account, permission).await? {
                    held.push((*permission).to_owned());
                }
            }
            Ok(held)
        })
    }
}
