//! The parameters of faults of data, configuration and permissions.

use std::collections::BTreeMap;

use super::super::fields::Fields;
use super::super::findings::Findings;
use super::super::value;
use super::network::{latency, share};
use super::sides::Sides;
use crate::gameday::catalog::LAB_TABLES;
use crate::gameday::fault::{CacheAction, ConfigurationSource, Fault, IoAction};
use crate::gameday::node::{Kind, Node};
use crate::gameday::problem::suggestion;
use crate::gameday::span::Span;
use crate::gameday::text::printable;

/// The service account of the lab's web-app.
const ACCOUNT: &str = "app-service-account";

pub(super) fn corruption(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Fault> {
    let table = match fields.take("table", findings) {
        None => Some("products".to_owned()),
        Some(node) => value::raw(node, findings).and_then(|text| {
            let known = LAB_TABLES.contains(&text);
            if !known {
                let what = format!("there is no table \"{}\"", printable(text, 60));
                findings.error(node.place, what, "", suggestion(text, &LAB_TABLES));
            }
            known.then(|| text.to_owned())
        }),
    };
    let rows = match fields.take("rows", findings) {
        Some(node) => value::whole(node, 1, 10_000, findings),
        None => Some(10),
    };
    Some(Fault::DataCorruption { table: table?, rows: rows? })
}

pub(super) fn configuration(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Fault> {
    const SOURCES: [(&str, ConfigurationSource); 2] =
        [("file", ConfigurationSource::File), ("environment", ConfigurationSource::Environment)];
    let source = match fields.take("source", findings) {
        Some(node) => value::word(node, &SOURCES, findings),
        None => Some(ConfigurationSource::default()),
    };
    let set = fields.need("set", "{ answer-delay: 300ms }", findings);
    let set = set.and_then(|node| settings(node, findings));
    Some(Fault::ConfigurationChange { source: source?, set: set? })
}

fn settings(node: &Node, findings: &mut Findings) -> Option<BTreeMap<String, String>> {
    let Kind::Map(entries) = &node.kind else {
        let what = format!("keys with values are expected here, and this is {}", node.noun());
        findings.error(node.place, what, "", "write { answer-delay: 300ms }");
        return None;
    };
    if entries.is_empty() {
        let mend = "write { answer-delay: 300ms }";
        findings.error(node.place, "a change of nothing is no fault", "", mend);
        return None;
    }
    let mut set = BTreeMap::new();
    for (key, node) in entries {
        let right = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
        if key.text.is_empty() || key.text.len() > 127 || !key.text.chars().all(right) {
            let what = format!("\"{}\" is no name of a setting", printable(&key.text, 60));
            let mend = "use letters, digits, - _ . and /, at most 127";
            findings.error(key.place, what, "", mend);
            return None;
        }
        let text = value::text(node, findings)?;
        if text.contains('\n') {
            findings.error(node.place, "a setting is one line", "", "shorten it to one line");
            return None;
        }
        if set.insert(key.text.clone(), text).is_some() {
            let what = format!("\"{}\" is set twice", key.text);
            findings.error(key.place, what, "", "remove one of them");
            return None;
        }
    }
    Some(set)
}

pub(super) fn replica_lag(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Fault> {
    let (least, most) = (Span::from_millis(100), Span::from_secs(600));
    let node = fields.need("lag", "5s", findings)?;
    let lag = value::duration(node, findings)?;
    if !(least..=most).contains(&lag) {
        let what = format!("a lag of {lag} is not between {least} and {most}");
        findings.error(node.place, what, "", "write 5s");
        return None;
    }
    Some(Fault::ReplicaLag { lag })
}

pub(super) fn io(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Fault> {
    let share = share(fields, findings);
    let action = fields.need("action", "latency", findings)?;
    let io = if value::word(action, &[("latency", true), ("fault", false)], findings)? {
        let latency = latency(fields, findings)?;
        IoAction::Latency { latency, share: share? }
    } else {
        IoAction::Fault { share: share? }
    };
    Some(Fault::IoChaos { io })
}

pub(super) fn cache(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Fault> {
    const ACTIONS: [(&str, CacheAction); 2] =
        [("flush", CacheAction::Flush), ("outage", CacheAction::Outage)];
    let node = fields.need("action", "outage", findings)?;
    value::word(node, &ACTIONS, findings).map(|action| Fault::CacheFailure { action })
}

pub(super) fn rbac(
    fields: &mut Fields<'_>,
    sides: &mut Sides,
    findings: &mut Findings,
) -> Option<Fault> {
    if let Some(node) = fields.take("action", findings) {
        value::word(node, &[("remove-permissions", ())], findings)?;
    }
    let node = fields.take("account", findings);
    let beside = node.map(|node| value::text(node, findings));
    let permissions = match fields.take("permissions", findings) {
        Some(node) => permissions(node, findings),
        None => Some(Vec::new()),
    };
    let account = match (sides.account.take(), beside, node) {
        (Some(_), Some(_), Some(node)) => {
            let what = "the account stands here and in the target";
            findings.error(node.place, what, "", "remove one of them");
            return None;
        }
        (within, beside, _) => match beside {
            Some(beside) => beside?,
            None => within.unwrap_or_else(|| ACCOUNT.to_owned()),
        },
    };
    Some(Fault::RbacMutation { account, permissions: permissions? })
}

fn permissions(node: &Node, findings: &mut Findings) -> Option<Vec<String>> {
    let items = value::list(node, "permissions", findings)?;
    if items.is_empty() {
        let mend = "name some, or remove the line to take all";
        findings.error(node.place, "a loss of no permission is no fault", "", mend);
        return None;
    }
    items.iter().map(|item| value::text(item, findings)).collect()
}
