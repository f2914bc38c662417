//! The lab as a target that can be broken and mended. A fault is bound to the processes of its victims and dies with
//! them; a process that stands on the other side gets it again when it is replaced.

use std::time::Duration;

use futures::future::join_all;

use super::channel::{Answer as Said, CUSTOMERS, Effect, What};
use super::crew::Crew;
use super::line::Line;
use super::look::{felt, millis, probe};
use super::parts::{Part, belongs, parts_of, supports};
use super::process::{alive, kill, thread_time};
use super::remains::clear_remains;
use super::running::Lab;
use super::undo::{UndoData, Victim, read, seats, undo_of};
use crate::exercise::target::PodHealth;
use crate::exercise::undo::Undo;
use crate::gameday::fault::Fault;
use crate::gameday::span::Span;
use crate::port::target::{Answer, FaultInjector, FaultOrder, TargetError};

/// Killed processes must be gone within so long.
const KILL_LIMIT: Duration = Duration::from_secs(2);

/// Killed pods must be replaced and ready within so long.
const REPLACE_LIMIT: Duration = Duration::from_secs(30);

/// After a revert an answer is waited for so long.
const WELL_LIMIT: Span = Span::from_secs(2);

impl FaultInjector for Lab {
    fn supports(&self, fault: &Fault) -> Result<(), TargetError> {
        supports(fault)
    }

    fn prepare<'a>(&'a self, order: &'a FaultOrder) -> Answer<'a, Result<Undo, TargetError>> {
        Box::pin(async move {
            let parts = parts_of(order, &self.crew().plans())?;
            let victims = order.victims.iter().map(|name| Victim {
                pod: name.clone(),
                pid: self.crew().line(name).map(|line| line.pid),
            });
            let data = UndoData {
                lab_id: self.id().to_owned(),
                kind: order.experiment.fault.kind().to_owned(),
                victims: victims.collect(),
                seats: seats(&parts),
            };
            undo_of(order, &data)
        })
    }

    fn inject<'a>(&'a self, order: &'a FaultOrder) -> Answer<'a, Result<String, TargetError>> {
        Box::pin(async move {
            let parts = parts_of(order, &self.crew().plans())?;
            if order.experiment.fault == Fault::PodFailure {
                fail(self.crew(), &order.victims).await
            } else {
                let imposed = impose(self.crew(), parts).await;
                if imposed.is_err() {
                    // Half a fault is worse than none; what cannot be lifted is left to the revert.
                    let _ = lift_all(
                        self.crew(),
                        &order.key,
                        &seats(&parts_of(order, &self.crew().plans())?),
                    )
                    .await;
                }
                imposed
            }
        })
    }

    fn revert<'a>(&'a self, undo: &'a Undo) -> Answer<'a, Result<String, TargetError>> {
        Box::pin(async move {
            let data = read(undo)?;
            if data.lab_id != self.id() {
                clear_remains(&data.lab_id).await
            } else if data.kind == Fault::PodFailure.kind() {
                replaced(self.crew(), &data.victims).await
            } else {
                lift(self.crew(), &undo.key, &data).await
            }
        })
    }
}

