//! A running lab: starting all pods, waiting until they take traffic, stopping them. What it does to them is `injector`'s.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};

use super::authority::Authority;
use super::back::bring_home;
use super::channel::What;
use super::crew::Crew;
use super::failover::watch_over;
use super::folder::Folder;
use super::peek::curl;
use super::process::orphans;
use super::shop::Role;
use super::spawner::Spawner;
use super::supervise::{Base, keep};
use super::witness::Witness;
use crate::exercise::target::PodHealth;
use crate::gameday::defence::Defences;
use crate::port::clock::Clock;

/// All pods must take traffic within so long.
const START_LIMIT: Duration = Duration::from_secs(20);

/// Each pod must have made so many pages, one look after the other.
const SERVED_PAGES: u32 = 2;
const SERVED_LOOKS: u32 = 500;
const SERVED_LOOK: Duration = Duration::from_millis(10);

/// A pod that was told to stop has so long before it is killed.
const STOP_LIMIT: Duration = Duration::from_millis(500);

/// So many of its last lines tell why a pod did not start.
const LAST_WORDS: usize = 8;

/// How a lab is started.
pub struct LabOptions {
    /// The program that knows the hidden subcommand `pod`: this one.
    pub exe: PathBuf,
    /// Where the lab makes its folder, and removes those of labs that died.
    pub data_dir: PathBuf,
    /// Names the lab: letters, digits, dashes. Every process of it carries it in its environment.
    pub lab_id: String,
    /// For everything that looks random.
    pub seed: u64,
    /// The defences that are on.
    pub defences: Defences,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// Why there is no lab.
#[derive(Debug, thiserror::Error)]
pub enum LabError {
    /// The name cannot be part of a path.
    #[error("{0:?} cannot name a lab: letters, digits and dashes only")]
    BadId(String),
    /// The system refused something.
    #[error("the lab cannot be set up: {0}")]
    System(#[from] std::io::Error),
    /// Its certificate authority cannot be made.
    #[error("the lab's certificate authority cannot be made: {0}")]
    Authority(rcgen::Error),
    /// A pod did not come up.
    #[error("{pod} did not get ready: {why}")]
    Pod {
        /// Which.
        pod: String,
        /// What it said last.
        why: String,
    },
}

/// Where one pod is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodAddress {
    /// Its name.
    pub pod: String,
    /// The zone it is in.
    pub zone: &'static str,
    /// The node it is on.
    pub node: &'static str,
    /// Its process, while it runs.
    pub pid: Option<u32>,
    /// Where it is called, while it is ready.
    pub address: Option<SocketAddr>,
    /// `http://…/metrics`, while it is ready.
    pub metrics_url: Option<String>,
}

/// A running lab. Dropping it kills every process of it.
pub struct Lab {
    id: String,
    base_url: String,
    secure_url: String,
    authority: Arc<Authority>,
    crew: Arc<Crew>,
    stop: watch::Sender<bool>,
    keepers: tokio::sync::Mutex<JoinSet<()>>,
    overseers: [AbortHandle; 2],
    clock: Arc<dyn Clock>,
    folder: Folder,
}

impl Lab {
    /// Starts all pods and returns when every one takes traffic. Must be called inside a runtime.
    ///
    /// # Errors
    /// When a pod does not come up, with its last words; nothing is left running then.
    pub async fn start(options: LabOptions) -> Result<Self, LabError> {
        let LabOptions { exe, data_dir, lab_id, seed, defences, clock } = options;
        let fine = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if lab_id.is_empty() || !lab_id.chars().all(fine) {
            return Err(LabError::BadId(lab_id));
        }
        let folder = Folder::create(&std::path::absolute(data_dir)?, &lab_id)?;
        let authority = Authority::new().map_err(LabError::Authority)?;
        let authority = Arc::new(authority);
        let base = Arc::new(Base {
            exe,
            lab_id: lab_id.clone(),
            folder: folder.path().to_owned(),
            seed,
            authority: Arc::clone(&authority),
            defences: defences.clone(),
            spawner: Spawner::start()?,
            clock,
        });
        let crew = Crew::new(&defences);
        // Nobody else has one to put in.
        let _ = crew.witness.set(Witness::new(&authority, &base.clock));
        let stop = watch::Sender::new(false);
        let mut keepers = JoinSet::new();
        for index in 0..crew.slots().len() {
            keepers.spawn(keep(Arc::clone(&base), Arc::clone(&crew), index, stop.subscribe()));
        }
        let failover = watch_over(Arc::clone(&crew), Arc::clone(&base.clock), base.folder.clone());
        let overseers = [keepers.spawn(failover), keepers.spawn(bring_home(Arc::clone(&crew)))];
        let mut lab = Self {
            clock: Arc::clone(&base.clock),
            overseers,
            id: lab_id,
            base_url: String::new(),
            secure_url: String::new(),
            authority,
            crew,
            stop,
            keepers: keepers.into(),
            folder,
        };
        lab.wait_until_ready().await?;
        lab.crew.settle().await;
        lab.wait_until_served().await?;
        let gateway = lab.crew.slots().iter().find(|slot| slot.plan.role == Role::Gateway);
        let state = gateway.map(|slot| slot.state());
        let url = |scheme, address: Option<SocketAddr>| {
            address.map(|address| format!("{scheme}://{address}")).unwrap_or_default()
        };
        lab.base_url = url("http", state.as_ref().and_then(|state| state.address));
        lab.secure_url = url("https", state.as_ref().and_then(|state| state.secure));
        Ok(lab)
    }

