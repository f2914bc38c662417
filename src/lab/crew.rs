//! All pods of a running lab as the lab sees them: who runs, who is ready, where, as what, which faults stand. Starts
//! nothing: see `supervise`.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::time::Duration;

use futures::future::join_all;
use tokio::sync::{Notify, mpsc, watch};

use super::channel::{Endpoint, What};
use super::hold::Holds;
use super::line::Line;
use super::parts::Part;
use super::shop::{NODES, PODS, PodPlan, Role, SPARES, services};
use super::witness::Witness;
use crate::exercise::counted::Counted;
use crate::exercise::reading::Failover;
use crate::exercise::said::Said;
use crate::exercise::target::{Pod, PodHealth, Topology};
use crate::gameday::defence::{Defence, Defences};
use crate::lab::lock::lock;
use crate::port::instruments::Observation;

/// Lines of stderr that are kept.
const LAST_WORDS: usize = 200;

/// A pod and how it is.
pub(super) struct Slot {
    /// What was planned.
    pub plan: &'static PodPlan,
    /// Ends the wait before the next start.
    pub soon: Notify,
    state: Mutex<SlotState>,
}

/// Variables, by the order that wants them.
pub(super) type Environment = BTreeMap<String, BTreeMap<String, String>>;

/// How a pod is.
#[derive(Clone)]
pub(super) struct SlotState {
    /// The line to its process, while it runs.
    pub line: Option<Arc<Line>>,
    /// Where it is called, while it is ready.
    pub address: Option<SocketAddr>,
    /// Where its `/metrics` are.
    pub metrics: Option<SocketAddr>,
    /// Where it speaks TLS, if it does.
    pub secure: Option<SocketAddr>,
    /// How it is.
    pub health: PodHealth,
    /// How often it was replaced.
    pub restarts: u32,
    /// What is wrong, or empty.
    pub note: Said,
    /// The last lines it wrote to stderr, also in earlier lives.
    pub last_words: VecDeque<String>,
    /// What is put into its environment when it is started, by the order that wants it.
    pub environment: Environment,
    /// What it does now.
    pub role: Role,
    /// The node it runs on, or will when it is started.
    pub node: &'static str,
    /// Whether it is not wanted: a spare, or one that was scaled away.
    pub absent: bool,
    /// Whether it is being stopped on purpose: it gets no new traffic.
    pub leaving: bool,
    /// When it last showed that it lives, on the lab's clock.
    pub seen: Duration,
}

/// All pods.
pub(super) struct Crew {
    slots: Vec<Slot>,
    topology: watch::Sender<Topology>,
    /// What the lab looks at its pods with; there as soon as pods are.
    pub witness: OnceLock<Witness>,
    defences: Defences,
    /// What keeps pods from running.
    pub holds: Holds,
    /// Held while the primary changes.
    pub promoting: tokio::sync::Mutex<()>,
    observers: Mutex<Vec<mpsc::UnboundedSender<Observation>>>,
    failovers: AtomicU64,
    counted: Mutex<Counted>,
    standing: Mutex<Vec<Part>>,
    imposed: Mutex<Vec<Part>>,
    /// Held while what pods stored is being removed.
    pub wiping: Arc<tokio::sync::Mutex<()>>,
    /// How many faults are being undone now.
    pub undoing: watch::Sender<u32>,
    /// Held while news is gathered and told: otherwise the older of two could be told last, and stay.
    telling: Mutex<()>,
}

impl Crew {
    /// Nobody runs yet.
    pub(super) fn new(defences: &Defences) -> Arc<Self> {
        let slots = PODS.iter().map(|plan| Slot::new(plan, false));
        let slots = slots.chain(SPARES.iter().map(|plan| Slot::new(plan, true))).collect();
        let crew = Self {
            slots,
            defences: defences.clone(),
            holds: Holds::default(),
            promoting: tokio::sync::Mutex::default(),
            observers: Mutex::default(),
            failovers: AtomicU64::new(0),
            counted: Mutex::default(),
            topology: watch::Sender::default(),
            witness: OnceLock::new(),
            standing: Mutex::default(),
            imposed: Mutex::default(),
            wiping: Arc::default(),
            undoing: watch::Sender::default(),
            telling: Mutex::default(),
        };
        crew.topology.send_replace(crew.topology_now());
        Arc::new(crew)
    }

    /// The defences that are on.
    pub(super) const fn defences(&self) -> &Defences {
        &self.defences
    }

