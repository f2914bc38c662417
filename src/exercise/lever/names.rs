//! The names that levers are pulled on: apps, pods, accounts. Not the levers.

use crate::exercise::target::{Pod, Topology};
use crate::gameday::fault::Fault;
use crate::gameday::plan::GameDay;

/// Names that are known. Where a list is empty, any name is taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Apps, each once.
    pub apps: Vec<String>,
    /// Pods.
    pub pods: Vec<String>,
    /// Service accounts that the game day speaks of.
    pub accounts: Vec<String>,
}

impl Names {
    /// Those of a target.
    pub fn of(topology: &Topology) -> Self {
        let mut apps: Vec<String> = topology.pods.iter().map(|pod| pod.app().to_owned()).collect();
        apps.sort();
        apps.dedup();
        let pods = topology.pods.iter().map(|pod: &Pod| pod.name.clone()).collect();
        Self { apps, pods, accounts: Vec::new() }
    }

    /// With the accounts that lose permissions in a game day.
    pub fn and_of(mut self, plan: &GameDay) -> Self {
        for (_, planned) in plan.injections() {
            if let Fault::RbacMutation { account, .. } = &planned.experiment.fault
                && !self.accounts.contains(account)
            {
                self.accounts.push(account.clone());
            }
        }
        self
    }
}
