//! Looks whether a fault can be felt: asks something small through it and times the answer. Changes nothing (a late
//! replica is seen by an order: see `late`).

use std::time::Duration;

use futures::future::join_all;

use super::channel::{Answer, CUSTOMERS, Effect, What};
use super::crew::Crew;
use super::glance::damaged;
use super::inner;
use super::late;
use super::line::Line;
use super::parts::Part;
use super::process::thread_time;
use super::secured;
use crate::exercise::said::{Between, Said, said};
use crate::exercise::target::PodHealth;
use crate::gameday::fault::NetworkAction;
use crate::gameday::span::Span;
use crate::port::target::TargetError;

/// A partition is believed after so long without an answer.
const CUT_LIMIT: Span = Span::from_millis(250);

/// Beyond the latency asked for, an answer may take so long.
const PATIENCE: Span = Span::from_secs(3);

/// Processor time is watched for so long at most until burning shows.
const BURN_LOOKS: u32 = 40;
const BURN_LOOK: Duration = Duration::from_millis(50);

/// Loss is looked for with so many questions at most, each for so long at most.
const LOSS_PROBES: u32 = 20;
const LOSS_LIMIT: Span = Span::from_millis(150);

/// Looks at up to this many pods.
const SAMPLES: usize = 3;

/// Looks whether the effects of `parts` can be felt; the evidence, or what was seen instead.
pub(super) async fn felt(crew: &Crew, parts: &[Part]) -> Result<Said, TargetError> {
    let looks = parts.iter().take(SAMPLES).map(|part| look(crew, part));
    let mut evidence = Vec::new();
    for look in join_all(looks).await {
        evidence.push(look?);
    }
    if let Some(part) = parts.iter().find(|part| part.indirect) {
        evidence.push(said!(
            "lab-over-others",
            "they talk over others: it acts where {pod} calls",
            pod = part.pod
        ));
    }
    if parts.len() > SAMPLES {
        evidence.push(said!("lab-more", "and {count} more", count = parts.len() - SAMPLES));
    }
    Ok(Said::all(evidence, Between::Then))
}

async fn look(crew: &Crew, part: &Part) -> Result<Said, TargetError> {
    let line =
        crew.line(part.pod).ok_or_else(|| TargetError(format!("{} does not run", part.pod)))?;
    match &part.effect {
        Effect::Network { peers, action, .. } => {
            let Some(peer) = reachable(crew, peers) else { return stands(&line, part).await };
            match *action {
                NetworkAction::Partition => match probe(&line, peer, CUT_LIMIT).await? {
                    None => Ok(unanswered(part, peer, CUT_LIMIT)),
                    Some(took) => Err(not_felt(part, peer, took)),
                },
                NetworkAction::Delay { latency, jitter } => {
                    late(&line, part, peer, latency, jitter).await
                }
                NetworkAction::Bandwidth { .. } => stands(&line, part).await,
                NetworkAction::Loss { .. } => loses(&line, part, peer).await,
            }
        }
        Effect::Requests { peers, latency, jitter } => match reachable(crew, peers) {
            Some(peer) => late(&line, part, peer, *latency, *jitter).await,
            None => stands(&line, part).await,
        },
        Effect::Statements { latency, jitter } => {
            let answer =
                line.call_for(What::ProbeStatement, (*latency + *jitter + PATIENCE).into()).await?;
            let Answer::Took { micros: Some(micros) } = answer else {
                return Ok(said!(
                    "lab-statement-endless",
                    "a statement in {pod} does not end",
                    pod = part.pod
                ));
            };
            let took = Duration::from_micros(micros);
            if took < least(*latency, *jitter) {
                return Err(not_felt(part, "its file", took));
            }
            Ok(statement(part, took))
        }
        Effect::Burn { .. } => burns(line.pid, part.pod).await,
        Effect::Http { action, share } => {
            let address = crew.slot(part.pod).and_then(|slot| slot.state().address);
            damaged(&line, address, *action, *share).await
        }
        Effect::Names { apps } => unresolved(&line, apps).await,
        Effect::ExpiredCertificate => secured::certificate(crew, part.pod, true).await,
        Effect::Clock { offset_millis, drift } => {
            secured::clock(crew, &line, *offset_millis, *drift).await
        }
        Effect::Revoke { account, permissions } => {
            secured::revoked(crew, &line, account, permissions).await
        }
        Effect::Lag { lag } => late::felt(crew, &line, &part.key, *lag).await,
        effect @ (Effect::Memory { .. }
        | Effect::Io { .. }
        | Effect::Files(_)
        | Effect::Quota { .. }
        | Effect::Corrupt { .. }) => inner::felt(&line, &part.key, effect).await,
        _ => stands(&line, part).await,
    }
}

/// The first of the peers that is there to be asked.
fn reachable<'a>(crew: &Crew, peers: &'a [String]) -> Option<&'a str> {
    let ready = |name: &&String| {
        *name != CUSTOMERS
            && crew.slot(name).is_some_and(|slot| slot.state().health == PodHealth::Ready)
    };
    peers.iter().find(ready).map(String::as_str)
}

