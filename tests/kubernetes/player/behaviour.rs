//! What a test chooses about the played cluster. Plain data behind a lock; every change wakes the player.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use kube::ResourceExt as _;
use kube::api::DynamicObject;
use tokio::sync::watch;

/// How the experiments of some name go wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mood {
    /// Every apply fails with this message, for ever.
    ApplyFails(String),
    /// Every recovery fails until the target pod is gone.
    RecoverFailsUntilGone(String),
    /// Every recovery fails, whatever is done: only who takes the finalizer off gets rid of it.
    RecoverFails(String),
    /// The recovery never ends, without an error: the annotation `cleanFinalizer: forced` is looked at.
    RecoverHangs,
    /// The child never answers: `Not Injected/Wait` for ever; with a message, it says so in `failedMessage` and each try is an error.
    Waits(Option<String>),
    /// A recovery takes so long.
    SlowRecovery(Duration),
    /// An injection takes so long.
    SlowApply(Duration),
}

/// How TestRuns go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadPlan {
    /// Exit codes of the runners, in order, the last for all that follow; empty: they run until `end_load`.
    pub exits: Vec<i32>,
    /// The initializer finds the script wrong.
    pub invalid: bool,
    /// No runner ever gets a node: `created` for ever.
    pub starved: bool,
}

#[derive(Default)]
struct Chosen {
    moods: Vec<(String, Mood)>,
    manager_down: bool,
    unready: BTreeSet<String>,
    exits: BTreeMap<String, i32>,
    load: LoadPlan,
    load_ended: bool,
}

/// What was chosen.
pub struct Behaviour {
    chosen: Mutex<Chosen>,
    changes: watch::Sender<u64>,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self { chosen: Mutex::default(), changes: watch::Sender::new(0) }
    }
}

impl Behaviour {
    /// Experiments whose `Kind/name` has this in it (`StressChaos/`, `/gd-r1-delay`, or empty for all) go wrong so.
    pub fn mood(&self, part: &str, mood: Mood) {
        self.change(|chosen| chosen.moods.push((part.to_owned(), mood)));
    }

    /// Every experiment goes as it should again.
    pub fn well_again(&self) {
        self.change(|chosen| chosen.moods.clear());
    }

    /// Whether the manager of Chaos Mesh is down: nothing moves. (`Stage::manager_down` makes its webhooks fail, too.)
    pub fn manager(&self, down: bool) {
        self.change(|chosen| chosen.manager_down = down);
    }

    /// A pod is not ready, whatever it does; or may be again.
    pub fn unready(&self, pod: &str, unready: bool) {
        self.change(|chosen| {
            if unready {
                chosen.unready.insert(pod.to_owned());
            } else {
                chosen.unready.remove(pod);
            }
        });
    }

    /// The pods of this Job (or the pod of this name) end with this code.
    pub fn exit(&self, job: &str, code: i32) {
        self.change(|chosen| {
            chosen.exits.insert(job.to_owned(), code);
        });
    }

    /// TestRuns go so from now on.
    pub fn load(&self, plan: LoadPlan) {
        self.change(|chosen| chosen.load = plan);
    }

    /// Runners that run until somebody says so end well.
    pub fn end_load(&self) {
        self.change(|chosen| chosen.load_ended = true);
    }

    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Counts changes: what failed is tried anew after one.
    pub(super) fn version(&self) -> u64 {
        *self.changes.borrow()
    }

    pub(super) fn mood_of(&self, kind: &str, name: &str) -> Option<Mood> {
        let whole = format!("{kind}/{name}");
        let chosen = self.chosen();
        let fits = chosen.moods.iter().rev().find(|(part, _)| whole.contains(part.as_str()));
        fits.map(|(_, mood)| mood.clone())
    }

    pub(super) fn is_manager_down(&self) -> bool {
        self.chosen().manager_down
    }

    pub(super) fn may_be_ready(&self, pod: &str) -> bool {
        !self.chosen().unready.contains(pod)
    }

    pub(super) fn load_plan(&self) -> LoadPlan {
        self.chosen().load.clone()
    }

    /// The code with which a pod ends, if it ends.
    pub(super) fn exit_of(&self, pod: &DynamicObject) -> Option<i32> {
        let chosen = self.chosen();
        let job = pod.labels().get("job-name");
        let said = chosen.exits.get(&pod.name_any()).or_else(|| chosen.exits.get(job?));
        said.copied().or_else(|| chosen.exit_of_load(pod, job?))
    }

    fn chosen(&self) -> MutexGuard<'_, Chosen> {
        self.chosen.lock().unwrap()
    }

    fn change(&self, change: impl FnOnce(&mut Chosen)) {
        change(&mut self.chosen());
        self.changes.send_modify(|count| *count += 1);
    }
}

impl Chosen {
    /// Pods of the k6 operator: the first and the starter do their work at once; runners end as planned once they were started.
    fn exit_of_load(&self, pod: &DynamicObject, job: &str) -> Option<i32> {
        let run = pod.labels().get("k6_cr")?;
        let part = job.strip_prefix(run.as_str())?.strip_prefix('-')?;
        let Ok(number) = part.parse::<usize>() else {
            return Some(if part == "initializer" && self.load.invalid { 107 } else { 0 });
        };
        if !pod.annotations().contains_key(super::k6::STARTED) {
            return None;
        }
        let exits = &self.load.exits;
        let ended = self.load_ended.then_some(0);
        exits.get(number - 1).or(exits.last()).copied().or(ended)
    }
}
