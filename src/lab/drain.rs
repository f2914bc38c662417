//! Empties nodes: their pods get no new traffic, finish what they do, and run elsewhere where they can. The way back is
//! the one of `down`.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::future::join_all;
use tokio::time::timeout;

use super::back::ready_again;
use super::crew::{Crew, Slot};
use super::down::nodes_of;
use super::ending::{kill_all, stop_gently};
use super::hold::Hold;
use super::process::alive;
use crate::exercise::said::{Between, Said, said};
use crate::port::target::{FaultOrder, TargetError};

/// All must have left within so long, whatever grace says.
const LIMIT: Duration = Duration::from_secs(20);

/// Empties the victims' nodes. Of one app a pod leaves only when the one before takes traffic elsewhere.
pub(super) async fn drain(
    crew: &Crew,
    order: &FaultOrder,
    grace: Duration,
) -> Result<Said, TargetError> {
    let nodes = nodes_of(crew, order);
    let place = nodes.join(", ");
    crew.holds.put(Hold { order: order.key.clone(), nodes: nodes.clone(), ..Hold::default() });
    let mut apps: BTreeMap<&str, Vec<&Slot>> = BTreeMap::new();
    for slot in order.victims.iter().filter_map(|name| crew.slot(name)) {
        apps.entry(slot.plan.role.app()).or_default().push(slot);
    }
    let work = join_all(apps.into_values().map(|slots| async move {
        let mut said = Vec::new();
        for slot in slots {
            let name = slot.plan.name;
            stop_gently(crew, slot, grace, || ()).await?;
            if crew.may_run(slot) {
                ready_again(crew, &[name.to_owned()]).await?;
                let node = slot.state().node;
                said.push(said!("lab-runs-on", "{pod} runs on {node}", pod = name, node = node));
            } else {
                said.push(said!("lab-stopped", "{pod} has stopped", pod = name));
            }
        }
        Ok::<_, TargetError>(said)
    }));
    let mut said = vec![said!("lab-place-empty", "{place} is empty", place = place)];
    if let Ok(done) = timeout(LIMIT, work).await {
        for one in done {
            said.extend(one?);
        }
    } else {
        said.push(said!(
            "lab-killed-after",
            "killed after {seconds} s: {pods}",
            seconds = LIMIT.as_secs(),
            pods = left(crew, order, &nodes).await?
        ));
    }
    Ok(Said::all(said, Between::Then))
}

/// Kills who is still there.
async fn left(crew: &Crew, order: &FaultOrder, nodes: &[String]) -> Result<Said, TargetError> {
    let there = |name: &&String| {
        crew.slot(name).is_some_and(|slot| {
            let state = slot.state();
            nodes.iter().any(|node| node == state.node)
                && state.line.is_some_and(|line| alive(line.pid))
        })
    };
    let late: Vec<String> = order.victims.iter().filter(there).cloned().collect();
    kill_all(crew, &late).await
}
