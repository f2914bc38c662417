//! What is done to whole workloads of the lab: some of their pods go and stay away, or all are restarted one after another. The
//! way back is the one of `down`, or to wait.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::future::try_join_all;

use super::back::ready_again;
use super::crew::{Crew, Slot};
use super::ending::stop_gently;
use crate::exercise::blast::leaving;
use crate::exercise::said::{Between, Said, said};
use crate::exercise::target::Pod;
use crate::gameday::replicas::Replicas;
use crate::port::target::{FaultOrder, TargetError};

/// A pod that is restarted has so long to finish what is under way.
const GRACE: Duration = Duration::from_millis(500);

/// The order for those of its victims that go when their workloads are scaled.
///
/// # Errors
/// When none of them goes.
pub(super) fn scaled(
    crew: &Crew,
    order: &FaultOrder,
    replicas: Replicas,
) -> Result<FaultOrder, TargetError> {
    let now = crew.topology_now();
    let theirs: Vec<&Pod> =
        now.pods.iter().filter(|pod| order.victims.contains(&pod.name)).collect();
    let victims = leaving(&theirs, replicas);
    if victims.is_empty() {
        let pods = order.victims.join(", ");
        return Err(TargetError(format!("scaled to {replicas}, {pods} would lose no pod")));
    }
    Ok(FaultOrder { victims, ..order.clone() })
}

/// Restarts the pods. Of one app a pod ends only when the one before takes traffic again.
pub(super) async fn restart(crew: &Crew, pods: &[String]) -> Result<Said, TargetError> {
    let mut apps: BTreeMap<&str, Vec<&Slot>> = BTreeMap::new();
    for slot in pods.iter().filter_map(|name| crew.slot(name)) {
        apps.entry(slot.plan.role.app()).or_default().push(slot);
    }
    let each = apps.into_values().map(|slots| async move {
        let mut said = Vec::new();
        for slot in slots {
            let name = slot.plan.name;
            // One that does not run now starts anew anyway.
            stop_gently(crew, slot, GRACE, || ()).await?;
            ready_again(crew, &[name.to_owned()]).await?;
            let line = crew.line(name).ok_or_else(|| TargetError(format!("{name} does not run")));
            said.push(said!("lab-process", "{pod} (process {pid})", pod = name, pid = line?.pid));
        }
        Ok::<_, TargetError>(said)
    });
    let told = try_join_all(each).await?.into_iter().flatten();
    let pods = Said::all(told, Between::Comma);
    Ok(said!("lab-restarted-in-turn", "restarted one after another: {pods}", pods = pods))
}
