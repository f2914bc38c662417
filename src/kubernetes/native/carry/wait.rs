//! Waits for what a change does, and for what must come back; what is not there in time is said.

use std::time::Duration;

use serde_json::Value;
use tokio::time::sleep;

use super::super::ask::Server;
use super::super::change::{Allowed, Back, Change, Effect};
use super::super::resource::{Object, Resource};
use super::bindings::may;
use super::ready::{are_ready, hash, lacks, pods, stuck, updated};
use crate::exercise::said::{Said, said};
use crate::gameday::text::printable;
use crate::port::target::TargetError;

/// An effect is waited for so long; one that the server itself answers for, only so long.
const EFFECT: Duration = Duration::from_secs(20);
const ANSWERED: Duration = Duration::from_secs(4);

/// What must come back is waited for so long; it is asked for again by whoever reverts.
const BACK: Duration = Duration::from_secs(20);

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(400);

/// What a look found: it is as it should be, or why not.
type Look = Result<Said, String>;

/// Waits for what `change` does.
pub(super) async fn effect(
    server: &Server<'_>,
    change: &Change,
    effect: &Effect,
) -> Result<Said, TargetError> {
    let of = change.object();
    let bound = if matches!(effect, Effect::Denied(_)) { ANSWERED } else { EFFECT };
    let over = sleep(bound);
    tokio::pin!(over);
    let mut late = false;
    loop {
        let look = match effect {
            Effect::RollsOut => rolls_out(&of, server.get(&of).await?.as_ref()),
            Effect::Pods { before, after } => {
                let now = server.get(&of).await?;
                counted(&of, now.as_ref(), (*before, *after), late)
            }
            Effect::Denied(allowed) => denied(server, allowed).await?,
        };
        let why = match look {
            Ok(said) => return Ok(said),
            Err(why) => why,
        };
        if late {
            return Err(TargetError(format!("no effect after {} s: {why}", bound.as_secs())));
        }
        tokio::select! {
            () = &mut over => late = true,
            () = sleep(PAUSE) => {}
        }
    }
}

/// Waits for what must come back.
pub(super) async fn back(server: &Server<'_>, back: &Back) -> Result<Said, TargetError> {
    let over = sleep(BACK);
    tokio::pin!(over);
    loop {
        let look = match back {
            Back::Ready { of, least, hash } => ready(server, of, *least, hash.as_deref()).await?,
            Back::Allowed(allowed) => may_again(server, allowed).await?,
        };
        let why = match look {
            Ok(said) => return Ok(said),
            Err(why) => why,
        };
        tokio::select! {
            () = &mut over => {
                return Err(TargetError(format!("not back after {} s: {why}", BACK.as_secs())));
            }
            () = sleep(PAUSE) => {}
        }
    }
}

fn rolls_out(of: &Object, now: Option<&Value>) -> Look {
    let now = now.ok_or_else(|| format!("{of} is gone"))?;
    match updated(&of.resource.kind, now) {
        Some(count) if count > 0 => Ok(said!(
            "native-rolls-out",
            "{object}: {count} pods of the new kind",
            object = of.to_string(),
            count = count
        )),
        _ => {
            let why = stuck(now).unwrap_or_else(|| "no pod of the new kind yet".to_owned());
            Err(format!("{of}: {why}"))
        }
    }
}

/// As many as wanted; when it is `late`, the first that came or went will do: pods take their time.
fn counted(of: &Object, now: Option<&Value>, (before, after): (i64, i64), late: bool) -> Look {
    let now = now.ok_or_else(|| format!("{of} is gone"))?;
    match pods(now) {
        Some(0) if after == 0 => {
            Ok(said!("native-no-pods", "{object} has no pods", object = of.to_string()))
        }
        Some(there) if there == after => Ok(said!(
            "native-pods",
            "{object} has {there} pods, {ready} of them ready",
            object = of.to_string(),
            there = there,
            ready = are_ready(now)
        )),
        Some(there) if late && there != before => Ok(said!(
            "native-pods-moving",
            "{object} has {there} pods on the way from {before} to {after}",
            object = of.to_string(),
            there = there,
            before = before,
            after = after
        )),
        Some(there) => {
            let why = stuck(now).map(|why| format!(" ({why})")).unwrap_or_default();
            Err(format!("{of} has {there} pods on the way from {before} to {after}{why}"))
        }
        None => Err(format!("{of}: its controller has not seen the change yet")),
    }
}

/// Told no, in anything that was allowed before.
async fn denied(server: &Server<'_>, allowed: &Allowed) -> Result<Look, TargetError> {
    let shown = printable(&allowed.account, 80);
    for ask in &allowed.asks {
        if may(server, &allowed.namespace, &allowed.account, ask).await? == Some(false) {
            return Ok(Ok(said!(
                "native-denied",
                "{account} may not {what} any more",
                account = shown,
                what = ask.to_string()
            )));
        }
    }
    let asks: Vec<String> = allowed.asks.iter().map(ToString::to_string).collect();
    Ok(Err(format!(
        "{shown} may still {}: another binding gives it, of the cluster or of a group",
        printable(&asks.join(", "), 200)
    )))
}

/// Told yes, in all that was allowed before.
async fn may_again(server: &Server<'_>, allowed: &Allowed) -> Result<Look, TargetError> {
    let shown = printable(&allowed.account, 80);
    for ask in &allowed.asks {
        if may(server, &allowed.namespace, &allowed.account, ask).await? == Some(false) {
            return Ok(Err(format!("{shown} may not {ask} yet")));
        }
    }
    Ok(Ok(said!("native-may-again", "{account} may do again what it could", account = shown)))
}

async fn ready(
    server: &Server<'_>,
    of: &Object,
    least: Option<i64>,
    shape: Option<&str>,
) -> Result<Look, TargetError> {
    let Some(now) = server.get(of).await? else {
        return Ok(Ok(said!("native-no-more", "{object} is gone", object = of.to_string())));
    };
    let kind = of.resource.kind.as_str();
    if let Some(lacking) = lacks(kind, &now, least) {
        let why = stuck(&now).map(|why| format!(" ({why})")).unwrap_or_default();
        return Ok(Err(format!("{of}: {lacking}{why}")));
    }
    if let Some(wanted) = shape {
        let sets = match (kind, &of.namespace) {
            ("Deployment", Some(space)) => {
                let sets = Resource::within::<k8s_openapi::api::apps::v1::ReplicaSet>();
                server.list(&sets, space).await?
            }
            _ => Vec::new(),
        };
        let found = hash(kind, &now, &sets).unwrap_or("unknown");
        if found != wanted {
            return Ok(Err(format!(
                "{of}: its pods are of the shape {}, and were of {}",
                printable(found, 80),
                printable(wanted, 80)
            )));
        }
    }
    Ok(Ok(said!(
        "native-ready-again",
        "the pods of {object} are ready and as they were",
        object = of.to_string()
    )))
}
