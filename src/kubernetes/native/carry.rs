//! Makes changes, looks at them, and takes them back: first what gives permissions, then the newest. Nothing that somebody else
//! changed since is overwritten. Whatever is done may be done again: each begins with a look at what there is.

mod bindings;
mod pods;
mod prepare;
mod ready;
mod secret;
mod set;
mod wait;

use futures::future::join_all;

use super::ask::Server;
use super::change::{Change, Deed};
use super::edit::Way;
use super::verdict::Verdict;
use crate::exercise::said::{Between, Said};
use crate::kubernetes::connect::Connection;
use crate::port::target::TargetError;

pub use prepare::prepare;

/// Makes the changes and looks that they took effect.
///
/// # Errors
/// What could not be done; what was done before stays until it is reverted.
pub async fn apply(connection: &Connection, changes: &[Change]) -> Result<Said, TargetError> {
    let server = Server::new(&connection.client);
    let mut said = Vec::new();
    for change in changes {
        said.push(match &change.deed {
            Deed::Patch { .. } | Deed::Restart { .. } => {
                set::set(&server, change, Way::There).await?
            }
            Deed::Evict { pods, grace } => pods::evict(&server, pods, *grace).await?,
            Deed::Delete { pods } => pods::delete(&server, pods).await?,
            Deed::SecretSwap { .. } => secret::put(&server, change).await?,
        });
    }
    let effects = changes.iter().flat_map(|change| {
        change.effect.iter().map(|effect| wait::effect(&server, change, effect))
    });
    for effect in join_all(effects).await {
        said.push(effect?);
    }
    for change in changes {
        if let Deed::Patch { brief: true, .. } = &change.deed {
            said.push(set::set(&server, change, Way::Back).await?);
        }
    }
    said.extend(changes.iter().flat_map(|change| change.warnings.iter().cloned()));
    Ok(Said::all(said, Between::Then))
}

/// Takes the changes back and looks that what was before is again.
///
/// # Errors
/// What could not be undone, and how to mend it; everything else was.
pub async fn revert(connection: &Connection, changes: &[Change]) -> Result<Said, TargetError> {
    go_back(connection, changes, Over::Nothing).await
}

/// The same, but what somebody else put there since goes, too. Only where a person says so.
///
/// # Errors
/// What could not be undone; everything else was.
pub async fn take_back(connection: &Connection, changes: &[Change]) -> Result<Said, TargetError> {
    go_back(connection, changes, Over::Others).await
}

/// What somebody else put there since, in words; `None`: nothing that would be overwritten by going back.
///
/// # Errors
/// When the server does not say what is there.
pub async fn others(
    connection: &Connection,
    change: &Change,
) -> Result<Option<String>, TargetError> {
    let server = Server::new(&connection.client);
    let judged = match &change.deed {
        Deed::Patch { .. } => set::judged(&server, change).await?,
        Deed::SecretSwap { .. } => secret::judged(&server, change).await?,
        Deed::Evict { .. } | Deed::Delete { .. } | Deed::Restart { .. } => None,
    };
    Ok(judged.and_then(|verdict| match verdict {
        Verdict::Foreign(how) => Some(how),
        _ => None,
    }))
}

/// What may be overwritten on the way back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Only what we put there.
    Nothing,
    /// What others put there, too: a person said so.
    Others,
}

/// Undoes them as far as may be overwritten.
///
/// # Errors
/// What could not be undone; everything else was.
pub async fn go_back(
    connection: &Connection,
    changes: &[Change],
    over: Over,
) -> Result<Said, TargetError> {
    let server = Server::new(&connection.client);
    let (mut said, mut failed) = (Vec::new(), Vec::new());
    for change in in_turn(changes) {
        let outcome = match &change.deed {
            Deed::Patch { .. } if over == Over::Others => set::overwrite(&server, change).await,
            Deed::Patch { .. } => set::set(&server, change, Way::Back).await,
            Deed::SecretSwap { .. } => secret::restore(&server, change, over == Over::Others).await,
            // Nothing to take away: what is made again is waited for.
            Deed::Evict { .. } | Deed::Delete { .. } | Deed::Restart { .. } => continue,
        };
        match outcome {
            Ok(one) => said.push(one),
            Err(error) => failed.push(error.0),
        }
    }
    let backs = changes.iter().flat_map(|change| &change.back);
    for outcome in join_all(backs.map(|back| wait::back(&server, back))).await {
        match outcome {
            Ok(one) => said.push(one),
            Err(error) => failed.push(error.0),
        }
    }
    match failed.is_empty() {
        true => Ok(Said::all(said, Between::Then)),
        false => Err(TargetError(failed.join("; "))),
    }
}

/// In the order in which they are taken back.
fn in_turn(changes: &[Change]) -> Vec<&Change> {
    let mut all: Vec<&Change> = changes.iter().rev().collect();
    all.sort_by_key(|change| change.turn());
    all
}
