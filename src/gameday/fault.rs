//! A fault as data: what an experiment does to which part of the target. Not the doing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::replicas::Replicas;
use super::span::Span;

/// Labels that all must match, for example `app: web-app`. Empty matches every pod.
pub type Selector = BTreeMap<String, String>;

/// One experiment: a fault, whom it hits, for how long.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Experiment {
    /// What is broken.
    #[serde(flatten)]
    pub fault: Fault,
    /// The pods that are hit (for network faults: the sending side).
    pub selector: Selector,
    /// For faults between two sides: the receiving side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destination: Option<Selector>,
    /// How many of the selected pods are hit.
    pub mode: Mode,
    /// How long the fault stays; `None`: to the end of its phase.
    pub duration: Option<Span>,
    /// For faults that repeat: how often, while the fault lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Span>,
}

/// How many of the selected pods a fault hits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", content = "value", rename_all = "kebab-case")]
pub enum Mode {
    /// One, chosen by the exercise's seed.
    One,
    /// Every one.
    #[default]
    All,
    /// So many, at most as many as there are.
    Fixed(u32),
    /// So many percent, rounded up to whole pods.
    FixedPercent(u8),
    /// Between none and so many percent, chosen by the exercise's seed.
    RandomMaxPercent(u8),
}

/// Which way a network fault works, seen from the selected pods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// From the selected pods to the destination.
    To,
    /// From the destination to the selected pods.
    From,
    /// Both ways.
    #[default]
    Both,
}

/// What is done to packets between two sides.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum NetworkAction {
    /// Nothing passes.
    Partition,
    /// Everything is late by `latency` ± `jitter`.
    Delay { latency: Span, jitter: Span },
    /// A share (0 to 1) of packets is lost and sent again by TCP.
    Loss { share: f64 },
    /// No more than so many bytes a second pass, each way on each connection's pair of pods.
    Bandwidth { bytes_per_second: u64 },
}

/// What eats a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum Stress {
    /// So many `cores` kept busy `load` percent of the time.
    CpuStress { cores: u32, load: u8 },
    /// So many bytes are allocated and touched.
    MemoryStress { bytes: u64 },
    /// So many workers write, read and delete files in the pod's data folder without a pause.
    IoStress { workers: u32 },
}

/// What happens to file operations of the database.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum IoAction {
    /// A share (0 to 1) of reads, writes and syncs is late.
    Latency { latency: Span, share: f64 },
    /// A share (0 to 1) of them fails with an I/O error.
    Fault { share: f64 },
}

/// What happens to HTTP answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum HttpAction {
    /// The connection is closed instead.
    Abort,
    /// They are late.
    Delay { latency: Span },
    /// They carry this status instead of their own, and no page.
    Status { code: u16 },
    /// Their body is damaged.
    Body,
}

/// What of a zone fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ZoneResource {
    /// Its pods die and stay down.
    Compute,
    /// What its pods stored is lost: they come back empty.
    Storage,
    /// Nothing passes between it and other zones.
    Network,
}

/// What happens to the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CacheAction {
    /// Everything in it is forgotten.
    Flush,
    /// It is down.
    Outage,
}

/// Where configuration is changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConfigurationSource {
    /// In the pod's configuration file, which it reads again.
    #[default]
    File,
    /// In its environment: the pod is restarted with it.
    Environment,
}

