//! Every type of experiment that may stand in a file: what it does, which parameters it takes, how it is undone. The one
//! place where the vocabulary is written down; not the doing.

use super::fault::{Direction, Experiment, Fault, Mode, NetworkAction, Selector, Stress};
use super::text::printable;

/// One type of experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultType {
    /// As written in a file.
    pub name: &'static str,
    /// What it does, in one line.
    pub about: &'static str,
    /// The parameters besides name, type, target, mode, value and duration. Empty where it cannot be run yet.
    pub parameters: &'static [&'static str],
    /// Whether it can be run.
    pub runs: bool,
}

const fn runs(
    name: &'static str,
    about: &'static str,
    parameters: &'static [&'static str],
) -> FaultType {
    FaultType { name, about, parameters, runs: true }
}

const fn known(name: &'static str, about: &'static str) -> FaultType {
    FaultType { name, about, parameters: &[], runs: false }
}

/// The whole vocabulary, those that can be run first.
pub const TYPES: &[FaultType] = &[
    runs("pod-failure", "kills pods without warning (SIGKILL)", &["action", "interval"]),
    runs(
        "network-chaos",
        "cuts, delays or thins the network between two apps",
        &["action", "direction", "latency", "jitter", "loss"],
    ),
    runs(
        "latency-injection",
        "makes requests from one app to another late",
        &["latency", "jitter"],
    ),
    runs("database-slowdown", "makes every statement of the database late", &["latency", "jitter"]),
    runs("resource-chaos", "eats the processor time of pods", &["action", "stress"]),
    known("time-chaos", "moves the clock that pods see"),
    known("io-chaos", "makes reads and writes of files late or wrong"),
    known("dns-chaos", "answers name look-ups wrongly or not at all"),
    known("http-chaos", "aborts, delays or changes HTTP messages"),
    known("zone-failure", "takes a whole zone away"),
    known("node-failure", "switches a node off"),
    known("node-restart", "restarts a node"),
    known("node-drain", "moves every pod off a node"),
    known("disk-full", "fills the disk"),
    known("data-corruption", "makes data inconsistent for a while"),
    known("configuration-change", "changes environment variables or configuration files"),
    known("dependency-failure", "stops a service that others need"),
    known("database-failure", "stops the primary database"),
    known("replica-lag", "makes the replica fall behind"),
    known("cache-failure", "empties or stops the cache"),
    known("queue-failure", "stops the message queue"),
    known("certificate-expiry", "presents a certificate that has expired"),
    known("auth-service-failure", "stops the identity provider"),
    known("rbac-mutation", "takes permissions away"),
    known("traffic-flood", "sends a flood of requests from outside"),
];

/// The type with this name.
pub fn find(name: &str) -> Option<&'static FaultType> {
    TYPES.iter().find(|one| one.name == name)
}

/// What an experiment does, in words: `kill 2 of app=web-app`.
pub fn does_text(experiment: &Experiment) -> String {
    let whom = whom(experiment);
    let late = |latency: super::span::Span, jitter: super::span::Span| {
        if jitter.is_zero() { latency.to_string() } else { format!("{latency} ± {jitter}") }
    };
    match &experiment.fault {
        Fault::PodFailure => match experiment.interval {
            Some(interval) => format!("kill {whom}, again every {interval}"),
            None => format!("kill {whom}"),
        },
        Fault::NetworkChaos { network, direction } => {
            let way = between(experiment, &whom, *direction);
            match network {
                NetworkAction::Partition => format!("cut the network {way}"),
                NetworkAction::Delay { latency, jitter } => {
                    format!("delay the network by {} {way}", late(*latency, *jitter))
                }
                NetworkAction::Loss { share } => {
                    format!("lose {:.1}% of packets {way}", share * 100.0)
                }
                NetworkAction::Bandwidth { bytes_per_second } => {
                    format!("let {bytes_per_second} bytes a second pass {way}")
                }
            }
        }
        Fault::LatencyInjection { latency, jitter } => format!(
            "delay requests by {} {}",
            late(*latency, *jitter),
            between(experiment, &whom, Direction::To)
        ),
        Fault::DatabaseSlowdown { latency, jitter } => {
            format!("delay every statement by {} on {whom}", late(*latency, *jitter))
        }
        Fault::ResourceChaos { stress: Stress::CpuStress { cores, load } } => {
            format!("keep {cores} cores {load}% busy on {whom}")
        }
        other => format!("{} on {whom}", other.kind()),
    }
}

/// Whether the fault is there for a while, and not over as soon as it has struck.
pub fn lingers(experiment: &Experiment) -> bool {
    !matches!(experiment.fault, Fault::PodFailure) || experiment.interval.is_some()
}

/// How an experiment is undone, in words.
pub fn undo_text(experiment: &Experiment) -> String {
    let whom = whom(experiment);
    match &experiment.fault {
        Fault::PodFailure => {
            "stop killing; the controller replaces the pods, and the undo waits until they are ready"
                .to_owned()
        }
        Fault::NetworkChaos { network, direction } => {
            let way = between(experiment, &whom, *direction);
            match network {
                NetworkAction::Partition => format!("open the network again {way}"),
                NetworkAction::Delay { .. } => format!("remove the network delay {way}"),
                NetworkAction::Loss { .. } => format!("remove the packet loss {way}"),
                NetworkAction::Bandwidth { .. } => format!("remove the bandwidth limit {way}"),
            }
        }
        Fault::LatencyInjection { .. } => {
            format!("remove the delay of requests {}", between(experiment, &whom, Direction::To))
        }
        Fault::DatabaseSlowdown { .. } => format!("remove the delay of statements from {whom}"),
        Fault::ResourceChaos { .. } => format!("stop the processor load on {whom}"),
        other => format!("undo {} on {whom}", other.kind()),
    }
}

/// The pods that are hit, in words: `2 pods of app=web-app`.
fn whom(experiment: &Experiment) -> String {
    let pods = labels(&experiment.selector);
    match experiment.mode {
        Mode::One => format!("one pod of {pods}"),
        Mode::All => format!("all pods of {pods}"),
        Mode::Fixed(1) => format!("1 pod of {pods}"),
        Mode::Fixed(count) => format!("{count} pods of {pods}"),
        Mode::FixedPercent(percent) => format!("{percent}% of the pods of {pods}"),
        Mode::RandomMaxPercent(percent) => format!("up to {percent}% of the pods of {pods}"),
    }
}

fn between(experiment: &Experiment, whom: &str, direction: Direction) -> String {
    let other = experiment.destination.as_ref().map_or_else(|| "everyone".to_owned(), labels);
    match direction {
        Direction::To => format!("from {whom} to {other}"),
        Direction::From => format!("from {other} to {whom}"),
        Direction::Both => format!("between {whom} and {other}"),
    }
}

/// A selector in words: `app=web-app, tier=frontend`.
pub fn labels(selector: &Selector) -> String {
    if selector.is_empty() {
        return "everything".to_owned();
    }
    let pairs: Vec<String> =
        selector.iter().map(|(key, value)| printable(&format!("{key}={value}"), 120)).collect();
    pairs.join(", ")
}
