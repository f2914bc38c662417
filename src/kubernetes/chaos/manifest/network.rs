//! Faults of the network between pods.
//!
//! Chaos Mesh knows packets by the addresses of pods, and a packet to a service carries the service's address until it has left the
//! pod. So what is done to one way of the traffic is written for the side that sends, towards the pods and towards the addresses of
//! the services that stand for just these pods.

use std::net::Ipv4Addr;

use k8s_openapi::api::core::v1::{Pod, Service};
use serde_json::{Value, json};

use super::super::pod;
use super::assigned::{Assigned, SHARD, selection};
use super::web::{is_headless, selects};
use crate::gameday::fault::{Direction, NetworkAction};
use crate::gameday::span::Span;

/// Packets are not held back for longer: connections would not come about at all.
const LONGEST_LAG: Span = Span::from_secs(10);

/// Whether a replica can be let fall behind by `lag`.
pub(super) fn lag(lag: Span) -> Result<(), String> {
    if lag > LONGEST_LAG {
        return Err(format!(
            "a lag is made by delaying what the primary sends, and a delay of {lag} would let no connection come about; write at \
             most {LONGEST_LAG}"
        ));
    }
    Ok(())
}

/// The network between victims and peers.
pub(super) fn between(
    work: &mut Assigned<'_>,
    action: NetworkAction,
    direction: Direction,
) -> Result<(), String> {
    let (victims, peers) = (work.victims.clone(), work.peers.clone());
    two_sides(&victims, &peers)?;
    let spec = match action {
        NetworkAction::Partition => {
            partition(work, &victims, &peers, direction);
            return Ok(());
        }
        NetworkAction::Delay { latency, jitter } => late(latency, jitter),
        NetworkAction::Loss { share } => {
            let loss = json!({"loss": figure(share * 100.0), "correlation": "0"});
            json!({"action": "loss", "loss": loss})
        }
        NetworkAction::Bandwidth { bytes_per_second } => narrow(bytes_per_second),
    };
    let only_way = direction != Direction::Both;
    if direction != Direction::From {
        one_way(work, &spec, &victims, &peers, only_way)?;
    }
    if direction != Direction::To {
        one_way(work, &spec, &peers, &victims, only_way)?;
    }
    Ok(())
}

/// Requests of the victims to the peers are late by once the latency: what the peers send back is. Answers go to the pod's own
/// address whichever way the request came, and a delay both ways would count twice.
pub(super) fn late_answers(
    work: &mut Assigned<'_>,
    latency: Span,
    jitter: Span,
) -> Result<(), String> {
    let (victims, peers) = (work.victims.clone(), work.peers.clone());
    two_sides(&victims, &peers)?;
    one_way(work, &late(latency, jitter), &peers, &victims, false)
}

/// Every answer of the database to whoever asks it, its own replicas aside.
pub(super) fn slow_database(
    work: &mut Assigned<'_>,
    latency: Span,
    jitter: Span,
) -> Result<(), String> {
    let victims = work.victims.clone();
    let apps: Vec<Option<&str>> = victims.iter().map(|one| pod::label(one, "app")).collect();
    let kin = |one: &Pod| {
        let app = pod::label(one, "app");
        app.is_some() && apps.contains(&app)
    };
    let callers = match work.peers.is_empty() {
        true => others(work).into_iter().filter(|one| !kin(one)).collect(),
        false => work.peers.clone(),
    };
    two_sides(&victims, &callers)?;
    one_way(work, &late(latency, jitter), &victims, &callers, false)
}

/// What the primary sends to the replica is late by the lag.
pub(super) fn behind(work: &mut Assigned<'_>, lag: Span) -> Result<(), String> {
    let replicas = work.victims.clone();
    let primaries = match work.peers.is_empty() {
        true => primaries(work, &replicas)?,
        false => work.peers.clone(),
    };
    one_way(work, &late(lag, Span::ZERO), &primaries, &replicas, false)
}

/// Nothing passes between the victims and anybody else.
pub(super) fn cut_off(work: &mut Assigned<'_>) -> Result<(), String> {
    let victims = work.victims.clone();
    let victims: Vec<&Pod> = victims.into_iter().filter(|one| can_be_cut(one)).collect();
    let rest = others(work);
    two_sides(&victims, &rest)?;
    partition(work, &victims, &rest, Direction::Both);
    Ok(())
}

fn partition(work: &mut Assigned<'_>, from: &[&Pod], to: &[&Pod], direction: Direction) {
    let direction = match direction {
        Direction::To => "to",
        Direction::From => "from",
        Direction::Both => "both",
    };
    for from in from.chunks(SHARD) {
        for to in to.chunks(SHARD) {
            let target = selection(&work.scene.namespace, to);
            let spec = json!({"action": "partition", "direction": direction, "target": target});
            work.write("NetworkChaos", spec, from, to);
        }
    }
}

