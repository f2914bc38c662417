//! Restarts pods with other variables in their environment, and with their own again. What the variables mean is the
//! pods'.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::future::join_all;

use super::back::ready_again;
use super::crew::{Crew, Slot};
use super::ending::stop_gently;
use super::settings::environment_name;
use crate::exercise::said::{Said, said};
use crate::port::target::TargetError;

/// A pod that is restarted has so long to finish what is under way.
const GRACE: Duration = Duration::from_millis(500);

/// Restarts the pods with these settings in their environment on behalf of an order; what was seen.
pub(super) async fn change(
    crew: &Crew,
    order: &str,
    pods: &[String],
    set: &BTreeMap<String, String>,
) -> Result<Said, TargetError> {
    let variables: BTreeMap<String, String> =
        set.iter().map(|(name, value)| (environment_name(name), value.clone())).collect();
    restart(crew, pods, |slot| {
        slot.change(|state| {
            state.environment.insert(order.to_owned(), variables.clone());
        });
    })
    .await?;
    let set: Vec<_> = variables.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let (pods, set) = (pods.join(", "), set.join(" "));
    Ok(said!("lab-restarted-with", "{pods} restarted with {set}", pods = pods, set = set))
}

/// Restarts those of the pods that still have what the order put into their environment; what was seen.
pub(super) async fn restore(
    crew: &Crew,
    order: &str,
    pods: &[String],
) -> Result<Option<Said>, TargetError> {
    let has = |name: &&String| {
        crew.slot(name).is_some_and(|slot| slot.state().environment.contains_key(order))
    };
    let changed: Vec<String> = pods.iter().filter(has).cloned().collect();
    if changed.is_empty() {
        return Ok(None);
    }
    restart(crew, &changed, |slot| {
        slot.change(|state| {
            state.environment.remove(order);
        });
    })
    .await?;
    Ok(Some(said!(
        "lab-restarted",
        "{pods} restarted with its own environment",
        pods = changed.join(", ")
    )))
}

/// Restarts those pods of an app that have anything in their environment; how many there were.
pub(super) async fn roll_back(crew: &Crew, app: &str) -> Result<usize, TargetError> {
    let changed = crew
        .slots()
        .iter()
        .filter(|slot| slot.plan.role.app() == app && !slot.state().environment.is_empty());
    let changed: Vec<String> = changed.map(|slot| slot.plan.name.to_owned()).collect();
    if !changed.is_empty() {
        restart(crew, &changed, |slot| slot.change(|state| state.environment.clear())).await?;
    }
    Ok(changed.len())
}

async fn restart(crew: &Crew, pods: &[String], before: impl Fn(&Slot)) -> Result<(), TargetError> {
    let each = pods.iter().filter_map(|name| crew.slot(name)).map(|slot| async {
        // Also one that does not run now starts with it.
        before(slot);
        stop_gently(crew, slot, GRACE, || ()).await
    });
    for done in join_all(each).await {
        done?;
    }
    ready_again(crew, pods).await.map(|_| ())
}
