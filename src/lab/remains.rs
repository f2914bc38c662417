//! What is left of a lab whose program died, and the clearing away of it: faults of the lab live in its processes, so
//! without processes no fault is left.

use std::time::Duration;

use super::process::{alive, can_look, kill, orphans};
use super::undo;
use crate::exercise::said::{Said, said};
use crate::exercise::undo::Undo;
use crate::gameday::fault::Fault;
use crate::port::target::{Answer, FaultInjector, FaultOrder, TargetError};

/// Processes must be gone within so long after they were killed.
const LIMIT: Duration = Duration::from_secs(2);

/// Ends whatever is left of the lab `lab_id`, looks that nothing is, and says so.
///
/// # Errors
/// When the lab's program still runs, or a process cannot be killed.
pub async fn clear_remains(lab_id: &str) -> Result<Said, TargetError> {
    if !can_look() {
        return Err(TargetError(format!(
            "this system has no /proc to look for processes of lab {lab_id}; they end when their program does"
        )));
    }
    let found = orphans(lab_id);
    if let Some(starter) = found
        .iter()
        .find_map(|one| one.starter.filter(|starter| *starter == one.parent && alive(*starter)))
    {
        return Err(TargetError(format!("lab {lab_id} still runs, under process {starter}")));
    }
    for one in &found {
        kill(one.pid).map_err(TargetError)?;
    }
    let gone = async {
        while !orphans(lab_id).is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    if tokio::time::timeout(LIMIT, gone).await.is_err() {
        let left: Vec<_> = orphans(lab_id).iter().map(|one| one.pid.to_string()).collect();
        return Err(TargetError(format!(
            "processes of lab {lab_id} are left: {}",
            left.join(", ")
        )));
    }
    Ok(match found.len() {
        0 => said!("lab-none-left", "no process of lab {lab} is left", lab = lab_id),
        killed => said!(
            "lab-none-left-killed",
            "no process of lab {lab} is left; {killed} had to be killed",
            lab = lab_id,
            killed = killed
        ),
    })
}

/// Undoes the faults of labs that are gone. Does no new ones.
#[derive(Clone, Copy, Debug, Default)]
pub struct Remains;

impl FaultInjector for Remains {
    fn supports(&self, _: &Fault) -> Result<(), TargetError> {
        Err(no_lab())
    }

    fn prepare<'a>(&'a self, _: &'a FaultOrder) -> Answer<'a, Result<Undo, TargetError>> {
        Box::pin(async { Err(no_lab()) })
    }

    fn inject<'a>(&'a self, _: &'a FaultOrder) -> Answer<'a, Result<Said, TargetError>> {
        Box::pin(async { Err(no_lab()) })
    }

    fn revert<'a>(&'a self, undo: &'a Undo) -> Answer<'a, Result<Said, TargetError>> {
        Box::pin(async { clear_remains(&undo::read(undo)?.lab_id).await })
    }
}

fn no_lab() -> TargetError {
    TargetError("no lab is running".to_owned())
}
