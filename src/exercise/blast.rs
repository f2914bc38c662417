//! Whom a fault hits, and how far that reaches. Pure: the same seed, experiment and topology give the same answer.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::said::{Said, said};
use super::target::{Pod, PodHealth, Service, Topology};
use crate::gameday::fault::{Experiment, Mode, Selector};

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
    /// More than ten pods, or a critical service left without a pod.
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
    let blast = reach(&victims, topology);
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
        return Err(format!(
            "no living pod matches {}; apps here: {}",
            wanted.join(", "),
            apps.join(", ")
        ));
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
fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// How far a fault on `victims` reaches (design section 8).
pub fn reach(victims: &[String], topology: &Topology) -> BlastRadius {
    let is_hit = |pod: &Pod| victims.contains(&pod.name);
    let backing = |service: &Service| -> Vec<&Pod> {
        topology.pods.iter().filter(|pod| pod.app() == service.name).collect()
    };
    let hit: Vec<&Service> = topology
        .services
        .iter()
        .filter(|service| backing(service).into_iter().any(is_hit))
        .collect();
    let services: Vec<String> = hit.iter().map(|service| service.name.clone()).collect();
    let replicas: usize = hit.iter().map(|service| backing(service).len()).sum();
    let untouched: usize = hit
        .iter()
        .map(|service| backing(service).into_iter().filter(|pod| !is_hit(pod)).count())
        .sum();
    let critical: Vec<String> = hit
        .iter()
        .filter(|service| service.critical && backing(service).into_iter().all(is_hit))
        .map(|service| service.name.clone())
        .collect();
    let risk = if !critical.is_empty() || victims.len() > 10 {
        Risk::High
    } else if victims.len() > 5 {
        Risk::Medium
    } else {
        Risk::Low
    };
    BlastRadius {
        pods: victims.len(),
        dependents: dependents(&services, topology),
        services,
        critical,
        replicas_left: if replicas == 0 { 1.0 } else { untouched as f64 / replicas as f64 },
        risk,
    }
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
