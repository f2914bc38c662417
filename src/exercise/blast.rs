//! Whom a fault hits, and how far that reaches. Pure: the same seed, experiment and topology give the same answer.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::said::{Said, said};
use super::target::{Budget, Pod, PodHealth, Service, Topology};
use crate::gameday::fault::{Experiment, Fault, Mode, Selector};
use crate::gameday::replicas::Replicas;

/// How far a fault reaches (design: pods hit, services they back, services that depend on those).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BlastRadius {
    /// Pods that are hit.
    pub pods: usize,
    /// Services whose endpoints they back.
    pub services: Vec<String>,
    /// Services that depend on those, directly or not.
    pub dependents: Vec<String>,
    /// Critical services that keep no pod that is not hit.
    pub critical: Vec<String>,
    /// Share of the replicas of the hit services that is left untouched, 0 to 1.
    pub replicas_left: f64,
    /// What follows from it.
    pub risk: Risk,
    /// Zones with a pod that is hit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<String>,
    /// What keeps the pods alive that are hit, where that is known; `-` stands for those that nothing keeps alive.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<String>,
    /// Replicas of the hit services that take traffic and are not hit: so many are left, of so many that take traffic now.
    /// `None`: nobody asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready: Option<(usize, usize)>,
    /// Disruption budgets that would be broken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub budgets: Vec<String>,
}

/// How risky.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    /// At most five pods and no critical service left without a pod.
    #[default]
    Low,
    /// More than five pods.
    Medium,
    /// More than ten pods, or a critical service left without a pod, or a workload scaled to none.
    High,
}

/// What risk is allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ceiling {
    /// Low.
    #[default]
    Controlled,
    /// Up to medium.
    Limited,
    /// Any.
    Wide,
}

impl Ceiling {
    /// Whether `risk` may be taken.
    pub const fn allows(self, risk: Risk) -> bool {
        (risk as u8) <= (self as u8)
    }
}

impl Risk {
    /// In words, for other languages too.
    pub fn said(self) -> Said {
        match self {
            Self::Low => said!("blast-low", "low"),
            Self::Medium => said!("blast-medium", "medium"),
            Self::High => said!("blast-high", "high"),
        }
    }
}

impl fmt::Display for Risk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        })
    }
}

impl fmt::Display for Ceiling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Controlled => "controlled",
            Self::Limited => "limited",
            Self::Wide => "wide",
        })
    }
}

/// Whom one round of an experiment hits.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Names of the pods that are hit.
    pub victims: Vec<String>,
    /// Names of the pods on the other side, for faults between two sides.
    pub peers: Vec<String>,
    /// How far it reaches.
    pub blast: BlastRadius,
}

/// What tells the choices of one exercise apart: the injection's name and round. With the same seed, the same round of the
/// same plan hits the same pods.
pub fn salt(name: &str, round: u32) -> String {
    format!("{name}-{round}")
}

/// Chooses the victims of one round. `salt` tells injections and rounds of one exercise apart.
///
/// # Errors
/// When nobody matches; a sentence for people.
pub fn choose(
    experiment: &Experiment,
    topology: &Topology,
    seed: u64,
    salt: &str,
) -> Result<Choice, String> {
    let mut candidates = matching(topology, &experiment.selector)?;
    let count = how_many(experiment.mode, candidates.len(), seed, salt);
    // Fisher–Yates from the seed: each subset of this size is as likely as any other.
    let mut random = oorandom::Rand64::new(u128::from(seed) ^ (u128::from(digest(salt)) << 64));
    for index in 0..count.min(candidates.len()) {
        let other = index + random.rand_range(0..(candidates.len() - index) as u64) as usize;
        candidates.swap(index, other);
    }
    candidates.truncate(count);
    candidates.sort_by(|a, b| a.name.cmp(&b.name));
    let peers = match &experiment.destination {
        Some(selector) => {
            matching(topology, selector)?.into_iter().map(|pod| pod.name.clone()).collect()
        }
        None => Vec::new(),
    };
    let victims: Vec<String> = candidates.iter().map(|pod| pod.name.clone()).collect();
    let blast = match experiment.fault {
        Fault::Scale { replicas } => scaled(&candidates, replicas, topology),
        _ => reach(&victims, topology),
    };
    Ok(Choice { victims, peers, blast })
}

