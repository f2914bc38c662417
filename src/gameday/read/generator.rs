//! `load: { engine: k6, … }` beside the timeline: who makes the load, where it is not this machine.
//!
//! The key is the one that a file without phases has for its rate, so both may stand in it: what has an `engine` says who,
//! what has `rps` says how much.

use super::fields::Fields;
use super::findings::Findings;
use super::{address, cluster, load, value};
use crate::gameday::generator::{Generator, IMAGE, MOST_RUNNERS, Runners, is_here};
use crate::gameday::load::LoadPattern;
use crate::gameday::node::Node;
use crate::gameday::plan::Target;
use crate::gameday::text::printable;

/// Whether this says who makes the load.
pub(super) fn is(node: &Node) -> bool {
    node.get("engine").is_some()
}

/// Reads who makes the load, and how much of it where the timeline has no load of its own (`rated`).
pub(super) fn read(
    node: &Node,
    rated: bool,
    findings: &mut Findings,
) -> (Option<Generator>, Option<LoadPattern>) {
    let Some(mut fields) = Fields::of(node, "a load generator", findings) else {
        return (None, None);
    };
    let engine = fields.need("engine", "k6", findings);
    let engine = engine.and_then(|node| value::word(node, &[("k6", ())], findings));
    let parallelism = match fields.take("parallelism", findings) {
        Some(node) => value::whole(node, 1, MOST_RUNNERS, findings),
        None => Some(1),
    };
    let url = fields.take("url", findings).and_then(|node| inside(node, findings));
    let image = match fields.take("image", findings) {
        Some(node) => image(node, findings),
        None => Some(IMAGE.to_owned()),
    };
    let namespace = fields.take("namespace", findings);
    let namespace = namespace.and_then(|node| cluster::named(node, findings));
    let prometheus_rw = fields.take("prometheus_rw", findings);
    let prometheus_rw = prometheus_rw.and_then(|node| {
        let why = "the runners write there what they measured";
        address::read(node, why, "http://prometheus.monitoring:9090/api/v1/write", findings)
    });
    let histograms = fields.take("native_histograms", findings);
    let native_histograms = histograms.and_then(|node| value::truth(node, findings));
    if let (Some(node), None) = (histograms, &prometheus_rw) {
        let why = "latencies are written nowhere without prometheus_rw";
        findings.error(node.place, "this changes nothing", why, "add prometheus_rw, or remove it");
    }
    let pattern = if rated && fields.has("rps") {
        load::from_fields(&mut fields, node.place, None, findings)
    } else {
        None
    };
    fields.finish(findings);
    let generator = engine.and(Some(())).and_then(|()| {
        let native_histograms = native_histograms.unwrap_or_default();
        let (parallelism, image) = (parallelism?, image?);
        let runners =
            Runners { parallelism, url, image, namespace, prometheus_rw, native_histograms };
        Some(Generator::K6(runners))
    });
    (generator, pattern)
}

/// An address as it is seen from inside the cluster.
fn inside(node: &Node, findings: &mut Findings) -> Option<String> {
    let why = "load is sent only to this host";
    let url = address::read(node, why, "http://api-gateway.shop:8080", findings)?;
    if is_here(&url) {
        let what = "in the cluster this address is each runner itself";
        findings.error(node.place, what, "", "write http://api-gateway.shop:8080");
        return None;
    }
    Some(url)
}

/// An image that stays the same: with a tag that is not `latest`, or with a digest.
fn image(node: &Node, findings: &mut Findings) -> Option<String> {
    let text = value::text(node, findings)?;
    let last = text.rsplit('/').next().unwrap_or_default();
    let tag = last.split_once(':').map(|(_, tag)| tag).unwrap_or_default();
    if text.contains(char::is_whitespace) || !text.is_ascii() {
        let what = format!("\"{}\" is no image", printable(&text, 60));
        findings.error(node.place, what, "", format!("write {IMAGE}"));
        return None;
    }
    if !last.contains('@') && (tag.is_empty() || tag == "latest") {
        let what = format!("the image {} has no fixed tag", printable(&text, 60));
        let why = "what it does could change from one exercise to the next";
        findings.error(node.place, what, why, format!("write {IMAGE}"));
        return None;
    }
    Some(text)
}

/// Whether it fits to what is exercised.
pub(super) fn fits(generator: &Generator, target: &Target, node: &Node, findings: &mut Findings) {
    let Target::Kubernetes(cluster) = target else {
        let what = "k6 makes load in a cluster, and the target is none";
        let mend = "write target: kubernetes, or leave engine out: this machine makes the load";
        findings.error(node.place, what, "", mend);
        return;
    };
    let example = "add url: http://api-gateway.shop:8080";
    match generator.url(cluster.url.as_deref()) {
        None => {
            let what = "nothing says where the load goes";
            findings.error(node.place, what, "", example);
        }
        Some(url) if is_here(url) => {
            let what = format!("the runners cannot reach {}", printable(url, 100));
            let why = "it is the address as seen from this machine; they run in the cluster";
            findings.error(node.place, what, why, example);
        }
        Some(_) => {}
    }
}
