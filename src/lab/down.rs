//! Brings pods down and keeps them down: single pods, whole nodes, zones, with or without what they stored. Lifting
//! lets them start again.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::back::{away, ready_again};
use super::crew::Crew;
use super::ending::kill_all;
use super::hold::Hold;
use super::shop::NODES;
use crate::exercise::said::{Between, Said, said};
use crate::gameday::fault::{Fault, ZoneResource};
use crate::port::target::{FaultOrder, TargetError};

/// What is being removed must be gone within so long.
const WIPE_LIMIT: Duration = Duration::from_secs(1);

/// The app whose pods a fault is about, where it is about one.
const fn app_of(fault: &Fault) -> Option<&'static str> {
    match fault {
        Fault::DatabaseFailure => Some("database"),
        Fault::CacheFailure { .. } => Some("cache-service"),
        Fault::QueueFailure => Some("message-queue"),
        Fault::AuthServiceFailure => Some("oauth-provider"),
        _ => None,
    }
}

/// Whether the victims are such that the fault makes sense on them, and does not reach further than them.
pub(super) fn fits(crew: &Crew, order: &FaultOrder) -> Result<(), TargetError> {
    let fault = &order.experiment.fault;
    if let Some(app) = app_of(fault) {
        let pods = crew.plans();
        let other = pods
            .iter()
            .find(|one| one.role.app() != app && order.victims.iter().any(|v| v == one.name));
        return match other {
            None => Ok(()),
            Some(other) => Err(TargetError(format!(
                "{} is no {app}; select app: {app} for {}",
                other.name,
                fault.kind()
            ))),
        };
    }
    let nodes = nodes_of(crew, order);
    for (slot, state) in crew.present() {
        let missed = !order.victims.iter().any(|victim| victim == slot.plan.name);
        if missed && state.line.is_some() && nodes.iter().any(|node| node == state.node) {
            let zone = matches!(fault, Fault::ZoneFailure { .. });
            let (what, place) =
                if zone { ("zone", slot.plan_now(&state).zone) } else { ("node", state.node) };
            return Err(TargetError(format!(
                "{} runs on {place} too and is not selected; {} hits all of a {what}: select {what}: {place}",
                slot.plan.name,
                fault.kind(),
            )));
        }
    }
    Ok(())
}

/// The nodes that go with the victims; none for faults that are about pods.
pub(super) fn nodes_of(crew: &Crew, order: &FaultOrder) -> Vec<String> {
    let whole_zone = match order.experiment.fault {
        Fault::NodeFailure | Fault::NodeRestart | Fault::NodeDrain { .. } => false,
        Fault::ZoneFailure { .. } => true,
        _ => return Vec::new(),
    };
    let hit: Vec<_> = crew
        .plans()
        .into_iter()
        .filter(|one| order.victims.iter().any(|victim| victim == one.name))
        .collect();
    let is_hit = |(node, zone): &&(&str, &str)| {
        hit.iter().any(|one| if whole_zone { one.zone == *zone } else { one.node == *node })
    };
    NODES.iter().filter(is_hit).map(|(node, _)| (*node).to_owned()).collect()
}

/// Kills the victims, keeps them down, and takes the nodes out of use where the fault is about nodes.
pub(super) async fn bring_down(
    crew: &Crew,
    folder: &Path,
    order: &FaultOrder,
) -> Result<Said, TargetError> {
    let nodes = nodes_of(crew, order);
    let (mut compute, mut storage) = (true, false);
    if let Fault::ZoneFailure { resources } = &order.experiment.fault {
        compute = resources.contains(&ZoneResource::Compute);
        storage = resources.contains(&ZoneResource::Storage);
    }
    let keep = |name: &&String| crew.slot(name).is_some_and(|slot| !slot.plan.role.moves());
    let keepers: Vec<String> = order.victims.iter().filter(keep).cloned().collect();
    let mut said = Vec::new();
    if compute {
        // Where a whole node is out of use its pods may run elsewhere.
        let pods = if nodes.is_empty() { order.victims.clone() } else { Vec::new() };
        if !nodes.is_empty() {
            let nodes = nodes.join(", ");
            said.push(said!("lab-out-of-use", "{nodes} out of use", nodes = nodes));
        }
        crew.holds.put(Hold { order: order.key.clone(), pods, nodes, hung: Vec::new() });
        let killed = kill_all(crew, &order.victims).await?;
        said.push(if killed.is_empty() {
            let pods = order.victims.join(", ");
            said!("lab-down-already", "down already: {pods}", pods = pods)
        } else {
            said!("lab-kept-down", "gone and kept down: {pods}", pods = killed)
        });
    } else if storage {
        let pods = keepers.clone();
        crew.holds.put(Hold { order: order.key.clone(), pods, ..Hold::default() });
        kill_all(crew, &keepers).await?;
    }
    if storage {
        let wiped = wipe(crew, folder, &keepers).await;
        if !compute {
            crew.holds.lift(&order.key);
        }
        said.push(wiped?);
    }
    Ok(Said::all(said, Between::Then))
}

