//! Stand-in until the real one is merged.
use super::{connect::Connection, step::Step, undo::UndoData};
use crate::port::target::TargetError;
pub async fn note(_: &Connection, _: &Step, _: &UndoData) -> Result<(), TargetError> {
    Ok(())
}
pub async fn strike(_: &Connection, _: &str, _: &str) -> Result<(), TargetError> {
    Ok(())
}
pub async fn close(_: &Connection, _: &str) -> Result<(), TargetError> {
    Ok(())
}
