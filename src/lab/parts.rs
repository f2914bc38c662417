//! What an order means inside which pods. Pure: the plan of the shop and the order decide.

use super::channel::{CUSTOMERS, Effect};
use super::inner::{check as check_inner, effect};
use super::outer::{check as check_outer, effect as outer_effect, is_outer};
use super::shop::{ACCOUNT, PERMISSIONS, PodPlan, Role, hops};
use crate::gameday::catalog::lab_lacks;
use crate::gameday::fault::{Direction, Fault, NetworkAction, Stress, ZoneResource};
use crate::gameday::span::Span;
use crate::port::target::{FaultOrder, TargetError};

/// No processor is burnt for longer, whatever happens.
const BURN_AT_MOST: Span = Span::from_secs(2 * 60 * 60);

/// One effect in one pod, on behalf of one victim.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Part {
    /// Unique in the pod: the order's key, a slash, the victim.
    pub key: String,
    /// The pod that is hit; the part dies with its process.
    pub victim: &'static str,
    /// The pod in whose process the effect sits.
    pub pod: &'static str,
    /// What it is.
    pub effect: Effect,
    /// Whether it outlives the victim's process: it is done to the place, and not to the process.
    pub stays: bool,
    /// Whether the victims and their peers talk over others, so that the last hop between them is hit.
    pub indirect: bool,
}

/// Whether the parameters make sense.
///
/// # Errors
/// The reason, as a sentence for people.
pub(super) fn supports(fault: &Fault) -> Result<(), TargetError> {
    let refuse = |why: &str| Err(TargetError(format!("{}: {why}", fault.kind())));
    if let Some(why) = lab_lacks(fault.kind()) {
        return refuse(&format!("the lab cannot do it: {why}"));
    }
    match *fault {
        Fault::NetworkChaos { network: NetworkAction::Loss { share }, .. }
            if !(share > 0.0 && share <= 1.0) =>
        {
            refuse("the share of lost packets must be above 0 and at most 1")
        }
        Fault::NetworkChaos { network: NetworkAction::Delay { latency, .. }, .. }
        | Fault::LatencyInjection { latency, .. }
        | Fault::DatabaseSlowdown { latency, .. }
            if latency.is_zero() =>
        {
            refuse("a latency of zero would not be felt")
        }
        Fault::ResourceChaos { stress: Stress::CpuStress { cores, load } }
            if cores == 0 || cores > 64 || load == 0 || load > 100 =>
        {
            refuse("cores must be 1 to 64 and load 1 to 100 percent")
        }
        Fault::TimeChaos { offset_millis: 0, drift: 0.0 } => {
            refuse("neither an offset nor a drift is given, so the clock would stay right")
        }
        Fault::RbacMutation { ref account, .. } if account != ACCOUNT => {
            refuse(&format!("the lab's only service account is {ACCOUNT}"))
        }
        Fault::RbacMutation { ref permissions, .. }
            if permissions.iter().any(|one| !PERMISSIONS.contains(&one.as_str())) =>
        {
            refuse(&format!("{ACCOUNT} has only these permissions: {}", PERMISSIONS.join(", ")))
        }
        Fault::ZoneFailure { ref resources } if resources.is_empty() => {
            refuse("name what of the zone fails: compute, storage, network")
        }
        _ => check_inner(fault)
            .and_then(|()| check_outer(fault).map_err(str::to_owned))
            .or_else(|why| refuse(&why)),
    }
}

