//! A fault in words: its figures, what it does to whom, how it is undone. Not what is known of its type.

use crate::gameday::fault::{
    CacheAction, ConfigurationSource, Direction, Experiment, Fault, HttpAction, IoAction, Mode,
    NetworkAction, Selector, Stress, ZoneResource,
};
use crate::gameday::metric::Unit;
use crate::gameday::span::Span;
use crate::gameday::text::printable;

/// The figures of a fault, without its type and its victims: `delay 100ms ± 10ms`. Empty where the type says it all.
pub fn how(fault: &Fault) -> String {
    match fault {
        Fault::PodFailure
        | Fault::PodHang
        | Fault::NodeFailure
        | Fault::NodeRestart
        | Fault::DnsChaos
        | Fault::DependencyFailure
        | Fault::DatabaseFailure
        | Fault::QueueFailure
        | Fault::CertificateExpiry
        | Fault::AuthServiceFailure => String::new(),
        Fault::NetworkChaos { network, .. } => network_how(network),
        Fault::LatencyInjection { latency, jitter }
        | Fault::DatabaseSlowdown { latency, jitter } => late(*latency, *jitter),
        Fault::ResourceChaos { stress } => match stress {
            Stress::CpuStress { cores, load } => format!("cpu-stress {cores}×{load}%"),
            Stress::MemoryStress { bytes } => format!("memory-stress {}", size(*bytes)),
            Stress::IoStress { workers } => format!("io-stress ×{workers}"),
        },
        Fault::NodeDrain { grace } => format!("within {grace}"),
        Fault::ZoneFailure { resources } => resources_text(resources, ", "),
        Fault::TimeChaos { offset_millis, drift } => clock_how(*offset_millis, *drift),
        Fault::IoChaos { io } => match io {
            IoAction::Latency { latency, share } => format!("latency {latency}{}", of(*share)),
            IoAction::Fault { share } => format!("errors{}", of(*share)),
        },
        Fault::HttpChaos { http, share } => format!("{}{}", http_how(http), of(*share)),
        Fault::DiskFull { free } => format!("{} free", size(*free)),
        Fault::DataCorruption { table, rows } => format!("{rows} rows of {}", short(table)),
        Fault::ConfigurationChange { set, .. } => settings(set),
        Fault::ReplicaLag { lag } => lag.to_string(),
        Fault::CacheFailure { action: CacheAction::Flush } => "flush".to_owned(),
        Fault::CacheFailure { action: CacheAction::Outage } => "outage".to_owned(),
        Fault::RbacMutation { account, permissions } if permissions.is_empty() => {
            format!("all of {}", short(account))
        }
        Fault::RbacMutation { account, permissions } => {
            format!("{} of {}", short(&permissions.join(", ")), short(account))
        }
        Fault::TrafficFlood { rps } => Unit::PerSecond.show(*rps),
    }
}

/// A fault by its name and figures: `database-slowdown 200ms`, `network delay 100ms`, `kill pods`.
pub fn named(fault: &Fault) -> String {
    let how = how(fault);
    match fault {
        Fault::PodFailure => "kill pods".to_owned(),
        Fault::NetworkChaos { .. } => format!("network {how}"),
        Fault::ResourceChaos { .. } => how,
        _ if how.is_empty() => fault.kind().to_owned(),
        _ => format!("{} {how}", fault.kind()),
    }
}

/// What an experiment does, in words: `kill 2 pods of app=web-app`.
pub fn does_text(experiment: &Experiment) -> String {
    let whom = whom(experiment);
    let does = does(experiment, &whom);
    match experiment.interval {
        Some(interval) => format!("{does}, again every {interval}"),
        None => does,
    }
}