fn matching<'a>(topology: &'a Topology, selector: &Selector) -> Result<Vec<&'a Pod>, String> {
    let living = |pod: &&Pod| pod.health != PodHealth::Dead;
    let found: Vec<&Pod> =
        topology.pods.iter().filter(|pod| pod.matches(selector)).filter(living).collect();
    if found.is_empty() {
        let wanted: Vec<String> =
            selector.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let mut apps: Vec<&str> = topology.pods.iter().map(Pod::app).collect();
        apps.dedup();
        let apps = if apps.is_empty() { "none".to_owned() } else { apps.join(", ") };
        return Err(format!("no living pod matches {}; apps here: {apps}", wanted.join(", ")));
    }
    Ok(found)
}

fn how_many(mode: Mode, all: usize, seed: u64, salt: &str) -> usize {
    let share = |percent: u8| (all * usize::from(percent.min(100))).div_ceil(100);
    match mode {
        Mode::One => 1,
        Mode::All => all,
        Mode::Fixed(count) => all.min(count as usize),
        Mode::FixedPercent(percent) => share(percent),
        Mode::RandomMaxPercent(percent) => {
            let most = share(percent).max(1) as u64;
            let mut random = oorandom::Rand64::new(u128::from(seed ^ digest(salt)));
            1 + random.rand_range(0..most) as usize
        }
    }
}

/// FNV-1a, 64 bit: stable over versions of this program, unlike the standard library's hasher.
pub(super) fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// How far a fault on `victims` reaches (design section 8).
pub fn reach(victims: &[String], topology: &Topology) -> BlastRadius {
    let hit_pods: Vec<&Pod> =
        topology.pods.iter().filter(|pod| victims.contains(&pod.name)).collect();
    let hit: Vec<Backing<'_>> = topology
        .services
        .iter()
        .map(|service| Backing::of(service, victims, topology))
        .filter(|backing| backing.hit > 0)
        .collect();
    let services: Vec<String> = hit.iter().map(|one| one.service.name.clone()).collect();
    let sum = |of: fn(&Backing<'_>) -> usize| hit.iter().map(of).sum::<usize>();
    let (replicas, untouched) = (sum(|one| one.all), sum(|one| one.all - one.hit));
    let critical: Vec<String> = hit
        .iter()
        .filter(|one| one.service.critical && one.left == 0)
        .map(|one| one.service.name.clone())
        .collect();
    let risk = if !critical.is_empty() || victims.len() > 10 {
        Risk::High
    } else if victims.len() > 5 {
        Risk::Medium
    } else {
        Risk::Low
    };
    let known = hit.iter().any(|one| one.service.backed_by.is_some());
    BlastRadius {
        pods: victims.len(),
        dependents: dependents(&services, topology),
        services,
        critical,
        replicas_left: if replicas == 0 { 1.0 } else { untouched as f64 / replicas as f64 },
        risk,
        zones: names(hit_pods.iter().filter_map(|pod| pod.zone())),
        owners: owners(&hit_pods),
        ready: known.then(|| (sum(|one| one.ready_left), sum(|one| one.ready))),
        budgets: broken(&hit_pods, &topology.budgets),
    }
}

/// The pods that go when each workload of `pods` gets so many: those that are not ready first, then the last by name. A cluster
/// may choose others; then they are as many, and of the same workloads.
pub fn leaving(pods: &[&Pod], replicas: Replicas) -> Vec<String> {
    let mut gone = Vec::new();
    for mut theirs in workloads(pods).into_values() {
        let now = u32::try_from(theirs.len()).unwrap_or(u32::MAX);
        theirs.sort_by(|a, b| {
            let ready = |pod: &Pod| pod.health == PodHealth::Ready;
            ready(a).cmp(&ready(b)).then_with(|| b.name.cmp(&a.name))
        });
        let going = now.saturating_sub(replicas.of(now));
        let going = theirs.into_iter().take(usize::try_from(going).unwrap_or(usize::MAX));
        gone.extend(going.map(|pod| pod.name.clone()));
    }
    gone.sort();
    gone
}

/// Pods by what keeps them alive; where nobody knows that, by their app.
fn workloads<'a>(pods: &[&'a Pod]) -> BTreeMap<&'a str, Vec<&'a Pod>> {
    let mut found: BTreeMap<&str, Vec<&Pod>> = BTreeMap::new();
    for pod in pods {
        let of = if pod.owner.is_empty() { pod.app() } else { pod.owner.as_str() };
        found.entry(of).or_default().push(pod);
    }
    found
}

