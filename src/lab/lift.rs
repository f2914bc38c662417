//! Takes the effects of an order out of pods again, in whatever state they are, and looks that nothing of them is left. A
//! pod that does not do it in time is ended, and its fault with it.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::back::ready_again;
use super::channel::{Answer, What};
use super::crew::Crew;
use super::ending::kill_lines;
use super::hang::Awake;
use super::line::Line;
use super::parts::{Part, belongs};
use super::process::alive;
use super::trace;
use crate::exercise::said::{Said, said};
use crate::port::target::TargetError;

/// A pod has so long to take its effects out.
const LIFT_LIMIT: Duration = Duration::from_millis(800);

/// After it was ended, the next process is waited for so long; it starts without the fault whenever that is.
const NEXT_LIMIT: Duration = Duration::from_millis(500);

/// What is left behind for a moment must be gone within so long; or later, where the other limits were not used up: a disk
/// may be slow.
const GONE_LIMIT: Duration = Duration::from_millis(600);

/// How often is looked and tried.
const LOOK: Duration = Duration::from_millis(20);

/// What was lifted.
pub(super) struct Lifted {
    /// The effects.
    pub parts: Vec<Part>,
    /// What was seen.
    pub said: Vec<Said>,
}

/// Takes every effect of the order out of all pods that may have one: `seats`, and those into which it was really put.
///
/// # Errors
/// What is left, and where; it may be asked for again then.
pub(super) async fn lift_all(
    crew: &Crew,
    folder: &Path,
    order: &str,
    seats: &[String],
) -> Result<Lifted, TargetError> {
    let all_over = sleep(LIFT_LIMIT + NEXT_LIMIT + GONE_LIMIT).deadline();
    // No new process gets them any more.
    crew.standing().retain(|part| !belongs(&part.key, order));
    let parts: Vec<Part> =
        crew.imposed().iter().filter(|part| belongs(&part.key, order)).cloned().collect();
    let pods: BTreeSet<&str> =
        seats.iter().map(String::as_str).chain(parts.iter().map(|part| part.pod)).collect();
    let lines: Vec<_> = pods.into_iter().filter_map(|pod| crew.line(pod)).collect();
    let done = join_all(lines.iter().map(|line| lift_from(crew, line, order, &parts))).await;
    let mut said = all(done)?;
    let over = all_over.max(sleep(GONE_LIMIT).deadline());
    said.extend(all(join_all(parts.iter().map(|part| gone(crew, folder, part, over))).await)?);
    crew.imposed().retain(|part| !belongs(&part.key, order));
    Ok(Lifted { parts, said })
}

/// What was seen, or everything that went wrong.
fn all(done: Vec<Result<Option<Said>, TargetError>>) -> Result<Vec<Said>, TargetError> {
    let (mut said, mut failed) = (Vec::new(), Vec::new());
    for one in done {
        match one {
            Ok(one) => said.extend(one.filter(|one| !one.is_empty())),
            Err(error) => failed.push(error.0),
        }
    }
    if failed.is_empty() { Ok(said) } else { Err(TargetError(failed.join("; "))) }
}

/// Takes the order out of one pod; what there is to tell.
async fn lift_from(
    crew: &Crew,
    line: &Arc<Line>,
    order: &str,
    parts: &[Part],
) -> Result<Option<Said>, TargetError> {
    let keys: Vec<_> =
        parts.iter().filter(|part| part.pod == line.pod).map(|part| part.key.clone()).collect();
    let mut why = "it does not answer".to_owned();
    let tries = async {
        loop {
            match take_out(line, order, &keys).await {
                Ok(()) => return,
                Err(_) if !alive(line.pid) => return,
                Err(error) => why = error.0,
            }
            sleep(LOOK).await;
        }
    };
    let done = {
        let _awake = Awake::begin(crew, line);
        timeout(LIFT_LIMIT, tries).await
    };
    if done.is_ok() {
        return Ok(None);
    }
    let pod = line.pod;
    let notice = async {
        loop {
            // Whoever watches over it finds that it is gone when something is to be written to it.
            line.tell(What::Ping);
            sleep(LOOK).await;
        }
    };
    tokio::select! {
        killed = kill_lines(crew, std::slice::from_ref(line)) => drop(killed?),
        () = notice => {}
    }
    // Whether it is there again is told, and is no part of the fault.
    let next = timeout(NEXT_LIMIT, ready_again(crew, &[pod.to_owned()])).await;
    let next = next.ok().and_then(Result::ok);
    let next = next.unwrap_or_else(|| said!("lab-starts-again", "it starts again"));
    Ok(Some(said!(
        "lab-did-not-let-go",
        "{pod} did not let go of it ({why}), so process {pid} was ended, and the fault with it; {next}",
        pod = pod,
        why = why,
        pid = line.pid,
        next = next
    )))
}

