//! One healthy cluster, and what is said of every way in which it can be ill.

mod orphans;

use std::collections::BTreeMap;

use super::super::facts::{
    Daemon, Facts, Foreign, Manager, Mesh, Operator, Permission, Place, Pod, Wants, Webhook,
};
use super::super::finding::{Finding, Level, json, text};
use super::*;
use crate::gameday::read::inspect;
use crate::kubernetes::access::Way;
use crate::kubernetes::sweep::{Left, Orphans};

const NOW: i64 = 1_800_000_000_000;

fn wants() -> Wants {
    let game_day = "gameday: v1\nname: probe\nteams: [sre]\ntarget: { kubernetes: { namespace: shop } }\nphases:\n  - name: one\n    duration: 10m\n    chaos:\n      - { time: +1m, experiment: { type: pod-failure, target: { selector: { app: cart } } } }\n";
    Wants::of(&inspect(game_day, "probe.yaml").0.unwrap())
}

fn pod(name: &str, node: &str) -> Pod {
    let labels = BTreeMap::from([("app".to_owned(), "cart".to_owned())]);
    Pod { name: name.into(), node: node.into(), labels, host_network: false }
}

fn healthy() -> Facts {
    let wants = wants();
    let verbs = wants.needs.iter().flat_map(|need| {
        need.verbs.iter().map(move |verb| Permission {
            need: need.clone(),
            verb: (*verb).to_owned(),
            allowed: Ok(true),
        })
    });
    let hook = |configuration: &str| Webhook {
        configuration: configuration.into(),
        name: "x".into(),
        policy: "Fail".into(),
    };
    Facts {
        context: "kind".into(),
        server: "https://127.0.0.1:6443/".into(),
        namespace: "shop".into(),
        now: NOW,
        permissions: verbs.collect(),
        wants,
        fence: None,
        version: Ok("v1.33.1".into()),
        who: Ok(Some("aiko".into())),
        place: Ok(Some(Place::default())),
        mesh: Mesh {
            kinds: Ok(vec!["podchaos".into(), "networkchaos".into()]),
            unestablished: Ok(Vec::new()),
            managers: Ok(vec![Manager {
                namespace: "chaos-mesh".into(),
                name: "chaos-controller-manager".into(),
                image: "ghcr.io/chaos-mesh/chaos-mesh:v2.8.3".into(),
                ready: 3,
                wanted: 3,
                env: BTreeMap::new(),
            }]),
            leader: Ok(Some(NOW - 2_000)),
            daemons: Ok(vec![Daemon { node: "n1".into(), ready: true }]),
            dns: Ok(Some(true)),
            webhooks: Ok(vec![
                hook("chaos-mesh-mutation"),
                hook("chaos-mesh-validation"),
                hook("chaos-mesh-validation-auth"),
            ]),
        },
        load: Operator { served: Ok(false), ready: Ok(None) },
        prometheus: Ok(vec!["prometheus.monitoring.svc:9090".into()]),
        alertmanager: Ok(vec!["alertmanager.monitoring.svc:9093".into()]),
        pods: Ok(vec![pod("cart-1", "n1")]),
        foreign: Ok(Vec::new()),
        reaper: Ok(true),
        runs: Ok(Vec::new()),
        orphans: Orphans::default(),
    }
}

fn worst(findings: &[Finding]) -> Level {
    findings.iter().map(|one| one.level).max().unwrap()
}

#[test]
fn a_healthy_cluster_has_nothing_but_ok() {
    let findings = judge(&healthy());
    assert_eq!(worst(&findings), Level::Ok, "{}", text(&findings));
    let said = text(&findings);
    assert!(said.contains("ok       api"), "{said}");
    assert!(said.contains("0 errors, 0 warnings"), "{said}");
    let read: serde_json::Value = serde_json::from_str(&json(&findings).unwrap()).unwrap();
    assert_eq!(read["ok"], true);
}

