//! Holds what is exercised for as long as the exercise needs it, and clears it away. Not the bringing up.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::cli::door::{Door, Keeper};
use crate::cli::output::complain;
use crate::exercise::command::Command;
use crate::exercise::log::EntryKind;
use crate::gameday::span::Span;
use crate::gameday::text::plain;
use crate::kubernetes::injector::ClusterInjector;
use crate::kubernetes::k6::generator::{ENDS, K6};
use crate::lab::{Lab, Place};
use crate::port::alerts::Silencer;
use crate::port::feed::Orders;
use crate::port::instruments::Instruments;
use crate::tui::typing::FACILITATOR;

/// Who is asked about the target, and who may be told to call nobody.
#[derive(Default)]
pub(in crate::cli::run) struct Beside {
    /// A source of metrics that is asked, where one is.
    pub(in crate::cli::run) monitoring: Option<Arc<dyn Instruments>>,
    /// Silences its alerts, where that may be.
    pub(in crate::cli::run) silencer: Option<Arc<dyn Silencer>>,
}

/// Holds the target for as long as the exercise needs it.
#[derive(Clone, Default)]
pub(in crate::cli::run) struct Bench {
    pub(super) lab: Arc<OnceLock<Arc<Lab>>>,
    pub(super) cluster: Arc<OnceLock<Arc<ClusterInjector>>>,
    /// Makes the load in the cluster.
    pub(super) runners: Arc<OnceLock<Arc<K6>>>,
    /// Takes what happens to them.
    pub(super) orders: Arc<OnceLock<Arc<dyn Orders>>>,
    /// The folder of an exercise that has no lab.
    pub(super) place: Arc<Mutex<Option<Place>>>,
    /// Where its door is.
    pub(super) folder: Arc<OnceLock<PathBuf>>,
    pub(super) up: Arc<watch::Sender<bool>>,
}

/// A task that ends with this.
pub(in crate::cli::run) struct AbortOnDrop(JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Bench {
    /// Opens the target's door for levers from other terminals, and for those who join, as soon as it is up; `keeper` does
    /// what is asked for. The door is closed when the answer is dropped.
    pub(in crate::cli::run) fn open_door(
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
    pub(in crate::cli::run) fn heed_halts(&self, orders: Arc<dyn Orders>) -> AbortOnDrop {
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
    pub(in crate::cli::run) async fn clear(&self) {
        if let Some(lab) = self.lab.get() {
            lab.stop().await;
        }
        let ended = match self.runners.get() {
            Some(runners) => runners.end(ENDS).await,
            None => Ok(()),
        };
        if let Err(left) = &ended {
            complain(&plain(left));
        }
        if let Some(cluster) = self.cluster.get() {
            // With load left the journal stays, so that who halts the run later finds it.
            if ended.is_ok()
                && let Err(error) = cluster.close().await
            {
                complain(&plain(&format!(
                    "what the run keeps in the cluster stays there: {error}"
                )));
            }
            // Nothing but the door was in it. After a death the next start takes it away.
            drop(self.place.lock().unwrap_or_else(PoisonError::into_inner).take());
        }
    }
}

/// A line in the log, of the program's own.
pub(super) fn note(text: String) -> Command {
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
