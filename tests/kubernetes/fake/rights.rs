//! Who may do what: the roles and bindings in storage, and what everybody may.

use serde_json::{Value, json};

use super::state::{Key, State};
use super::users::User;

const GROUP: &str = "rbac.authorization.k8s.io";

/// Something that somebody wants to do.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    pub verb: String,
    pub group: String,
    /// With its subresource: `pods/eviction`.
    pub resource: String,
    /// Empty: cluster wide.
    pub namespace: String,
    pub name: String,
    /// No resource, but a path.
    pub path: Option<String>,
}

/// A rule that somebody has, where it holds (none: everywhere), and why.
pub struct Held {
    pub rule: Value,
    pub namespace: Option<String>,
    pub why: String,
}

/// Why somebody may; none: may not.
pub fn may(state: &State, user: &User, wish: &Wish) -> Option<String> {
    if user.groups.iter().any(|group| group == "system:masters") {
        return Some("RBAC: allowed by group \"system:masters\"".to_owned());
    }
    rules(state, user)
        .into_iter()
        .filter(|held| held.namespace.as_ref().is_none_or(|one| *one == wish.namespace))
        .find(|held| covers(&held.rule, wish))
        .map(|held| held.why)
}

/// Every rule that somebody has.
pub fn rules(state: &State, user: &User) -> Vec<Held> {
    let mut held = everybodys();
    let clusters = state.all("clusterrolebindings.rbac.authorization.k8s.io", None);
    let roles = state.all("rolebindings.rbac.authorization.k8s.io", None);
    for (key, binding) in clusters.chain(roles) {
        if !binds(binding, user) {
            continue;
        }
        let namespace = (!key.namespace.is_empty()).then(|| key.namespace.clone());
        let role = &binding["roleRef"];
        let (kind, name) = (text(&role["kind"]), text(&role["name"]));
        let why = format!(
            "RBAC: allowed by {} \"{}\" of {kind} \"{name}\" to User \"{}\"",
            text(&binding["kind"]),
            namespace
                .as_ref()
                .map_or_else(|| key.name.clone(), |namespace| format!("{}/{namespace}", key.name)),
            user.name
        );
        for rule in role_rules(state, role, namespace.as_deref().unwrap_or_default()) {
            held.push(Held { rule, namespace: namespace.clone(), why: why.clone() });
        }
    }
    held
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// What every known user may: look around, and ask what they may.
fn everybodys() -> Vec<Held> {
    let rules = [
        json!({"verbs": ["get"], "nonResourceURLs": [
            "/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*", "/readyz",
            "/version", "/version/"]}),
        json!({"verbs": ["create"], "apiGroups": ["authorization.k8s.io"],
            "resources": ["selfsubjectaccessreviews", "selfsubjectrulesreviews"]}),
        json!({"verbs": ["create"], "apiGroups": ["authentication.k8s.io"], "resources": ["selfsubjectreviews"]}),
    ];
    let why = "RBAC: allowed by ClusterRoleBinding \"system:basic-user\"";
    rules.into_iter().map(|rule| Held { rule, namespace: None, why: why.to_owned() }).collect()
}

fn binds(binding: &Value, user: &User) -> bool {
    binding["subjects"].as_array().into_iter().flatten().any(|subject| {
        let name = text(&subject["name"]);
        match text(&subject["kind"]) {
            "User" => name == user.name,
            "Group" => user.groups.iter().any(|group| group == name),
            "ServiceAccount" => {
                user.name == format!("system:serviceaccount:{}:{name}", text(&subject["namespace"]))
            }
            _ => false,
        }
    })
}

/// The rules of the role that a binding in a namespace names.
pub fn role_rules(state: &State, role: &Value, namespace: &str) -> Vec<Value> {
    let name = text(&role["name"]);
    let cluster = role["kind"] == "ClusterRole";
    let key = if cluster {
        Key::new(&format!("clusterroles.{GROUP}"), "", name)
    } else {
        Key::new(&format!("roles.{GROUP}"), namespace, name)
    };
    let found = state.get(&key).and_then(|role| role["rules"].as_array().cloned());
    found.unwrap_or_default()
}

fn has(list: &Value, wanted: &str) -> bool {
    list.as_array().is_some_and(|list| list.iter().any(|one| one == "*" || one == wanted))
}

/// Whether a rule allows a wish.
pub fn covers(rule: &Value, wish: &Wish) -> bool {
    if !has(&rule["verbs"], &wish.verb) {
        return false;
    }
    if let Some(path) = &wish.path {
        let urls = rule["nonResourceURLs"].as_array();
        return urls.into_iter().flatten().any(|url| match text(url).strip_suffix('*') {
            Some(start) => path.starts_with(start),
            None => path == text(url),
        });
    }
    let sub = wish.resource.split_once('/').map(|(_, sub)| format!("*/{sub}"));
    let resource = has(&rule["resources"], &wish.resource)
        || sub.is_some_and(|sub| has(&rule["resources"], &sub));
    let names = rule["resourceNames"].as_array().filter(|names| !names.is_empty());
    has(&rule["apiGroups"], &wish.group)
        && resource
        && names.is_none_or(|names| names.iter().any(|name| *name == wish.name))
}

/// Whether a rule is within what is held.
pub fn within(rule: &Value, held: &[Held], namespace: &str) -> bool {
    let lists = |field: &str| -> Vec<String> {
        rule[field].as_array().into_iter().flatten().map(|one| text(one).to_owned()).collect()
    };
    let holds = |wish: &Wish| {
        held.iter()
            .filter(|one| one.namespace.as_ref().is_none_or(|one| one == namespace))
            .any(|one| covers(&one.rule, wish))
    };
    let names = {
        let names = lists("resourceNames");
        if names.is_empty() { vec![String::new()] } else { names }
    };
    lists("verbs").iter().all(|verb| {
        let paths = lists("nonResourceURLs")
            .into_iter()
            .all(|path| holds(&Wish { verb: verb.clone(), path: Some(path), ..Wish::default() }));
        paths
            && lists("apiGroups").iter().all(|group| {
                lists("resources").iter().all(|resource| {
                    names.iter().all(|name| {
                        holds(&Wish {
                            verb: verb.clone(),
                            group: group.clone(),
                            resource: resource.clone(),
                            namespace: namespace.to_owned(),
                            name: name.clone(),
                            path: None,
                        })
                    })
                })
            })
    })
}
