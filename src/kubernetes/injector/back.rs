//! The way back: read from what was written down, gone by whoever is there. Not the doing.

use crate::exercise::said::{Between, Said, said};
use crate::exercise::undo::Undo;
use crate::gameday::text::printable;
use crate::kubernetes::chaos;
use crate::kubernetes::chaos::ladder::Consent;
use crate::kubernetes::chaos::placed::Placed;
use crate::kubernetes::connect::{Connection, IN_CLUSTER, connect};
use crate::kubernetes::journal;
use crate::kubernetes::native;
use crate::kubernetes::native::change::Change;
use crate::kubernetes::undo::{Part, UndoData};
use crate::port::target::TargetError;

/// What was written down, in its two kinds.
pub(super) fn of(data: &UndoData) -> (Vec<Placed>, Vec<Change>) {
    let (mut placed, mut changes) = (Vec::new(), Vec::new());
    for part in &data.parts {
        match part {
            Part::Chaos(one) => placed.push(one.clone()),
            Part::Native(one) => changes.push(one.clone()),
        }
    }
    (placed, changes)
}

/// The way back in words.
pub(super) fn way(data: &UndoData) -> Said {
    let (placed, changes) = of(data);
    let chaos = placed.iter().map(|one| {
        let name = format!("{} {}/{}", one.kind, one.namespace, one.name);
        said!("way-let-go", "let go of {name}", name = printable(&name, 160))
    });
    let native = changes.iter().map(|one| {
        let what = &one.what;
        match one.stays() {
            true => said!("way-take-back", "take back: {what}", what = what),
            false => said!(
                "way-wait",
                "nothing to take back of: {what}; the pods are waited for until they are ready",
                what = what
            ),
        }
    });
    Said::all(native.chain(chaos), Between::Then)
}

fn read(undo: &Undo) -> Result<UndoData, TargetError> {
    serde_json::from_value(undo.data.clone()).map_err(|error| {
        TargetError(format!("what was written down of the way back cannot be read: {error}"))
    })
}

/// The way to the cluster that a fault was done to, for a process that did not do it; and the run.
pub(super) async fn ask_back(undo: &Undo) -> Result<(Connection, String), TargetError> {
    let data = read(undo)?;
    let context = Some(data.context.as_str()).filter(|name| *name != IN_CLUSTER);
    Ok((connect(context, Some(&data.namespace)).await?, data.run))
}

/// Undoes it: first what was changed by hand, then experiments, and strikes it out. Each is tried, whatever becomes of the
/// other.
pub(super) async fn revert(connection: &Connection, undo: &Undo) -> Result<Said, TargetError> {
    let data = read(undo)?;
    if data.server != connection.server {
        return Err(TargetError(format!(
            "context {} leads to {} now, and the fault is at {}: point the context there, and run gameday recover",
            printable(&connection.context, 60),
            printable(&connection.server, 120),
            printable(&data.server, 120)
        )));
    }
    let mut at = connection.clone();
    at.namespace.clone_from(&data.namespace);
    let (placed, changes) = of(&data);
    let mut outcomes = Vec::new();
    if !changes.is_empty() {
        outcomes.push(native::carry::revert(&at, &changes).await);
    }
    if !placed.is_empty() {
        outcomes.push(chaos::carry::let_go(&at, &data.run, &placed, Consent::No).await);
    }
    let (mut seen, mut failed) = (Vec::new(), Vec::new());
    for outcome in outcomes {
        match outcome {
            Ok(evidence) => seen.push(evidence),
            Err(error) => failed.push(error.0),
        }
    }
    if !failed.is_empty() {
        return Err(TargetError(failed.join("; ")));
    }
    journal::strike(&at, &data.run, &undo.key).await?;
    Ok(Said::all(seen, Between::Then))
}