fn does(experiment: &Experiment, whom: &str) -> String {
    let to = || between(experiment, whom, Direction::To);
    match &experiment.fault {
        Fault::PodFailure => format!("kill {whom}"),
        Fault::PodHang => format!("let {whom} stand still"),
        Fault::NodeFailure => format!("switch off {whom}"),
        Fault::NodeRestart => format!("restart {whom}"),
        Fault::NodeDrain { grace } => format!("drain {whom} within {grace}"),
        Fault::ZoneFailure { resources } => {
            format!("take {} away from {whom}", resources_text(resources, " and "))
        }
        Fault::NetworkChaos { network, direction } => {
            network_does(network, &between(experiment, whom, *direction))
        }
        Fault::LatencyInjection { latency, jitter } => {
            format!("delay requests by {} {}", late(*latency, *jitter), to())
        }
        Fault::DatabaseSlowdown { latency, jitter } => {
            format!("delay every statement by {} on {whom}", late(*latency, *jitter))
        }
        Fault::ResourceChaos { stress } => match stress {
            Stress::CpuStress { cores, load } => {
                format!("keep {cores} cores {load}% busy on {whom}")
            }
            Stress::MemoryStress { bytes } => {
                format!("take {} of memory on {whom}", size(*bytes))
            }
            Stress::IoStress { workers } => {
                format!("keep the disk busy ({workers} at once) on {whom}")
            }
        },
        Fault::DiskFull { free } => format!("leave {} of disk to {whom}", size(*free)),
        Fault::TimeChaos { offset_millis, drift } => {
            format!("move the clock of {whom}: {}", clock_how(*offset_millis, *drift))
        }
        Fault::IoChaos { io: IoAction::Latency { latency, share } } => {
            format!("delay file operations by {latency}{} on {whom}", of(*share))
        }
        Fault::IoChaos { io: IoAction::Fault { share } } => {
            format!("let file operations fail{} on {whom}", of(*share))
        }
        Fault::DnsChaos => format!("let names not resolve {}", to()),
        Fault::HttpChaos { http, share } => {
            format!("{} HTTP answers{} of {whom}", http_does(http), of(*share))
        }
        Fault::DataCorruption { table, rows } => {
            format!("change {rows} rows of {} on {whom}", short(table))
        }
        Fault::ConfigurationChange { source, set } => {
            let place = match source {
                ConfigurationSource::File => "configuration file",
                ConfigurationSource::Environment => "environment",
            };
            format!("set {} in the {place} of {whom}", settings(set))
        }
        Fault::DependencyFailure
        | Fault::DatabaseFailure
        | Fault::QueueFailure
        | Fault::AuthServiceFailure
        | Fault::CacheFailure { action: CacheAction::Outage } => format!("take {whom} down"),
        Fault::CacheFailure { action: CacheAction::Flush } => format!("empty {whom}"),
        Fault::ReplicaLag { lag } => format!("let {whom} fall {lag} behind"),
        Fault::CertificateExpiry => format!("serve an expired certificate at {whom}"),
        Fault::RbacMutation { account, permissions } => {
            let what = match permissions.as_slice() {
                [] => "every permission".to_owned(),
                some => short(&some.join(", ")),
            };
            format!("take {what} from {}, which {whom} use", short(account))
        }
        Fault::TrafficFlood { rps } => {
            format!("send {} without a session to {whom}", Unit::PerSecond.show(*rps))
        }
    }
}

fn network_does(network: &NetworkAction, way: &str) -> String {
    match network {
        NetworkAction::Partition => format!("cut the network {way}"),
        NetworkAction::Delay { latency, jitter } => {
            format!("delay the network by {} {way}", late(*latency, *jitter))
        }
        NetworkAction::Loss { share } => {
            format!("lose {} of packets {way}", Unit::Share.show(*share))
        }
        NetworkAction::Bandwidth { bytes_per_second } => {
            format!("let {} a second pass {way}", size(*bytes_per_second))
        }
    }
}

/// How an experiment is undone, in words.
pub fn undo_text(experiment: &Experiment) -> String {
    let whom = whom(experiment);
    let to = || between(experiment, &whom, Direction::To);
    match &experiment.fault {
        Fault::PodFailure => {
            "stop killing; the controller replaces the pods, and the undo waits until they are ready"
                .to_owned()
        }
        Fault::PodHang => format!("let {whom} go on, and wait until they are ready"),
        Fault::NodeFailure | Fault::ZoneFailure { .. } => {
            format!("bring {whom} back, and wait until its pods are ready")
        }
        Fault::NodeRestart => format!("wait until the pods of {whom} are ready again"),
        Fault::NodeDrain { .. } => format!("let pods run on {whom} again"),
        Fault::NetworkChaos { network, direction } => {
            let way = between(experiment, &whom, *direction);
            match network {
                NetworkAction::Partition => format!("open the network again {way}"),
                NetworkAction::Delay { .. } => format!("remove the network delay {way}"),
                NetworkAction::Loss { .. } => format!("remove the packet loss {way}"),
                NetworkAction::Bandwidth { .. } => format!("remove the bandwidth limit {way}"),
            }
        }
        Fault::LatencyInjection { .. } => format!("remove the delay of requests {}", to()),
        Fault::DatabaseSlowdown { .. } => format!("remove the delay of statements from {whom}"),
        Fault::ResourceChaos { stress } => match stress {
            Stress::CpuStress { .. } => format!("stop the processor load on {whom}"),
            Stress::MemoryStress { .. } => format!("give the memory back on {whom}"),
            Stress::IoStress { .. } => format!("stop the disk load on {whom}"),
        },
        Fault::DiskFull { .. } => format!("lift the quota of {whom}"),
        Fault::TimeChaos { .. } => format!("set the clock of {whom} right"),
        Fault::IoChaos { .. } => format!("let file operations be as before on {whom}"),
        Fault::DnsChaos => format!("let names resolve again {}", to()),
        Fault::HttpChaos { .. } => format!("leave HTTP answers of {whom} as they are made"),
        Fault::DataCorruption { table, .. } => {
            format!("put the changed rows of {} back as they were on {whom}", short(table))
        }
        Fault::ConfigurationChange { .. } => {
            format!("set the configuration of {whom} back to what it was")
        }
        Fault::DependencyFailure
        | Fault::DatabaseFailure
        | Fault::QueueFailure
        | Fault::AuthServiceFailure
        | Fault::CacheFailure { action: CacheAction::Outage } => {
            format!("let {whom} start, and wait until they are ready")
        }
        Fault::CacheFailure { action: CacheAction::Flush } => {
            "nothing to take away: the cache fills by itself".to_owned()
        }
        Fault::ReplicaLag { .. } => format!("let {whom} catch up"),
        Fault::CertificateExpiry => format!("serve a good certificate at {whom}"),
        Fault::RbacMutation { account, .. } => {
            format!("give {} its permissions back", short(account))
        }
        Fault::TrafficFlood { .. } => format!("stop the flood to {whom}"),
    }
}