/// What is ill, how, how bad it is, and words of what is said.
type Case = (&'static str, fn(&mut Facts), Level, &'static str, &'static str);

const CASES: &[Case] = &[
    ("no server", |f| f.version = Err("refused".into()), Level::Error, "api", "refused"),
    ("an old server", |f| f.version = Ok("v1.27.3".into()), Level::Warning, "api", "v1.27.3"),
    ("it cannot say who", |f| f.who = Ok(None), Level::Warning, "who", "cannot say"),
    ("no namespace", |f| f.place = Ok(None), Level::Error, "namespace", "no namespace shop"),
    (
        "a namespace that ends",
        |f| f.place = Ok(Some(Place { ending: true, ..Place::default() })),
        Level::Error,
        "namespace",
        "being deleted",
    ),
    ("fenced", |f| f.fence = Some("not this one".into()), Level::Error, "fence", "not this one"),
    ("no Chaos Mesh", |f| f.mesh.kinds = Ok(vec![]), Level::Error, "chaos-mesh", "not installed"),
    (
        "a kind is missing",
        |f| f.mesh.kinds = Ok(vec!["networkchaos".into()]),
        Level::Error,
        "crds",
        "podchaos",
    ),
    (
        "a definition is not established",
        |f| f.mesh.unestablished = Ok(vec!["podchaos.chaos-mesh.org".into()]),
        Level::Error,
        "crds",
        "not established",
    ),
    ("no manager", |f| f.mesh.managers = Ok(vec![]), Level::Error, "manager", "not found"),
    (
        "the manager is down",
        |f| f.mesh.managers.as_mut().unwrap()[0].ready = 0,
        Level::Error,
        "manager",
        "0 of 3 ready",
    ),
    (
        "nobody may look at the manager",
        |f| f.mesh.managers = Err("forbidden".into()),
        Level::Warning,
        "manager",
        "forbidden",
    ),
    (
        "another version",
        |f| f.mesh.managers.as_mut().unwrap()[0].image = "r:5000/chaos-mesh:v2.6.1".into(),
        Level::Warning,
        "chaos-mesh",
        "v2.6.1",
    ),
    (
        "a version of long ago",
        |f| f.mesh.managers.as_mut().unwrap()[0].image = "chaos-mesh:v1.2.0".into(),
        Level::Error,
        "chaos-mesh",
        "v1.2.0",
    ),
    (
        "no version",
        |f| f.mesh.managers.as_mut().unwrap()[0].image = "r:5000/chaos-mesh@sha256:00".into(),
        Level::Warning,
        "chaos-mesh",
        "no version",
    ),
    (
        "another namespace",
        |f| {
            f.mesh.managers.as_mut().unwrap()[0].env = BTreeMap::from([
                ("CLUSTER_SCOPED".into(), "false".into()),
                ("TARGET_NAMESPACE".into(), "bank".into()),
            ]);
        },
        Level::Error,
        "scope",
        "bank",
    ),
    (
        "a namespace that does not let it in",
        |f| {
            f.mesh.managers.as_mut().unwrap()[0].env =
                BTreeMap::from([("ENABLE_FILTER_NAMESPACE".into(), "true".into())]);
        },
        Level::Error,
        "scope",
        "does not",
    ),
    ("a dead leader", |f| f.mesh.leader = Ok(Some(NOW - 90_000)), Level::Error, "leader", "90 s"),
    ("no leader", |f| f.mesh.leader = Ok(None), Level::Warning, "leader", "no lease"),
    (
        "a daemon is away where a target is",
        |f| f.mesh.daemons.as_mut().unwrap()[0].ready = false,
        Level::Error,
        "daemons",
        "n1",
    ),
    (
        "a daemon is away elsewhere",
        |f| f.mesh.daemons.as_mut().unwrap().push(Daemon { node: "n2".into(), ready: false }),
        Level::Warning,
        "daemons",
        "n2",
    ),
    ("no daemon", |f| f.mesh.daemons = Ok(vec![]), Level::Error, "daemons", "no chaos-daemon"),
    (
        "no DNS server",
        |f| {
            f.wants.dns = true;
            f.mesh.dns = Ok(None);
        },
        Level::Error,
        "dns",
        "dns-chaos needs it",
    ),
    ("no webhooks", |f| f.mesh.webhooks = Ok(vec![]), Level::Error, "webhooks", "mutation"),
    (
        "webhooks that look away",
        |f| f.mesh.webhooks.as_mut().unwrap()[0].policy = "Ignore".into(),
        Level::Warning,
        "webhooks",
        "chaos-mesh-mutation",
    ),
    (
        "no webhook of permissions",
        |f| f.mesh.webhooks.as_mut().unwrap().truncate(2),
        Level::Warning,
        "webhooks",
        "any namespace",
    ),
    ("no Prometheus", |f| f.prometheus = Ok(vec![]), Level::Warning, "prometheus", "no service"),
    ("no k6 operator", |f| f.wants.load = true, Level::Error, "k6", "not installed"),
    (
        "may not undo",
        |f| {
            let theirs =
                |one: &&mut Permission| one.need.resource == "podchaos" && one.verb == "delete";
            f.permissions.iter_mut().filter(theirs).for_each(|one| one.allowed = Ok(false));
        },
        Level::Error,
        "may",
        "may not delete podchaos.chaos-mesh.org to UNDO it",
    ),
    (
        "may not see nodes",
        |f| {
            let theirs = |one: &&mut Permission| one.need.resource == "nodes";
            f.permissions.iter_mut().filter(theirs).for_each(|one| one.allowed = Ok(false));
        },
        Level::Warning,
        "may",
        "nodes (whole cluster)",
    ),
    (
        "no account for the reaper",
        |f| {
            f.wants.reaper = true;
            f.reaper = Ok(false);
        },
        Level::Error,
        "reaper",
        "gameday-probe-reaper",
    ),
    (
        "somebody else is on the pod",
        |f| {
            f.foreign = Ok(vec![Foreign {
                what: "StressChaos bank/theirs".into(),
                namespace: "bank".into(),
                pods: vec!["shop/cart-1".into()],
                over: false,
                makes: false,
            }]);
        },
        Level::Error,
        "others",
        "StressChaos bank/theirs of somebody else hits shop/cart-1",
    ),
    (
        "a Schedule of somebody else",
        |f| {
            f.foreign = Ok(vec![Foreign {
                what: "Schedule shop/theirs".into(),
                namespace: "shop".into(),
                pods: vec![],
                over: false,
                makes: true,
            }]);
        },
        Level::Warning,
        "others",
        "makes experiments here",
    ),
    (
        "a dead run",
        |f| {
            f.orphans.dead = vec![Left {
                run: "r-1".into(),
                left: vec!["PodChaos shop/gd-r-1-x".into()],
                reaped: false,
            }];
        },
        Level::Error,
        "orphans",
        "gd-r-1-x",
    ),
    (
        "a changed object without a run",
        |f| f.orphans.marked = vec![("Node n1".into(), "r-1_node-drain-0".into())],
        Level::Error,
        "orphans",
        "Node n1",
    ),
    (
        "a right that is missing for the undo only",
        |f| {
            let undo = |one: &&mut Permission| {
                one.need.resource == "events" && one.need.way == Way::Undo && one.verb == "list"
            };
            f.permissions.iter_mut().filter(undo).for_each(|one| one.allowed = Ok(false));
        },
        Level::Error,
        "may",
        "may not list events to UNDO it",
    ),
    (
        "a right that is missing for looking only",
        |f| {
            let look = |one: &&mut Permission| {
                one.need.resource == "events" && one.need.way == Way::Look && one.verb == "list"
            };
            f.permissions.iter_mut().filter(look).for_each(|one| one.allowed = Ok(false));
        },
        Level::Warning,
        "may",
        "may not list events to see the target",
    ),
    (
        "a run that may live elsewhere",
        |f| {
            f.orphans.unknown = vec![Left {
                run: "r-2".into(),
                left: vec!["TestRun shop/x".into()],
                reaped: false,
            }];
        },
        Level::Warning,
        "orphans",
        "nobody can say whether it is over",
    ),
    ("no journals", |f| f.runs = Err("forbidden".into()), Level::Error, "journal", "forbidden"),
];

#[test]
fn every_illness_is_named_with_what_to_do() {
    for (case, make_ill, level, about, words) in CASES {
        let mut facts = healthy();
        make_ill(&mut facts);
        let findings = judge(&facts);
        assert_eq!(worst(&findings), *level, "{case}:\n{}", text(&findings));
        let found = findings.iter().any(|one| {
            one.level == *level
                && one.about == *about
                && one.what.contains(words)
                && one.mend.is_some()
        });
        assert!(found, "{case}:\n{}", text(&findings));
    }
}

#[test]
fn what_servers_say_is_only_text() {
    let mut facts = healthy();
    facts.version = Err("\u{1b}[31mred".into());
    assert!(!text(&judge(&facts)).contains('\u{1b}'));
}

#[test]
fn a_game_day_without_chaos_mesh_is_not_held_up_by_it() {
    let mut facts = healthy();
    facts.wants.kinds.clear();
    facts.mesh.managers.as_mut().unwrap()[0].ready = 0;
    assert_eq!(worst(&judge(&facts)), Level::Warning);
    facts.mesh.kinds = Ok(Vec::new());
    assert_eq!(worst(&judge(&facts)), Level::Ok);
}