/// How far it reaches that workloads get another number of pods. Where one keeps none that is an outage, whatever else is said
/// of it.
fn scaled(pods: &[&Pod], replicas: Replicas, topology: &Topology) -> BlastRadius {
    let gone = leaving(pods, replicas);
    let mut blast = reach(&gone, topology);
    let is_gone = |pod: &&Pod| gone.contains(&pod.name);
    if workloads(pods).values().any(|theirs| theirs.iter().all(is_gone)) {
        blast.risk = Risk::High;
    }
    // Which of them go is known when they are gone: any of them may.
    blast.zones = names(pods.iter().filter_map(|pod| pod.zone()));
    blast.owners = owners(pods);
    blast
}

/// The pods behind a service, counted.
struct Backing<'a> {
    service: &'a Service,
    all: usize,
    hit: usize,
    /// Those that take traffic.
    ready: usize,
    ready_left: usize,
    /// Those that can still serve: where endpoints are known only ready ones can.
    left: usize,
}

impl<'a> Backing<'a> {
    fn of(service: &'a Service, victims: &[String], topology: &Topology) -> Self {
        let behind: Vec<&Pod> =
            topology.pods.iter().filter(|pod| service.is_backed_by(pod)).collect();
        let count = |which: &dyn Fn(&Pod) -> bool| behind.iter().filter(|pod| which(pod)).count();
        let is_hit = |pod: &Pod| victims.contains(&pod.name);
        let is_ready = |pod: &Pod| pod.health == PodHealth::Ready;
        let hit = count(&is_hit);
        let ready_left = count(&|pod| is_ready(pod) && !is_hit(pod));
        let left = if service.backed_by.is_some() { ready_left } else { behind.len() - hit };
        Self { service, all: behind.len(), hit, ready: count(&is_ready), ready_left, left }
    }
}

/// Each once, in order.
fn names<'a>(of: impl Iterator<Item = &'a str>) -> Vec<String> {
    let found: BTreeSet<&str> = of.collect();
    found.into_iter().map(str::to_owned).collect()
}

fn owners(hit: &[&Pod]) -> Vec<String> {
    if hit.iter().all(|pod| pod.owner.is_empty()) {
        return Vec::new();
    }
    names(hit.iter().map(|pod| if pod.owner.is_empty() { "-" } else { pod.owner.as_str() }))
}

/// Budgets that allow fewer of their ready pods to go than are hit. Who is not ready costs a budget nothing.
fn broken(hit: &[&Pod], budgets: &[Budget]) -> Vec<String> {
    let ready = hit.iter().filter(|pod| pod.health == PodHealth::Ready);
    let ready: Vec<&str> = ready.map(|pod| pod.name.as_str()).collect();
    let costs =
        |budget: &Budget| budget.pods.iter().filter(|pod| ready.contains(&pod.as_str())).count();
    budgets
        .iter()
        .filter(|budget| costs(budget) > budget.allowed)
        .map(|budget| budget.name.clone())
        .collect()
}

