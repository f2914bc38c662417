//! Where something is looked for: one namespace, or all.

use std::fmt;

use k8s_openapi::NamespaceResourceScope;
use kube::api::DynamicObject;
use kube::core::ApiResource;
use kube::{Api, Client, Resource};

/// One namespace, or all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    Namespace(String),
    Everywhere,
}

impl Reach {
    /// What is of a kind there.
    pub fn api<K>(&self, client: &Client) -> Api<K>
    where
        K: Resource<Scope = NamespaceResourceScope>,
        K::DynamicType: Default,
    {
        match self {
            Self::Namespace(namespace) => Api::namespaced(client.clone(), namespace),
            Self::Everywhere => Api::all(client.clone()),
        }
    }

    /// The same for a kind that is known only at run time.
    pub fn of(&self, client: &Client, kind: &ApiResource) -> Api<DynamicObject> {
        match self {
            Self::Namespace(namespace) => Api::namespaced_with(client.clone(), namespace, kind),
            Self::Everywhere => Api::all_with(client.clone(), kind),
        }
    }
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Namespace(namespace) => write!(f, "namespace {namespace}"),
            Self::Everywhere => f.write_str("all namespaces"),
        }
    }
}
