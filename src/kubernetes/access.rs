//! What the API server has to allow for a game day: every call of each fault, of its undo, of looking, and of letting go when
//! the program is dead. Pure, from the plan. `rbac` writes Roles of it, `doctor` asks the server for each.
//!
//! `need` is one such permission · `faults` knows what each fault calls.

pub mod faults;
mod need;

use std::collections::BTreeSet;

use super::kinds::{CHAOS, LOAD};
use crate::gameday::plan::{GameDay, Target};
use faults::of_fault;
use need::READ;
pub use need::{Need, Way};

/// Kinds of Chaos Mesh that are looked at, whether we place them or not: others may be on the same pods.
const LOOKED_AT: &[&str] = &[
    "awschaos",
    "azurechaos",
    "blockchaos",
    "dnschaos",
    "gcpchaos",
    "httpchaos",
    "iochaos",
    "jvmchaos",
    "kernelchaos",
    "networkchaos",
    "physicalmachinechaos",
    "podchaos",
    "podhttpchaos",
    "podiochaos",
    "podnetworkchaos",
    "schedules",
    "stresschaos",
    "timechaos",
    "workflownodes",
    "workflows",
];

/// Everything that a game day needs.
pub fn needs(plan: &GameDay) -> Vec<Need> {
    let mut needs = looking();
    let mut uses_chaos = false;
    for (_, planned) in plan.injections() {
        for need in of_fault(&planned.experiment.fault, &planned.name) {
            uses_chaos |= need.group == CHAOS;
            needs.push(need);
        }
    }
    // The mark of a run on a node tells no namespace: whether that run lives is known where its lease may be.
    if needs.iter().any(|need| need.resource == "nodes" && need.verbs.contains(&"patch")) {
        let why = "marks of other runs on nodes";
        let list = Need::of(Way::Guard, "coordination.k8s.io", "leases", &["list"], why);
        needs.push(list.everywhere());
    }
    if matches!(&plan.target, Target::Kubernetes(cluster) if cluster.shop) {
        needs.push(Need::of(Way::Look, "", "pods/proxy", &["get"], "instruments of pods"));
    }
    needs.extend(guarding());
    needs.extend(seeing_others());
    if uses_chaos {
        needs.extend(records());
    }
    if sends_load(plan) {
        needs.extend(load());
    }
    let mut known = BTreeSet::new();
    needs.retain(|need| known.insert(need.clone()));
    needs
}

/// Whether load comes from the cluster.
pub const fn sends_load(plan: &GameDay) -> bool {
    plan.generator.is_some()
}

fn looking() -> Vec<Need> {
    let look = |group, resource| Need::of(Way::Look, group, resource, READ, "looking");
    vec![
        look("", "pods"),
        look("", "services"),
        look("", "events"),
        look("apps", "deployments"),
        look("apps", "replicasets"),
        look("apps", "statefulsets"),
        look("apps", "daemonsets"),
        look("discovery.k8s.io", "endpointslices"),
        look("policy", "poddisruptionbudgets"),
        look("autoscaling", "horizontalpodautoscalers"),
        look("", "nodes").everywhere(),
        Need::of(Way::Look, "", "namespaces", &["get"], "looking").everywhere(),
    ]
}

fn guarding() -> Vec<Need> {
    let guard = |group, resource, verbs, why| Need::of(Way::Guard, group, resource, verbs, why);
    vec![
        guard("", "configmaps", &["create"], "the journal"),
        guard("", "configmaps", &["get", "list", "update", "patch", "delete"], "the journal")
            .reaper(),
        guard("coordination.k8s.io", "leases", &["create", "delete"], "the lease"),
        guard("coordination.k8s.io", "leases", &["get", "list", "patch"], "the lease").reaper(),
        guard("batch", "jobs", &["create"], "the reaper"),
        guard("batch", "jobs", &["get", "list", "delete"], "the reaper").reaper(),
    ]
}