/// Lets whatever the order keeps down start again, and waits until the victims are ready. Those that run elsewhere by
/// now go home later, one after another, so that nobody has to wait for that.
pub(super) async fn let_up(
    crew: &Crew,
    order: &str,
    victims: &[String],
) -> Result<Said, TargetError> {
    // Whoever began to remove what pods stored cannot be stopped, and would remove what they store next.
    let still = || TargetError("what the pods stored is still being removed".to_owned());
    drop(timeout(WIPE_LIMIT, crew.wiping.lock()).await.map_err(|_| still())?);
    crew.holds.lift(order);
    let mut said = vec![ready_again(crew, victims).await?];
    let away = away(crew);
    if !away.is_empty() {
        said.push(said!(
            "lab-going-home",
            "back to their own nodes one after another: {pods}",
            pods = away.join(", ")
        ));
    }
    Ok(Said::all(said, Between::Then))
}

/// Removes what the pods stored; their processes are gone. Goes on to its end, even if nobody waits for that any more.
async fn wipe(crew: &Crew, folder: &Path, pods: &[String]) -> Result<Said, TargetError> {
    if pods.is_empty() {
        return Ok(said!("lab-nothing-stored", "none of the pods stores anything"));
    }
    let wiping = Arc::clone(&crew.wiping).lock_owned().await;
    let (folder, names) = (folder.to_owned(), pods.to_vec());
    let work = move || {
        let _until_done = wiping;
        let mut removed = 0_u32;
        for entry in fs::read_dir(&folder)?.filter_map(Result::ok) {
            let name = entry.file_name().to_string_lossy().into_owned();
            if names.iter().any(|pod| stored_by(&name, pod)) {
                if entry.file_type()?.is_dir() {
                    fs::remove_dir_all(entry.path())?;
                } else {
                    fs::remove_file(entry.path())?;
                }
                removed += 1;
            }
        }
        Ok::<_, std::io::Error>(removed)
    };
    let removed = tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| TargetError(error.to_string()))?
        .map_err(|error| TargetError(format!("what was stored cannot be removed: {error}")))?;
    Ok(said!(
        "lab-storage-lost",
        "storage of {pods} lost ({removed} files)",
        pods = pods.join(", "),
        removed = removed
    ))
}

/// Whether a file of the lab's folder belongs to the pod: it has its name, perhaps with an ending.
fn stored_by(file: &str, pod: &str) -> bool {
    file.strip_prefix(pod).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_belongs_to_the_pod_whose_name_it_has() {
        let yes = ["database-primary", "database-primary.churn", "database-primary.look"];
        let no = ["database-primary2", "acknowledged-database-primary.jsonl", "database"];
        for file in yes {
            assert!(stored_by(file, "database-primary"), "{file}");
        }
        for file in no {
            assert!(!stored_by(file, "database-primary"), "{file}");
        }
    }

    #[tokio::test]
    async fn nothing_starts_before_the_last_file_is_removed_though_nobody_waits_for_that() {
        let crew = Crew::new(&Default::default());
        let folder = tempfile::tempdir().unwrap();
        for n in 0..2_000 {
            fs::write(folder.path().join(format!("database-primary.{n}")), "").unwrap();
        }
        let pods = ["database-primary".to_owned()];
        crew.holds.put(Hold { order: "a".to_owned(), pods: pods.to_vec(), ..Hold::default() });
        let mut wiping = Box::pin(wipe(&crew, folder.path(), &pods));
        assert!(futures::poll!(&mut wiping).is_pending());
        drop(wiping);
        let lifted = async {
            let mut news = crew.holds.watch();
            news.changed().await.unwrap();
            assert!(!crew.holds.keeps_down("database-primary"));
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "files are left");
        };
        tokio::select! {
            biased;
            () = lifted => {}
            done = let_up(&crew, "a", &pods) => panic!("nobody starts them: {done:?}"),
        }
    }
}
