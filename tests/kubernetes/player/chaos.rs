//! Chaos Mesh, played: one pass takes every experiment through the steps of its pipeline (`experiment`), answers for the children
//! (`child`), and lets Schedules spawn (`schedule`). What a record does next is pure (`record`), so is when to stop (`timing`) and
//! whom a selector chooses (`select`).

mod child;
mod effect;
mod event;
mod experiment;
mod record;
mod schedule;
mod select;
pub mod table;
mod timing;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use kube::ResourceExt as _;
use kube::api::{DynamicObject, PostParams};

use super::behaviour::Behaviour;
use super::cluster::*;
use table::{EXPERIMENTS, POD_HTTP, POD_IO, POD_NETWORK, SCHEDULE};

/// The annotation that pauses.
const PAUSE: &str = "experiment.chaos-mesh.org/pause";
/// Retries come ever later, but a test waits for them.
const LONGEST_RETRY: Duration = Duration::from_millis(500);

pub const WATCHED: &[Kind] = &[
    POD,
    EXPERIMENTS[0],
    EXPERIMENTS[1],
    EXPERIMENTS[2],
    EXPERIMENTS[3],
    EXPERIMENTS[4],
    EXPERIMENTS[5],
    EXPERIMENTS[6],
    EXPERIMENTS[7],
    EXPERIMENTS[8],
    EXPERIMENTS[9],
    EXPERIMENTS[10],
    EXPERIMENTS[11],
    EXPERIMENTS[12],
    EXPERIMENTS[13],
    SCHEDULE,
    POD_NETWORK,
    POD_IO,
    POD_HTTP,
];

/// What the manager remembers between passes; its objects remember all else.
#[derive(Default)]
pub struct Memory {
    /// Kinds of which there are objects.
    live: BTreeSet<Kind>,
    tries: BTreeMap<String, Tries>,
    /// When an operation that takes its time was begun.
    begun: BTreeMap<String, Instant>,
}

/// Failures of one experiment in a row.
struct Tries {
    count: u32,
    not_before: Instant,
    /// What it looked like: a change of that is a reason to try at once.
    print: u64,
}

/// Everything that a step needs.
struct Manager<'a> {
    cluster: &'a Cluster,
    behaviour: &'a Behaviour,
    memory: &'a mut Memory,
    again: Option<Duration>,
}

/// One pass; `Some`: and another after this time.
pub async fn pass(
    cluster: &Cluster,
    dirty: &BTreeSet<Kind>,
    behaviour: &Behaviour,
    memory: &mut Memory,
) -> kube::Result<Option<Duration>> {
    if behaviour.is_manager_down() {
        return Ok(None);
    }
    let mut manager = Manager { cluster, behaviour, memory, again: None };
    for kind in EXPERIMENTS {
        for object in manager.list(*kind, dirty).await? {
            experiment::pipeline(&mut manager, *kind, object).await?;
        }
    }
    for kind in [POD_NETWORK, POD_IO, POD_HTTP] {
        for object in manager.list(kind, dirty).await? {
            child::answer(&manager, kind, &object).await?;
        }
    }
    for object in manager.list(SCHEDULE, dirty).await? {
        schedule::pass(&mut manager, object).await?;
    }
    Ok(manager.again)
}

impl Manager<'_> {
    /// All of a kind, if there may be any.
    async fn list(
        &mut self,
        kind: Kind,
        dirty: &BTreeSet<Kind>,
    ) -> kube::Result<Vec<DynamicObject>> {
        if !dirty.contains(&kind) && !self.memory.live.contains(&kind) {
            return Ok(Vec::new());
        }
        let all = self.cluster.list(kind).await?;
        if all.is_empty() {
            self.memory.live.remove(&kind);
        } else {
            self.memory.live.insert(kind);
        }
        Ok(all)
    }

    /// Wakes up after this time at the latest.
    fn wake_in(&mut self, time: Duration) {
        self.again = Some(self.again.map_or(time, |again| again.min(time)));
    }

    /// Writes the whole object, as the manager does. `false`: it has changed meanwhile, or is gone.
    async fn update(&self, kind: Kind, object: &mut DynamicObject) -> kube::Result<bool> {
        let api = self.cluster.api(kind);
        match api.replace(&object.name_any(), &PostParams::default(), object).await {
            Ok(new) => {
                *object = new;
                Ok(true)
            }
            Err(kube::Error::Api(status)) if matches!(status.code, 404 | 409) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// How long an object has been there.
fn age(object: &DynamicObject) -> Duration {
    let created = object.creation_timestamp().map_or(0, |time| time.0.as_millisecond());
    let age = chrono::Utc::now().timestamp_millis() - created;
    Duration::from_millis(age.max(0) as u64)
}

/// Whether the annotation pauses it: only this very word does.
fn paused(object: &DynamicObject) -> bool {
    object.annotations().get(PAUSE).is_some_and(|value| value == "true")
}
