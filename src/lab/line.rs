//! The line to one running pod: orders with answers. One per process; a replaced pod has a new one.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::channel::{Answer, Order, What};
use crate::lab::lock::lock;
use crate::port::target::TargetError;

/// How long a pod may take to do as told.
const LIMIT: Duration = Duration::from_secs(3);

/// The line to one process.
pub(super) struct Line {
    /// The pod's name.
    pub pod: &'static str,
    /// The process.
    pub pid: u32,
    orders: mpsc::UnboundedSender<Order>,
    waiting: Mutex<HashMap<u64, oneshot::Sender<Answer>>>,
    next: AtomicU64,
}

impl Line {
    /// A line, and what has to be written to the process.
    pub(super) fn new(pod: &'static str, pid: u32) -> (Self, mpsc::UnboundedReceiver<Order>) {
        let (orders, outgoing) = mpsc::unbounded_channel();
        let (waiting, next) = Default::default();
        (Self { pod, pid, orders, waiting, next }, outgoing)
    }

    /// Tells, without waiting for an answer.
    pub(super) fn tell(&self, what: What) {
        let seq = self.next.fetch_add(1, Ordering::Relaxed);
        // Whoever is gone needs no orders.
        let _ = self.orders.send(Order { seq, what });
    }

    /// Tells, and waits for the answer.
    pub(super) async fn call(&self, what: What) -> Result<Answer, TargetError> {
        self.call_for(what, LIMIT).await
    }

    /// Tells, and waits for the answer for so long.
    pub(super) async fn call_for(
        &self,
        what: What,
        limit: Duration,
    ) -> Result<Answer, TargetError> {
        let seq = self.next.fetch_add(1, Ordering::Relaxed);
        let (tell, told) = oneshot::channel();
        self.waiting().insert(seq, tell);
        let gone = || TargetError(format!("{} ended", self.pod));
        self.orders.send(Order { seq, what }).map_err(|_| gone())?;
        let answer = tokio::time::timeout(limit, told).await;
        self.waiting().remove(&seq);
        match answer {
            Ok(Ok(Answer::Failed { why })) => Err(TargetError(why)),
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) => Err(gone()),
            Err(_) => Err(TargetError(format!("{} does not answer", self.pod))),
        }
    }

    /// Hands an answer to whoever waits for it.
    pub(super) fn answered(&self, seq: u64, answer: Answer) {
        if let Some(tell) = self.waiting().remove(&seq) {
            // It may have given up just now.
            let _ = tell.send(answer);
        }
    }

    /// The process has ended: nobody waits any longer.
    pub(super) fn close(&self) {
        self.waiting().clear();
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<u64, oneshot::Sender<Answer>>> {
        lock(&self.waiting)
    }
}