/// Kills the victims and looks that their processes are gone.
async fn fail(crew: &Crew, victims: &[String]) -> Result<String, TargetError> {
    let lines: Vec<_> = victims.iter().filter_map(|name| crew.line(name)).collect();
    if lines.is_empty() {
        return Err(TargetError(format!("none of {} runs", victims.join(", "))));
    }
    for line in &lines {
        kill(line.pid).map_err(TargetError)?;
    }
    let gone = async {
        while lines.iter().any(|line| alive(line.pid)) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    let said: Vec<_> =
        lines.iter().map(|line| format!("{} (process {})", line.pod, line.pid)).collect();
    let said = said.join(", ");
    match tokio::time::timeout(KILL_LIMIT, gone).await {
        Ok(()) => Ok(format!("gone: {said}")),
        Err(_) => Err(TargetError(format!(
            "still there {} s after SIGKILL: {said}",
            KILL_LIMIT.as_secs()
        ))),
    }
}

/// Puts the parts in their pods, all at once, and looks that they are felt.
async fn impose(crew: &Crew, parts: Vec<Part>) -> Result<String, TargetError> {
    crew.standing().extend(parts.iter().cloned());
    let tells = parts.iter().map(|part| async move {
        let missing = || TargetError(format!("{} does not run", part.pod));
        let line = crew.line(part.pod).ok_or_else(missing)?;
        let what = What::Impose { key: part.key.clone(), effect: part.effect.clone() };
        line.call(what).await
    });
    for told in join_all(tells).await {
        told?;
    }
    felt(crew, &parts).await
}

/// Waits until the victims of a pod failure are replaced.
async fn replaced(crew: &Crew, victims: &[Victim]) -> Result<String, TargetError> {
    let mut topology = crew.watch();
    let ready = || {
        victims.iter().all(|victim| {
            crew.slot(&victim.pod).is_some_and(|slot| {
                let state = slot.state();
                state.health == PodHealth::Ready && state.line.is_some_and(|line| alive(line.pid))
            })
        })
    };
    let wait = async { while !ready() && topology.changed().await.is_ok() {} };
    let in_time = tokio::time::timeout(REPLACE_LIMIT, wait).await.is_ok() && ready();
    let apps = crew.topology_now();
    let mut counts: Vec<String> = Vec::new();
    for victim in victims {
        let Some(app) = apps.pods.iter().find(|pod| pod.name == victim.pod).map(|pod| pod.app())
        else {
            continue;
        };
        let of_app: Vec<_> = apps.pods.iter().filter(|pod| pod.app() == app).collect();
        let ready = of_app.iter().filter(|pod| pod.health == PodHealth::Ready).count();
        let count = format!("{app} {ready}/{} ready", of_app.len());
        if !counts.contains(&count) {
            counts.push(count);
        }
    }
    let counts = counts.join(", ");
    if in_time { Ok(counts) } else { Err(TargetError(format!("not replaced yet: {counts}"))) }
}

/// Takes every part of the order out of the pods that may have one, and looks that none is left.
async fn lift(crew: &Crew, order: &str, data: &UndoData) -> Result<String, TargetError> {
    let parts = lift_all(crew, order, &data.seats).await?;
    let mut evidence = vec!["the fault is in no connection and no process any more".to_owned()];
    for victim in &data.victims {
        let now = crew.line(&victim.pod).map(|line| line.pid);
        if now != victim.pid {
            evidence.push(format!("{} has been replaced since", victim.pod));
        }
    }
    if let Some(part) = parts.first() {
        evidence.extend(well_again(crew, part).await);
    }
    Ok(evidence.join("; "))
}

/// Asks only the pods where the order sits: one that hangs must not hold up what it has nothing to do with.
async fn lift_all(crew: &Crew, order: &str, seats: &[String]) -> Result<Vec<Part>, TargetError> {
    let parts: Vec<Part> = {
        let mut standing = crew.standing();
        let (ours, others) = standing.drain(..).partition(|part| belongs(&part.key, order));
        *standing = others;
        ours
    };
    let lines: Vec<_> = seats.iter().filter_map(|seat| crew.line(seat)).collect();
    for done in join_all(lines.iter().map(|line| lift_from(line, order))).await {
        done?;
    }
    Ok(parts)
}

async fn lift_from(line: &Line, order: &str) -> Result<(), TargetError> {
    for key in faults_of(line, order).await? {
        line.call(What::Lift { key }).await?;
    }
    match faults_of(line, order).await?.first() {
        None => Ok(()),
        Some(left) => Err(TargetError(format!("{} still has {left}", line.pod))),
    }
}

/// The keys of the order's faults in the pod; none in a pod that ends meanwhile.
async fn faults_of(line: &Line, order: &str) -> Result<Vec<String>, TargetError> {
    match line.call(What::Inspect).await {
        Ok(Said::Faults { keys, .. }) => {
            Ok(keys.into_iter().filter(|key| belongs(key, order)).collect())
        }
        Ok(other) => Err(TargetError(format!("{} answered {other:?}", line.pod))),
        Err(_) if !alive(line.pid) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// What can be felt where the fault was; other faults may still be there, so it is told and not judged.
async fn well_again(crew: &Crew, part: &Part) -> Option<String> {
    let line = crew.line(part.pod)?;
    match &part.effect {
        Effect::Network { peers, .. } | Effect::Requests { peers, .. } => {
            let peer = peers.iter().find(|peer| *peer != CUSTOMERS)?;
            let took = probe(&line, peer, WELL_LIMIT).await.ok()??;
            Some(format!("{} gets an answer from {peer} after {}", part.pod, millis(took)))
        }
        Effect::Statements { .. } => match line.call(What::ProbeStatement).await.ok()? {
            Said::Took { micros: Some(micros) } => {
                let took = Duration::from_micros(micros);
                Some(format!("a statement in {} takes {}", part.pod, millis(took)))
            }
            _ => None,
        },
        Effect::Burn { .. } => {
            let (threads, _) = thread_time(line.pid, "burn-")?;
            Some(format!("{threads} threads of {} burn", part.pod))
        }
        _ => None,
    }
}
