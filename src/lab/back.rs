//! Waits until pods take traffic again, and brings pods home to their nodes. Whatever kept them away is lifted by others.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use tokio::time::timeout;

use super::channel::What;
use super::crew::{Crew, Slot};
use super::ending::stop_gently;
use super::process::alive;
use crate::exercise::said::{Between, Said, said};
use crate::exercise::target::PodHealth;
use crate::port::target::TargetError;

/// Pods must take traffic again within so long.
const LIMIT: Duration = Duration::from_secs(20);

/// A pod on its way home has so long to finish what is under way.
const GRACE: Duration = Duration::from_millis(500);

/// Someone waits for the pods: dead ones are not left waiting before they are started again. So often, and so many times
/// at most, since what ends as soon as it is started is not helped by that.
const HURRY: Duration = Duration::from_millis(50);
const HURRIES: u32 = 10;

/// A pod that could not be brought home is tried again after so long.
const HOME_AGAIN: Duration = Duration::from_secs(5);

/// Waits until the pods take traffic, except those that something else keeps from it; says how their apps are.
pub(super) async fn ready_again(crew: &Crew, pods: &[String]) -> Result<Said, TargetError> {
    let mut topology = crew.watch();
    let mut news = crew.holds.watch();
    let ready = || pods.iter().filter_map(|name| crew.slot(name)).all(|slot| is_well(crew, slot));
    let mut hurries = 0;
    let wait = async {
        while !ready() {
            tokio::select! {
                changed = topology.changed() => if changed.is_err() { return },
                _ = news.changed() => {}
                () = tokio::time::sleep(HURRY), if hurries < HURRIES => {
                    let slots = pods.iter().filter_map(|name| crew.slot(name));
                    hurries += u32::from(slots.filter(|slot| hurry(slot)).count() > 0);
                }
            }
        }
    };
    let in_time = timeout(LIMIT, wait).await.is_ok() && ready();
    let now = crew.topology_now();
    let mut said: Vec<Said> = Vec::new();
    for pod in pods {
        let Some(app) = now.pods.iter().find(|one| one.name == *pod).map(|one| one.app()) else {
            continue;
        };
        let of_app: Vec<_> = now.pods.iter().filter(|one| one.app() == app).collect();
        let ready = of_app.iter().filter(|one| one.health == PodHealth::Ready).count();
        let all = of_app.len();
        let count =
            said!("lab-ready", "{app} {ready}/{all} ready", app = app, ready = ready, all = all);
        if !said.contains(&count) {
            said.push(count);
        }
    }
    let kept = pods.iter().filter_map(|name| crew.slot(name)).filter(|slot| kept_away(crew, slot));
    said.extend(kept.map(|slot| {
        said!("lab-kept-away", "something else keeps {pod} away", pod = slot.plan.name)
    }));
    let said = Said::all(said, Between::Comma);
    if in_time { Ok(said) } else { Err(TargetError(format!("not replaced yet: {said}"))) }
}

/// Has a dead pod started at once, and looked at one that has died unnoticed; whether it waits to be started.
fn hurry(slot: &Slot) -> bool {
    let state = slot.state();
    if let Some(line) = state.line.filter(|line| !alive(line.pid)) {
        // Whoever watches over it finds that it is gone when something is to be written to it.
        line.tell(What::Ping);
    }
    let waits = state.health == PodHealth::Dead;
    if waits {
        slot.soon.notify_waiters();
    }
    waits
}

fn is_well(crew: &Crew, slot: &Slot) -> bool {
    let state = slot.state();
    let ready = state.health == PodHealth::Ready && !state.leaving;
    let runs = ready && state.line.is_some_and(|line| alive(line.pid));
    state.absent || runs || kept_away(crew, slot)
}

fn kept_away(crew: &Crew, slot: &Slot) -> bool {
    let state = slot.state();
    let down = state.line.is_none() && !crew.may_run(slot);
    !state.absent && (down || crew.holds.hangs(slot.plan.name))
}

/// Brings pods that run elsewhere home, for ever: as soon as their own nodes are in use again and no fault is being
/// undone, which must not wait for it.
pub(super) async fn bring_home(crew: Arc<Crew>) {
    let mut news = crew.holds.watch();
    let mut undoing = crew.undoing.subscribe();
    loop {
        news.borrow_and_update();
        if undoing.wait_for(|count| *count == 0).await.is_err() {
            return;
        }
        if go_home(&crew).await.is_ok() {
            if news.changed().await.is_err() {
                return;
            }
        } else if *undoing.borrow() == 0 {
            let _ = timeout(HOME_AGAIN, news.changed()).await;
        }
    }
}

/// A fault is being undone as long as this lives.
pub(super) struct Undoing<'a>(&'a Crew);

impl<'a> Undoing<'a> {
    /// It begins.
    pub(super) fn begin(crew: &'a Crew) -> Self {
        crew.undoing.send_modify(|count| *count += 1);
        Self(crew)
    }
}

impl Drop for Undoing<'_> {
    fn drop(&mut self) {
        self.0.undoing.send_modify(|count| *count -= 1);
    }
}

/// Whether the pod runs elsewhere and could run on its own node.
fn is_away(crew: &Crew, slot: &Slot) -> bool {
    let state = slot.state();
    !state.absent && state.node != slot.plan.node && !crew.holds.closes(slot.plan.node)
}

/// The pods that run elsewhere though their own nodes are in use.
pub(super) fn away(crew: &Crew) -> Vec<&'static str> {
    let away = crew.slots().iter().filter(|slot| is_away(crew, slot));
    away.map(|slot| slot.plan.name).collect()
}

/// Brings every pod that runs elsewhere back to its own node, where that is in use again; of one app one after another.
/// Leaves off where a fault is being undone.
async fn go_home(crew: &Crew) -> Result<(), TargetError> {
    let mut apps: BTreeMap<&str, Vec<&Slot>> = BTreeMap::new();
    for slot in crew.slots().iter().filter(|slot| is_away(crew, slot)) {
        apps.entry(slot.plan.role.app()).or_default().push(slot);
    }
    let apps = apps.into_values().map(|slots| async move {
        for slot in slots {
            let home = || slot.change(|state| state.node = slot.plan.node);
            if *crew.undoing.borrow() > 0 {
                return Err(TargetError("a fault is being undone".to_owned()));
            }
            if !is_away(crew, slot) {
                continue;
            }
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
