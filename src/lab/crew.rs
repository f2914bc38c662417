//! All pods of a running lab as the lab sees them: who runs, who is ready, which faults stand. Starts nothing: see
//! `supervise`.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use futures::future::join_all;
use tokio::sync::watch;

use super::channel::{Endpoint, What};
use super::line::Line;
use super::parts::Part;
use super::shop::{PODS, PodPlan, services};
use super::witness::Witness;
use crate::exercise::target::{Pod, PodHealth, Topology};
use crate::lab::lock::lock;

/// A pod and how it is.
pub(super) struct Slot {
    /// What was planned.
    pub plan: &'static PodPlan,
    state: Mutex<SlotState>,
}

/// How a pod is.
#[derive(Clone, Default)]
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
    pub note: String,
    /// The last lines it wrote to stderr.
    pub last_words: Vec<String>,
}

/// All pods.
pub(super) struct Crew {
    slots: Vec<Slot>,
    topology: watch::Sender<Topology>,
    /// What the lab looks at its pods with; there as soon as pods are.
    pub witness: OnceLock<Witness>,
    standing: Mutex<Vec<Part>>,
    /// Held while news is gathered and told: otherwise the older of two could be told last, and stay.
    telling: Mutex<()>,
}

impl Crew {
    /// Nobody runs yet.
    pub(super) fn new() -> Arc<Self> {
        let slots = PODS.iter().map(|plan| Slot { plan, state: Mutex::default() }).collect();
        let crew = Self {
            slots,
            topology: watch::Sender::default(),
            witness: OnceLock::new(),
            standing: Mutex::default(),
            telling: Mutex::default(),
        };
        crew.topology.send_replace(crew.topology_now());
        Arc::new(crew)
    }

    /// All pods in the plan's order.
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
        let pods = self.slots.iter().map(|slot| {
            let state = slot.state();
            Pod {
                name: slot.plan.name.to_owned(),
                labels: slot.plan.labels(),
                health: state.health,
                restarts: state.restarts,
                note: state.note,
            }
        });
        Topology { pods: pods.collect(), services: services() }
    }

    /// Whether every pod takes traffic.
    pub(super) fn all_ready(&self) -> bool {
        self.slots.iter().all(|slot| slot.state().health == PodHealth::Ready)
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
            if let Some(line) = slot.state().line {
                line.tell(What::Endpoints(callable(slot.plan, &endpoints)));
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
        let endpoints = self.slots.iter().filter_map(|slot| {
            let state = slot.state();
            let address = state.address.filter(|_| state.health == PodHealth::Ready)?;
            Some(Endpoint { pod: slot.plan.name.to_owned(), role: slot.plan.role, address })
        });
        endpoints.collect()
    }

    /// The faults that stand.
    pub(super) fn standing(&self) -> MutexGuard<'_, Vec<Part>> {
        lock(&self.standing)
    }

    /// A process has ended, and with it every fault whose victim it was.
    pub(super) fn bury(&self, name: &str) {
        let gone: Vec<Part> = {
            let mut standing = self.standing();
            let (gone, stay) = standing.drain(..).partition(|part| part.victim == name);
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
    /// How it is, as a copy.
    pub(super) fn state(&self) -> SlotState {
        lock(&self.state).clone()
    }

    /// Changes how it is.
    pub(super) fn change(&self, change: impl FnOnce(&mut SlotState)) {
        change(&mut lock(&self.state));
    }
}

fn callable(plan: &PodPlan, endpoints: &[Endpoint]) -> Vec<Endpoint> {
    endpoints.iter().filter(|one| plan.role.dials_role(one.role)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::sync::Barrier;

    use super::*;
    use crate::lab::shop::Role;

    /// Pods that get ready at the same moment tell the news from several threads.
    #[test]
    fn the_last_news_told_is_the_newest() {
        for round in 0..2_000 {
            let crew = Crew::new();
            let (line, mut told) = Line::new("api-gateway-1", 1);
            let line = Arc::new(line);
            let ready = || crew.slots().iter().filter(|slot| slot.plan.role == Role::Web);
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
