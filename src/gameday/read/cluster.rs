//! The part of a Kubernetes cluster that a game day is about.

use super::fields::Fields;
use super::findings::Findings;
use super::{address, value};
use crate::gameday::cluster::{Cluster, Declared};
use crate::gameday::node::{Kind, Node};
use crate::gameday::text::printable;

/// Reads what stands under `kubernetes`.
pub(super) fn read(node: &Node, findings: &mut Findings) -> Option<Cluster> {
    let mut fields = Fields::of(node, "a Kubernetes target", findings)?;
    let context = fields.take("context", findings).and_then(|node| value::text(node, findings));
    let namespace = fields.take("namespace", findings).and_then(|node| named(node, findings));
    let why = "load is sent only to this host";
    let url = fields
        .take("url", findings)
        .and_then(|node| address::read(node, why, "http://127.0.0.1:8080", findings));
    let shop = fields.take("shop", findings).and_then(|node| value::truth(node, findings));
    let services = fields.take("services", findings).map(|node| services(node, findings));
    fields.finish(findings);
    Some(Cluster {
        context,
        namespace,
        url,
        shop: shop.unwrap_or_default(),
        services: services.unwrap_or_default(),
    })
}

fn services(node: &Node, findings: &mut Findings) -> std::collections::BTreeMap<String, Declared> {
    let Kind::Map(entries) = &node.kind else {
        let what = format!("services are expected here, and this is {}", node.noun());
        let mend = "write checkout: { depends_on: [payments], critical: true }";
        findings.error(node.place, what, "", mend);
        return Default::default();
    };
    let known = |(key, node): &(crate::gameday::node::Key, Node)| {
        let mut fields = Fields::of(node, "a service", findings)?;
        let needs = fields.take("depends_on", findings);
        let depends_on = needs.and_then(|node| value::list(node, "names of services", findings));
        let depends_on =
            depends_on.unwrap_or_default().iter().filter_map(|one| value::text(one, findings));
        let depends_on: Vec<String> = depends_on.collect();
        let critical = fields.take("critical", findings);
        let critical = critical.and_then(|node| value::truth(node, findings)).unwrap_or_default();
        fields.finish(findings);
        Some((key.text.clone(), Declared { depends_on, critical }))
    };
    entries.iter().filter_map(known).collect()
}

/// The name of a namespace (RFC 1123 label).
pub(super) fn named(node: &Node, findings: &mut Findings) -> Option<String> {
    let text = value::text(node, findings)?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let fits = !text.is_empty()
        && text.len() <= 63
        && text.chars().all(plain)
        && !text.starts_with('-')
        && !text.ends_with('-');
    if !fits {
        let what = format!("\"{}\" is no name of a namespace", printable(&text, 60));
        let why = "names are lower-case letters, digits and dashes, at most 63";
        findings.error(node.place, what, why, "write shop");
        return None;
    }
    Some(text)
}
