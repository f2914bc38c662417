//! Changes of RoleBindings: an account is taken out of those that give it something.

use std::collections::BTreeSet;

use k8s_openapi::api::rbac::v1::{ClusterRole, Role, RoleBinding};
use serde_json::Value;

use super::super::change::{Ask, Change};
use super::super::edit::{Edit, item, key};
use super::super::resource::Object;
use super::start::{Mark, patch};
use crate::exercise::said::said;
use crate::gameday::text::printable;

/// So many things are asked about an account.
const ASKED: usize = 5;

/// The bindings that name the account; of all, or of those that are called, or give a role that is called, like a permission.
pub(in super::super) fn holders<'b>(
    bindings: &'b [Value],
    namespace: &str,
    account: &str,
    permissions: &[String],
) -> Result<Vec<&'b Value>, String> {
    let shown = printable(account, 80);
    if account.starts_with("system:") {
        return Err(format!("{shown} is the cluster's own: it is left alone"));
    }
    let names = |binding: &&Value| {
        let subjects = binding.get("subjects").and_then(Value::as_array);
        subjects.into_iter().flatten().any(|one| is(one, namespace, account))
    };
    let all: Vec<&Value> = bindings.iter().filter(names).filter(|one| !is_system(one)).collect();
    if all.is_empty() {
        return Err(format!(
            "no RoleBinding of {namespace} names the service account {shown} that may be changed; what it may do by a \
             ClusterRoleBinding or by a group is not taken"
        ));
    }
    if permissions.is_empty() {
        return Ok(all);
    }
    let mut chosen = Vec::new();
    for wanted in permissions {
        let fits = |one: &&&Value| title(one) == wanted || role_name(one) == wanted;
        let found: Vec<&Value> = all.iter().filter(fits).copied().collect();
        if found.is_empty() {
            let known: Vec<String> = all.iter().map(|one| printable(title(one), 80)).collect();
            return Err(format!(
                "{shown} has no RoleBinding or role {}; on a cluster, permissions are RoleBindings: {}",
                printable(wanted, 80),
                known.join(", ")
            ));
        }
        for one in found {
            if !chosen.contains(&one) {
                chosen.push(one);
            }
        }
    }
    Ok(chosen)
}

/// The account is taken out of one binding.
pub(in super::super) fn unbind(
    namespace: &str,
    binding: &Value,
    account: &str,
    mark: &Mark,
) -> Result<Change, String> {
    let of = Object::within::<RoleBinding>(namespace, title(binding));
    let subjects = binding.get("subjects").and_then(Value::as_array);
    let entry = subjects.into_iter().flatten().find(|one| is(one, namespace, account));
    // As the binding writes it: the namespace may be left out there.
    let fields = match entry.and_then(|entry| entry.get("namespace")).and_then(Value::as_str) {
        Some(space) => item([("kind", "ServiceAccount"), ("name", account), ("namespace", space)]),
        None => item([("kind", "ServiceAccount"), ("name", account)]),
    };
    let edit = Edit::new(binding, vec![key("subjects"), fields], None);
    let what = said!(
        "native-unbind",
        "take the service account {account} out of {object}",
        account = printable(account, 80),
        object = of.to_string()
    );
    patch(of, binding, vec![edit], mark, what)
}

fn is(subject: &Value, namespace: &str, account: &str) -> bool {
    let text = |key: &str| subject.get(key).and_then(Value::as_str);
    text("kind") == Some("ServiceAccount")
        && text("name") == Some(account)
        && text("namespace").is_none_or(|space| space == namespace)
}

fn is_system(binding: &Value) -> bool {
    title(binding).starts_with("system:") || role_name(binding).starts_with("system:")
}

fn title(binding: &Value) -> &str {
    binding.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default()
}

fn role_name(binding: &Value) -> &str {
    binding.pointer("/roleRef/name").and_then(Value::as_str).unwrap_or_default()
}

/// The role that a binding gives.
pub(in super::super) fn role(namespace: &str, binding: &Value) -> Object {
    let kind = binding.pointer("/roleRef/kind").and_then(Value::as_str);
    match kind {
        Some("ClusterRole") => Object::whole::<ClusterRole>(role_name(binding)),
        _ => Object::within::<Role>(namespace, role_name(binding)),
    }
}

/// A few things that a role allows, to be asked about.
pub(in super::super) fn asks(role: &Value) -> Vec<Ask> {
    let mut found = BTreeSet::new();
    let rules = role.get("rules").and_then(Value::as_array);
    for rule in rules.into_iter().flatten() {
        let texts = |key: &str| -> Vec<&str> {
            let all = rule.get(key).and_then(Value::as_array);
            all.into_iter().flatten().filter_map(Value::as_str).collect()
        };
        // What is allowed for some names only cannot be asked in general.
        if !texts("resourceNames").is_empty() {
            continue;
        }
        let plain = |text: &str, instead: &str| match text {
            "*" => instead.to_owned(),
            text => text.to_owned(),
        };
        let (groups, resources, verbs) = (texts("apiGroups"), texts("resources"), texts("verbs"));
        for group in groups.iter().take(1) {
            for resource in resources.iter().take(2) {
                for verb in verbs.iter().take(2) {
                    found.insert(Ask {
                        verb: plain(verb, "get"),
                        group: plain(group, ""),
                        resource: plain(resource, "pods"),
                    });
                }
            }
        }
    }
    found.into_iter().take(ASKED).collect()
}
