//! The cluster as a target that can be looked at: what it is now and after every change, and what it says of itself. Only
//! looks. Connections that break, watches that are too old, a server that restarts or has too much to do: it goes on looking,
//! and says what it does not see meanwhile.

mod experiments;
mod eye;
mod warnings;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kube::Api;
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, sleep};

use self::experiments::Experiments;
use self::eye::{Eye, Standing};
use self::warnings::Warnings;
use super::connect::Connection;
use super::instruments::{Dial, PodInstruments, Trouble, dials};
use super::scene::Scene;
use super::seen;
use super::survey::glance;
use crate::exercise::cluster::{ClusterNews, ClusterSeen, Warning};
use crate::exercise::said::{Between, Said};
use crate::exercise::target::Topology;
use crate::gameday::cluster::Cluster;
use crate::port::clock::Clock;
use crate::port::instruments::{Instruments, Observation};
use crate::port::target::{Answer, TargetError, TargetObserver};

/// Changes within so long are told as one.
const TOGETHER: Duration = Duration::from_millis(250);

/// What is not watched is looked at again after so long.
const AFRESH: Duration = Duration::from_secs(30);

/// Sees a part of a cluster.
pub struct ClusterObserver {
    connection: Connection,
    declared: Cluster,
    looks: watch::Sender<Topology>,
    dials: watch::Sender<Vec<Dial>>,
    trouble: watch::Sender<Trouble>,
    told: Arc<Told>,
    task: JoinHandle<()>,
}

impl Drop for ClusterObserver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl ClusterObserver {
    /// Looks once, and then goes on. Must be called inside a runtime.
    ///
    /// # Errors
    /// When the cluster cannot be looked at.
    pub async fn begin(
        connection: Connection,
        declared: Cluster,
        clock: &dyn Clock,
    ) -> Result<Self, TargetError> {
        let scene = glance(&connection).await?;
        let (looks, _) = watch::channel(seen::topology(&scene, &declared));
        let (dials, _) = watch::channel(dials(&connection.namespace, &scene.pods));
        let (trouble, _) = watch::channel(None);
        let told = Arc::new(Told::default());
        let eyes = Eyes::open(&connection, clock.wall_millis(), !scene.nodes.is_empty()).await;
        let watching = Watching {
            connection: connection.clone(),
            declared: declared.clone(),
            base: scene,
            eyes,
            looks: looks.clone(),
            dials: dials.clone(),
            trouble: trouble.subscribe(),
            told: Arc::clone(&told),
        };
        let task = tokio::spawn(watching.go_on());
        Ok(Self { connection, declared, looks, dials, trouble, told, task })
    }

    /// Reads the instruments of its pods.
    pub fn instruments(&self, clock: Arc<dyn Clock>) -> PodInstruments {
        let (client, dials) = (self.connection.client.clone(), self.dials.subscribe());
        PodInstruments::new(client, dials, self.trouble.clone(), clock)
    }
}

impl TargetObserver for ClusterObserver {
    fn watch(&self) -> watch::Receiver<Topology> {
        self.looks.subscribe()
    }

    fn survey(&self) -> Answer<'_, Result<Topology, TargetError>> {
        Box::pin(async { Ok(seen::topology(&glance(&self.connection).await?, &self.declared)) })
    }
}

impl Instruments for ClusterObserver {
    /// What the cluster says of itself; readings are those of its pods.
    fn observe(&self, _: Duration) -> mpsc::UnboundedReceiver<Observation> {
        self.told.listen()
    }
}

/// What was told to whom.
#[derive(Default)]
struct Told(Mutex<Listeners>);

#[derive(Default)]
struct Listeners {
    seen: ClusterSeen,
    all: Vec<mpsc::UnboundedSender<Observation>>,
}

impl Told {
    fn locked(&self) -> MutexGuard<'_, Listeners> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One more listens, and hears what there is.
    fn listen(&self) -> mpsc::UnboundedReceiver<Observation> {
        let (tell, told) = mpsc::unbounded_channel();
        let mut listeners = self.locked();
        let ClusterSeen { warnings, rollouts, experiments, unseen } = listeners.seen.clone();
        let news = ClusterNews {
            warnings,
            rollouts: Some(rollouts),
            experiments: Some(experiments),
            unseen: Some(unseen),
        };
        if tell.send(Observation::Cluster(news)).is_ok() {
            listeners.all.push(tell);
        }
        told
    }

