//! What kind of object: as it stands in addresses, in permissions and in words. Pure data; the asking is `ask`'s.

use k8s_openapi::NamespaceResourceScope;
use kube::core::{ApiResource, GroupVersionKind};
use serde::{Deserialize, Serialize};

/// A kind of objects.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Resource {
    /// Empty for the core.
    pub group: String,
    /// `v1`.
    pub version: String,
    /// As in addresses and permissions: `configmaps`.
    pub plural: String,
    /// `ConfigMap`.
    pub kind: String,
    /// Whether its objects are in a namespace.
    pub namespaced: bool,
}

impl Resource {
    /// A kind of objects that are in a namespace.
    pub fn within<K: k8s_openapi::Resource<Scope = NamespaceResourceScope>>() -> Self {
        Self::named::<K>(true)
    }

    /// A kind of objects of the whole cluster.
    pub fn whole<K: k8s_openapi::Resource<Scope = k8s_openapi::ClusterResourceScope>>() -> Self {
        Self::named::<K>(false)
    }

    fn named<K: k8s_openapi::Resource>(namespaced: bool) -> Self {
        Self {
            group: K::GROUP.to_owned(),
            version: K::VERSION.to_owned(),
            plural: K::URL_PATH_SEGMENT.to_owned(),
            kind: K::KIND.to_owned(),
            namespaced,
        }
    }

    /// As the client wants it.
    pub fn api(&self) -> ApiResource {
        let gvk = GroupVersionKind::gvk(&self.group, &self.version, &self.kind);
        ApiResource::from_gvk_with_plural(&gvk, &self.plural)
    }
}

/// One object.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Object {
    /// What kind it is.
    pub resource: Resource,
    /// Where it is; `None`: it is of the whole cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// What it is called.
    pub name: String,
}

impl Object {
    /// One in a namespace.
    pub fn within<K: k8s_openapi::Resource<Scope = NamespaceResourceScope>>(
        namespace: &str,
        name: &str,
    ) -> Self {
        let namespace = Some(namespace.to_owned());
        Self { resource: Resource::within::<K>(), namespace, name: name.to_owned() }
    }

    /// One of the whole cluster.
    pub fn whole<K: k8s_openapi::Resource<Scope = k8s_openapi::ClusterResourceScope>>(
        name: &str,
    ) -> Self {
        Self { resource: Resource::whole::<K>(), namespace: None, name: name.to_owned() }
    }
}

/// In words: `Deployment shop/cart`.
impl std::fmt::Display for Object {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{} {namespace}/{}", self.resource.kind, self.name),
            None => write!(f, "{} {}", self.resource.kind, self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::apps::v1::Deployment;
    use k8s_openapi::api::core::v1::Node;

    use super::*;

    #[test]
    fn an_object_knows_its_address_and_its_words() {
        let cart = Object::within::<Deployment>("shop", "cart");
        assert_eq!(cart.to_string(), "Deployment shop/cart");
        let api = cart.resource.api();
        assert_eq!((api.api_version.as_str(), api.plural.as_str()), ("apps/v1", "deployments"));
        let node = Object::whole::<Node>("n1");
        assert_eq!((node.to_string().as_str(), node.resource.namespaced), ("Node n1", false));
        let text = serde_json::to_string(&cart).unwrap();
        assert_eq!(serde_json::from_str::<Object>(&text).unwrap(), cart);
    }
}
