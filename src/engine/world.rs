//! Everything an exercise acts on, once it is there.

use std::sync::Arc;

use crate::exercise::said::Said;
use crate::gameday::plan::Traffic;
use crate::port::alerts::Silencer;
use crate::port::instruments::{DataKeeper, Instruments};
use crate::port::levers::Levers;
use crate::port::load::LoadGenerator;
use crate::port::target::{FaultInjector, TargetObserver};

/// The target and the load, ready to be used.
#[derive(Clone)]
pub struct World {
    /// Sees the target.
    pub observer: Arc<dyn TargetObserver>,
    /// Breaks and mends it.
    pub injector: Arc<dyn FaultInjector>,
    /// Looks inside it, where it can be looked into.
    pub instruments: Option<Arc<dyn Instruments>>,
    /// Asks a source of metrics about it, where one is asked.
    pub monitoring: Option<Arc<dyn Instruments>>,
    /// Silences alerts, where somebody may want that.
    pub silencer: Option<Arc<dyn Silencer>>,
    /// Knows its data, where that can be compared.
    pub data: Option<Arc<dyn DataKeeper>>,
    /// The teams' levers, where it has any.
    pub levers: Option<Arc<dyn Levers>>,
    /// A certificate authority (PEM) that customers trust besides none.
    pub certificate_authority: Option<String>,
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
