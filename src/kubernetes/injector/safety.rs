//! What lets go of a cluster when this program dies: a lease that says that it lives, and a reaper that looks at it. Here they
//! are begun and ended; what they do is their own.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, watch};

use super::run::Run;
use crate::gameday::span::Span;
use crate::kubernetes::connect::Connection;
use crate::kubernetes::journal;
use crate::kubernetes::lease::{self, Keeper};
use crate::kubernetes::name::run_id;
use crate::kubernetes::reaper;
use crate::kubernetes::reaper::away::{Hit, nodes};
use crate::kubernetes::reaper::post::{Post, account_of};
use crate::kubernetes::survey::survey;
use crate::port::clock::Clock;
use crate::port::target::TargetError;

/// A reaper must watch within so long.
const ARMED: Duration = Duration::from_secs(60);

/// It stays at most so much longer than twice the length of the exercise, which may be held.
const SPARE: Span = Span::from_secs(3_600);

/// What watches over native changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Watch {
    /// A reaper.
    Reaper {
        /// Its image.
        image: String,
        /// Its PriorityClass, where one is named.
        priority: Option<String>,
    },
    /// Nobody, and that was agreed to.
    Nobody,
    /// Nobody, and nobody agreed to that.
    NotAgreed,
}

impl Watch {
    /// Whether changes may be made that nothing ends by itself.
    ///
    /// # Errors
    /// When nobody would undo them if this program died; how to mend that.
    pub fn allows_native(&self) -> Result<(), TargetError> {
        match self {
            Self::Reaper { .. } | Self::Nobody => Ok(()),
            Self::NotAgreed => Err(TargetError(
                "if this program died nobody would take this change back: name kubernetes.reaper_image in config.yaml, or agree with --without-reaper"
                    .to_owned(),
            )),
        }
    }
}

/// Begins what lets go, once, before the first fault.
pub struct Safety {
    watch: Watch,
    keeper: Mutex<Option<Keeper>>,
    halted: watch::Sender<Option<String>>,
}

impl Safety {
    /// Nothing is begun yet.
    pub fn new(watch: Watch) -> Self {
        Self { watch, keeper: Mutex::new(None), halted: watch::channel(None).0 }
    }

    /// Who halted this run from elsewhere, as soon as somebody did.
    pub fn halted(&self) -> watch::Receiver<Option<String>> {
        self.halted.subscribe()
    }

    /// Whether changes may be made that nothing ends by itself.
    ///
    /// # Errors
    /// When nobody would undo them if this program died; how to mend that.
    pub fn allows_native(&self) -> Result<(), TargetError> {
        self.watch.allows_native()
    }

    /// Takes the lease of a run, and posts the reaper where changes are planned that nothing ends by itself: `native` are the
    /// pods that are hit then.
    ///
    /// # Errors
    /// When one of them cannot be had; then nothing should be broken.
    pub async fn begin(
        &self,
        connection: &Connection,
        run: &Run,
        native: Option<&[Hit]>,
        clock: Arc<dyn Clock>,
    ) -> Result<(), TargetError> {
        let id = run_id(&run.exercise);
        let holder = concat!("gameday ", env!("CARGO_PKG_VERSION"));
        let kept = Keeper::start(connection, &id, holder, clock).await?;
        let (mut halts, tell) = (kept.halted(), self.halted.clone());
        tokio::spawn(async move {
            if let Ok(said) = halts.wait_for(Option::is_some).await {
                tell.send_replace(said.clone());
            }
        });
        *self.keeper.lock().await = Some(kept);
        if let Watch::Reaper { image, priority } = &self.watch
            && let Some(hit) = native
        {
            let pods = survey(connection).await?.pods;
            let owner = journal::anchor(connection, &id, &run.game_day).await?;
            let post = Post {
                account: account_of(&run.game_day),
                run: id,
                game_day: run.game_day.clone(),
                namespace: connection.namespace.clone(),
                image: image.clone(),
                away_from: nodes(hit, &pods),
                lasts: run.whole + run.whole + SPARE,
                priority: priority.clone(),
                owner: Some(owner),
            };
            reaper::arm(connection, &post, ARMED).await?;
        }
        Ok(())
    }

    /// Ends all of it, once nothing is left to undo.
    pub(super) async fn end(&self, connection: &Connection, run: &str) -> Result<(), TargetError> {
        // Without a lease nothing was begun.
        let Some(keeper) = self.keeper.lock().await.take() else { return Ok(()) };
        // The lease is kept for as long as there may be something to let go of.
        if let Err(error) = journal::close(connection, run).await {
            *self.keeper.lock().await = Some(keeper);
            return Err(error);
        }
        keeper.end().await
    }
}

/// The same for a run that died.
///
/// # Errors
/// When something is left, or cannot be taken away.
pub(super) async fn tidy(connection: &Connection, run: &str) -> Result<(), TargetError> {
    journal::close(connection, run).await?;
    lease::end(connection, run).await
}