/// A kind of fault with its parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Fault {
    /// Pods are killed without warning (SIGKILL).
    PodFailure,
    /// The network between two sides is damaged.
    NetworkChaos { network: NetworkAction, direction: Direction },
    /// Requests from one side to another are late.
    LatencyInjection { latency: Span, jitter: Span },
    /// Every statement of the database is late.
    DatabaseSlowdown { latency: Span, jitter: Span },
    /// A resource of the pods is eaten up.
    ResourceChaos { stress: Stress },
    /// Pods stand still (SIGSTOP) and answer nothing.
    PodHang,
    /// Nodes are switched off: their pods die, and nothing runs there until it is undone.
    NodeFailure,
    /// Nodes are restarted: their pods die and come back there.
    NodeRestart,
    /// Nodes are emptied: their pods finish what they do, within `grace`, and run elsewhere until it is undone.
    NodeDrain { grace: Span },
    /// A zone fails.
    ZoneFailure { resources: Vec<ZoneResource> },
    /// The clock that the pods see is moved by `offset_millis` and runs fast by `drift` seconds per second.
    TimeChaos { offset_millis: i64, drift: f64 },
    /// File operations of the database are late, or fail.
    IoChaos { io: IoAction },
    /// The names of the destination's services do not resolve.
    DnsChaos,
    /// A share (0 to 1) of HTTP answers of the pods is damaged.
    HttpChaos { http: HttpAction, share: f64 },
    /// The pods' data folders take no more than `free` bytes on top of what they hold.
    DiskFull { free: u64 },
    /// So many rows of a table are changed in the replica.
    DataCorruption { table: String, rows: u32 },
    /// Workloads get another number of pods.
    Scale { replicas: Replicas },
    /// The pods of workloads are replaced by others that run another image; `container`: of several, this one's.
    ImageChange {
        image: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        container: Option<String>,
    },
    /// The pods of workloads are replaced, a few at a time, by others that are the same.
    RolloutRestart,
    /// Configuration is changed.
    ConfigurationChange { source: ConfigurationSource, set: BTreeMap<String, String> },
    /// Pods that others need are down until it is undone.
    DependencyFailure,
    /// The primary database is down until it is undone.
    DatabaseFailure,
    /// The replica falls behind by `lag`.
    ReplicaLag { lag: Span },
    /// The cache is emptied, or down until it is undone.
    CacheFailure { action: CacheAction },
    /// The message queue is down until it is undone.
    QueueFailure,
    /// The certificate that customers see has expired.
    CertificateExpiry,
    /// The identity provider is down until it is undone.
    AuthServiceFailure,
    /// A service account loses permissions; none named: all it has.
    RbacMutation { account: String, permissions: Vec<String> },
    /// A flood of requests from outside, `rps` a second.
    TrafficFlood { rps: f64 },
    /// Objects of Chaos Mesh, as somebody wrote them.
    Manifest {
        /// Where they stand, from the folder of the game day; empty: in the game day itself.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        file: String,
        /// The objects; empty until the file was read.
        documents: Vec<Value>,
    },
}

impl Fault {
    /// The type as written in a file.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::PodFailure => "pod-failure",
            Self::NetworkChaos { .. } => "network-chaos",
            Self::LatencyInjection { .. } => "latency-injection",
            Self::DatabaseSlowdown { .. } => "database-slowdown",
            Self::ResourceChaos { .. } => "resource-chaos",
            Self::PodHang => "pod-hang",
            Self::NodeFailure => "node-failure",
            Self::NodeRestart => "node-restart",
            Self::NodeDrain { .. } => "node-drain",
            Self::ZoneFailure { .. } => "zone-failure",
            Self::TimeChaos { .. } => "time-chaos",
            Self::IoChaos { .. } => "io-chaos",
            Self::DnsChaos => "dns-chaos",
            Self::HttpChaos { .. } => "http-chaos",
            Self::DiskFull { .. } => "disk-full",
            Self::DataCorruption { .. } => "data-corruption",
            Self::Scale { .. } => "scale",
            Self::ImageChange { .. } => "image-change",
            Self::RolloutRestart => "rollout-restart",
            Self::ConfigurationChange { .. } => "configuration-change",
            Self::DependencyFailure => "dependency-failure",
            Self::DatabaseFailure => "database-failure",
            Self::ReplicaLag { .. } => "replica-lag",
            Self::CacheFailure { .. } => "cache-failure",
            Self::QueueFailure => "queue-failure",
            Self::CertificateExpiry => "certificate-expiry",
            Self::AuthServiceFailure => "auth-service-failure",
            Self::RbacMutation { .. } => "rbac-mutation",
            Self::TrafficFlood { .. } => "traffic-flood",
            Self::Manifest { .. } => "manifest",
        }
    }
}