/// Services that need any of `services`, directly or through others, without these themselves.
fn dependents(services: &[String], topology: &Topology) -> Vec<String> {
    let mut reached: Vec<String> = services.to_vec();
    loop {
        let next = topology.services.iter().find(|service| {
            !reached.contains(&service.name)
                && service.depends_on.iter().any(|needed| reached.contains(needed))
        });
        match next {
            Some(service) => reached.push(service.name.clone()),
            None => return reached.split_off(services.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod(name: &str, owner: &str, zone: &str, health: PodHealth) -> Pod {
        let labels = [("app", "cart"), ("zone", zone)];
        let labels = labels.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let (name, owner) = (name.to_owned(), owner.to_owned());
        Pod { name, owner, labels: labels.into(), health, ..Pod::default() }
    }

    /// Two workloads behind one service; of the first one pod is not ready.
    fn shop() -> Topology {
        let web = "Deployment/cart";
        let pods = vec![
            pod("cart-1", web, "a", PodHealth::NotReady),
            pod("cart-2", web, "b", PodHealth::Ready),
            pod("cart-3", web, "b", PodHealth::Ready),
            pod("canary-1", "Deployment/canary", "c", PodHealth::Ready),
        ];
        let all = pods.iter().map(|pod| pod.name.clone()).collect();
        let cart = Service { name: "cart".to_owned(), backed_by: Some(all), ..Service::default() };
        let theirs = vec!["cart-2".to_owned(), "cart-3".to_owned()];
        let budgets = vec![Budget { name: "cart".to_owned(), pods: theirs, allowed: 0 }];
        Topology { pods, services: vec![cart], budgets }
    }

    fn scale(replicas: Replicas) -> Choice {
        let experiment = Experiment {
            fault: Fault::Scale { replicas },
            selector: [("app".to_owned(), "cart".to_owned())].into(),
            destination: None,
            mode: Mode::All,
            duration: None,
            interval: None,
        };
        choose(&experiment, &shop(), 1, "scale-0").unwrap()
    }

    #[test]
    fn pods_that_are_not_ready_go_first_and_the_rest_is_counted() {
        let choice = scale(Replicas::Count(1));
        assert_eq!((choice.victims.len(), choice.blast.pods), (4, 2));
        assert_eq!(choice.blast.ready, Some((2, 3)), "one of those that go was not ready");
        assert_eq!(choice.blast.budgets, ["cart"]);
        assert_eq!(choice.blast.owners, ["Deployment/canary", "Deployment/cart"]);
        assert_eq!(choice.blast.zones, ["a", "b", "c"], "any of them may go");
        assert_eq!(choice.blast.risk, Risk::Low);
        let all = shop();
        let pods: Vec<&Pod> = all.pods.iter().collect();
        assert_eq!(leaving(&pods, Replicas::Count(1)), ["cart-1", "cart-3"]);
    }

    #[test]
    fn a_workload_without_pods_is_an_outage() {
        let whole = scale(Replicas::Count(0)).blast;
        assert_eq!((whole.pods, whole.risk, whole.ready), (4, Risk::High, Some((0, 3))));
        // Half of one is one: the canary is gone, whatever is left of the others.
        let half = scale(Replicas::Change(-50)).blast;
        assert_eq!((half.pods, half.risk), (3, Risk::High));
    }

    #[test]
    fn who_only_gets_more_pods_loses_none() {
        for replicas in [Replicas::Count(9), Replicas::Change(100)] {
            let choice = scale(replicas);
            assert_eq!((choice.blast.pods, choice.blast.risk), (0, Risk::Low));
            assert_eq!(choice.blast.replicas_left, 1.0);
            assert_eq!(choice.victims.len(), 4);
        }
    }
}
