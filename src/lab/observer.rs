//! The lab as a target that can be looked at.

use tokio::sync::watch;

use super::running::Lab;
use crate::exercise::target::Topology;
use crate::port::target::{Answer, TargetError, TargetObserver};

impl TargetObserver for Lab {
    fn watch(&self) -> watch::Receiver<Topology> {
        self.crew().watch()
    }

    fn survey(&self) -> Answer<'_, Result<Topology, TargetError>> {
        Box::pin(async { Ok(self.crew().topology_now()) })
    }
}
