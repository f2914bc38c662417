//! Nobody gives away rights that they do not have.

use serde_json::Value;

use super::failure::Failure;
use super::kinds::Kind;
use super::rights::{Wish, may, role_rules, rules, within};
use super::state::State;
use super::users::User;

const GROUP: &str = "rbac.authorization.k8s.io";

/// Checks a role or binding that somebody writes.
pub fn check(state: &State, user: &User, kind: &Kind, object: &Value) -> Result<(), Failure> {
    if kind.group != GROUP || user.groups.iter().any(|group| group == "system:masters") {
        return Ok(());
    }
    let namespace = object["metadata"]["namespace"].as_str().unwrap_or_default();
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    let binding = kind.plural.ends_with("bindings");
    let (verb, resource, role, given) = if binding {
        let role = &object["roleRef"];
        let plural = if role["kind"] == "ClusterRole" { "clusterroles" } else { "roles" };
        let named = role["name"].as_str().unwrap_or_default();
        ("bind", plural, named, role_rules(state, role, namespace))
    } else {
        let own = object["rules"].as_array().cloned().unwrap_or_default();
        ("escalate", kind.plural.as_str(), name, own)
    };
    let wish = Wish {
        verb: verb.to_owned(),
        group: GROUP.to_owned(),
        resource: resource.to_owned(),
        namespace: namespace.to_owned(),
        name: role.to_owned(),
        path: None,
    };
    if may(state, user, &wish).is_some() {
        return Ok(());
    }
    let held = rules(state, user);
    let beyond: Vec<String> =
        given.iter().filter(|rule| !within(rule, &held, namespace)).map(told).collect();
    if beyond.is_empty() {
        return Ok(());
    }
    let why = format!(
        "user \"{}\" (groups={}) is attempting to grant RBAC permissions not currently held:\n{}",
        user.name,
        serde_json::to_string(&user.groups).unwrap_or_default().replace(',', " "),
        beyond.join("\n")
    );
    Err(Failure::forbidden(&kind.resource(), name, &why))
}

/// A rule in the server's words: `{APIGroups:[""], Resources:["pods"], Verbs:["get"]}`.
fn told(rule: &Value) -> String {
    let fields = [
        ("APIGroups", "apiGroups"),
        ("Resources", "resources"),
        ("ResourceNames", "resourceNames"),
        ("NonResourceURLs", "nonResourceURLs"),
        ("Verbs", "verbs"),
    ];
    let told: Vec<String> = fields
        .iter()
        .filter(|(_, field)| rule[*field].as_array().is_some_and(|list| !list.is_empty()))
        .map(|(word, field)| format!("{word}:{}", rule[*field].to_string().replace(',', " ")))
        .collect();
    format!("{{{}}}", told.join(", "))
}
