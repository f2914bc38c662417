//! A fault in words of the screen's language: its name with its figures, what it does to whom, and how it is undone. Not
//! how far it is.

pub mod whom;

use self::whom::{between, pods};
use super::says::Says;
use crate::exercise::said::{Between, Said};
use crate::exercise::state::InjectionRun;
use crate::gameday::catalog::figures::{late, objects, of, settings, short, size};
use crate::gameday::catalog::how;
use crate::gameday::fault::{
    CacheAction, ConfigurationSource, Direction, Experiment, Fault, HttpAction, IoAction,
    NetworkAction, Stress, ZoneResource,
};
use crate::gameday::metric::Unit;
use crate::gameday::plan::PlannedInjection;
use crate::gameday::replicas::Replicas;
use crate::gameday::span::Span;
use crate::lang::Message;

/// A fault by its name and figures: `database-slowdown 200ms`, `network delay 100ms`, `kill pods`.
pub fn named(fault: &Fault) -> Message {
    let plain = Message::plain;
    match fault {
        Fault::PodFailure => plain("named-pod-failure"),
        Fault::PodHang => plain("named-pod-hang"),
        Fault::NodeFailure => plain("named-node-failure"),
        Fault::NodeRestart => plain("named-node-restart"),
        Fault::DnsChaos => plain("named-dns-chaos"),
        Fault::DependencyFailure => plain("named-dependency-failure"),
        Fault::DatabaseFailure => plain("named-database-failure"),
        Fault::QueueFailure => plain("named-queue-failure"),
        Fault::CertificateExpiry => plain("named-certificate-expiry"),
        Fault::AuthServiceFailure => plain("named-auth-service-failure"),
        Fault::NodeDrain { grace } => plain("named-node-drain").with("grace", grace.to_string()),
        Fault::ZoneFailure { resources } => {
            plain("named-zone-failure").saying("what", listed("both-comma", resources))
        }
        Fault::NetworkChaos { network, .. } => network_named(network),
        Fault::LatencyInjection { latency, jitter } => {
            plain("named-latency-injection").with("late", late(*latency, *jitter))
        }
        Fault::DatabaseSlowdown { latency, jitter } => {
            plain("named-database-slowdown").with("late", late(*latency, *jitter))
        }
        Fault::ResourceChaos { stress } => match stress {
            Stress::CpuStress { cores, load } => plain("named-cpu-stress")
                .with("cores", cores.to_string())
                .with("load", load.to_string()),
            Stress::MemoryStress { bytes } => {
                plain("named-memory-stress").with("size", size(*bytes))
            }
            Stress::IoStress { workers } => {
                plain("named-io-stress").with("workers", workers.to_string())
            }
        },
        Fault::DiskFull { free } => plain("named-disk-full").with("size", size(*free)),
        Fault::TimeChaos { offset_millis, drift } => {
            plain("named-time-chaos").saying("clock", clock(*offset_millis, *drift))
        }
        Fault::IoChaos { io: IoAction::Latency { latency, share } } => {
            plain("named-io-latency").with("late", latency.to_string()).with("of", of(*share))
        }
        Fault::IoChaos { io: IoAction::Fault { share } } => {
            plain("named-io-errors").with("of", of(*share))
        }
        Fault::HttpChaos { http, share } => http_named(http).with("of", of(*share)),
        Fault::DataCorruption { table, rows } => plain("named-data-corruption")
            .with("rows", rows.to_string())
            .with("table", short(table)),
        Fault::ConfigurationChange { set, .. } => {
            plain("named-configuration-change").with("settings", settings(set))
        }
        Fault::Scale { replicas } => plain("named-scale").with("replicas", replicas.to_string()),
        Fault::ImageChange { .. } => plain("named-image-change").with("image", how(fault)),
        Fault::RolloutRestart => plain("named-rollout-restart"),
        Fault::ReplicaLag { lag } => plain("named-replica-lag").with("lag", lag.to_string()),
        Fault::CacheFailure { action: CacheAction::Flush } => plain("named-cache-flush"),
        Fault::CacheFailure { action: CacheAction::Outage } => plain("named-cache-outage"),
        Fault::RbacMutation { account, permissions } => match permissions.as_slice() {
            [] => plain("named-rbac-all"),
            some => plain("named-rbac-some").with("permissions", short(&some.join(", "))),
        }
        .with("account", short(account)),
        Fault::TrafficFlood { rps } => {
            plain("named-traffic-flood").with("rate", Unit::PerSecond.show(*rps))
        }
        Fault::Manifest { file, documents } => {
            plain("named-manifest").with("objects", objects(file, documents))
        }
    }
}

