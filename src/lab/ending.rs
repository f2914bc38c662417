//! Ends processes of pods, with and without warning, and looks that they are gone. What becomes of the pods is
//! `supervise`'s.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use tokio::time::timeout;

use super::channel::What;
use super::crew::{Crew, Slot};
use super::line::Line;
use super::process::{alive, kill};
use crate::exercise::said::{Between, Said, said};
use crate::port::target::TargetError;

/// Killed processes must be gone within so long.
const KILL_LIMIT: Duration = Duration::from_secs(2);

/// Everybody must have heard within so long that a pod takes no new traffic; whoever hangs does not hold it up.
const NEWS_LIMIT: Duration = Duration::from_millis(250);

/// Kills the pods that run and looks that their processes are gone; who they were, in words.
pub(super) async fn kill_all(crew: &Crew, pods: &[String]) -> Result<Said, TargetError> {
    let lines: Vec<_> = pods.iter().filter_map(|name| crew.line(name)).collect();
    kill_lines(crew, &lines).await
}

/// Like [`kill_all`], for these processes and not those that may have followed them.
pub(super) async fn kill_lines(crew: &Crew, lines: &[Arc<Line>]) -> Result<Said, TargetError> {
    for line in lines {
        kill(line.pid).map_err(TargetError)?;
    }
    let who = lines
        .iter()
        .map(|line| said!("lab-process", "{pod} (process {pid})", pod = line.pod, pid = line.pid));
    let said = Said::all(who, Between::Comma);
    if gone(lines, KILL_LIMIT).await {
        noticed(crew, lines).await;
        Ok(said)
    } else {
        let limit = KILL_LIMIT.as_secs();
        Err(TargetError(format!("still there {limit} s after SIGKILL: {said}")))
    }
}

/// A pod that was to be ended gets traffic again when whoever wanted it is stopped before it was told.
struct Farewell<'a> {
    slot: &'a Slot,
    told: bool,
}

impl Drop for Farewell<'_> {
    fn drop(&mut self) {
        if !self.told {
            self.slot.change(|state| state.leaving = false);
        }
    }
}

/// Ends a pod's process so that nobody notices: no new traffic, then time to finish what is under way, for at most
/// `grace`. `before` happens right before it is told to stop. False where someone else is already at it.
pub(super) async fn stop_gently(
    crew: &Crew,
    slot: &Slot,
    grace: Duration,
    before: impl FnOnce(),
) -> Result<bool, TargetError> {
    let mut line: Option<Arc<Line>> = None;
    slot.change(|state| {
        if !state.leaving {
            line = state.line.clone();
            state.leaving = line.is_some();
        }
    });
    let Some(line) = line else { return Ok(false) };
    let mut farewell = Farewell { slot, told: false };
    // Those that have not heard by then hang: they call nobody.
    let _ = timeout(NEWS_LIMIT, crew.settle()).await;
    before();
    line.tell(What::Stop);
    farewell.told = true;
    let lines = [line];
    if !gone(&lines, grace).await {
        kill(lines[0].pid).map_err(TargetError)?;
        if !gone(&lines, KILL_LIMIT).await {
            let Line { pod, pid, .. } = &*lines[0];
            return Err(TargetError(format!("{pod} (process {pid}) does not end")));
        }
    }
    noticed(crew, &lines).await;
    Ok(true)
}

/// Waits until the lab has seen as well that the processes are gone, so that nobody is told otherwise.
async fn noticed(crew: &Crew, lines: &[Arc<Line>]) {
    let known =
        |line: &Arc<Line>| crew.line(line.pod).is_some_and(|known| Arc::ptr_eq(&known, line));
    let wait = async {
        while lines.iter().any(known) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    // It will be seen later then; the processes are gone all the same.
    let _ = timeout(KILL_LIMIT, wait).await;
}

/// Whether all processes are gone within `limit`.
async fn gone(lines: &[Arc<Line>], limit: Duration) -> bool {
    let each = lines.iter().map(|line| async {
        while alive(line.pid) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    });
    timeout(limit, join_all(each)).await.is_ok()
}