/// The effects of an order on `pods`, as they are now; empty for a fault that sits in no running process.
///
/// # Errors
/// When a pod is unknown, or the fault would not be felt by anyone.
pub(super) fn parts_of(order: &FaultOrder, pods: &[PodPlan]) -> Result<Vec<Part>, TargetError> {
    supports(&order.experiment.fault)?;
    let named =
        |names: &[String]| names.iter().map(|name| plan(pods, name)).collect::<Result<Vec<_>, _>>();
    let (victims, peers) = (named(&order.victims)?, named(&order.peers)?);
    if victims.is_empty() {
        return Err(TargetError("no pod is selected".to_owned()));
    }
    if peers.is_empty() && order.experiment.destination.is_some() {
        return Err(TargetError("the destination selects no pod".to_owned()));
    }
    let parts: Vec<Part> = match order.experiment.fault {
        Fault::PodFailure
        | Fault::PodHang
        | Fault::NodeFailure
        | Fault::NodeRestart
        | Fault::NodeDrain { .. }
        | Fault::DependencyFailure
        | Fault::DatabaseFailure
        | Fault::CacheFailure { .. }
        | Fault::QueueFailure
        | Fault::Scale { .. }
        | Fault::RolloutRestart
        | Fault::AuthServiceFailure => return Ok(Vec::new()),
        Fault::ZoneFailure { ref resources } => return Ok(zone(order, pods, &victims, resources)),
        Fault::NetworkChaos { network, direction } => {
            let effect = |peers, out_side: bool| {
                let (to, from) = sides(direction);
                let (outbound, inbound) = if out_side { (to, from) } else { (from, to) };
                Effect::Network { peers, outbound, inbound, action: network }
            };
            between(order, pods, (&victims, &peers), true, effect)
        }
        Fault::LatencyInjection { latency, jitter } => {
            let effect = |peers, _| Effect::Requests { peers, latency, jitter };
            between(order, pods, (&victims, &peers), false, effect)
        }
        _ => return in_victims(order, pods, &victims, &peers),
    };
    if parts.is_empty() {
        let names =
            |list: &[String]| if list.is_empty() { "anyone".to_owned() } else { list.join(", ") };
        return Err(TargetError(format!(
            "nothing goes from {} to {}, so nobody would feel it",
            names(&order.victims),
            names(&order.peers)
        )));
    }
    Ok(parts)
}

/// The effects of faults that sit in the victims themselves, or in whoever keeps something for them.
fn in_victims(
    order: &FaultOrder,
    pods: &[PodPlan],
    victims: &[PodPlan],
    peers: &[PodPlan],
) -> Result<Vec<Part>, TargetError> {
    let own = |seat: &PodPlan, effect| Part {
        key: key(&order.key, seat.name),
        victim: seat.name,
        pod: seat.name,
        effect,
        stays: false,
        indirect: false,
    };
    let parts: Vec<Part> = match order.experiment.fault {
        Fault::ResourceChaos { stress: Stress::CpuStress { cores, load } } => {
            let limit = order.experiment.duration.unwrap_or(BURN_AT_MOST);
            // A little more than asked, so that the revert and not the bound ends it.
            let limit = (limit + Span::from_secs(60)).min(BURN_AT_MOST);
            let effect = Effect::Burn { cores, load, limit };
            victims.iter().map(|victim| own(victim, effect.clone())).collect()
        }
        Fault::RbacMutation { ref account, ref permissions } => {
            let effect = revocation(victims, account, permissions)?;
            let seats = pods.iter().filter(|one| one.role == Role::Auth);
            seats.map(|seat| Part { stays: true, ..own(seat, effect.clone()) }).collect()
        }
        ref fault if is_outer(fault) => {
            let each = victims.iter().filter_map(|victim| {
                let effect = outer_effect(fault, victim, peers).transpose()?;
                Some(effect.map(|effect| own(victim, effect)))
            });
            return each.collect();
        }
        ref other => victims
            .iter()
            .map(|victim| effect(other, victim).map(|effect| Some(own(victim, effect?))))
            .collect::<Result<Option<Vec<_>>, _>>()?
            .ok_or_else(|| TargetError(format!("the lab cannot do {}", other.kind())))?,
    };
    if parts.is_empty() {
        return Err(TargetError("nobody who would have this fault runs".to_owned()));
    }
    Ok(parts)
}

/// What the account of the victims loses: it is that of all pods of the app, and the policy outlives the process that
/// holds it.
fn revocation(
    victims: &[PodPlan],
    account: &str,
    permissions: &[String],
) -> Result<Effect, TargetError> {
    if let Some(other) = victims.iter().find(|one| one.role != Role::Web) {
        let why = format!("{} does not act as {account}; select app: web-app", other.name);
        return Err(TargetError(why));
    }
    Ok(Effect::Revoke { account: account.to_owned(), permissions: permissions.to_vec() })
}