    /// All pods in the plan's order, also those that are not wanted.
    pub(super) fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// The pod with this name.
    pub(super) fn slot(&self, name: &str) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.plan.name == name)
    }

    /// The line to the pod with this name, if it runs.
    pub(super) fn line(&self, name: &str) -> Option<Arc<Line>> {
        self.slot(name)?.state().line
    }

    /// The lines to all pods that run.
    pub(super) fn lines(&self) -> Vec<Arc<Line>> {
        self.slots.iter().filter_map(|slot| slot.state().line).collect()
    }

    /// The topology, now and after every change.
    pub(super) fn watch(&self) -> watch::Receiver<Topology> {
        self.topology.subscribe()
    }

    /// The topology as it is.
    pub(super) fn topology_now(&self) -> Topology {
        let pods = self.present().map(|(slot, state)| Pod {
            name: slot.plan.name.to_owned(),
            labels: slot.labels(&state),
            health: state.health,
            restarts: state.restarts,
            note: state.note,
            ..Pod::default()
        });
        let mut pods: Vec<Pod> = pods.collect();
        pods.sort_by(|a, b| (a.app(), &a.name).cmp(&(b.app(), &b.name)));
        Topology { pods, services: services(), ..Topology::default() }
    }

    /// The pods that are wanted, as they are now.
    pub(super) fn present(&self) -> impl Iterator<Item = (&Slot, SlotState)> {
        self.slots.iter().map(|slot| (slot, slot.state())).filter(|(_, state)| !state.absent)
    }

    /// The plan of the pods that are wanted, with what they do now and where.
    pub(super) fn plans(&self) -> Vec<PodPlan> {
        self.present().map(|(slot, state)| slot.plan_now(&state)).collect()
    }

    /// Whether every pod takes traffic.
    pub(super) fn all_ready(&self) -> bool {
        self.present().all(|(_, state)| state.health == PodHealth::Ready)
    }

    /// Whether the pod is wanted and nothing keeps it from running, here or elsewhere.
    pub(super) fn may_run(&self, slot: &Slot) -> bool {
        let state = slot.state();
        let stands = !state.absent && !self.holds.keeps_down(slot.plan.name);
        stands && (!self.holds.closes(state.node) || self.elsewhere(&state).is_some())
    }

    /// Puts the pod where it may be started; whether there is such a place.
    pub(super) fn place(&self, slot: &Slot) -> bool {
        if !self.may_run(slot) {
            return false;
        }
        let state = slot.state();
        if self.holds.closes(state.node)
            && let Some(node) = self.elsewhere(&state)
        {
            slot.change(|state| state.node = node);
        }
        true
    }

    /// Another node for a pod of a lost one, where the defence is on and the pod leaves nothing behind.
    fn elsewhere(&self, state: &SlotState) -> Option<&'static str> {
        let moves = state.role.moves() && self.defences.has(Defence::Rescheduling);
        if moves { self.open_node() } else { None }
    }

    /// The node in use with the fewest pods.
    pub(super) fn open_node(&self) -> Option<&'static str> {
        let mut load: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, state) in self.present() {
            *load.entry(state.node).or_default() += 1;
        }
        let open = NODES.iter().map(|(node, _)| *node).filter(|node| !self.holds.closes(node));
        open.min_by_key(|node| load.get(node).copied().unwrap_or_default())
    }

    /// Tells the world, and every pod whom it may call.
    pub(super) fn publish(&self) {
        let _telling = lock(&self.telling);
        let now = self.topology_now();
        self.topology.send_if_modified(|topology| {
            let changed = *topology != now;
            *topology = now;
            changed
        });
        let endpoints = self.endpoints();
        for slot in &self.slots {
            let state = slot.state();
            if let Some(line) = state.line {
                line.tell(What::Endpoints(callable(state.role, slot.plan.name, &endpoints)));
            }
        }
    }

    /// Like [`Crew::publish`], and waits until every running pod has taken it in.
    pub(super) async fn settle(&self) {
        self.publish();
        // Orders are taken in turn: who answers this has heard the news.
        let lines = self.lines();
        let calls = lines.iter().map(|line| line.call(What::Ping));
        // Whoever does not answer is found by the watch over it.
        join_all(calls).await;
    }

    fn endpoints(&self) -> Vec<Endpoint> {
        let checked = self.defences.has(Defence::HealthChecks);
        let endpoints = self.present().filter_map(|(slot, state)| {
            let called = match state.health {
                PodHealth::Ready => !state.leaving,
                // Without health checks nobody looks.
                PodHealth::NotReady => !checked && !state.leaving,
                PodHealth::Starting | PodHealth::Dead => false,
            };
            let address = state.address.filter(|_| called)?;
            Some(Endpoint { pod: slot.plan.name.to_owned(), role: state.role, address })
        });
        endpoints.collect()
    }

    /// Somebody wants to hear what is noticed, until the receiver is dropped.
    pub(super) fn observed_by(&self, observer: mpsc::UnboundedSender<Observation>) {
        lock(&self.observers).push(observer);
    }

    /// Nobody hears anything any more: there is nothing to be noticed.
    pub(super) fn forget_observers(&self) {
        lock(&self.observers).clear();
    }

    /// The replica took over: tells everyone who wants to hear it.
    pub(super) fn has_failed_over(&self, failover: &Failover) {
        self.failovers.fetch_add(1, Ordering::Relaxed);
        let told = Observation::FailedOver(failover.clone());
        lock(&self.observers).retain(|one| one.send(told.clone()).is_ok());
    }

    /// How often the replica took over since this was last asked.
    pub(super) fn take_failovers(&self) -> u64 {
        self.failovers.swap(0, Ordering::Relaxed)
    }

    /// What the pods had counted when they answered last.
    pub(super) fn counted(&self) -> MutexGuard<'_, Counted> {
        lock(&self.counted)
    }

    /// The faults that stand.
    pub(super) fn standing(&self) -> MutexGuard<'_, Vec<Part>> {
        lock(&self.standing)
    }

    /// Everything that was ever put into a pod and of which nobody has looked yet that it is gone; also what its order
    /// no longer wants, and what ended with its victim.
    pub(super) fn imposed(&self) -> MutexGuard<'_, Vec<Part>> {
        lock(&self.imposed)
    }

    /// A process has ended, and with it every fault whose victim it was.
    pub(super) fn bury(&self, name: &str) {
        let gone: Vec<Part> = {
            let mut standing = self.standing();
            let (gone, stay) =
                standing.drain(..).partition(|part| part.victim == name && !part.stays);
            *standing = stay;
            gone
        };
        for part in gone.iter().filter(|part| part.pod != name) {
            if let Some(line) = self.line(part.pod) {
                line.tell(What::Lift { key: part.key.clone() });
            }
        }
    }

    /// A new process gets the faults that others are the victims of.
    pub(super) fn catch_up(&self, line: &Line) {
        let standing = self.standing();
        for part in standing.iter().filter(|part| part.pod == line.pod) {
            line.tell(What::Impose { key: part.key.clone(), effect: part.effect.clone() });
        }
    }
}