/// The pods that are hit, in words: `2 pods of app=web-app`.
fn whom(experiment: &Experiment) -> String {
    let pods = labels(&experiment.selector);
    let whole = matches!(
        experiment.fault,
        Fault::NodeFailure
            | Fault::NodeRestart
            | Fault::NodeDrain { .. }
            | Fault::ZoneFailure { .. }
    );
    match experiment.mode {
        _ if whole => pods,
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

fn short(text: &str) -> String {
    printable(text, 60)
}

fn late(latency: Span, jitter: Span) -> String {
    if jitter.is_zero() { latency.to_string() } else { format!("{latency} ± {jitter}") }
}

/// ` of 30%`, and nothing where all are meant.
fn of(share: f64) -> String {
    if share >= 1.0 { String::new() } else { format!(" ({})", Unit::Share.show(share)) }
}

fn network_how(network: &NetworkAction) -> String {
    match network {
        NetworkAction::Partition => "partition".to_owned(),
        NetworkAction::Delay { latency, jitter } => format!("delay {}", late(*latency, *jitter)),
        NetworkAction::Loss { share } => format!("loss {}", Unit::Share.show(*share)),
        NetworkAction::Bandwidth { bytes_per_second } => {
            format!("bandwidth {}/s", size(*bytes_per_second))
        }
    }
}

fn http_how(http: &HttpAction) -> String {
    match http {
        HttpAction::Abort => "abort".to_owned(),
        HttpAction::Delay { latency } => format!("delay {latency}"),
        HttpAction::Status { code } => format!("status {code}"),
        HttpAction::Body => "damaged body".to_owned(),
    }
}

fn http_does(http: &HttpAction) -> String {
    match http {
        HttpAction::Abort => "break off".to_owned(),
        HttpAction::Delay { latency } => format!("delay by {latency} the"),
        HttpAction::Status { code } => format!("put status {code} on"),
        HttpAction::Body => "damage".to_owned(),
    }
}

/// `-5m`, `+10% fast`.
fn clock_how(offset_millis: i64, drift: f64) -> String {
    let mut parts = Vec::new();
    if offset_millis != 0 {
        let sign = if offset_millis < 0 { "-" } else { "+" };
        parts.push(format!("{sign}{}", Span::from_millis(offset_millis.unsigned_abs())));
    }
    if drift != 0.0 {
        let word = if drift < 0.0 { "slow" } else { "fast" };
        parts.push(format!("{} {word}", Unit::Share.show(drift.abs())));
    }
    parts.join(", ")
}

fn resources_text(resources: &[ZoneResource], joint: &str) -> String {
    let words: Vec<&str> = resources
        .iter()
        .map(|one| match one {
            ZoneResource::Compute => "compute",
            ZoneResource::Storage => "storage",
            ZoneResource::Network => "network",
        })
        .collect();
    words.join(joint)
}

fn settings(set: &std::collections::BTreeMap<String, String>) -> String {
    let pairs: Vec<String> = set.iter().map(|(key, value)| format!("{key}={value}")).collect();
    printable(&pairs.join(", "), 120)
}

/// `64KiB`, `1.5MiB`.
fn size(bytes: u64) -> String {
    const STEPS: [(&str, u64); 3] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
    match STEPS.into_iter().find(|(_, step)| bytes >= *step) {
        Some((unit, step)) if bytes.is_multiple_of(step) => format!("{}{unit}", bytes / step),
        Some((unit, step)) => format!("{:.1}{unit}", bytes as f64 / step as f64),
        None => format!("{bytes}B"),
    }
}
