//! What the lab and its pods tell each other, one JSON document per line, over the pod's stdin and stdout. No I/O here.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::shop::Role;
use crate::exercise::counted::Inside;
use crate::exercise::said::Said;
use crate::gameday::defence::Defences;
use crate::gameday::fault::{HttpAction, IoAction, NetworkAction};
use crate::gameday::span::Span;

/// The environment variable that marks every process of a lab with the lab's id.
pub(super) const MARK: &str = "GAMEDAY_LAB";

/// The environment variable that names the process which started the lab.
pub(super) const MARK_PARENT: &str = "GAMEDAY_LAB_PARENT";

/// What a pod is told at its start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PodSpec {
    /// The lab it belongs to.
    pub lab_id: String,
    /// Its name.
    pub name: String,
    /// What it does.
    pub role: Role,
    /// Whoever is not its parent any more has died: the pod ends.
    pub parent_pid: u32,
    /// The lab's folder; the pod writes nowhere else. What the pod keeps as its data is in a folder in it: see `snapshot`.
    pub folder: PathBuf,
    /// The port to listen on; 0: any free one.
    pub port: u16,
    /// The port to listen on for TLS (gateway); 0: any free one.
    pub secure_port: u16,
    /// For everything that looks random.
    pub seed: u64,
    /// The defences that are on.
    pub defences: Defences,
}

/// Where a pod can be called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Endpoint {
    /// The pod's name.
    pub pod: String,
    /// What it does.
    pub role: Role,
    /// Where it listens.
    pub address: SocketAddr,
}

/// The far side of connections that come from outside the lab.
pub(super) const CUSTOMERS: &str = "customers";

/// A fault inside one pod.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum Effect {
    /// Damage on the connections this pod has with the peers.
    Network {
        /// Whom it has them with.
        peers: Vec<String>,
        /// Whether what this pod sends is hit.
        outbound: bool,
        /// Whether what this pod receives is hit.
        inbound: bool,
        /// What is done.
        action: NetworkAction,
    },
    /// Every request to the peers is sent late.
    Requests { peers: Vec<String>, latency: Span, jitter: Span },
    /// Every database statement is executed late.
    Statements { latency: Span, jitter: Span },
    /// Processor time is burnt, at most for `limit`.
    Burn { cores: u32, load: u8, limit: Span },
    /// So many bytes are allocated and touched.
    Memory { bytes: u64 },
    /// Workers write, read and delete files in the pod's folder.
    Io { workers: u32 },
    /// File operations of the database are late, or fail.
    Files(IoAction),
    /// The pod's folder takes only so many bytes more.
    Quota { free: u64 },
    /// The pod's clock is moved.
    Clock { offset_millis: i64, drift: f64 },
    /// Names of these apps do not resolve.
    Names { apps: Vec<String> },
    /// A share of HTTP answers is damaged.
    Http { action: HttpAction, share: f64 },
    /// The replica applies what it gets so late.
    Lag { lag: Span },
    /// So many rows of a table are changed, and changed back when it is lifted.
    Corrupt { table: String, rows: u32 },
    /// The configuration file says this.
    Configuration { set: BTreeMap<String, String> },
    /// A certificate that has expired is served.
    ExpiredCertificate,
    /// The account lacks these permissions; none named: all.
    Revoke { account: String, permissions: Vec<String> },
}

/// A certificate with its key, both PEM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Certificate {
    /// The certificate.
    pub certificate: String,
    /// Its key.
    pub key: String,
    /// When it ends, in milliseconds since 1970.
    pub until: i64,
}

/// What the gateway needs to speak TLS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CertificateKit {
    /// The authority that customers trust, PEM.
    pub authority: String,
    /// The certificate to serve.
    pub current: Certificate,
    /// One that has ended, left over from before.
    pub former: Certificate,
}

/// Something the pod is told to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Order {
    /// Comes back with the reply.
    pub seq: u64,
    /// What to do.
    pub what: What,
}

/// What a pod can be told to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum What {
    /// These can be called from now on, and no others.
    Endpoints(Vec<Endpoint>),
    /// A fault begins.
    Impose { key: String, effect: Effect },
    /// A fault ends.
    Lift { key: String },
    /// Which faults are there?
    Inspect,
    /// Open a new connection to the peer, ask something small: how long does it take?
    Probe { peer: String, limit: Span },
    /// Look the name of an app up: what comes of it?
    Resolve { app: String },
    /// Execute a small statement: how long does it take?
    ProbeStatement,
    /// Write so many bytes into your data and take them back: did they fit, and how long did it take?
    ProbeWrite { bytes: u64 },
    /// What have you counted since your process began, and how are you?
    Read,
    /// The replica becomes the primary, and takes writes from now on.
    Promote,
    /// Forget everything that is kept (cache).
    Flush,
    /// Keep every page (web-app).
    Warm,
    /// Get a new certificate (gateway).
    RenewCertificate,
    /// Serve this from now on (gateway).
    Certificate(Box<CertificateKit>),
    /// What time is it?
    Time,
    /// What may this account do, as far as you know? (identity provider, backend)
    Permissions { account: String },
    /// Refuse a share of requests (gateway).
    Shed { share: f64 },
    /// How far are you? (database, message queue)
    Position,
    /// Take this order, as from a customer (primary database).
    Buy(Purchase),
    /// Copy the data, as it is, to this file in the lab's folder (database).
    CopyData { file: String },
    /// Are you there?
    Ping,
    /// Finish what is under way and end.
    Stop,
}

/// Something the pod says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Notice {
    /// It listens and knows whom to call.
    Ready {
        /// Where it is called.
        address: SocketAddr,
        /// Where `/metrics`, `/healthz` and `/readyz` are.
        metrics: SocketAddr,
        /// Where it speaks TLS, if it does.
        secure: Option<SocketAddr>,
    },
    /// It wants a new certificate.
    WantCertificate,
    /// What became of an order.
    Reply { seq: u64, answer: Answer },
}

/// What became of an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Answer {
    /// Done.
    Done,
    /// The keys of the faults that are there, and how many segments were lost to them so far.
    Faults { keys: Vec<String>, lost: u64 },
    /// How long it took in microseconds; `None`: no answer within the limit.
    Took { micros: Option<u64> },
    /// Counts since the process began, states now, and breakers, each always at the same place in the list.
    Read(Inside),
    /// It takes writes; up to this time, in milliseconds since 1970, it has everything that the old primary committed.
    Promoted { last_commit_wall: i64 },
    /// The newest commit and its term, or zeros; orders that wait, or zero.
    Position { commit: i64, term: i64, waiting: u32 },
    /// The pod's own time, in milliseconds since 1970.
    Time { wall: i64 },
    /// What the account may do; none: nothing is known.
    Permissions { held: Option<Vec<String>> },
    /// Done, and what was seen.
    Said { what: Said },
    /// Not done, and why.
    Failed { why: String },
}

/// An order that a customer wants to place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Purchase {
    /// Its identity; the same order asked for twice is placed once.
    pub id: String,
    pub user: u32,
    pub product: u32,
    pub quantity: u32,
}