/// A question from the pod to the peer: how long did it take?
pub(super) async fn probe(
    line: &Line,
    peer: &str,
    limit: Span,
) -> Result<Option<Duration>, TargetError> {
    let what = What::Probe { peer: peer.to_owned(), limit };
    match line.call_for(what, (limit + Span::from_secs(1)).into()).await? {
        Answer::Took { micros } => Ok(micros.map(Duration::from_micros)),
        other => Err(TargetError(format!("{} answered {other:?}", line.pod))),
    }
}

async fn late(
    line: &Line,
    part: &Part,
    peer: &str,
    latency: Span,
    jitter: Span,
) -> Result<Said, TargetError> {
    let limit = latency + jitter + latency + jitter + PATIENCE;
    match probe(line, peer, limit).await? {
        Some(took) if took < least(latency, jitter) => Err(not_felt(part, peer, took)),
        Some(took) => Ok(answered(part, peer, took)),
        None => Ok(unanswered(part, peer, limit)),
    }
}

/// An answer came, after so long.
pub(super) fn answered(part: &Part, peer: &str, took: Duration) -> Said {
    said!(
        "lab-answered",
        "{pod} gets an answer from {peer} after {took}",
        pod = part.pod,
        peer = peer,
        took = millis(took)
    )
}

fn unanswered(part: &Part, peer: &str, limit: Span) -> Said {
    said!(
        "lab-unanswered",
        "{pod} gets no answer from {peer} within {limit}",
        pod = part.pod,
        peer = peer,
        limit = limit
    )
}

/// A statement took so long.
pub(super) fn statement(part: &Part, took: Duration) -> Said {
    said!("lab-statement", "a statement in {pod} takes {took}", pod = part.pod, took = millis(took))
}

/// Asks until a segment is lost; a small loss may be there without having hit anything yet.
async fn loses(line: &Line, part: &Part, peer: &str) -> Result<Said, TargetError> {
    let before = lost(line).await?;
    for _ in 0..LOSS_PROBES {
        probe(line, peer, LOSS_LIMIT).await?;
        if lost(line).await? > before {
            break;
        }
    }
    stands(line, part).await
}

async fn lost(line: &Line) -> Result<u64, TargetError> {
    match line.call(What::Inspect).await? {
        Answer::Faults { lost, .. } => Ok(lost),
        other => Err(TargetError(format!("{} answered {other:?}", line.pod))),
    }
}

/// For what cannot be felt with one question: the pod says itself that the fault is there.
async fn stands(line: &Line, part: &Part) -> Result<Said, TargetError> {
    match line.call(What::Inspect).await? {
        Answer::Faults { keys, lost } if keys.contains(&part.key) => Ok(match &part.effect {
            Effect::Network { .. } | Effect::Requests { .. } => said!(
                "lab-in-connections",
                "it sits in the connections of {pod} ({lost} segments lost so far)",
                pod = part.pod,
                lost = lost
            ),
            Effect::Configuration { set } => {
                let set: Vec<_> =
                    set.iter().map(|(key, value)| format!("{key}: {value}")).collect();
                said!(
                    "lab-configured",
                    "{pod} has read its configuration again: {set}",
                    pod = part.pod,
                    set = set.join(", ")
                )
            }
            _ => said!("lab-has-it", "{pod} has it", pod = part.pod),
        }),
        _ => Err(TargetError(format!("{} does not have the fault", part.pod))),
    }
}

/// Looks whether the names do not resolve any more.
async fn unresolved(line: &Line, apps: &[String]) -> Result<Said, TargetError> {
    let mut seen = Vec::new();
    for app in apps {
        match line.call(What::Resolve { app: app.clone() }).await? {
            Answer::Said { what } if what.contains("does not resolve") => seen.push(what),
            other => return Err(TargetError(format!("{}: {other:?}", line.pod))),
        }
    }
    let seen = Said::all(seen, Between::Comma);
    Ok(said!("lab-in", "in {pod} {seen}", pod = line.pod, seen = seen))
}

async fn burns(pid: u32, pod: &str) -> Result<Said, TargetError> {
    for _ in 0..BURN_LOOKS {
        if let Some((threads, time)) = thread_time(pid, "burn-").filter(|(_, time)| !time.is_zero())
        {
            return Ok(said!(
                "lab-burns",
                "{threads} threads of {pod} (process {pid}) burn, {time} of processor time so far",
                threads = threads,
                pod = pod,
                pid = pid,
                time = millis(time)
            ));
        }
        tokio::time::sleep(BURN_LOOK).await;
    }
    Err(TargetError(format!("no thread of {pod} (process {pid}) burns processor time")))
}

/// The shortest time that counts as late: with all the luck that jitter allows, and a grain of timers.
fn least(latency: Span, jitter: Span) -> Duration {
    Duration::from(latency.saturating_sub(jitter)).mul_f64(0.9)
}

fn not_felt(part: &Part, peer: &str, took: Duration) -> TargetError {
    TargetError(format!("{} still gets an answer from {peer} after {}", part.pod, millis(took)))
}

/// Milliseconds as people read them.
fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
}
