//! Faults of names and of HTTP answers.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use k8s_openapi::api::core::v1::{Pod, Service};
use serde_json::{Value, json};

use super::super::pod;
use super::assigned::{Assigned, grouped};

/// What stands in a damaged answer instead of its body.
pub(super) fn damaged() -> String {
    STANDARD.encode("damaged by a game day")
}

/// The answers of the pods at their HTTP port.
pub(super) fn answers(work: &mut Assigned<'_>, what: &Value) -> Result<(), String> {
    at_port(work, "Response", what)
}

/// The pods take connections and no request: as those of a process that stands still, which nobody can make of one through the
/// API of a cluster. What they do at other ports goes on.
pub(super) fn hangs(work: &mut Assigned<'_>) -> Result<(), String> {
    let delay = json!({"delay": work.lasts.to_string()});
    at_port(work, "Request", &delay)
}

fn at_port(work: &mut Assigned<'_>, target: &str, what: &Value) -> Result<(), String> {
    for (port, pods) in grouped(&work.victims, pod::http_port)? {
        let mut spec = json!({"target": target, "port": port, "path": "*"});
        for (key, value) in what.as_object().into_iter().flatten() {
            spec[key] = value.clone();
        }
        work.write("HTTPChaos", spec, &pods, &[]);
    }
    Ok(())
}

/// The names of the services behind which the peers stand do not resolve for the victims.
pub(super) fn names(work: &mut Assigned<'_>) -> Result<(), String> {
    let mut patterns: Vec<String> = Vec::new();
    for service in behind(work) {
        let name = service.metadata.name.as_deref().unwrap_or_default();
        // A resolver completes a short name to this one before it asks.
        patterns.push(format!("{name}.{}.svc.*", work.scene.namespace));
        patterns.extend(members(work, service, name));
    }
    patterns.sort();
    patterns.dedup();
    if patterns.is_empty() {
        return Err(format!(
            "no service of namespace {} stands for {}, so no name leads there; choose a destination that a service selects",
            pod::shown(&work.scene.namespace),
            pod::list(work.peers.iter().map(|one| pod::name(one)))
        ));
    }
    let groups = grouped(&work.victims, |one| {
        pod::main_container(one).map(|container| container.name.clone())
    })?;
    for (container, pods) in groups {
        let spec = json!({"action": "error", "patterns": patterns, "containerNames": [container]});
        work.write("DNSChaos", spec, &pods, &[]);
    }
    Ok(())
}

/// The services that stand for a peer.
fn behind<'a>(work: &Assigned<'a>) -> Vec<&'a Service> {
    let stands = |service: &&&Service| work.peers.iter().any(|peer| selects(service, peer));
    let services: &'a [Service] = &work.scene.services;
    services.iter().collect::<Vec<_>>().iter().filter(stands).copied().collect()
}

/// The names of the peers themselves, where a service without an address of its own gives them any.
fn members(work: &Assigned<'_>, service: &Service, name: &str) -> Vec<String> {
    if !is_headless(service) {
        return Vec::new();
    }
    let theirs = work.peers.iter().filter(|peer| selects(service, peer));
    let named = theirs
        .filter(|peer| peer.spec.as_ref().and_then(|spec| spec.subdomain.as_deref()) == Some(name));
    let namespace = &work.scene.namespace;
    named.map(|peer| format!("{}.{name}.{namespace}.svc.*", pod::name(peer))).collect()
}

/// Whether a service stands for a pod.
pub(super) fn selects(service: &Service, one: &Pod) -> bool {
    let wanted = service.spec.as_ref().and_then(|spec| spec.selector.as_ref());
    wanted.is_some_and(|wanted| {
        !wanted.is_empty()
            && wanted.iter().all(|(key, value)| pod::label(one, key) == Some(value.as_str()))
    })
}

/// Whether a service has no address of its own.
pub(super) fn is_headless(service: &Service) -> bool {
    let address = service.spec.as_ref().and_then(|spec| spec.cluster_ip.as_deref());
    address == Some("None")
}
