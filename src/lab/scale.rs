//! Runs an app in more or fewer pods, and starts pods again, for people. Nobody who is being served notices.

use std::time::Duration;

use super::back::ready_again;
use super::crew::{Crew, Slot};
use super::ending::stop_gently;
use super::shop::SPARES;
use crate::exercise::said::{Said, said};
use crate::exercise::target::PodHealth;
use crate::port::target::TargetError;

/// A pod that is stopped has so long to finish what is under way.
const GRACE: Duration = Duration::from_secs(1);

/// Runs `app` in `replicas` pods.
///
/// # Errors
/// When the app cannot be scaled so far, or a pod does not get ready.
pub(super) async fn scale(crew: &Crew, app: &str, replicas: u32) -> Result<Said, TargetError> {
    if !SPARES.iter().any(|one| one.role.app() == app) {
        let why = format!("{app} cannot be scaled; web-app and backend-service can");
        return Err(TargetError(why));
    }
    let mut slots: Vec<&Slot> =
        crew.slots().iter().filter(|slot| slot.plan.role.app() == app).collect();
    slots.sort_by_key(|slot| slot.plan.name);
    let wanted = usize::try_from(replicas).unwrap_or(usize::MAX);
    if wanted == 0 || wanted > slots.len() {
        return Err(TargetError(format!("{app} can run in 1 to {} pods", slots.len())));
    }
    let (absent, mut present): (Vec<&Slot>, Vec<&Slot>) =
        slots.into_iter().partition(|slot| slot.state().absent);
    let before = present.len();
    if wanted >= before {
        let new: Vec<&Slot> = absent.into_iter().take(wanted - before).collect();
        for slot in &new {
            add(crew, slot);
        }
        crew.holds.stir();
        crew.publish();
        let names: Vec<String> = new.iter().map(|slot| slot.plan.name.to_owned()).collect();
        ready_again(crew, &names).await?;
    } else {
        // Those that are of no use anyway go first, then the newest.
        present.sort_by_key(|slot| slot.state().health == PodHealth::Dead);
        for slot in present.into_iter().rev().take(before - wanted) {
            remove(crew, slot).await?;
        }
        crew.publish();
    }
    Ok(said!(
        "lab-scaled",
        "{app} runs in {wanted} pods, {before} before",
        app = app,
        wanted = wanted,
        before = before
    ))
}

fn add(crew: &Crew, slot: &Slot) {
    let home = slot.plan.node;
    let node = if crew.holds.closes(home) { crew.open_node() } else { None };
    slot.change(|state| {
        state.absent = false;
        state.health = PodHealth::Starting;
        state.note = Said::default();
        state.node = node.unwrap_or(home);
    });
}

async fn remove(crew: &Crew, slot: &Slot) -> Result<(), TargetError> {
    let unwanted = || slot.change(|state| state.absent = true);
    if slot.state().line.is_none() {
        unwanted();
    } else {
        stop_gently(crew, slot, GRACE, unwanted).await?;
    }
    Ok(())
}

/// Ends the pod's process, if there is one, and waits until the next takes traffic. A pod of a lost node is started
/// elsewhere, if it can run there.
///
/// # Errors
/// When there is no such pod, something keeps it down, or it does not get ready.
pub(super) async fn restart(crew: &Crew, pod: &str) -> Result<Said, TargetError> {
    let slot = crew.slot(pod).filter(|slot| !slot.state().absent);
    let slot = slot.ok_or_else(|| TargetError(format!("the lab has no pod {pod}")))?;
    if crew.holds.keeps_down(pod) {
        return Err(TargetError(format!("{pod} does not come up again")));
    }
    let state = slot.state();
    if crew.holds.closes(state.node) {
        let node = if state.role.moves() { crew.open_node() } else { None };
        let node = node.ok_or_else(|| {
            TargetError(format!("{pod} can only run on {}, which is not in use", state.node))
        })?;
        slot.change(|state| state.node = node);
        crew.holds.stir();
    } else {
        stop_gently(crew, slot, GRACE, || ()).await?;
    }
    ready_again(crew, &[pod.to_owned()]).await?;
    let state = slot.state();
    let process = state.line.map(|line| line.pid).unwrap_or_default();
    Ok(said!(
        "lab-takes-traffic",
        "{pod} takes traffic on {node}, process {process}",
        pod = pod,
        node = state.node,
        process = process
    ))
}
