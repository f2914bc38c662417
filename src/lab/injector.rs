//! The lab as a target that can be broken and mended. A fault is bound to the processes of its victims and dies with
//! them; a process that stands on the other side gets it again when it is replaced.

use std::path::Path;
use std::time::Duration;

use futures::future::join_all;
use tokio::time::timeout;

use super::back::{Undoing, ready_again};
use super::channel::{Answer as Told, CUSTOMERS, Effect, What};
use super::crew::Crew;
use super::down::{bring_down, fits, let_up};
use super::drain::drain;
use super::ending::kill_all;
use super::environment;
use super::hang::{go, hang};
use super::late;
use super::lift::lift_all;
use super::look::{answered, felt, probe, statement};
use super::parts::{Part, parts_of, supports};
use super::process::{alive, halted};
use super::remains::clear_remains;
use super::rollout;
use super::running::Lab;
use super::secured;
use super::undo::{UndoData, Victim, read, seats, undo_of};
use crate::exercise::said::{Between, Said, said};
use crate::exercise::target::PodHealth;
use crate::exercise::undo::Undo;
use crate::gameday::fault::{CacheAction, ConfigurationSource, Fault};
use crate::gameday::span::Span;
use crate::port::target::{Answer, FaultInjector, FaultOrder, TargetError};

/// After a revert an answer is waited for so long.
const WELL_LIMIT: Span = Span::from_millis(400);

/// A pod that does not answer within so long hangs.
const PING_LIMIT: Duration = Duration::from_secs(1);

impl FaultInjector for Lab {
    fn supports(&self, fault: &Fault) -> Result<(), TargetError> {
        supports(fault)
    }

