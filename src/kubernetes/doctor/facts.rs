//! What was seen of a cluster by who looks whether a game day can run there: plain data. Not the seeing, and not what it means.

use std::collections::BTreeMap;

use super::super::access::Need;
use super::super::journal::RunFound;
use super::super::sweep::Orphans;
use crate::gameday::plan::GameDay;
use crate::kubernetes::access::{self, faults, needs};
use crate::kubernetes::kinds::CHAOS;
use crate::kubernetes::native::action::outlives;

/// What was asked, or why there was no answer.
pub type Asked<T> = Result<T, String>;

/// What a game day wants of a cluster.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wants {
    /// Its name; `None`: no game day is meant.
    pub game_day: Option<String>,
    /// Kinds of Chaos Mesh that it places: `podchaos`.
    pub kinds: Vec<String>,
    /// The DNS server of Chaos Mesh.
    pub dns: bool,
    /// A reaper, for what nothing in the cluster ends by itself.
    pub reaper: bool,
    /// The k6 operator.
    pub load: bool,
    /// Calls that must be allowed.
    pub needs: Vec<Need>,
    /// Labels of which pods that are hit have all, for each injection.
    pub selectors: Vec<(String, BTreeMap<String, String>)>,
}

impl Wants {
    /// What a game day wants.
    pub fn of(plan: &GameDay) -> Self {
        let needs = needs(plan);
        let mut kinds: Vec<String> = needs
            .iter()
            .filter(|need| need.group == CHAOS && need.way == access::Way::Forward)
            .map(|need| need.resource.clone())
            .collect();
        kinds.sort();
        kinds.dedup();
        let all = || plan.injections().map(|(_, planned)| planned);
        let selector = |one: &crate::gameday::plan::PlannedInjection| {
            (one.name.clone(), one.experiment.selector.clone())
        };
        Self {
            game_day: Some(plan.name.clone()),
            kinds,
            dns: all().any(|one| faults::asks_names(&one.experiment.fault)),
            reaper: all().any(|one| outlives(&one.experiment.fault)),
            load: access::sends_load(plan),
            needs,
            selectors: all().map(selector).collect(),
        }
    }
}

/// Everything that was seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    pub context: String,
    pub server: String,
    pub namespace: String,
    /// Milliseconds since 1970-01-01 UTC.
    pub now: i64,
    pub wants: Wants,
    /// Why nothing may be done here; `None`: nobody forbids it.
    pub fence: Option<String>,
    /// The version of the API server.
    pub version: Asked<String>,
    /// Who we are to it; `None`: it cannot say.
    pub who: Asked<Option<String>>,
    /// The namespace; `None`: there is none.
    pub place: Asked<Option<Place>>,
    pub mesh: Mesh,
    pub load: Operator,
    pub prometheus: Asked<Vec<String>>,
    pub alertmanager: Asked<Vec<String>>,
    pub permissions: Vec<Permission>,
    /// Pods of the namespace.
    pub pods: Asked<Vec<Pod>>,
    /// Experiments, Schedules and Workflows of somebody else.
    pub foreign: Asked<Vec<Foreign>>,
    /// Whether the ServiceAccount of the reaper is there.
    pub reaper: Asked<bool>,
    /// Runs with a journal or a lease.
    pub runs: Asked<Vec<RunFound>>,
    pub orphans: Orphans,
}

/// A namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub annotations: BTreeMap<String, String>,
    pub ending: bool,
}

/// Chaos Mesh.
#[derive(Clone, Debug, PartialEq)]
pub struct Mesh {
    /// Kinds that the server has: `podchaos`.
    pub kinds: Asked<Vec<String>>,
    /// Definitions that are not established.
    pub unestablished: Asked<Vec<String>>,
    pub managers: Asked<Vec<Manager>>,
    /// When its leader last renewed the lease, by the leader's clock; `None`: no lease was found.
    pub leader: Asked<Option<i64>>,
    pub daemons: Asked<Vec<Daemon>>,
    /// Whether its DNS server is ready; `None`: there is none.
    pub dns: Asked<Option<bool>>,
    pub webhooks: Asked<Vec<Webhook>>,
}

/// The controller manager of Chaos Mesh.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manager {
    pub namespace: String,
    pub name: String,
    pub image: String,
    pub ready: i32,
    pub wanted: i32,
    pub env: BTreeMap<String, String>,
}

/// What does things to pods, on one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Daemon {
    pub node: String,
    pub ready: bool,
}

/// A webhook of Chaos Mesh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// The configuration that it stands in.
    pub configuration: String,
    pub name: String,
    /// `Fail` or `Ignore`.
    pub policy: String,
}

/// The k6 operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// Whether the server has its kinds.
    pub served: Asked<bool>,
    /// Whether it is ready; `None`: it was not found.
    pub ready: Asked<Option<bool>>,
}

/// One call, and whether it is allowed.
#[derive(Clone, Debug, PartialEq)]
pub struct Permission {
    pub need: Need,
    pub verb: String,
    pub allowed: Asked<bool>,
}

/// A pod.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pod {
    pub name: String,
    pub node: String,
    pub labels: BTreeMap<String, String>,
    pub host_network: bool,
}

/// An object of Chaos Mesh of somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// For people: `PodChaos shop/theirs`.
    pub what: String,
    pub namespace: String,
    /// `namespace/name`
    pub pods: Vec<String>,
    /// It breaks nothing any more.
    pub over: bool,
    /// It makes others.
    pub makes: bool,
}
