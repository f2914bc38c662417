//! What runs of k6 need to know of an exercise. Not what they do.

use std::sync::Arc;

use super::objects::Label;
use crate::gameday::generator::{Generator, Runners};
use crate::gameday::plan::{GameDay, Phase, Target};
use crate::kubernetes::connect::Connection;
use crate::kubernetes::name;
use crate::port::clock::Clock;
use crate::port::source::Source;

/// What people have to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// A note for the log.
    Note(String),
    /// There is no load, and none will come by itself.
    Failed(String),
}

/// Tells people.
pub type Tell = Arc<dyn Fn(News) + Send + Sync>;

/// What the runs need to know.
#[derive(Clone)]
pub struct Settings {
    /// The way to the API server.
    pub client: kube::Client,
    /// Which exercise, and where its runners are.
    pub label: Label,
    /// What the game day says of the runners.
    pub runners: Runners,
    /// Where customers go, as seen from inside the cluster.
    pub url: String,
    /// The plan's phases.
    pub phases: Vec<Phase>,
    /// Where the figures come from; `None`: there are none.
    pub source: Option<Arc<dyn Source>>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Tells people what they have to know.
    pub tell: Tell,
}

impl Settings {
    /// What the runs of an exercise need; `None`: this machine makes the load. `source` is asked for the figures.
    pub fn of(
        plan: &GameDay,
        exercise: &str,
        connection: &Connection,
        source: Option<Arc<dyn Source>>,
        clock: Arc<dyn Clock>,
        tell: Tell,
    ) -> Option<Self> {
        let (Target::Kubernetes(cluster), Some(generator)) = (&plan.target, &plan.generator) else {
            return None;
        };
        let url = generator.url(cluster.url.as_deref())?.to_owned();
        let Generator::K6(runners) = generator;
        let namespace = runners.namespace.clone();
        Some(Self {
            client: connection.client.clone(),
            label: Label {
                run: name::run_id(exercise),
                game_day: plan.name.clone(),
                namespace: namespace.unwrap_or_else(|| connection.namespace.clone()),
            },
            url,
            phases: plan.phases.clone(),
            // What nobody writes there nobody can read there.
            source: source.filter(|_| runners.prometheus_rw.is_some()),
            runners: runners.clone(),
            clock,
            tell,
        })
    }
}
