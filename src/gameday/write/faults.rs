//! An experiment as it stands in a file. Not when it is injected.

use super::tree::{Tree, json, map, one};
use crate::gameday::fault::{
    CacheAction, ConfigurationSource, Direction, Experiment, Fault, HttpAction, IoAction, Mode,
    NetworkAction, Selector, Stress, ZoneResource,
};
use crate::gameday::span::Span;

type Entries = Vec<(&'static str, Tree)>;

/// The experiment.
pub(super) fn experiment(experiment: &Experiment) -> Tree {
    let mut entries = vec![("type", one(experiment.fault.kind()))];
    let selector = || side(&experiment.selector);
    let target = match &experiment.destination {
        Some(destination) => map([("source", selector()), ("destination", side(destination))]),
        None => selector(),
    };
    // A file that was not read yet says it, and nothing else does.
    if !experiment.selector.is_empty() || !matches!(experiment.fault, Fault::Manifest { .. }) {
        entries.push(("target", target));
    }
    let (mode, value) = match experiment.mode {
        Mode::One => ("one", None),
        Mode::All => ("all", None),
        Mode::Fixed(count) => ("fixed", Some(one(count))),
        Mode::FixedPercent(percent) => ("fixed-percent", Some(one(percent))),
        Mode::RandomMaxPercent(percent) => ("random-max-percent", Some(one(percent))),
    };
    entries.push(("mode", one(mode)));
    entries.extend(value.map(|value| ("value", value)));
    entries.extend(parameters(&experiment.fault));
    entries.extend(experiment.duration.map(|span| ("duration", one(span))));
    entries.extend(experiment.interval.map(|span| ("interval", one(span))));
    map(entries)
}

fn side(selector: &Selector) -> Tree {
    let labels = selector.iter().map(|(key, value)| (key.clone(), one(value)));
    map([("selector", Tree::Map(labels.collect()))])
}

fn action(name: &str) -> (&'static str, Tree) {
    ("action", one(name))
}

fn parameters(fault: &Fault) -> Entries {
    match fault {
        Fault::LatencyInjection { latency, jitter }
        | Fault::DatabaseSlowdown { latency, jitter } => late(latency, jitter),
        Fault::NetworkChaos { network: what, direction } => network(*what, *direction),
        Fault::ResourceChaos { stress: what } => stress(*what),
        Fault::NodeDrain { grace } => vec![("grace", one(grace))],
        Fault::ZoneFailure { resources } => {
            let words = resources.iter().map(|resource| {
                one(match resource {
                    ZoneResource::Compute => "compute",
                    ZoneResource::Storage => "storage",
                    ZoneResource::Network => "network",
                })
            });
            vec![("resources", Tree::List(words.collect()))]
        }
        Fault::TimeChaos { offset_millis, drift } => {
            let offset =
                (*offset_millis != 0).then(|| ("offset", one(format!("{offset_millis}ms"))));
            let drift = (*drift != 0.0).then(|| ("drift", one(drift)));
            offset.into_iter().chain(drift).collect()
        }
        Fault::IoChaos { io: IoAction::Latency { latency, share } } => {
            vec![action("latency"), ("latency", one(latency)), ("share", one(share))]
        }
        Fault::IoChaos { io: IoAction::Fault { share } } => {
            vec![action("fault"), ("share", one(share))]
        }
        Fault::HttpChaos { http: what, share } => {
            http(what).into_iter().chain([("share", one(share))]).collect()
        }
        Fault::DiskFull { free } => vec![("free", one(format!("{free}B")))],
        Fault::DataCorruption { table, rows } => vec![("table", one(table)), ("rows", one(rows))],
        Fault::ConfigurationChange { source, set } => {
            let source = match source {
                ConfigurationSource::File => "file",
                ConfigurationSource::Environment => "environment",
            };
            let set = set.iter().map(|(key, value)| (key.clone(), one(value))).collect();
            vec![("source", one(source)), ("set", Tree::Map(set))]
        }
        Fault::Scale { replicas } => vec![("replicas", one(replicas))],
        Fault::ImageChange { image, container } => {
            let container = container.as_ref().map(|name| ("container", one(name)));
            std::iter::once(("image", one(image))).chain(container).collect()
        }
        Fault::ReplicaLag { lag } => vec![("lag", one(lag))],
        Fault::CacheFailure { action: CacheAction::Flush } => vec![action("flush")],
        Fault::CacheFailure { action: CacheAction::Outage } => vec![action("outage")],
        Fault::RbacMutation { account, permissions } => {
            let mut entries = vec![("account", one(account))];
            if !permissions.is_empty() {
                entries.push(("permissions", Tree::List(permissions.iter().map(one).collect())));
            }
            entries
        }
        Fault::TrafficFlood { rps } => vec![("rps", one(rps))],
        Fault::Manifest { file, documents } => vec![(
            "manifest",
            match documents.as_slice() {
                [] => one(file),
                [alone] => json(alone),
                several => Tree::List(several.iter().map(json).collect()),
            },
        )],
        Fault::PodFailure
        | Fault::PodHang
        | Fault::NodeFailure
        | Fault::NodeRestart
        | Fault::DnsChaos
        | Fault::DependencyFailure
        | Fault::DatabaseFailure
        | Fault::QueueFailure
        | Fault::RolloutRestart
        | Fault::CertificateExpiry
        | Fault::AuthServiceFailure => Vec::new(),
    }
}

fn http(what: &HttpAction) -> Entries {
    match what {
        HttpAction::Abort => vec![action("abort")],
        HttpAction::Delay { latency } => vec![action("delay"), ("latency", one(latency))],
        HttpAction::Status { code } => vec![action("status"), ("code", one(code))],
        HttpAction::Body => vec![action("body")],
    }
}

fn late(latency: &Span, jitter: &Span) -> Entries {
    let jitter = (!jitter.is_zero()).then(|| ("jitter", one(jitter)));
    std::iter::once(("latency", one(latency))).chain(jitter).collect()
}

fn network(what: NetworkAction, direction: Direction) -> Entries {
    let mut entries = match what {
        NetworkAction::Partition => vec![action("partition")],
        NetworkAction::Delay { latency, jitter } => {
            std::iter::once(action("delay")).chain(late(&latency, &jitter)).collect()
        }
        NetworkAction::Loss { share } => vec![action("loss"), ("loss", one(share))],
        NetworkAction::Bandwidth { bytes_per_second } => {
            vec![action("bandwidth"), ("bandwidth", one(format!("{bytes_per_second}B")))]
        }
    };
    entries.push((
        "direction",
        one(match direction {
            Direction::To => "to",
            Direction::From => "from",
            Direction::Both => "both",
        }),
    ));
    entries
}

fn stress(what: Stress) -> Entries {
    let (name, figures) = match what {
        Stress::CpuStress { cores, load } => {
            ("cpu-stress", vec![("cores", one(cores)), ("load", one(load))])
        }
        Stress::MemoryStress { bytes } => {
            ("memory-stress", vec![("size", one(format!("{bytes}B")))])
        }
        Stress::IoStress { workers } => ("io-stress", vec![("workers", one(workers))]),
    };
    vec![action(name), ("stress", map(figures))]
}
