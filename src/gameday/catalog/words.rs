//! A fault as recordings and reports write it, in English: its figures, and how it is undone. Not what is known of its type,
//! and not the words of the screen, which has them in its own language.

use super::figures::{labels_of, late, objects, of, settings, short, size};
use crate::gameday::fault::{
    CacheAction, Direction, Experiment, Fault, HttpAction, IoAction, Mode, NetworkAction, Selector,
    Stress, ZoneResource,
};
use crate::gameday::metric::Unit;
use crate::gameday::span::Span;

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
        | Fault::RolloutRestart
        | Fault::CertificateExpiry
        | Fault::AuthServiceFailure => String::new(),
        Fault::Scale { replicas } => replicas.to_string(),
        Fault::ImageChange { image, container } => image_how(image, container.as_deref()),
        Fault::NetworkChaos { network, .. } => network_how(network),
        Fault::LatencyInjection { latency, jitter }
        | Fault::DatabaseSlowdown { latency, jitter } => late(*latency, *jitter),
        Fault::ResourceChaos { stress } => match stress {
            Stress::CpuStress { cores, load } => format!("cpu-stress {cores}×{load}%"),
            Stress::MemoryStress { bytes } => format!("memory-stress {}", size(*bytes)),
            Stress::IoStress { workers } => format!("io-stress ×{workers}"),
        },
        Fault::NodeDrain { grace } => format!("within {grace}"),
        Fault::ZoneFailure { resources } => resources_text(resources),
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
        Fault::Manifest { file, documents } => objects(file, documents),
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
        Fault::Scale { .. } => {
            format!("scale {whom} back to the number there was, and wait until they are ready")
        }
        Fault::ImageChange { .. } => {
            format!("roll the image back on {whom}, and wait until they are ready")
        }
        Fault::RolloutRestart => {
            format!("nothing to take away: wait until the rollout is over and {whom} are ready")
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
        Fault::Manifest { file, documents } => {
            let objects = objects(file, documents);
            format!("delete {objects}, and wait until Chaos Mesh has taken everything back")
        }
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
    labels_of(selector).unwrap_or_else(|| "everything".to_owned())
}

/// `web-app:2`, `web-app:2 in app`.
fn image_how(image: &str, container: Option<&str>) -> String {
    match container {
        Some(container) => format!("{} in {}", short(image), short(container)),
        None => short(image),
    }
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

fn resources_text(resources: &[ZoneResource]) -> String {
    let words: Vec<&str> = resources
        .iter()
        .map(|one| match one {
            ZoneResource::Compute => "compute",
            ZoneResource::Storage => "storage",
            ZoneResource::Network => "network",
        })
        .collect();
    words.join(", ")
}
