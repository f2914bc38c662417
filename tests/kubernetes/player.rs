//! Controllers that play what a server lacks, as ordinary clients of any: workloads (`workloads`), garbage (`garbage`), Chaos Mesh
//! (`chaos`), the k6 operator (`k6`). They look when something changed and make what is missing; a test chooses what goes wrong by
//! `behaviour`.

pub mod behaviour;
pub mod chaos;
pub mod cluster;
mod garbage;
pub mod k6;
mod proof;
pub mod workloads;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use kube::Client;
use kube::runtime::{WatchStreamExt as _, watcher};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

use behaviour::Behaviour;
use cluster::{ACCOUNT, CONFIG_MAP, Cluster, Kind};
use workloads::Parts;

/// What is played on one namespace.
#[derive(Clone, Copy, Debug)]
pub struct Roles {
    pub parts: Parts,
    pub chaos_mesh: bool,
    pub k6: bool,
}

/// Plays until it is dropped.
pub struct Player {
    /// What the test chooses.
    pub behaviour: Arc<Behaviour>,
    _tasks: JoinSet<()>,
}

impl Player {
    pub async fn start(client: Client, namespace: &str, roles: Roles) -> Self {
        let cluster = Cluster { client, namespace: namespace.to_owned() };
        let behaviour = Arc::new(Behaviour::default());
        let mut tasks = JoinSet::new();
        let (sender, changes) = unbounded_channel();
        for kind in roles.kinds().into_iter().chain(roles.owners()) {
            tasks.spawn(watch(cluster.clone(), kind, sender.clone()));
        }
        if roles.parts.controllers {
            account(&cluster).await;
        }
        let play = Play { cluster, roles, behaviour: behaviour.clone(), chaos: Default::default() };
        tasks.spawn(play.run(changes));
        Self { behaviour, _tasks: tasks }
    }
}

impl Roles {
    fn kinds(self) -> BTreeSet<Kind> {
        let parts = self.parts;
        let workloads = if parts.controllers || parts.kubelets { workloads::WATCHED } else { &[] };
        let chaos = if self.chaos_mesh { chaos::WATCHED } else { &[] };
        let k6 = if self.k6 { k6::WATCHED } else { &[] };
        workloads.iter().chain(chaos).chain(k6).copied().collect()
    }

    /// What owns things, and is no matter of any other part.
    fn owners(self) -> Vec<Kind> {
        if self.parts.garbage { vec![CONFIG_MAP] } else { Vec::new() }
    }
}

/// Pods need an account; where no controller makes one, this does.
async fn account(cluster: &Cluster) {
    let account = serde_json::json!({"metadata": {"name": "default"}});
    cluster.create(ACCOUNT, account).await.unwrap();
}

/// Something of this kind changed; whether it went, or is about to.
struct Change {
    kind: Kind,
    went: bool,
}

/// Tells of every change of a kind.
async fn watch(cluster: Cluster, kind: Kind, sender: UnboundedSender<Change>) {
    let events = watcher(cluster.api(kind), watcher::Config::default());
    let mut events = events.default_backoff().boxed();
    while let Some(event) = events.next().await {
        let went = match event {
            Ok(watcher::Event::Delete(_) | watcher::Event::InitDone) => true,
            Ok(watcher::Event::Apply(object)) => cluster::deleting(&object),
            _ => false,
        };
        if sender.send(Change { kind, went }).is_err() {
            return;
        }
    }
}

struct Play {
    cluster: Cluster,
    roles: Roles,
    behaviour: Arc<Behaviour>,
    chaos: chaos::Memory,
}

impl Play {
    /// Looks whenever something changed, and when somebody asked to be woken.
    async fn run(mut self, mut changes: UnboundedReceiver<Change>) {
        let mut chosen = self.behaviour.changes();
        let all = self.roles.kinds();
        let mut dirty = all.clone();
        let mut went = true;
        loop {
            let again = match self.pass(&dirty, went).await {
                Ok(again) => {
                    dirty.clear();
                    went = false;
                    again
                }
                Err(error) => {
                    tracing::debug!(%error, "the player tries again");
                    Some(Duration::from_millis(50))
                }
            };
            let mut next = tokio::select! {
                () = nap(again) => None,
                _ = chosen.changed() => {
                    dirty.clone_from(&all);
                    None
                }
                change = changes.recv() => match change {
                    Some(change) => Some(change),
                    None => return,
                },
            };
            while let Some(change) = next.take().or_else(|| changes.try_recv().ok()) {
                dirty.insert(change.kind);
                went |= change.went;
            }
        }
    }

    /// One pass; `Some`: and another after this time, even if nothing changes.
    async fn pass(&mut self, dirty: &BTreeSet<Kind>, went: bool) -> kube::Result<Option<Duration>> {
        let touched = |kinds: &[Kind]| kinds.iter().any(|kind| dirty.contains(kind));
        let parts = self.roles.parts;
        if touched(workloads::WATCHED) {
            workloads::pass(&self.cluster, parts, &self.behaviour).await?;
        }
        let mut again = None;
        if self.roles.chaos_mesh {
            let memory = &mut self.chaos;
            again = chaos::pass(&self.cluster, dirty, &self.behaviour, memory).await?;
        }
        if self.roles.k6 && touched(k6::WATCHED) {
            k6::pass(&self.cluster, &self.behaviour).await?;
        }
        if parts.garbage && went {
            let kinds: Vec<Kind> =
                self.roles.kinds().into_iter().chain(garbage::OTHERS.iter().copied()).collect();
            garbage::pass(&self.cluster, &kinds).await?;
        }
        Ok(again)
    }
}

async fn nap(time: Option<Duration>) {
    match time {
        Some(time) => tokio::time::sleep(time).await,
        None => std::future::pending().await,
    }
}