fn network_named(network: &NetworkAction) -> Message {
    match network {
        NetworkAction::Partition => Message::plain("named-network-partition"),
        NetworkAction::Delay { latency, jitter } => {
            Message::plain("named-network-delay").with("late", late(*latency, *jitter))
        }
        NetworkAction::Loss { share } => {
            Message::plain("named-network-loss").with("share", Unit::Share.show(*share))
        }
        NetworkAction::Bandwidth { bytes_per_second } => {
            Message::plain("named-network-bandwidth").with("size", size(*bytes_per_second))
        }
    }
}

fn http_named(http: &HttpAction) -> Message {
    match http {
        HttpAction::Abort => Message::plain("named-http-abort"),
        HttpAction::Delay { latency } => {
            Message::plain("named-http-delay").with("late", latency.to_string())
        }
        HttpAction::Status { code } => {
            Message::plain("named-http-status").with("code", code.to_string())
        }
        HttpAction::Body => Message::plain("named-http-body"),
    }
}

/// What an experiment does: `kill 2 pods of app=web-app`.
pub fn does(experiment: &Experiment) -> Message {
    let does = once(experiment);
    match experiment.interval {
        Some(interval) => {
            Message::plain("does-again").saying("does", does).with("interval", interval.to_string())
        }
        None => does,
    }
}

fn once(experiment: &Experiment) -> Message {
    let on = |key| Message::plain(key).saying("whom", pods(experiment));
    let along = |key| Message::plain(key).saying("way", between(experiment, Direction::To));
    match &experiment.fault {
        Fault::PodFailure => on("does-pod-failure"),
        Fault::PodHang => on("does-pod-hang"),
        Fault::NodeFailure => on("does-node-failure"),
        Fault::NodeRestart => on("does-node-restart"),
        Fault::NodeDrain { grace } => on("does-node-drain").with("grace", grace.to_string()),
        Fault::ZoneFailure { resources } => {
            on("does-zone-failure").saying("what", listed("both-and", resources))
        }
        Fault::NetworkChaos { network, direction } => {
            network_does(network).saying("way", between(experiment, *direction))
        }
        Fault::LatencyInjection { latency, jitter } => {
            along("does-latency-injection").with("late", late(*latency, *jitter))
        }
        Fault::DatabaseSlowdown { latency, jitter } => {
            on("does-database-slowdown").with("late", late(*latency, *jitter))
        }
        Fault::ResourceChaos { stress } => match stress {
            Stress::CpuStress { cores, load } => on("does-cpu-stress")
                .with("cores", cores.to_string())
                .with("load", load.to_string()),
            Stress::MemoryStress { bytes } => on("does-memory-stress").with("size", size(*bytes)),
            Stress::IoStress { workers } => {
                on("does-io-stress").with("workers", workers.to_string())
            }
        },
        Fault::DiskFull { free } => on("does-disk-full").with("size", size(*free)),
        Fault::TimeChaos { offset_millis, drift } => {
            on("does-time-chaos").saying("clock", clock(*offset_millis, *drift))
        }
        Fault::IoChaos { io: IoAction::Latency { latency, share } } => {
            on("does-io-latency").with("late", latency.to_string()).with("of", of(*share))
        }
        Fault::IoChaos { io: IoAction::Fault { share } } => {
            on("does-io-errors").with("of", of(*share))
        }
        Fault::DnsChaos => along("does-dns-chaos"),
        Fault::HttpChaos { http, share } => http_does(http, on).with("of", of(*share)),
        Fault::DataCorruption { table, rows } => {
            on("does-data-corruption").with("rows", rows.to_string()).with("table", short(table))
        }
        Fault::ConfigurationChange { source, set } => on(match source {
            ConfigurationSource::File => "does-configuration-file",
            ConfigurationSource::Environment => "does-configuration-environment",
        })
        .with("settings", settings(set)),
        Fault::DependencyFailure
        | Fault::DatabaseFailure
        | Fault::QueueFailure
        | Fault::AuthServiceFailure
        | Fault::CacheFailure { action: CacheAction::Outage } => on("does-take-down"),
        Fault::CacheFailure { action: CacheAction::Flush } => on("does-cache-flush"),
        Fault::Scale { replicas } => on(match replicas {
            Replicas::Count(_) => "does-scale-to",
            Replicas::Change(_) => "does-scale-by",
        })
        .with("replicas", replicas.to_string()),
        Fault::ImageChange { .. } => on("does-image-change").with("image", how(&experiment.fault)),
        Fault::RolloutRestart => on("does-rollout-restart"),
        Fault::ReplicaLag { lag } => on("does-replica-lag").with("lag", lag.to_string()),
        Fault::CertificateExpiry => on("does-certificate-expiry"),
        Fault::RbacMutation { account, permissions } => match permissions.as_slice() {
            [] => on("does-rbac-all"),
            some => on("does-rbac-some").with("permissions", short(&some.join(", "))),
        }
        .with("account", short(account)),
        Fault::TrafficFlood { rps } => {
            on("does-traffic-flood").with("rate", Unit::PerSecond.show(*rps))
        }
        Fault::Manifest { file, documents } => {
            on("does-manifest").with("objects", objects(file, documents))
        }
    }
}

