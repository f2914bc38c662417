//! Waits until pods take traffic again, and brings pods home to their nodes. Whatever kept them away is lifted before.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::future::join_all;
use tokio::time::timeout;

use super::crew::{Crew, Slot};
use super::ending::stop_gently;
use super::process::alive;
use crate::exercise::target::PodHealth;
use crate::port::target::TargetError;

/// Pods must take traffic again within so long.
const LIMIT: Duration = Duration::from_secs(20);

/// A pod on its way home has so long to finish what is under way.
const GRACE: Duration = Duration::from_millis(500);

/// Waits until the pods take traffic, except those that something else keeps from it; says how their apps are.
pub(super) async fn ready_again(crew: &Crew, pods: &[String]) -> Result<String, TargetError> {
    let mut topology = crew.watch();
    let mut news = crew.holds.watch();
    let ready = || pods.iter().filter_map(|name| crew.slot(name)).all(|slot| is_well(crew, slot));
    let wait = async {
        while !ready() {
            tokio::select! {
                changed = topology.changed() => if changed.is_err() { return },
                _ = news.changed() => {}
            }
        }
    };
    let in_time = timeout(LIMIT, wait).await.is_ok() && ready();
    let now = crew.topology_now();
    let mut said: Vec<String> = Vec::new();
    for pod in pods {
        let Some(app) = now.pods.iter().find(|one| one.name == *pod).map(|one| one.app()) else {
            continue;
        };
        let of_app: Vec<_> = now.pods.iter().filter(|one| one.app() == app).collect();
        let ready = of_app.iter().filter(|one| one.health == PodHealth::Ready).count();
        let count = format!("{app} {ready}/{} ready", of_app.len());
        if !said.contains(&count) {
            said.push(count);
        }
    }
    let kept = pods.iter().filter_map(|name| crew.slot(name)).filter(|slot| kept_away(crew, slot));
    said.extend(kept.map(|slot| format!("something else keeps {} away", slot.plan.name)));
    let said = said.join(", ");
    if in_time { Ok(said) } else { Err(TargetError(format!("not replaced yet: {said}"))) }
}

fn is_well(crew: &Crew, slot: &Slot) -> bool {
    let state = slot.state();
    let runs = state.health == PodHealth::Ready && state.line.is_some_and(|line| alive(line.pid));
    state.absent || runs || kept_away(crew, slot)
}

fn kept_away(crew: &Crew, slot: &Slot) -> bool {
    let state = slot.state();
    let down = state.line.is_none() && !crew.may_run(slot);
    !state.absent && (down || crew.holds.hangs(slot.plan.name))
}

/// Brings every pod that runs elsewhere back to its own node, where that is in use again; of one app one after another.
pub(super) async fn go_home(crew: &Crew) -> Result<(), TargetError> {
    let mut away: BTreeMap<&str, Vec<&Slot>> = BTreeMap::new();
    for (slot, state) in crew.present() {
        if state.node != slot.plan.node && !crew.holds.closes(slot.plan.node) {
            away.entry(slot.plan.role.app()).or_default().push(slot);
        }
    }
    let apps = away.into_values().map(|slots| async move {
        for slot in slots {
            let home = || slot.change(|state| state.node = slot.plan.node);
            if slot.state().line.is_none() {
                home();
            } else if stop_gently(crew, slot, GRACE, home).await? {
                ready_again(crew, &[slot.plan.name.to_owned()]).await?;
            }
        }
        Ok(())
    });
    join_all(apps).await.into_iter().collect()
}