/// What `from` sends to `to`. `only_way`: nothing is done to the other way, so that missing it would be missing everything.
fn one_way(
    work: &mut Assigned<'_>,
    spec: &Value,
    from: &[&Pod],
    to: &[&Pod],
    only_way: bool,
) -> Result<(), String> {
    let addresses = addresses(work.scene.services.as_slice(), &work.scene.pods, to);
    let missed = only_way && addresses.own.is_empty() && !addresses.direct;
    if let Some(service) = addresses.shared.as_ref().filter(|_| missed) {
        return Err(format!(
            "what goes to {} goes by way of service {}, behind which others stand too, and these would be hit as well; hit all \
             pods of the service, or write direction: both",
            pod::list(to.iter().map(|one| pod::name(one))),
            pod::shown(service),
        ));
    }
    for from in from.chunks(SHARD) {
        for to in to.chunks(SHARD) {
            let mut spec = spec.clone();
            spec["direction"] = "to".into();
            spec["target"] = selection(&work.scene.namespace, to).into();
            if !addresses.own.is_empty() {
                spec["externalTargets"] = json!(addresses.own);
            }
            // Struck are those in whose network it sits, but whom it is meant for are the victims.
            work.write("NetworkChaos", spec, from, to);
        }
    }
    Ok(())
}

/// The addresses of services by which pods are reached.
#[derive(Debug, Default)]
struct Addresses {
    /// Of services that stand for these pods and nobody else.
    own: Vec<String>,
    /// Whether they are reached at their own addresses, too.
    direct: bool,
    /// A service that stands for others as well.
    shared: Option<String>,
}

fn addresses(services: &[Service], all: &[Pod], to: &[&Pod]) -> Addresses {
    let mut found = Addresses { direct: true, ..Addresses::default() };
    let meant = |one: &Pod| to.iter().any(|two| pod::name(two) == pod::name(one));
    let theirs = services.iter().filter(|service| to.iter().any(|one| selects(service, one)));
    for service in theirs {
        if is_headless(service) {
            continue;
        }
        let others = all.iter().filter(|one| selects(service, one) && !pod::is_finished(one));
        if others.into_iter().any(|one| !meant(one)) {
            found.shared = service.metadata.name.clone();
            continue;
        }
        let spec = service.spec.as_ref();
        let several = spec.and_then(|spec| spec.cluster_ips.clone()).unwrap_or_default();
        let one = spec.and_then(|spec| spec.cluster_ip.clone());
        let addresses = several.into_iter().chain(one);
        found.own.extend(addresses.filter(|address| address.parse::<Ipv4Addr>().is_ok()));
    }
    found.own.sort();
    found.own.dedup();
    let headless =
        |service: &Service| is_headless(service) && to.iter().any(|one| selects(service, one));
    found.direct = found.shared.is_none() || services.iter().any(headless);
    found
}

/// A netem delay. The schema takes one unit only.
fn late(latency: Span, jitter: Span) -> Value {
    let millis = |span: Span| format!("{}ms", span.as_millis());
    json!({"action": "delay", "delay": {"latency": millis(latency), "jitter": millis(jitter), "correlation": "0"}})
}

/// A bucket of tokens: `bps` are bytes. A burst holds a hundredth of a second and a few packets, what waits half a second.
fn narrow(bytes_per_second: u64) -> Value {
    let buffer = (bytes_per_second / 100).clamp(10_000, 10_000_000);
    let limit = (bytes_per_second / 2).clamp(65_536, 500_000_000);
    let bandwidth =
        json!({"rate": format!("{bytes_per_second}bps"), "buffer": buffer, "limit": limit});
    json!({"action": "bandwidth", "bandwidth": bandwidth})
}

/// A figure without a needless point.
fn figure(value: f64) -> String {
    let rounded = (value * 1e4).round() / 1e4;
    format!("{rounded}")
}

fn two_sides(one: &[&Pod], other: &[&Pod]) -> Result<(), String> {
    match one.is_empty() || other.is_empty() {
        true => {
            Err("there is nobody on the other side, and without one all traffic would be hit; \
                     name a destination"
                .to_owned())
        }
        false => Ok(()),
    }
}

/// Everybody in the namespace but the victims, those who have ended, and the tools of the exercise.
fn others<'a>(work: &Assigned<'a>) -> Vec<&'a Pod> {
    let victim = |one: &Pod| work.victims.iter().any(|two| pod::name(two) == pod::name(one));
    let all: &'a [Pod] = &work.scene.pods;
    all.iter().filter(|one| !victim(one) && can_be_cut(one)).collect()
}

/// Pods with the network of their node are never touched: Chaos Mesh refuses, and could not be rid of the experiment any more.
fn can_be_cut(one: &Pod) -> bool {
    !pod::is_on_host_network(one) && !pod::is_finished(one) && !pod::is_tool(one)
}

/// The primaries of these replicas: of the same app, with `role: primary`.
fn primaries<'a>(work: &Assigned<'a>, replicas: &[&Pod]) -> Result<Vec<&'a Pod>, String> {
    let apps: Vec<_> = replicas.iter().filter_map(|one| pod::label(one, "app")).collect();
    let all: &'a [Pod] = &work.scene.pods;
    let primary = |one: &&Pod| {
        pod::label(one, "role") == Some("primary")
            && pod::label(one, "app").is_some_and(|app| apps.contains(&app))
            && !replicas.iter().any(|two| pod::name(two) == pod::name(one))
    };
    let found: Vec<&Pod> = all.iter().filter(primary).collect();
    match found.is_empty() {
        true => Err(format!(
            "no primary of {} is known; label it role: primary and with the same app",
            pod::list(replicas.iter().map(|one| pod::name(one)))
        )),
        false => Ok(found),
    }
}