    async fn wait_until_ready(&self) -> Result<(), LabError> {
        let mut topology = self.crew.watch();
        let ready = async {
            loop {
                topology.borrow_and_update();
                let dead = self.crew.present().find(|(_, state)| state.health == PodHealth::Dead);
                if let Some((dead, state)) = dead {
                    let before = state.last_words.len().saturating_sub(LAST_WORDS);
                    let why: Vec<_> = state.last_words.into_iter().skip(before).collect();
                    let why = why.join("\n");
                    return Err(LabError::Pod { pod: dead.plan.name.to_owned(), why });
                }
                if self.crew.all_ready() || topology.changed().await.is_err() {
                    return Ok(());
                }
            }
        };
        tokio::time::timeout(START_LIMIT, ready).await.unwrap_or_else(|_| {
            let late = self.crew.present().find(|(_, state)| state.health != PodHealth::Ready);
            let pod = late.map(|(slot, _)| slot.plan.name.to_owned()).unwrap_or_default();
            Err(LabError::Pod { pod, why: format!("not within {} s", START_LIMIT.as_secs()) })
        })
    }

    /// A pod that is ready may still wait for a token, a key or a permission: asks for pages as customers do, through
    /// every pod that makes or passes on pages, until each can be had.
    async fn wait_until_served(&self) -> Result<(), LabError> {
        let pods: Vec<_> = self
            .crew
            .present()
            .filter(|(slot, _)| matches!(slot.plan.role, Role::Gateway | Role::Web))
            .map(|(slot, _)| slot.plan.name)
            .collect();
        let served = |pod: &'static str| async move {
            let mut page = 1;
            let mut last = String::new();
            for _ in 0..SERVED_LOOKS {
                match curl(&self.crew, pod, &format!("/product/{page}")).await {
                    Ok(answer) if answer.starts_with("200") => page += 1,
                    Ok(answer) => last = answer.into(),
                    Err(error) => last = error.0,
                }
                if page > SERVED_PAGES {
                    return Ok(());
                }
                tokio::time::sleep(SERVED_LOOK).await;
            }
            Err(LabError::Pod { pod: pod.to_owned(), why: format!("it serves no page: {last}") })
        };
        join_all(pods.into_iter().map(served)).await.into_iter().collect()
    }

    /// The one address customers use.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The same, for customers that speak TLS and trust [`Lab::certificate_authority`].
    pub fn secure_url(&self) -> String {
        self.secure_url.clone()
    }

    /// The certificate (PEM) of the authority that signs the gateway's certificates.
    pub fn certificate_authority(&self) -> &str {
        self.authority.pem()
    }

    /// The lab's name.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The folder that holds everything the lab writes.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Where every pod is now.
    pub fn pods(&self) -> Vec<PodAddress> {
        let pods = self.crew.present().map(|(slot, state)| {
            let plan = slot.plan_now(&state);
            let ready = state.health == PodHealth::Ready;
            PodAddress {
                pod: plan.name.to_owned(),
                zone: plan.zone,
                node: plan.node,
                pid: state.line.map(|line| line.pid),
                address: state.address,
                metrics_url: state
                    .metrics
                    .filter(|_| ready)
                    .map(|address| format!("http://{address}/metrics")),
            }
        });
        pods.collect()
    }

    /// Stops all pods, and kills what does not stop; returns when no process is left.
    pub async fn stop(&self) {
        // Pods that end now are not lost, and go nowhere.
        for overseer in &self.overseers {
            overseer.abort();
        }
        let pids: Vec<u32> = self.crew.lines().iter().map(|line| line.pid).collect();
        for line in self.crew.lines() {
            line.tell(What::Stop);
        }
        let gone = async {
            while pids.iter().any(|pid| super::process::alive(*pid)) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        // Those that are still there are killed with their keepers.
        let _ = tokio::time::timeout(STOP_LIMIT, gone).await;
        self.stop.send_replace(true);
        let mut keepers = self.keepers.lock().await;
        while keepers.join_next().await.is_some() {}
        for left in orphans(&self.id) {
            // Gone by itself, or seen by whoever looks for orphans next.
            let _ = super::process::kill(left.pid);
        }
    }

    /// The time.
    pub(super) fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Whether it is being stopped; tells when it is.
    pub(super) fn stopping(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    /// The pods, for the ports.
    pub(super) fn crew(&self) -> &Arc<Crew> {
        &self.crew
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        for line in self.crew.lines() {
            // Gone already is fine; the kernel ends the rest with the spawner's thread.
            let _ = super::process::kill(line.pid);
        }
    }
}
