//! Makes pods stand still, and lets them go on. The process is only stopped: nobody replaces it.

use std::time::Duration;

use futures::future::join_all;
use tokio::time::timeout;

use super::back::ready_again;
use super::channel::What;
use super::crew::Crew;
use super::hold::Hold;
use super::process::{alive, go_on, halted, stand_still};
use super::undo::Victim;
use crate::exercise::target::PodHealth;
use crate::port::target::TargetError;

/// The kernel must show within so long that the process stands still, or goes on.
const LIMIT: Duration = Duration::from_secs(1);

/// Stops the victims' processes and looks that the kernel says so.
pub(super) async fn hang(
    crew: &Crew,
    order: &str,
    victims: &[String],
) -> Result<String, TargetError> {
    let lines: Vec<_> = victims.iter().filter_map(|name| crew.line(name)).collect();
    if lines.is_empty() {
        return Err(TargetError(format!("none of {} runs", victims.join(", "))));
    }
    let hung = lines.iter().map(|line| line.pod.to_owned()).collect();
    crew.holds.put(Hold { order: order.to_owned(), hung, ..Hold::default() });
    let mut said = Vec::new();
    for line in &lines {
        stand_still(line.pid).map_err(TargetError)?;
        if !seen(|| halted(line.pid) || !alive(line.pid)).await {
            return Err(TargetError(format!("{} (process {}) goes on", line.pod, line.pid)));
        }
        said.push(format!("{} (process {}, state T)", line.pod, line.pid));
    }
    Ok(format!("standing still: {}", said.join(", ")))
}

/// Lets the processes go on, and waits until the pods take traffic again.
pub(super) async fn go(
    crew: &Crew,
    order: &str,
    victims: &[Victim],
) -> Result<String, TargetError> {
    crew.holds.lift(order);
    let mut said = Vec::new();
    for done in join_all(victims.iter().map(|victim| wake(crew, victim))).await {
        said.extend(done?);
    }
    let names: Vec<String> = victims.iter().map(|victim| victim.pod.clone()).collect();
    said.push(ready_again(crew, &names).await?);
    Ok(said.join("; "))
}

async fn wake(crew: &Crew, victim: &Victim) -> Result<Option<String>, TargetError> {
    let (pod, line) = (&victim.pod, crew.line(&victim.pod));
    // An id without its line may name another process by now.
    let Some(line) = line.filter(|line| Some(line.pid) == victim.pid && alive(line.pid)) else {
        return Ok(Some(format!("{pod} has been replaced since")));
    };
    if crew.holds.hangs(pod) {
        return Ok(Some(format!("another fault makes {pod} stand still")));
    }
    go_on(line.pid).map_err(TargetError)?;
    if !seen(|| !halted(line.pid)).await {
        return Err(TargetError(format!("{pod} (process {}) still stands still", line.pid)));
    }
    // Not only when it is asked next.
    if line.call(What::Ping).await.is_ok()
        && let Some(slot) = crew.slot(pod)
    {
        slot.change(|state| {
            if state.health == PodHealth::NotReady {
                state.health = PodHealth::Ready;
                state.note.clear();
            }
        });
        crew.publish();
    }
    Ok(Some(format!("{pod} goes on")))
}

async fn seen(what: impl Fn() -> bool) -> bool {
    let look = async {
        while !what() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    timeout(LIMIT, look).await.is_ok()
}
