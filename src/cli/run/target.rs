//! What is exercised, held for as long as the exercise needs it, and cleared away. What it is made of is in the files beside
//! this one.

pub(super) mod cluster;
mod lab;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use tokio::sync::watch;
use tokio::task::JoinHandle;

use self::cluster::Reached;
use crate::cli::door::{Door, Keeper};
use crate::cli::output::complain;
use crate::config::Folders;
use crate::engine::Bringing;
use crate::exercise::command::Command;
use crate::exercise::header::Header;
use crate::exercise::log::EntryKind;
use crate::gameday::span::Span;
use crate::gameday::text::plain;
use crate::kubernetes::injector::ClusterInjector;
use crate::kubernetes::k6::generator::K6;
use crate::lab::Lab;
use crate::port::alerts::Silencer;
use crate::port::clock::Clock;
use crate::port::feed::Orders;
use crate::port::instruments::Instruments;
use crate::tui::typing::FACILITATOR;

/// Who is asked about the target, and who may be told to call nobody.
#[derive(Default)]
pub(super) struct Beside {
    /// A source of metrics that is asked, where one is.
    pub(super) monitoring: Option<Arc<dyn Instruments>>,
    /// Silences its alerts, where that may be.
    pub(super) silencer: Option<Arc<dyn Silencer>>,
}

/// Holds the target for as long as the exercise needs it.
#[derive(Clone, Default)]
pub(super) struct Bench {
    lab: Arc<OnceLock<Arc<Lab>>>,
    cluster: Arc<OnceLock<Arc<ClusterInjector>>>,
    /// Makes the load in the cluster.
    runners: Arc<OnceLock<Arc<K6>>>,
    /// Takes what happens to them.
    orders: Arc<OnceLock<Arc<dyn Orders>>>,
    /// Where its door is.
    folder: Arc<OnceLock<PathBuf>>,
    up: Arc<watch::Sender<bool>>,
}

/// A task that ends with this.
pub(super) struct AbortOnDrop(JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Bench {
    /// A future that brings the target up: what was reached, or else the lab.
    ///
    /// # Errors
    /// When this program cannot find itself: every pod of the lab is a process of it.
    pub(super) fn bring(
        &self,
        header: &Header,
        folders: &Folders,
        clock: Arc<dyn Clock>,
        beside: Beside,
        reached: Option<Reached>,
    ) -> Result<Bringing, String> {
        match reached {
            Some(reached) => {
                let folder = folders.labs().join(format!("lab-{}", header.exercise));
                Ok(self.bring_cluster(header, reached, folder, clock, beside))
            }
            None => self.bring_lab(header, folders, clock, beside),
        }
    }

    /// Opens the target's door for levers from other terminals, and for those who join, as soon as it is up; `keeper` does
    /// what is asked for. The door is closed when the answer is dropped.
    pub(super) fn open_door(
        &self,
        keeper: Arc<dyn Keeper>,
        orders: Arc<dyn Orders>,
    ) -> AbortOnDrop {
        drop(self.orders.set(Arc::clone(&orders)));
        let bench = self.clone();
        AbortOnDrop(tokio::spawn(async move {
            let mut up = bench.up.subscribe();
            if up.wait_for(|up| *up).await.is_err() {
                return;
            }
            let Some(folder) = bench.folder.get() else { return };
            match Door::open(folder, keeper) {
                Ok(_door) => std::future::pending().await,
                Err(error) => orders
                    .send(note(format!("levers cannot be pulled from other terminals: {error}"))),
            }
        }))
    }

    /// Halts the exercise when somebody halts it from elsewhere, with nothing but the cluster.
    pub(super) fn heed_halts(&self, orders: Arc<dyn Orders>) -> AbortOnDrop {
        let bench = self.clone();
        AbortOnDrop(tokio::spawn(async move {
            let mut up = bench.up.subscribe();
            if up.wait_for(|up| *up).await.is_err() {
                return;
            }
            let Some(cluster) = bench.cluster.get() else { return };
            let mut halted = cluster.safety().halted();
            if let Ok(who) = halted.wait_for(Option::is_some).await {
                let by = who.clone().unwrap_or_default();
                let reason = plain(&by).into();
                orders.send(Command::Halt { by: "gameday halt".into(), reason });
            }
        }))
    }

    /// Ends the lab and every process of it, or takes away what the run keeps in the cluster.
    pub(super) async fn clear(&self) {
        if let Some(lab) = self.lab.get() {
            lab.stop().await;
        }
        if let Some(runners) = self.runners.get() {
            runners.end().await;
        }
        if let Some(cluster) = self.cluster.get() {
            if let Err(error) = cluster.close().await {
                complain(&plain(&format!(
                    "what the run keeps in the cluster stays there: {error}"
                )));
            }
            if let Some(folder) = self.folder.get() {
                // Nothing but the door was in it.
                drop(std::fs::remove_dir_all(folder));
            }
        }
    }
}

/// A line in the log, of the program's own.
fn note(text: String) -> Command {
    Command::Log {
        team: FACILITATOR.into(),
        author: "gameday".into(),
        text,
        kind: EntryKind::Note,
        incident: None,
        ago: Span::ZERO,
        evidence: Vec::new(),
    }
}
