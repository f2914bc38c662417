//! What a request asks an API server for, from its method and address. Pure.

use http::{Method, Uri};

/// One request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`.
    pub verb: String,
    /// Plural, with a subresource behind a slash: `pods/eviction`; empty where it is no resource.
    pub resource: String,
    pub namespace: String,
    pub name: String,
    /// Whether nothing is to be stored.
    pub dry_run: bool,
}

impl Asked {
    /// As the API server's own authorizer reads it.
    pub fn of(method: &Method, uri: &Uri) -> Self {
        let parts: Vec<&str> = uri.path().split('/').filter(|part| !part.is_empty()).collect();
        let rest = match parts.as_slice() {
            ["api", _, rest @ ..] | ["apis", _, _, rest @ ..] => rest,
            _ => &[],
        };
        let (namespace, rest) = match rest {
            ["namespaces", _, "status" | "finalize"] => ("", rest),
            ["namespaces", namespace, rest @ ..] if !rest.is_empty() => (*namespace, rest),
            rest => ("", rest),
        };
        let (resource, name) = match rest {
            [resource, name, sub @ ..] if !sub.is_empty() => {
                (format!("{resource}/{}", sub.join("/")), *name)
            }
            [resource, name] => ((*resource).to_owned(), *name),
            [resource] => ((*resource).to_owned(), ""),
            _ => (String::new(), ""),
        };
        let query = uri.query().unwrap_or_default();
        let has = |pair: &str| query.split('&').any(|one| one.eq_ignore_ascii_case(pair));
        let watch = has("watch=true") || has("watch=1");
        let verb = match *method {
            Method::POST => "create",
            Method::PUT => "update",
            Method::PATCH => "patch",
            Method::DELETE if name.is_empty() => "deletecollection",
            Method::DELETE => "delete",
            _ if watch => "watch",
            _ if name.is_empty() => "list",
            _ => "get",
        };
        Self {
            verb: verb.to_owned(),
            resource,
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            dry_run: query.split('&').any(|one| one.eq_ignore_ascii_case("dryrun=all")),
        }
    }
}

#[test]
fn requests_are_understood_as_the_server_does() {
    let cases = [
        ("GET", "/api/v1/namespaces/shop/pods?watch=true&x=1", "watch pods shop "),
        ("GET", "/api/v1/namespaces/shop/pods/a", "get pods shop a"),
        ("GET", "/api/v1/nodes", "list nodes  "),
        ("POST", "/api/v1/namespaces/shop/pods/a/eviction", "create pods/eviction shop a"),
        ("PUT", "/api/v1/namespaces/shop/finalize", "update namespaces/finalize  shop"),
        ("DELETE", "/api/v1/namespaces/shop", "delete namespaces  shop"),
        (
            "PATCH",
            "/apis/chaos-mesh.org/v1alpha1/namespaces/shop/podchaos/a",
            "patch podchaos shop a",
        ),
        (
            "DELETE",
            "/apis/apps/v1/namespaces/shop/deployments",
            "deletecollection deployments shop ",
        ),
        ("GET", "/version", "list   "),
    ];
    for (method, uri, expected) in cases {
        let asked = Asked::of(&method.parse().unwrap(), &uri.parse().unwrap());
        let Asked { verb, resource, namespace, name, .. } = asked;
        assert_eq!(format!("{verb} {resource} {namespace} {name}"), expected, "{method} {uri}");
    }
}
