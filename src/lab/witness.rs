//! The lab's own eyes on what customers and pods see: a TLS handshake, the time in a pod. Changes nothing.

use std::net::SocketAddr;
use std::sync::Arc;

use super::authority::Authority;
use super::channel::{Answer, What};
use super::handshake::{Trouble, handshake};
use super::line::Line;
use crate::port::clock::Clock;
use crate::port::target::TargetError;

/// What the lab looks with.
pub(super) struct Witness {
    authority: Arc<Authority>,
    clock: Arc<dyn Clock>,
}

impl Witness {
    /// Trusts the authority, goes by the clock.
    pub(super) fn new(authority: &Arc<Authority>, clock: &Arc<dyn Clock>) -> Self {
        Self { authority: Arc::clone(authority), clock: Arc::clone(clock) }
    }

    /// What time it is, in milliseconds since 1970.
    pub(super) fn wall_millis(&self) -> i64 {
        self.clock.wall_millis()
    }

    /// Makes a handshake as a customer does.
    pub(super) async fn handshake(&self, address: SocketAddr) -> Result<(), Trouble> {
        handshake(address, self.authority.pem(), Arc::new(Arc::clone(&self.clock))).await
    }

    /// Sends the pod a new certificate, and waits until it has it.
    pub(super) async fn certify(&self, line: &Line) -> Result<(), TargetError> {
        let kit = self.authority.kit(self.clock.wall_millis());
        let kit = kit.map_err(|error| TargetError(format!("no certificate: {error}")))?;
        line.call(What::Certificate(Box::new(kit))).await.map(drop)
    }

    /// How far the clock of the pod is ahead, in milliseconds; at least and at most.
    pub(super) async fn ahead(&self, line: &Line) -> Result<(i64, i64), TargetError> {
        let before = self.clock.wall_millis();
        match line.call(What::Time).await? {
            Answer::Time { wall } => Ok((wall - self.clock.wall_millis(), wall - before)),
            other => Err(TargetError(format!("{} answered {other:?}", line.pod))),
        }
    }
}