fn http_does(http: &HttpAction, on: impl Fn(&'static str) -> Message) -> Message {
    match http {
        HttpAction::Abort => on("does-http-abort"),
        HttpAction::Delay { latency } => on("does-http-delay").with("late", latency.to_string()),
        HttpAction::Status { code } => on("does-http-status").with("code", code.to_string()),
        HttpAction::Body => on("does-http-body"),
    }
}

fn network_does(network: &NetworkAction) -> Message {
    match network {
        NetworkAction::Partition => Message::plain("does-network-partition"),
        NetworkAction::Delay { latency, jitter } => {
            Message::plain("does-network-delay").with("late", late(*latency, *jitter))
        }
        NetworkAction::Loss { share } => {
            Message::plain("does-network-loss").with("share", Unit::Share.show(*share))
        }
        NetworkAction::Bandwidth { bytes_per_second } => {
            Message::plain("does-network-bandwidth").with("size", size(*bytes_per_second))
        }
    }
}

/// How an experiment is undone.
pub fn undo(experiment: &Experiment) -> Message {
    let on = |key| Message::plain(key).saying("whom", pods(experiment));
    let along = |key, direction| Message::plain(key).saying("way", between(experiment, direction));
    match &experiment.fault {
        Fault::PodFailure => Message::plain("undo-pod-failure"),
        Fault::PodHang => on("undo-pod-hang"),
        Fault::NodeFailure | Fault::ZoneFailure { .. } => on("undo-bring-back"),
        Fault::NodeRestart => on("undo-node-restart"),
        Fault::NodeDrain { .. } => on("undo-node-drain"),
        Fault::NetworkChaos { network, direction } => along(
            match network {
                NetworkAction::Partition => "undo-network-partition",
                NetworkAction::Delay { .. } => "undo-network-delay",
                NetworkAction::Loss { .. } => "undo-network-loss",
                NetworkAction::Bandwidth { .. } => "undo-network-bandwidth",
            },
            *direction,
        ),
        Fault::LatencyInjection { .. } => along("undo-latency-injection", Direction::To),
        Fault::DatabaseSlowdown { .. } => on("undo-database-slowdown"),
        Fault::ResourceChaos { stress } => on(match stress {
            Stress::CpuStress { .. } => "undo-cpu-stress",
            Stress::MemoryStress { .. } => "undo-memory-stress",
            Stress::IoStress { .. } => "undo-io-stress",
        }),
        Fault::DiskFull { .. } => on("undo-disk-full"),
        Fault::TimeChaos { .. } => on("undo-time-chaos"),
        Fault::IoChaos { .. } => on("undo-io-chaos"),
        Fault::DnsChaos => along("undo-dns-chaos", Direction::To),
        Fault::HttpChaos { .. } => on("undo-http-chaos"),
        Fault::DataCorruption { table, .. } => {
            on("undo-data-corruption").with("table", short(table))
        }
        Fault::ConfigurationChange { .. } => on("undo-configuration-change"),
        Fault::DependencyFailure
        | Fault::DatabaseFailure
        | Fault::QueueFailure
        | Fault::AuthServiceFailure
        | Fault::CacheFailure { action: CacheAction::Outage } => on("undo-take-down"),
        Fault::CacheFailure { action: CacheAction::Flush } => Message::plain("undo-cache-flush"),
        Fault::Scale { .. } => on("undo-scale"),
        Fault::ImageChange { .. } => on("undo-image-change"),
        Fault::RolloutRestart => on("undo-rollout-restart"),
        Fault::ReplicaLag { .. } => on("undo-replica-lag"),
        Fault::CertificateExpiry => on("undo-certificate-expiry"),
        Fault::RbacMutation { account, .. } => {
            Message::plain("undo-rbac").with("account", short(account))
        }
        Fault::TrafficFlood { .. } => on("undo-traffic-flood"),
        Fault::Manifest { file, documents } => {
            Message::plain("undo-manifest").with("objects", objects(file, documents))
        }
    }
}

/// What undoing an injection will do: what is owed once it was armed, else what it will be; `None`: nobody knows.
pub fn owed(run: &InjectionRun, planned: Option<&PlannedInjection>) -> Option<Says> {
    let undo = planned.map(|planned| undo(&planned.experiment));
    let owed = || run.undos.iter().map(|undo| undo.what.clone());
    let recorded = Said::all(owed(), Between::Then);
    match undo {
        _ if run.undos.is_empty() => undo.map(Says::Message),
        // Recordings of earlier versions have no more than the English text.
        Some(message) if owed().any(|what| what.key().is_empty()) => {
            Some(Says::Recorded { recorded: recorded.into(), message })
        }
        _ => Some(Says::Said(recorded)),
    }
}

/// `-5m, 10% fast`.
fn clock(offset_millis: i64, drift: f64) -> Message {
    let sign = if offset_millis < 0 { "-" } else { "+" };
    let offset = format!("{sign}{}", Span::from_millis(offset_millis.unsigned_abs()));
    let key = if drift < 0.0 { "clock-slow" } else { "clock-fast" };
    let drifts = Message::plain(key).with("share", Unit::Share.show(drift.abs()));
    let set = Message::plain("clock-set").with("offset", offset);
    match (offset_millis != 0, drift != 0.0) {
        (true, true) => Message::plain("both-comma").saying("one", set).saying("other", drifts),
        (false, true) => drifts,
        _ => set,
    }
}

/// What a zone loses; `joint` puts two of them together.
fn listed(joint: &'static str, resources: &[ZoneResource]) -> Message {
    let words = resources.iter().map(|one| {
        Message::plain(match one {
            ZoneResource::Compute => "zone-compute",
            ZoneResource::Storage => "zone-storage",
            ZoneResource::Network => "zone-network",
        })
    });
    words
        .reduce(|one, other| Message::plain(joint).saying("one", one).saying("other", other))
        .unwrap_or_else(|| Message::plain("zone-nothing"))
}
