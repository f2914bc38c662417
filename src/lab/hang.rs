//! Makes pods stand still, and lets them go on. The process is only stopped: nobody replaces it.

use std::time::Duration;

use futures::future::join_all;
use tokio::time::timeout;

use super::back::ready_again;
use super::channel::What;
use super::crew::Crew;
use super::hold::Hold;
use super::line::Line;
use super::process::{alive, go_on, halted, stand_still};
use super::undo::Victim;
use crate::exercise::said::{Between, Said, said};
use crate::exercise::target::PodHealth;
use crate::port::target::TargetError;

/// The kernel must show within so long that the process stands still, or goes on.
const LIMIT: Duration = Duration::from_secs(1);

/// A pod that goes on must answer within so long; later it is for the watch over it.
const ANSWER_LIMIT: Duration = Duration::from_millis(500);

/// Stops the victims' processes and looks that the kernel says so.
pub(super) async fn hang(
    crew: &Crew,
    order: &str,
    victims: &[String],
) -> Result<Said, TargetError> {
    let lines: Vec<_> = victims.iter().filter_map(|name| crew.line(name)).collect();
    if lines.is_empty() {
        return Err(TargetError(format!("none of {} runs", victims.join(", "))));
    }
    let hung = lines.iter().map(|line| line.pod.to_owned()).collect();
    crew.holds.put(Hold { order: order.to_owned(), hung, ..Hold::default() });
    let mut said = Vec::new();
    for line in &lines {
        {
            let awake = crew.holds.awake();
            // Whoever needs it awake for a moment stops it again.
            if !awake.contains_key(line.pod) {
                stand_still(line.pid).map_err(TargetError)?;
            }
        }
        if !seen(|| halted(line.pid) || !alive(line.pid)).await {
            return Err(TargetError(format!("{} (process {}) goes on", line.pod, line.pid)));
        }
        said.push(said!(
            "lab-process-still",
            "{pod} (process {pid}, state T)",
            pod = line.pod,
            pid = line.pid
        ));
    }
    let pods = Said::all(said, Between::Comma);
    Ok(said!("lab-still", "standing still: {pods}", pods = pods))
}

/// Lets the processes go on, and waits until the pods take traffic again.
pub(super) async fn go(crew: &Crew, order: &str, victims: &[Victim]) -> Result<Said, TargetError> {
    crew.holds.lift(order);
    let mut said = Vec::new();
    for done in join_all(victims.iter().map(|victim| wake(crew, victim))).await {
        said.extend(done?);
    }
    let names: Vec<String> = victims.iter().map(|victim| victim.pod.clone()).collect();
    said.push(ready_again(crew, &names).await?);
    Ok(Said::all(said, Between::Then))
}

async fn wake(crew: &Crew, victim: &Victim) -> Result<Option<Said>, TargetError> {
    let (pod, line) = (&victim.pod, crew.line(&victim.pod));
    // An id without its line may name another process by now; and one that was replaced before the fault began stands
    // still all the same.
    let ours = |line: &Line| Some(line.pid) == victim.pid || halted(line.pid);
    let Some(line) = line.filter(|line| alive(line.pid) && ours(line)) else {
        return Ok(Some(said!("lab-replaced", "{pod} has been replaced since", pod = pod)));
    };
    {
        let _deciding = crew.holds.awake();
        if crew.holds.hangs(pod) {
            return Ok(Some(said!(
                "lab-still-by-another",
                "another fault makes {pod} stand still",
                pod = pod
            )));
        }
        go_on(line.pid).map_err(TargetError)?;
    }
    if !seen(|| !halted(line.pid)).await {
        return Err(TargetError(format!("{pod} (process {}) still stands still", line.pid)));
    }
    // Not only when it is asked next.
    if line.call_for(What::Ping, ANSWER_LIMIT).await.is_ok()
        && let Some(slot) = crew.slot(pod)
    {
        slot.change(|state| {
            if state.health == PodHealth::NotReady {
                state.health = PodHealth::Ready;
                state.note = Said::default();
            }
        });
        crew.publish();
    }
    Ok(Some(said!("lab-goes-on", "{pod} goes on", pod = pod)))
}

/// A process that stands still goes on as long as this lives; then it stands still again, if a fault still wants that.
pub(super) struct Awake<'a> {
    crew: &'a Crew,
    line: &'a Line,
}

impl<'a> Awake<'a> {
    /// Wakes the process, if it stands still.
    pub(super) fn begin(crew: &'a Crew, line: &'a Line) -> Self {
        let mut awake = crew.holds.awake();
        *awake.entry(line.pod).or_default() += 1;
        if halted(line.pid) {
            // Where the system refuses the process does not answer, which is seen.
            let _ = go_on(line.pid);
        }
        Self { crew, line }
    }
}

impl Drop for Awake<'_> {
    fn drop(&mut self) {
        let mut awake = self.crew.holds.awake();
        let left = awake.remove(self.line.pod).unwrap_or_default().saturating_sub(1);
        if left > 0 {
            awake.insert(self.line.pod, left);
        } else if self.crew.holds.hangs(self.line.pod) {
            // Where the system refuses the fault has ended early, and its undoing finds the process running.
            let _ = stand_still(self.line.pid);
        }
    }
}

async fn seen(what: impl Fn() -> bool) -> bool {
    let look = async {
        while !what() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    timeout(LIMIT, look).await.is_ok()
}