/// What cuts the victims' zone off; nothing where its pods are down anyway.
fn zone(
    order: &FaultOrder,
    pods: &[PodPlan],
    victims: &[PodPlan],
    resources: &[ZoneResource],
) -> Vec<Part> {
    let cut = resources.contains(&ZoneResource::Network);
    if !cut || resources.contains(&ZoneResource::Compute) {
        return Vec::new();
    }
    let outside = |one: &&PodPlan| !victims.iter().any(|victim| victim.name == one.name);
    let effect = |peers, _| Effect::Network {
        peers,
        outbound: true,
        inbound: true,
        action: NetworkAction::Partition,
    };
    let mut parts = Vec::new();
    for victim in victims {
        let direct =
            |one: &&PodPlan| victim.role.dials_role(one.role) || one.role.dials_role(victim.role);
        let peers: Vec<PodPlan> = pods.iter().filter(outside).filter(direct).copied().collect();
        if !peers.is_empty() {
            parts.extend(between(order, pods, (&[*victim], &peers), true, effect));
        }
        if victim.role == Role::Gateway {
            parts.push(Part {
                key: format!("{}/{CUSTOMERS}", key(&order.key, victim.name)),
                victim: victim.name,
                pod: victim.name,
                effect: effect(vec![CUSTOMERS.to_owned()], true),
                stays: true,
                indirect: false,
            });
        }
    }
    for part in &mut parts {
        part.stays = true;
    }
    parts
}

/// The key of the part of one victim.
pub(super) fn key(order: &str, victim: &str) -> String {
    format!("{order}/{victim}")
}

/// Whether a part's key belongs to the order.
pub(super) fn belongs(part: &str, order: &str) -> bool {
    part.strip_prefix(order).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether what the victims send, and what they receive, is hit.
const fn sides(direction: Direction) -> (bool, bool) {
    match direction {
        Direction::To => (true, false),
        Direction::From => (false, true),
        Direction::Both => (true, true),
    }
}

/// The parts of a fault between two sides, each in the pod that opens the connections. Without peers every connection
/// of the victims is meant. `answers`: also connections that the other side opens.
fn between(
    order: &FaultOrder,
    pods: &[PodPlan],
    (victims, peers): (&[PodPlan], &[PodPlan]),
    answers: bool,
    effect: impl Fn(Vec<String>, bool) -> Effect,
) -> Vec<Part> {
    let mut found: Vec<(&'static str, &'static str, bool, bool, Vec<String>)> = Vec::new();
    let mut add = |victim, pod, side, indirect, peer: &str| {
        let same = found.iter_mut().find(|one| (one.0, one.1, one.2) == (victim, pod, side));
        match same {
            Some((.., known)) if known.iter().any(|one| one == peer) => {}
            Some((.., known)) => known.push(peer.to_owned()),
            None => found.push((victim, pod, side, indirect, vec![peer.to_owned()])),
        }
    };
    for victim in victims {
        let others = pods.iter().filter(|one| {
            if peers.is_empty() {
                one.name != victim.name
                    && (victim.role.dials_role(one.role) || one.role.dials_role(victim.role))
            } else {
                peers.iter().any(|peer| peer.name == one.name)
            }
        });
        for peer in others {
            for hop in hops(pods, victim, peer).into_iter().filter(|hop| answers || hop.from_dials)
            {
                add(victim.name, hop.dialer, hop.from_dials, !hop.direct, hop.peer);
            }
        }
        if answers && peers.is_empty() && victim.role == Role::Gateway {
            add(victim.name, victim.name, true, false, CUSTOMERS);
        }
    }
    found
        .into_iter()
        .map(|(victim, pod, side, indirect, peers)| Part {
            key: key(&order.key, victim),
            victim,
            pod,
            effect: effect(peers, side),
            stays: false,
            indirect,
        })
        .collect()
}

fn plan(pods: &[PodPlan], name: &str) -> Result<PodPlan, TargetError> {
    pods.iter()
        .find(|one| one.name == name)
        .copied()
        .ok_or_else(|| TargetError(format!("the lab has no pod {name}")))
}
