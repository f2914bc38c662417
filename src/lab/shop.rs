//! The shop as a plan: its pods with their labels, its services, who calls whom, what customers ask for. Nothing runs here.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::exercise::target::{Pod, PodHealth, Service, Topology};
use crate::gameday::plan::Route;

/// What a pod does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The one address customers use.
    Gateway,
    /// Makes pages.
    Web,
    /// Knows the business, talks to the database.
    Backend,
    /// Keeps pages for a while.
    Cache,
    /// The database that is written to.
    Primary,
    /// The database that follows the primary.
    Replica,
    /// Says who customers and service accounts are, and what those may do.
    Auth,
    /// Keeps messages until somebody has dealt with them.
    Queue,
}

impl Role {
    /// The label `app`.
    pub const fn app(self) -> &'static str {
        match self {
            Self::Gateway => "api-gateway",
            Self::Web => "web-app",
            Self::Backend => "backend-service",
            Self::Cache => "cache-service",
            Self::Primary | Self::Replica => "database",
            Self::Auth => "oauth-provider",
            Self::Queue => "message-queue",
        }
    }

    /// The label `tier`.
    pub const fn tier(self) -> &'static str {
        match self {
            Self::Gateway => "edge",
            Self::Web => "frontend",
            Self::Backend => "backend",
            Self::Cache => "cache",
            Self::Primary | Self::Replica | Self::Queue => "data",
            Self::Auth => "security",
        }
    }

    /// The apps that pods of this role open connections to.
    pub const fn dials(self) -> &'static [&'static str] {
        match self {
            Self::Gateway => &["web-app", "oauth-provider"],
            Self::Web => &["backend-service", "cache-service", "oauth-provider"],
            Self::Backend => &["database", "message-queue", "oauth-provider"],
            Self::Replica => &["database"],
            Self::Cache | Self::Primary | Self::Auth | Self::Queue => &[],
        }
    }

    /// Whether a pod of this role opens connections to pods of `other`.
    pub fn dials_role(self, other: Role) -> bool {
        match self {
            Self::Replica => other == Self::Primary,
            _ => self.dials().contains(&other.app()),
        }
    }

    /// Whether pods of this role keep nothing on the disk of their node, so that they can run on any. What the identity
    /// provider keeps is small, and comes with it.
    pub const fn moves(self) -> bool {
        matches!(self, Self::Gateway | Self::Web | Self::Backend | Self::Cache | Self::Auth)
    }

    /// Whether pods of this role speak HTTP to their callers (the others speak frames).
    pub const fn speaks_http(self) -> bool {
        matches!(self, Self::Gateway | Self::Web | Self::Backend | Self::Auth)
    }
}

/// One pod of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PodPlan {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub role: Role,
    /// Its zone.
    pub zone: &'static str,
    /// Its node.
    pub node: &'static str,
}

const fn pod(name: &'static str, role: Role, zone: &'static str, node: &'static str) -> PodPlan {
    PodPlan { name, role, zone, node }
}

/// Every pod that runs from the start, by app, then name. Role, zone and node are where it begins: they may change.
pub(super) const PODS: &[PodPlan] = &[
    pod("api-gateway-1", Role::Gateway, "zone-c", "node-3"),
    pod("backend-service-1", Role::Backend, "zone-a", "node-1"),
    pod("backend-service-2", Role::Backend, "zone-b", "node-2"),
    pod("cache-service-1", Role::Cache, "zone-b", "node-2"),
    pod("database-primary", Role::Primary, "zone-a", "node-1"),
    pod("database-replica", Role::Replica, "zone-b", "node-2"),
    pod("message-queue-1", Role::Queue, "zone-c", "node-3"),
    pod("oauth-provider-1", Role::Auth, "zone-b", "node-2"),
    pod("web-app-1", Role::Web, "zone-a", "node-1"),
    pod("web-app-2", Role::Web, "zone-b", "node-2"),
    pod("web-app-3", Role::Web, "zone-c", "node-3"),
    pod("web-app-4", Role::Web, "zone-a", "node-1"),
    pod("web-app-5", Role::Web, "zone-b", "node-2"),
];

