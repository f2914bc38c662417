//! Which parameters belong to which type of fault. How each is read stands in `network`, `pods`, `workloads` and `data`.

use super::super::fields::Fields;
use super::super::findings::Findings;
use super::super::value;
use super::sides::{self, Sides};
use super::{data, manifest, network, pods, workloads};
use crate::gameday::catalog::FaultType;
use crate::gameday::fault::{Fault, ZoneResource};

/// Reads the parameters of a fault. `None`, with a finding, where they are wrong.
pub(super) fn read(
    kind: &FaultType,
    fields: &mut Fields<'_>,
    sides: &mut Sides,
    findings: &mut Findings,
) -> Option<Fault> {
    match kind.name {
        "pod-failure" => plain(Fault::PodFailure, "pod-kill", fields, findings),
        "pod-hang" => plain(Fault::PodHang, "pause", fields, findings),
        "node-failure" => plain(Fault::NodeFailure, "shutdown", fields, findings),
        "node-restart" => plain(Fault::NodeRestart, "restart", fields, findings),
        "node-drain" => pods::drain(fields, findings),
        "zone-failure" => zone(fields, sides, findings),
        "network-chaos" => network::network(fields, findings),
        "resource-chaos" => pods::stress(fields, findings),
        "disk-full" => pods::disk_full(fields, findings),
        "time-chaos" => pods::clock(fields, findings),
        "latency-injection" => network::late(fields, findings)
            .map(|(latency, jitter)| Fault::LatencyInjection { latency, jitter }),
        "http-chaos" => network::http(fields, findings),
        "dns-chaos" => plain(Fault::DnsChaos, "error", fields, findings),
        "data-corruption" => data::corruption(fields, findings),
        "configuration-change" => data::configuration(fields, findings),
        "scale" => workloads::scale(fields, findings),
        "image-change" => workloads::image(fields, findings),
        "rollout-restart" => Some(Fault::RolloutRestart),
        "dependency-failure" => plain(Fault::DependencyFailure, "shutdown", fields, findings),
        "database-slowdown" => network::late(fields, findings)
            .map(|(latency, jitter)| Fault::DatabaseSlowdown { latency, jitter }),
        "database-failure" => plain(Fault::DatabaseFailure, "shutdown", fields, findings),
        "replica-lag" => data::replica_lag(fields, findings),
        "io-chaos" => data::io(fields, findings),
        "cache-failure" => data::cache(fields, findings),
        "queue-failure" => plain(Fault::QueueFailure, "shutdown", fields, findings),
        "certificate-expiry" => plain(Fault::CertificateExpiry, "expire-cert", fields, findings),
        "auth-service-failure" => plain(Fault::AuthServiceFailure, "shutdown", fields, findings),
        "rbac-mutation" => data::rbac(fields, sides, findings),
        "traffic-flood" => network::flood(fields, findings),
        "manifest" => manifest::read(fields, findings),
        _ => None,
    }
}

/// A fault without figures: its action may be said, but there is only one.
fn plain(
    fault: Fault,
    action: &'static str,
    fields: &mut Fields<'_>,
    findings: &mut Findings,
) -> Option<Fault> {
    if let Some(node) = fields.take("action", findings) {
        value::word(node, &[(action, ())], findings)?;
    }
    Some(fault)
}

/// `resources` stand in the target, as in the brief, or beside it.
fn zone(fields: &mut Fields<'_>, sides: &mut Sides, findings: &mut Findings) -> Option<Fault> {
    let everything = vec![ZoneResource::Compute, ZoneResource::Storage, ZoneResource::Network];
    let node = fields.take("resources", findings);
    let beside = node.map(|node| sides::resources(node, findings));
    plain(Fault::PodFailure, "shutdown", fields, findings)?;
    let resources = match (sides.resources.take(), beside, node) {
        (Some(_), Some(_), Some(node)) => {
            let what = "\"resources\" stands here and in the target";
            findings.error(node.place, what, "", "remove one of them");
            return None;
        }
        (within, beside, _) => match beside {
            Some(None) => return None,
            Some(Some(found)) => found,
            None => within.unwrap_or(everything),
        },
    };
    Some(Fault::ZoneFailure { resources })
}