/// Lifts the keys, and whatever else of the order the pod says it has.
async fn take_out(line: &Line, order: &str, keys: &[String]) -> Result<(), TargetError> {
    let keys: BTreeSet<String> =
        faults_of(line, order).await?.into_iter().chain(keys.iter().cloned()).collect();
    for key in keys {
        line.call(What::Lift { key }).await?;
    }
    match faults_of(line, order).await?.first() {
        None => Ok(()),
        Some(left) => Err(TargetError(format!("{} still has {left}", line.pod))),
    }
}

async fn faults_of(line: &Line, order: &str) -> Result<Vec<String>, TargetError> {
    match line.call(What::Inspect).await? {
        Answer::Faults { keys, .. } => {
            Ok(keys.into_iter().filter(|key| belongs(key, order)).collect())
        }
        other => Err(TargetError(format!("{} answered {other:?}", line.pod))),
    }
}

/// Looks until nothing of the part is left; what was seen.
async fn gone(
    crew: &Crew,
    folder: &Path,
    part: &Part,
    over: Instant,
) -> Result<Option<Said>, TargetError> {
    let mut last = Err(TargetError(format!("{} does not say whether it is gone", part.pod)));
    let looks = async {
        loop {
            last = look(crew, folder, part).await;
            if last.is_ok() {
                return;
            }
            sleep(LOOK).await;
        }
    };
    // The last look counts.
    let _ = timeout_at(over, looks).await;
    last
}

async fn look(crew: &Crew, folder: &Path, part: &Part) -> Result<Option<Said>, TargetError> {
    let Some(line) = crew.line(part.pod) else {
        return trace::gone_at_rest(folder, part).await;
    };
    let _awake = Awake::begin(crew, &line);
    match trace::gone(&line, folder, part).await {
        Err(_) if !alive(line.pid) => trace::gone_at_rest(folder, part).await,
        Err(error) => {
            let disturbs =
                |one: &&Part| one.pod == part.pod && trace::disturbs(&one.effect, &part.effect);
            let standing = crew.standing();
            match standing.iter().find(disturbs) {
                // The pod has let go of this one; what is seen is the other's.
                Some(_) => Ok(Some(said!(
                    "lab-another-fault",
                    "another fault is in {pod} still: {why}",
                    pod = part.pod,
                    why = error.0
                ))),
                None => Err(error),
            }
        }
        seen => seen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::channel::Effect;

    /// A process with a line that says to everything that there is no fault in it.
    fn honest(crew: &Crew, pod: &'static str) -> tokio::process::Child {
        let child =
            tokio::process::Command::new("sleep").arg("60").kill_on_drop(true).spawn().unwrap();
        let (line, mut orders) = Line::new(pod, child.id().unwrap());
        let line = Arc::new(line);
        crew.slot(pod).unwrap().change(|state| state.line = Some(Arc::clone(&line)));
        tokio::spawn(async move {
            while let Some(order) = orders.recv().await {
                let none = Answer::Faults { keys: Vec::new(), lost: 0 };
                let inspect = order.what == What::Inspect;
                line.answered(order.seq, if inspect { none } else { Answer::Done });
            }
        });
        child
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_left_in_any_pod_is_an_error_until_it_is_gone_also_when_asked_again() {
        let crew = Crew::new(&Default::default());
        let folder = tempfile::tempdir().unwrap();
        let pods = ["web-app-1", "web-app-2"];
        let _children = pods.map(|pod| honest(&crew, pod));
        let part = |pod| Part {
            key: format!("io/{pod}"),
            victim: pod,
            pod,
            effect: Effect::Io { workers: 1 },
            stays: false,
            indirect: false,
        };
        for part in pods.map(part) {
            crew.imposed().push(part.clone());
            crew.standing().push(part);
        }
        let left = folder.path().join("web-app-2.churn");
        std::fs::create_dir(&left).unwrap();
        let seats = pods.map(ToOwned::to_owned);
        for _ in 0..2 {
            let error = lift_all(&crew, folder.path(), "io", &seats).await.err().unwrap();
            assert_eq!(error.0, "files of the stress are left in web-app-2's folder");
        }
        // The pods let go at once: a slow disk may take what time is left.
        let slow = async {
            sleep(LIFT_LIMIT + NEXT_LIMIT).await;
            std::fs::remove_dir(&left).unwrap();
        };
        let (lifted, ()) = tokio::join!(lift_all(&crew, folder.path(), "io", &seats), slow);
        let lifted = lifted.unwrap();
        assert_eq!(lifted.said.len(), 2, "{:?}", lifted.said);
        assert!(crew.imposed().is_empty() && crew.standing().is_empty());
    }
}