/// Pods that are there only after their app was scaled up.
pub(super) const SPARES: &[PodPlan] = &[
    pod("backend-service-3", Role::Backend, "zone-c", "node-3"),
    pod("backend-service-4", Role::Backend, "zone-a", "node-1"),
    pod("web-app-6", Role::Web, "zone-c", "node-3"),
    pod("web-app-7", Role::Web, "zone-a", "node-1"),
    pod("web-app-8", Role::Web, "zone-b", "node-2"),
];

/// Every node, with its zone.
pub(super) const NODES: &[(&str, &str)] =
    &[("node-1", "zone-a"), ("node-2", "zone-b"), ("node-3", "zone-c")];

/// The pods of web-app that get what is new first, as the label `track` says.
const CANARIES: [&str; 2] = ["web-app-4", "web-app-5"];

/// How many different products the shop sells; `{n}` of `/product/{n}` runs from 1 to this.
pub(super) const PRODUCTS: u32 = 1_000;

/// The account in whose name web-app calls backend-service, and what it needs.
pub(super) const ACCOUNT: &str = "app-service-account";
pub(super) const PRODUCTS_READ: &str = "products:read";
pub(super) const ORDERS_CREATE: &str = "orders:create";
pub(super) const PERMISSIONS: [&str; 2] = [PRODUCTS_READ, ORDERS_CREATE];

/// How many customers are signed in at the same time.
const SESSIONS: u32 = 50;

/// How many customers have an account.
pub(super) const USERS: u32 = 200;

impl PodPlan {
    /// Its labels.
    pub(super) fn labels(&self) -> BTreeMap<String, String> {
        let mut labels = BTreeMap::from([
            ("app".to_owned(), self.role.app().to_owned()),
            ("tier".to_owned(), self.role.tier().to_owned()),
            ("zone".to_owned(), self.zone.to_owned()),
            ("node".to_owned(), self.node.to_owned()),
        ]);
        match self.role {
            Role::Primary => labels.insert("role".to_owned(), "primary".to_owned()),
            Role::Replica => labels.insert("role".to_owned(), "replica".to_owned()),
            Role::Web => {
                let track = if CANARIES.contains(&self.name) { "canary" } else { "stable" };
                labels.insert("track".to_owned(), track.to_owned())
            }
            _ => None,
        };
        labels
    }
}

/// The services, customers' side first.
pub(super) fn services() -> Vec<Service> {
    let service = |name: &str, depends_on: &[&str], critical| Service {
        name: name.to_owned(),
        depends_on: depends_on.iter().map(|one| (*one).to_owned()).collect(),
        critical,
        ..Service::default()
    };
    vec![
        service("api-gateway", Role::Gateway.dials(), true),
        service("web-app", Role::Web.dials(), true),
        service("backend-service", Role::Backend.dials(), false),
        service("cache-service", &[], false),
        service("database", &[], true),
        service("message-queue", &[], false),
        service("oauth-provider", &[], false),
    ]
}

/// The shop with every pod ready, for looking at a plan without starting anything.
pub fn topology_plan() -> Topology {
    let pods = PODS
        .iter()
        .map(|one| Pod {
            name: one.name.to_owned(),
            labels: one.labels(),
            health: PodHealth::Ready,
            ..Pod::default()
        })
        .collect();
    Topology { pods, services: services(), ..Topology::default() }
}

