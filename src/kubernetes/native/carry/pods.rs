//! Lets pods leave or end.

use std::time::Duration;

use futures::future::join_all;
use serde_json::Value;

use super::super::ask::{Pace, Run, Server, passes, pod_of};
use super::super::change::PodRef;
use crate::exercise::said::{Between, Said, said};
use crate::gameday::span::Span;
use crate::gameday::text::printable;
use crate::kubernetes::trouble::{code, trouble};
use crate::port::target::TargetError;

/// A pod that a budget keeps is asked again after so long.
const PAUSE: Duration = Duration::from_millis(500);

/// A pod is asked for at least so long: one that need not wait is asked twice.
const LEAST: Duration = Duration::from_secs(1);

/// Pods that were told to end are looked at for so long.
const LOOKED: Duration = Duration::from_secs(5);

/// Asks all of them to leave, until they do or `grace` is over. A pod that may not leave is never deleted.
pub(super) async fn evict(
    server: &Server<'_>,
    pods: &[PodRef],
    grace: Span,
) -> Result<Said, TargetError> {
    let asked = join_all(pods.iter().map(|pod| evict_one(server, pod, grace))).await;
    let refused: Vec<String> =
        asked.into_iter().filter_map(Result::err).map(|error| error.0).collect();
    if !refused.is_empty() {
        return Err(TargetError(format!(
            "not all pods left within {grace}, and none was deleted instead: {}",
            refused.join("; ")
        )));
    }
    let there = ending(server, pods).await?;
    let evicted = said!("native-evicted", "evicted: {pods}", pods = names(pods));
    Ok(Said::all([evicted].into_iter().chain(there), Between::Then))
}

/// Deletes all of them, to end at once.
pub(super) async fn delete(server: &Server<'_>, pods: &[PodRef]) -> Result<Said, TargetError> {
    let done = join_all(pods.iter().map(|pod| delete_one(server, pod))).await;
    done.into_iter().collect::<Result<Vec<()>, _>>()?;
    let there = ending(server, pods).await?;
    let deleted = said!("native-deleted", "deleted: {pods}", pods = names(pods));
    Ok(Said::all([deleted].into_iter().chain(there), Between::Then))
}

async fn evict_one(server: &Server<'_>, pod: &PodRef, grace: Span) -> Result<(), TargetError> {
    let seconds = i64::try_from(grace.as_millis().div_ceil(1_000)).unwrap_or(i64::MAX);
    let (limit, mut waited) = (Duration::from(grace).max(LEAST), Duration::ZERO);
    loop {
        let error = match server.evict(pod, seconds, Run::Wet).await {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        if left(server, pod, &error).await? {
            return Ok(());
        }
        if waited >= limit || !passes(&error) {
            return Err(trouble(&format!("evict {}", pod_of(pod)), &error));
        }
        tokio::time::sleep(PAUSE).await;
        waited += PAUSE;
    }
}

async fn delete_one(server: &Server<'_>, pod: &PodRef) -> Result<(), TargetError> {
    let mut pace = Pace::default();
    loop {
        let error = match server.delete(&pod_of(pod), &pod.uid, Some(0), Run::Wet).await {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        if left(server, pod, &error).await? {
            return Ok(());
        }
        if !pace.again(&error).await {
            return Err(trouble(&format!("delete {}", pod_of(pod)), &error));
        }
    }
}

/// Whether it is gone, or about to go, whatever went wrong: an answer that got lost may have been a yes.
async fn left(server: &Server<'_>, pod: &PodRef, error: &kube::Error) -> Result<bool, TargetError> {
    match code(error) {
        Some(404) => Ok(true),
        Some(409) | None => Ok(match server.get(&pod_of(pod)).await? {
            Some(now) => {
                !is_same(&now, pod) || now.pointer("/metadata/deletionTimestamp").is_some()
            }
            None => true,
        }),
        _ => Ok(false),
    }
}

/// Waits a little until they are gone; says who still ends.
async fn ending(server: &Server<'_>, pods: &[PodRef]) -> Result<Option<Said>, TargetError> {
    let mut waited = Duration::ZERO;
    loop {
        let looks = join_all(pods.iter().map(|pod| async move {
            let now = server.get(&pod_of(pod)).await?;
            Ok::<_, TargetError>(now.is_some_and(|now| is_same(&now, pod)).then_some(pod))
        }));
        let mut there = Vec::new();
        for look in looks.await {
            there.extend(look?.cloned());
        }
        if there.is_empty() {
            return Ok(None);
        }
        if waited >= LOOKED {
            return Ok(Some(said!(
                "native-still-ending",
                "told to end, and still there: {pods}",
                pods = names(&there)
            )));
        }
        tokio::time::sleep(PAUSE).await;
        waited += PAUSE;
    }
}

fn is_same(now: &Value, pod: &PodRef) -> bool {
    now.pointer("/metadata/uid").and_then(Value::as_str) == Some(&pod.uid)
}

fn names(pods: &[PodRef]) -> String {
    let names: Vec<String> = pods.iter().map(|pod| printable(&pod.name, 80)).collect();
    names.join(", ")
}
