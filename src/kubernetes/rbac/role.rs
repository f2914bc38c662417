//! Rules of a Role from calls that must be allowed. Pure.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::rbac::v1::PolicyRule;

use super::super::access::Need;

/// The fewest rules that allow these and nothing else.
pub(super) fn rules<'a>(needs: impl IntoIterator<Item = &'a Need>) -> Vec<PolicyRule> {
    type Key = (String, Vec<String>);
    let mut verbs: BTreeMap<(Key, String), BTreeSet<String>> = BTreeMap::new();
    for need in needs {
        let key = (need.group.to_owned(), need.names.clone());
        let all = verbs.entry((key, need.resource.clone())).or_default();
        all.extend(need.verbs.iter().map(|verb| (*verb).to_owned()));
    }
    // Kinds of one group with the same verbs stand together.
    let mut together: BTreeMap<(Key, Vec<String>), Vec<String>> = BTreeMap::new();
    for ((key, resource), verbs) in verbs {
        together.entry((key, sorted(verbs))).or_default().push(resource);
    }
    let rules = together.into_iter().map(|(((group, names), verbs), resources)| PolicyRule {
        api_groups: Some(vec![group]),
        resources: Some(resources),
        resource_names: Some(names).filter(|names| !names.is_empty()),
        verbs,
        ..PolicyRule::default()
    });
    rules.collect()
}

/// Verbs in the order in which people write them.
fn sorted(verbs: BTreeSet<String>) -> Vec<String> {
    const ORDER: &[&str] = &["get", "list", "watch", "create", "update", "patch", "delete", "bind"];
    let mut verbs: Vec<String> = verbs.into_iter().collect();
    verbs.sort_by_key(|verb| ORDER.iter().position(|one| one == verb));
    verbs
}