/// What customers ask for when the game day says nothing else: mostly browsing, some looking, a few buying.
pub fn traffic() -> Vec<Route> {
    let route = |name: &str, method: &str, path: &str, weight, spread| Route {
        name: name.to_owned(),
        method: method.to_owned(),
        path: path.to_owned(),
        weight,
        spread,
        // Everyone is signed in.
        headers: vec![("cookie".to_owned(), "session={n}".to_owned())],
        body: None,
    };
    let mut checkout = route("checkout", "POST", "/checkout", 2, SESSIONS);
    checkout.headers.push(("content-type".to_owned(), "application/json".to_owned()));
    checkout.body = Some(r#"{"user":{n},"product":12,"quantity":1}"#.to_owned());
    vec![
        route("browse", "GET", "/", 85, SESSIONS),
        route("product", "GET", "/product/{n}", 13, PRODUCTS),
        checkout,
    ]
}

/// The pods of `pods` that enforce what happens between `from` and `to` on connections they open themselves, each with
/// the name of the far side, and whether `from` is on the opening side. Where the two do not call each other, it is the
/// last hop of the way between them; empty where no way leads from one to the other.
pub(super) fn hops(pods: &[PodPlan], from: &PodPlan, to: &PodPlan) -> Vec<Hop> {
    if from.role.dials_role(to.role) {
        return vec![Hop { dialer: from.name, peer: to.name, from_dials: true, direct: true }];
    }
    if to.role.dials_role(from.role) {
        return vec![Hop { dialer: to.name, peer: from.name, from_dials: false, direct: true }];
    }
    let last = |near: &PodPlan, far: &PodPlan, from_dials| {
        pods.iter()
            // Replication carries nobody's request.
            .filter(|one| one.role != Role::Replica)
            .filter(|one| one.role.dials_role(far.role) && leads(near.role, one.role))
            .map(|one| Hop { dialer: one.name, peer: far.name, from_dials, direct: false })
            .collect::<Vec<_>>()
    };
    let there = last(from, to, true);
    if there.is_empty() { last(to, from, false) } else { there }
}

/// One connection on the way between two pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hop {
    /// Who opens the connection.
    pub dialer: &'static str,
    /// Who is called.
    pub peer: &'static str,
    /// Whether the sending side of the pair is the side that opens.
    pub from_dials: bool,
    /// Whether the pair itself talks over it.
    pub direct: bool,
}

/// Whether calls of `from` reach `to`, directly or through others. The plan has no cycles.
fn leads(from: Role, to: Role) -> bool {
    from.dials_role(to) || PODS.iter().any(|one| from.dials_role(one.role) && leads(one.role, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(name: &str) -> &'static PodPlan {
        PODS.iter().find(|one| one.name == name).unwrap()
    }

    type Expected = &'static [(&'static str, &'static str, bool)];

    #[test]
    fn hops_follow_the_calls() {
        let cases: &[(&str, &str, Expected)] = &[
            ("web-app-1", "cache-service-1", &[("web-app-1", "cache-service-1", true)]),
            (
                "database-primary",
                "backend-service-2",
                &[("backend-service-2", "database-primary", false)],
            ),
            (
                "api-gateway-1",
                "backend-service-1",
                &[
                    ("web-app-1", "backend-service-1", true),
                    ("web-app-2", "backend-service-1", true),
                    ("web-app-3", "backend-service-1", true),
                    ("web-app-4", "backend-service-1", true),
                    ("web-app-5", "backend-service-1", true),
                ],
            ),
            (
                "database-primary",
                "web-app-1",
                &[
                    ("backend-service-1", "database-primary", false),
                    ("backend-service-2", "database-primary", false),
                ],
            ),
            ("web-app-1", "web-app-2", &[]),
            ("cache-service-1", "database-primary", &[]),
            (
                "database-replica",
                "database-primary",
                &[("database-replica", "database-primary", true)],
            ),
        ];
        for (from, to, expected) in cases {
            let found: Vec<_> = hops(PODS, plan(from), plan(to))
                .into_iter()
                .map(|hop| (hop.dialer, hop.peer, hop.from_dials))
                .collect();
            assert_eq!(&found, expected, "{from} to {to}");
        }
    }

    #[test]
    fn the_plan_is_ordered_and_every_service_has_pods() {
        let plan = topology_plan();
        for pod in PODS.iter().chain(SPARES) {
            assert!(NODES.contains(&(pod.node, pod.zone)), "{}", pod.name);
        }
        let order: Vec<_> = plan.pods.iter().map(|pod| (pod.app(), &pod.name)).collect();
        assert!(order.is_sorted(), "{order:?}");
        for service in &plan.services {
            assert!(plan.pods.iter().any(|pod| pod.app() == service.name), "{}", service.name);
        }
    }
}