    fn tell(&self, news: ClusterNews) {
        let mut listeners = self.locked();
        let news = news.beyond(&listeners.seen);
        if news.is_empty() {
            return;
        }
        listeners.seen.take(&news);
        listeners.all.retain(|one| one.send(Observation::Cluster(news.clone())).is_ok());
    }
}

/// Everything that is watched.
struct Eyes {
    changed: Arc<Notify>,
    standing: Arc<Standing>,
    pods: Eye<k8s_openapi::api::core::v1::Pod>,
    /// Only where they may be looked at.
    nodes: Option<Eye<k8s_openapi::api::core::v1::Node>>,
    services: Eye<k8s_openapi::api::core::v1::Service>,
    slices: Eye<k8s_openapi::api::discovery::v1::EndpointSlice>,
    deployments: Eye<k8s_openapi::api::apps::v1::Deployment>,
    replica_sets: Eye<k8s_openapi::api::apps::v1::ReplicaSet>,
    stateful_sets: Eye<k8s_openapi::api::apps::v1::StatefulSet>,
    experiments: Experiments,
    warnings: Warnings,
}

impl Eyes {
    async fn open(connection: &Connection, since: i64, nodes: bool) -> Self {
        let (changed, standing) = (Arc::new(Notify::new()), Arc::new(Standing::default()));
        let at = (&changed, &standing);
        let (client, namespace) = (|| connection.client.clone(), &*connection.namespace);
        Self {
            pods: Eye::open("pods", Api::namespaced(client(), namespace), at),
            nodes: nodes.then(|| Eye::open("nodes", Api::all(client()), at)),
            services: Eye::open("services", Api::namespaced(client(), namespace), at),
            slices: Eye::open("endpoint slices", Api::namespaced(client(), namespace), at),
            deployments: Eye::open("deployments", Api::namespaced(client(), namespace), at),
            replica_sets: Eye::open("replica sets", Api::namespaced(client(), namespace), at),
            stateful_sets: Eye::open("stateful sets", Api::namespaced(client(), namespace), at),
            experiments: Experiments::open(connection, at).await,
            warnings: Warnings::open(connection, since, at),
            changed,
            standing,
        }
    }

    /// What is watched, in place of what was looked at once.
    fn fill(&self, scene: &mut Scene) {
        self.pods.fill(&mut scene.pods);
        if let Some(nodes) = &self.nodes {
            nodes.fill(&mut scene.nodes);
        }
        self.services.fill(&mut scene.services);
        self.slices.fill(&mut scene.slices);
        self.deployments.fill(&mut scene.deployments);
        self.replica_sets.fill(&mut scene.replica_sets);
        self.stateful_sets.fill(&mut scene.stateful_sets);
    }
}

/// Goes on looking.
struct Watching {
    connection: Connection,
    declared: Cluster,
    base: Scene,
    eyes: Eyes,
    looks: watch::Sender<Topology>,
    dials: watch::Sender<Vec<Dial>>,
    trouble: watch::Receiver<Trouble>,
    told: Arc<Told>,
}

impl Watching {
    async fn go_on(mut self) {
        let mut afresh = interval(AFRESH);
        afresh.set_missed_tick_behavior(MissedTickBehavior::Delay);
        afresh.reset();
        loop {
            self.tell();
            let changed = self.eyes.changed.notified();
            tokio::select! {
                () = changed => sleep(TOGETHER).await,
                Ok(()) = self.trouble.changed() => {}
                _ = afresh.tick() => {
                    // What could be seen a moment ago stays, where it cannot be seen now; the eyes say why.
                    if let Ok(scene) = glance(&self.connection).await {
                        self.base = scene;
                    }
                }
            }
        }
    }

    fn tell(&mut self) {
        self.eyes.fill(&mut self.base);
        let topology = seen::topology(&self.base, &self.declared);
        self.looks.send_if_modified(|was| {
            let differs = *was != topology;
            if differs {
                *was = topology;
            }
            differs
        });
        self.dials.send_if_modified(|were| {
            let now = dials(&self.connection.namespace, &self.base.pods);
            let differ = *were != now;
            *were = now;
            differ
        });
        let warnings: Vec<Warning> = self.eyes.warnings.take();
        let unread = self.trouble.borrow_and_update().clone().map(Said::from);
        let unseen = self.base.notes.iter().cloned().chain(self.eyes.standing.troubles());
        let unseen = unseen.chain(unread);
        self.told.tell(ClusterNews {
            warnings,
            rollouts: Some(seen::rollouts::rollouts(&self.base)),
            experiments: Some(self.eyes.experiments.placed()),
            unseen: Some(Said::all(unseen, Between::Then)),
        });
    }
}