/// What may be on the same pods, or be left of a run: whoever lets go has to be able to say that nothing is.
fn seeing_others() -> Vec<Need> {
    let all = LOOKED_AT.iter().map(|kind| {
        Need::of(Way::Look, CHAOS, kind, READ, "experiments and load on the same pods").reaper()
    });
    let load = Need::of(
        Way::Look,
        LOAD,
        "testruns",
        &["get", "list"],
        "experiments and load on the same pods",
    );
    all.chain([load.reaper()]).collect()
}

/// What Chaos Mesh did to pods, where any of it is used.
fn records() -> Vec<Need> {
    let records = ["podnetworkchaos", "podiochaos", "podhttpchaos"].map(|kind| {
        let verbs = &["get", "list", "watch", "patch"];
        Need::of(Way::Undo, CHAOS, kind, verbs, "what Chaos Mesh did to pods").reaper()
    });
    records.into()
}

fn load() -> Vec<Need> {
    let why = "load from the cluster";
    vec![
        Need::of(Way::Forward, LOAD, "testruns", &["create", "patch", "watch"], why),
        Need::of(Way::Undo, LOAD, "testruns", &["get", "list", "delete"], why).reaper(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gameday::read::inspect;

    pub(crate) fn plan(experiments: &[&str]) -> GameDay {
        let chaos: Vec<String> = experiments
            .iter()
            .map(|one| format!("      - {{ time: +1m, experiment: {one} }}\n"))
            .collect();
        let text = format!(
            "gameday: v1\nname: probe\nteams: [sre]\ntarget: {{ kubernetes: {{ namespace: shop }} }}\nphases:\n  - name: one\n    duration: 10m\n    chaos:\n{}",
            chaos.concat()
        );
        let (plan, problems) = inspect(&text, "probe.yaml");
        plan.unwrap_or_else(|| panic!("{problems:?}\n{text}"))
    }

    fn verbs(needs: &[Need], resource: &str, reaper: bool) -> BTreeSet<&'static str> {
        let theirs = needs.iter().filter(|one| one.resource == resource && (!reaper || one.reaper));
        theirs.flat_map(|one| one.verbs.iter().copied()).collect()
    }

    #[test]
    fn a_fault_of_chaos_mesh_needs_its_kind_and_its_undo() {
        let needs = needs(&plan(&[
            "{ type: latency-injection, latency: 100ms, target: { source: { selector: { app: a } }, destination: { selector: { app: b } } } }",
        ]));
        let all = verbs(&needs, "networkchaos", false);
        for verb in ["create", "patch", "delete", "get", "list", "watch"] {
            assert!(all.contains(verb), "{verb}");
        }
        let reaper = verbs(&needs, "networkchaos", true);
        assert!(reaper.contains("delete") && !reaper.contains("create"), "{reaper:?}");
        assert!(!verbs(&needs, "podchaos", false).contains("create"));
        assert!(verbs(&needs, "nodes", false).iter().all(|verb| READ.contains(verb)));
    }

    #[test]
    fn a_native_fault_needs_what_it_changes_and_nothing_of_chaos_mesh() {
        let needs = needs(&plan(&["{ type: node-drain, target: { selector: { node: n1 } } }"]));
        assert!(verbs(&needs, "nodes", true).contains("patch"));
        assert!(needs.iter().any(|one| one.resource == "leases" && one.everywhere));
        assert!(verbs(&needs, "pods/eviction", false).contains("create"));
        let theirs = needs.iter().filter(|need| need.group == CHAOS);
        assert!(theirs.flat_map(|need| &need.verbs).all(|verb| READ.contains(verb)));
    }

    #[test]
    fn nothing_is_a_wildcard_or_deletes_by_the_dozen() {
        let needs = needs(&plan(&[
            "{ type: pod-failure, target: { selector: { app: a } } }",
            "{ type: rbac-mutation }",
            "{ type: certificate-expiry }",
            "{ type: configuration-change, set: { a: b }, target: { selector: { app: a } } }",
        ]));
        for need in needs {
            assert!(!need.resource.contains('*') && need.group != "*");
            assert!(
                !need.verbs.iter().any(|verb| verb.contains('*') || *verb == "deletecollection")
            );
        }
    }
}
