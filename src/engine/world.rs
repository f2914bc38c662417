//! Everything an exercise acts on, once it is there.

use std::sync::Arc;
use std::time::Duration;

use crate::exercise::said::Said;
use crate::gameday::plan::Traffic;
use crate::port::alerts::Silencer;
use crate::port::instruments::{DataKeeper, Instruments};
use crate::port::levers::Levers;
use crate::port::load::LoadGenerator;
use crate::port::target::{FaultInjector, TargetObserver};

/// How long what an adapter does to a target may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// To choose victims and find the way back.
    pub prepare: Duration,
    /// To inject.
    pub inject: Duration,
    /// To undo.
    pub revert: Duration,
}

impl Bounds {
    /// For a target on this machine.
    pub const HERE: Self = Self {
        prepare: Duration::from_secs(10),
        inject: Duration::from_secs(30),
        revert: Duration::from_secs(30),
    };

    /// For a cluster, in which others do most of it.
    pub const CLUSTER: Self = Self {
        prepare: Duration::from_secs(30),
        inject: Duration::from_secs(60),
        revert: Duration::from_secs(120),
    };
}

/// The target and the load, ready to be used.
#[derive(Clone)]
pub struct World {
    /// Sees the target.
    pub observer: Arc<dyn TargetObserver>,
    /// Breaks and mends it.
    pub injector: Arc<dyn FaultInjector>,
    /// Looks inside it, where it can be looked into.
    pub instruments: Option<Arc<dyn Instruments>>,
    /// Hears what it says of itself beside that, where it does.
    pub news: Option<Arc<dyn Instruments>>,
    /// Asks a source of metrics about it, where one is asked.
    pub monitoring: Option<Arc<dyn Instruments>>,
    /// Silences alerts, where somebody may want that.
    pub silencer: Option<Arc<dyn Silencer>>,
    /// Knows its data, where that can be compared.
    pub data: Option<Arc<dyn DataKeeper>>,
    /// The teams' levers, where it has any.
    pub levers: Option<Arc<dyn Levers>>,
    /// A certificate authority (PEM) that customers trust, and no other; `None`: whom this machine trusts.
    pub certificate_authority: Option<String>,
    /// How long it may take to break and mend it.
    pub bounds: Bounds,
    /// Makes load.
    pub load: Arc<dyn LoadGenerator>,
    /// Where customers go.
    pub base_url: String,
    /// What it is, for people: `lab of 11 pods`.
    pub what: Said,
    /// Hosts that may be sent to.
    pub allowed_hosts: Vec<String>,
    /// What customers ask for; its routes are not empty.
    pub traffic: Traffic,
}
