//! Stand-in until the real one is merged.
use super::connect::Connection;
use crate::port::{clock::Clock, target::TargetError};
use std::sync::Arc;
use tokio::sync::watch;
pub struct Keeper(watch::Receiver<Option<String>>);
pub async fn end(_: &Connection, _: &str) -> Result<(), TargetError> {
    Ok(())
}
impl Keeper {
    pub async fn start(
        _: &Connection,
        _: &str,
        _: &str,
        _: Arc<dyn Clock>,
    ) -> Result<Self, TargetError> {
        Ok(Self(watch::channel(None).1))
    }
    pub fn halted(&self) -> watch::Receiver<Option<String>> {
        self.0.clone()
    }
    pub async fn end(self) -> Result<(), TargetError> {
        Ok(())
    }
}
