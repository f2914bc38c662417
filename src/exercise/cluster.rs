//! What a cluster says of itself beside its pods: warnings, rollouts, experiments. Only the last of it is kept. Not the asking.

use serde::{Deserialize, Serialize};

use super::said::Said;

/// So many warnings are kept.
pub const KEPT: usize = 50;

/// What is new. What is `None` is as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterNews {
    /// Warnings that were not told before, in order of time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// Rollouts in progress.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollouts: Option<Vec<Rollout>>,
    /// Experiments of Chaos Mesh in the namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experiments: Option<Vec<Placed>>,
    /// What is not seen of the cluster, and why; empty: all of it is seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unseen: Option<Said>,
}

/// An event of the cluster that is a warning.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// When, in milliseconds since 1970-01-01 UTC.
    pub at: i64,
    /// About what: `Pod/web-app-7d9f-abcde`.
    pub about: String,
    /// In a word: `BackOff`.
    pub reason: String,
    /// In words.
    pub text: String,
    /// Whether it tells of an experiment, so that participants are not told of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reveals: bool,
}

/// A workload that is not yet what it should be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rollout {
    /// `Deployment/web-app`.
    pub name: String,
    /// So many of its pods are of the newest kind.
    pub updated: u32,
    /// So many take traffic.
    pub ready: u32,
    /// So many should.
    pub wanted: u32,
}

/// An experiment in the cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// `PodChaos/gd-…`.
    pub name: String,
    /// Whether this exercise, or another one of this program, placed it.
    pub ours: bool,
    /// `Run` or `Stop`; empty: it says nothing yet.
    pub phase: String,
    /// The conditions that are true: `Selected`, `AllInjected`, …
    pub conditions: Vec<String>,
}

/// What was last said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClusterSeen {
    /// The last warnings, in order of time.
    pub warnings: Vec<Warning>,
    /// Rollouts in progress.
    pub rollouts: Vec<Rollout>,
    /// Experiments in the namespace.
    pub experiments: Vec<Placed>,
    /// What is not seen, and why.
    pub unseen: Said,
}

impl ClusterNews {
    /// Whether there is nothing new.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Without what is known already.
    pub fn beyond(mut self, seen: &ClusterSeen) -> Self {
        self.rollouts = self.rollouts.filter(|new| *new != seen.rollouts);
        self.experiments = self.experiments.filter(|new| *new != seen.experiments);
        self.unseen = self.unseen.filter(|new| *new != seen.unseen);
        self
    }

    /// What participants may know of it: nothing that an experiment gives away.
    pub fn for_participants(mut self) -> Self {
        self.experiments = None;
        self.warnings.retain(|warning| !warning.reveals);
        self
    }
}

impl ClusterSeen {
    /// Takes news in.
    pub fn take(&mut self, news: &ClusterNews) {
        self.warnings.extend(news.warnings.iter().cloned());
        let over = self.warnings.len().saturating_sub(KEPT);
        self.warnings.drain(..over);
        if let Some(rollouts) = &news.rollouts {
            self.rollouts.clone_from(rollouts);
        }
        if let Some(experiments) = &news.experiments {
            self.experiments.clone_from(experiments);
        }
        if let Some(unseen) = &news.unseen {
            self.unseen.clone_from(unseen);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_it_is_kept_and_participants_see_no_experiment() {
        let warning = |at, reveals| Warning { at, reveals, ..Warning::default() };
        let mut seen = ClusterSeen::default();
        for at in 0..70 {
            seen.take(&ClusterNews { warnings: vec![warning(at, false)], ..Default::default() });
        }
        assert_eq!((seen.warnings.len(), seen.warnings[0].at), (KEPT, 20));

        let news = ClusterNews {
            warnings: vec![warning(1, true), warning(2, false)],
            experiments: Some(vec![Placed::default()]),
            rollouts: Some(Vec::new()),
            unseen: None,
        };
        assert_eq!(news.clone().beyond(&seen).rollouts, None, "known already");
        let told = news.for_participants();
        assert_eq!((told.warnings.len(), told.experiments), (1, None));
    }
}