impl Slot {
    fn new(plan: &'static PodPlan, absent: bool) -> Self {
        let state = SlotState {
            line: None,
            address: None,
            metrics: None,
            secure: None,
            health: PodHealth::Starting,
            restarts: 0,
            note: Said::default(),
            last_words: VecDeque::new(),
            environment: BTreeMap::new(),
            role: plan.role,
            node: plan.node,
            absent,
            leaving: false,
            seen: Duration::ZERO,
        };
        Self { plan, soon: Notify::new(), state: Mutex::new(state) }
    }

    /// What it does now, and where.
    pub(super) fn plan_now(&self, state: &SlotState) -> PodPlan {
        let zone = NODES.iter().find(|(node, _)| *node == state.node);
        let zone = zone.map_or(self.plan.zone, |(_, zone)| zone);
        PodPlan { name: self.plan.name, role: state.role, zone, node: state.node }
    }

    fn labels(&self, state: &SlotState) -> BTreeMap<String, String> {
        self.plan_now(state).labels()
    }

    /// How it is, as a copy.
    pub(super) fn state(&self) -> SlotState {
        lock(&self.state).clone()
    }

    /// It wrote a line.
    pub(super) fn wrote(&self, line: String) {
        let words = &mut lock(&self.state).last_words;
        if words.len() == LAST_WORDS {
            words.pop_front();
        }
        words.push_back(line);
    }

    /// Changes how it is.
    pub(super) fn change(&self, change: impl FnOnce(&mut SlotState)) {
        change(&mut lock(&self.state));
    }
}

fn callable(role: Role, name: &str, endpoints: &[Endpoint]) -> Vec<Endpoint> {
    let others = endpoints.iter().filter(|one| one.pod != name);
    others.filter(|one| role.dials_role(one.role)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::sync::Barrier;

    use super::*;

    /// Pods that get ready at the same moment tell the news from several threads.
    #[test]
    fn the_last_news_told_is_the_newest() {
        for round in 0..2_000 {
            let crew = Crew::new(&Defences::default());
            let (line, mut told) = Line::new("api-gateway-1", 1);
            let line = Arc::new(line);
            let ready = || {
                crew.slots()
                    .iter()
                    .filter(|slot| slot.plan.role == Role::Web && !slot.state().absent)
            };
            for slot in crew.slots().iter().filter(|slot| slot.plan.role == Role::Gateway) {
                slot.change(|state| state.line = Some(Arc::clone(&line)));
            }
            let together = Barrier::new(ready().count());
            std::thread::scope(|scope| {
                for slot in ready() {
                    let (crew, together) = (&crew, &together);
                    scope.spawn(move || {
                        together.wait();
                        slot.change(|state| {
                            state.address = Some((Ipv4Addr::LOCALHOST, 1).into());
                            state.health = PodHealth::Ready;
                        });
                        crew.publish();
                    });
                }
            });
            let mut last = 0;
            while let Ok(order) = told.try_recv() {
                if let What::Endpoints(endpoints) = order.what {
                    last = endpoints.len();
                }
            }
            assert_eq!(last, ready().count(), "round {round}");
        }
    }
}