    fn prepare<'a>(&'a self, order: &'a FaultOrder) -> Answer<'a, Result<Undo, TargetError>> {
        Box::pin(async move {
            let parts = parts_of(order, &self.crew().plans())?;
            if matches!(Way::of(order.experiment.fault.kind()), Way::Down | Way::Drain) {
                fits(self.crew(), order)?;
            }
            if let Fault::Scale { replicas } = order.experiment.fault {
                rollout::scaled(self.crew(), order, replicas)?;
            }
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

    fn inject<'a>(&'a self, order: &'a FaultOrder) -> Answer<'a, Result<Said, TargetError>> {
        Box::pin(async move {
            let crew = self.crew();
            let parts = parts_of(order, &crew.plans())?;
            let fault = &order.experiment.fault;
            listening(crew, &parts).await?;
            let mut said = Vec::new();
            match Way::of(fault.kind()) {
                Way::Kill => said.push(fail(crew, &order.victims).await?),
                Way::Hang => said.push(hang(crew, &order.key, &order.victims).await?),
                Way::Drain => said.push(drain(crew, order, grace(fault)).await?),
                Way::Down if *fault == FLUSH => said.push(flush(crew, &order.victims).await?),
                Way::Down => {
                    let some = match fault {
                        Fault::Scale { replicas } => rollout::scaled(crew, order, *replicas)?,
                        _ => order.clone(),
                    };
                    said.push(bring_down(crew, self.folder(), &some).await?);
                }
                Way::InTurn => said.push(rollout::restart(crew, &order.victims).await?),
                Way::Parts => {
                    if let Fault::ConfigurationChange {
                        source: ConfigurationSource::Environment,
                        set,
                    } = fault
                    {
                        said.push(
                            environment::change(crew, &order.key, &order.victims, set).await?,
                        );
                    }
                }
            }
            if !parts.is_empty() {
                let seats = seats(&parts);
                let imposed = impose(crew, parts).await;
                if imposed.is_err() {
                    // Half a fault is worse than none; what cannot be lifted is left to the revert.
                    let _ = lift_all(crew, self.folder(), &order.key, &seats).await;
                }
                said.push(imposed?);
            }
            said.retain(|one| !one.is_empty());
            Ok(Said::all(said, Between::Then))
        })
    }

    fn revert<'a>(&'a self, undo: &'a Undo) -> Answer<'a, Result<Said, TargetError>> {
        Box::pin(async move {
            let data = read(undo)?;
            if data.lab_id != self.id() {
                return clear_remains(&data.lab_id).await;
            }
            let crew = self.crew();
            let _undoing = Undoing::begin(crew);
            let names: Vec<String> = data.victims.iter().map(|victim| victim.pod.clone()).collect();
            match Way::of(&data.kind) {
                // Nothing kills them any more: what they wait for is part of the fault.
                Way::Kill | Way::InTurn => ready_again(crew, &names).await,
                Way::Hang => go(crew, &undo.key, &data.victims).await,
                Way::Down | Way::Drain => {
                    let lifted = lift_all(crew, self.folder(), &undo.key, &data.seats);
                    let let_up = let_up(crew, &undo.key, &names);
                    let (lifted, up) = tokio::join!(lifted, let_up);
                    both(lifted.map(|lifted| Said::all(lifted.said, Between::Then)), up)
                }
                Way::Parts => {
                    let restored = environment::restore(crew, &undo.key, &names);
                    let lifted = lift(crew, self.folder(), &undo.key, &data);
                    let (restored, lifted) = tokio::join!(restored, lifted);
                    both(restored.map(Option::unwrap_or_default), lifted)
                }
            }
        })
    }
}

/// Both in words, or whatever went wrong: neither keeps the other from being undone.
fn both(
    one: Result<Said, TargetError>,
    other: Result<Said, TargetError>,
) -> Result<Said, TargetError> {
    match (one, other) {
        (Ok(one), Ok(other)) => {
            let said = [one, other].into_iter().filter(|said| !said.is_empty());
            Ok(Said::all(said, Between::Then))
        }
        (Err(one), Err(other)) => Err(TargetError(format!("{one}; {other}"))),
        (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(error),
    }
}

/// How a kind of fault is done and undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Processes are killed; their pods come back by themselves.
    Kill,
    /// Pods are kept down.
    Down,
    /// Nodes are emptied and kept out of use.
    Drain,
    /// Processes end and come back one after another.
    InTurn,
    /// Processes stand still.
    Hang,
    /// Effects inside running pods.
    Parts,
}

impl Way {
    fn of(kind: &str) -> Self {
        match kind {
            "pod-failure" | "node-restart" => Self::Kill,
            "node-failure"
            | "zone-failure"
            | "dependency-failure"
            | "database-failure"
            | "cache-failure"
            | "queue-failure"
            | "auth-service-failure"
            | "scale" => Self::Down,
            "rollout-restart" => Self::InTurn,
            "node-drain" => Self::Drain,
            "pod-hang" => Self::Hang,
            _ => Self::Parts,
        }
    }
}

/// What only empties the cache leaves nothing behind.
const FLUSH: Fault = Fault::CacheFailure { action: CacheAction::Flush };

fn grace(fault: &Fault) -> Duration {
    match fault {
        Fault::NodeDrain { grace } => (*grace).into(),
        _ => Duration::ZERO,
    }
}

/// Kills the victims and looks that their processes are gone.
async fn fail(crew: &Crew, victims: &[String]) -> Result<Said, TargetError> {
    match kill_all(crew, victims).await? {
        nobody if nobody.is_empty() => {
            Err(TargetError(format!("none of {} runs", victims.join(", "))))
        }
        killed => Ok(said!("lab-gone", "gone: {pods}", pods = killed)),
    }
}

/// Lets the victims forget everything they keep.
async fn flush(crew: &Crew, victims: &[String]) -> Result<Said, TargetError> {
    let mut said = Vec::new();
    for line in victims.iter().filter_map(|name| crew.line(name)) {
        match line.call(What::Flush).await? {
            Told::Said { what } => {
                said.push(said!("lab-pod-says", "{pod}: {what}", pod = line.pod, what = what));
            }
            _ => said.push(said!("lab-empty", "{pod} is empty", pod = line.pod)),
        }
    }
    if said.is_empty() {
        return Err(TargetError(format!("none of {} runs", victims.join(", "))));
    }
    Ok(Said::all(said, Between::Comma))
}

/// Looks that every pod which is to have a part takes instructions: one that hangs would not, and nobody would know for
/// seconds.
async fn listening(crew: &Crew, parts: &[Part]) -> Result<(), TargetError> {
    let asked = seats(parts).into_iter().filter_map(|pod| crew.line(&pod)).map(|line| async move {
        let hangs = |how: &str| {
            let pod = line.pod;
            Err(TargetError(format!("{pod} {how}: nothing can be put into it before it goes on")))
        };
        if halted(line.pid) {
            return hangs("stands still");
        }
        match line.call_for(What::Ping, PING_LIMIT).await {
            Err(_) if alive(line.pid) => hangs("hangs"),
            _ => Ok(()),
        }
    });
    join_all(asked).await.into_iter().collect()
}

/// Puts the parts in their pods, all at once, and looks that they are felt.
async fn impose(crew: &Crew, parts: Vec<Part>) -> Result<Said, TargetError> {
    crew.imposed().extend(parts.iter().cloned());
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

/// Takes every part of the order out of the pods that may have one, and looks that none is left.
async fn lift(
    crew: &Crew,
    folder: &Path,
    order: &str,
    data: &UndoData,
) -> Result<Said, TargetError> {
    let lifted = lift_all(crew, folder, order, &data.seats).await?;
    let safe = secured::mended(crew, &data.kind, &data.seats).await?;
    let mut evidence =
        vec![said!("lab-nowhere", "the fault is in no connection and no process any more")];
    for victim in &data.victims {
        let now = crew.line(&victim.pod).map(|line| line.pid);
        if now != victim.pid {
            let pod = &victim.pod;
            evidence.push(said!("lab-replaced", "{pod} has been replaced since", pod = pod));
        }
    }
    evidence.extend(lifted.said);
    evidence.extend(safe);
    if let Some(part) = lifted.parts.first() {
        evidence.extend(well_again(crew, part).await);
    }
    Ok(Said::all(evidence, Between::Then))
}

/// What can be felt where the fault was; other faults may still be there, so it is told and not judged.
async fn well_again(crew: &Crew, part: &Part) -> Option<Said> {
    let ready =
        |name: &str| crew.slot(name).is_some_and(|slot| slot.state().health == PodHealth::Ready);
    let line = crew.line(part.pod).filter(|line| ready(line.pod) && !halted(line.pid))?;
    match &part.effect {
        Effect::Network { peers, .. } | Effect::Requests { peers, .. } => {
            let peer = peers.iter().find(|peer| *peer != CUSTOMERS && ready(peer))?;
            let took = timeout(WELL_LIMIT.into(), probe(&line, peer, WELL_LIMIT)).await;
            let took = took.ok()?.ok()??;
            Some(answered(part, peer, took))
        }
        Effect::Statements { .. } => {
            match line.call_for(What::ProbeStatement, WELL_LIMIT.into()).await.ok()? {
                Told::Took { micros: Some(micros) } => {
                    Some(statement(part, Duration::from_micros(micros)))
                }
                _ => None,
            }
        }
        Effect::Lag { .. } => {
            let level = timeout(WELL_LIMIT.into(), late::level(crew, &line)).await.ok()?;
            Some(level.unwrap_or_else(|error| error.0.into()))
        }
        _ => None,
    }
}
