//! What we may do: there, and back.

use std::collections::{BTreeMap, BTreeSet};

use super::super::facts::{Facts, Permission};
use super::super::finding::Finding;
use crate::kubernetes::access::Way;
use crate::kubernetes::kinds::{CHAOS, LOAD};
use crate::kubernetes::reaper::post::account_of;

/// Calls that are allowed, and each that is not.
pub(super) fn judge(facts: &Facts) -> Vec<Finding> {
    let Some(game_day) = facts.wants.game_day.as_deref() else { return Vec::new() };
    let mend = format!("gameday rbac {game_day} -n {} | kubectl apply -f -", facts.namespace);
    let mut findings = Vec::new();
    let mut fine: BTreeMap<&str, usize> = BTreeMap::new();
    let mut missed: BTreeMap<(&str, String, Way), (BTreeSet<&str>, bool)> = BTreeMap::new();
    let mut unasked = BTreeSet::new();
    let mut bad = BTreeSet::new();
    for one in &facts.permissions {
        let why = one.need.why.as_str();
        match &one.allowed {
            Ok(true) => *fine.entry(why).or_default() += 1,
            Ok(false) => {
                bad.insert(why);
                let key = (why, resource(one), one.need.way);
                let (verbs, counts) = missed.entry(key).or_default();
                verbs.insert(one.verb.as_str());
                *counts |= matters(facts, one);
            }
            Err(error) => {
                bad.insert(why);
                unasked.insert(error.as_str());
            }
        }
    }
    for (why, count) in fine.into_iter().filter(|(why, _)| !bad.contains(why)) {
        findings.push(Finding::ok("may", format!("{why}: all {count} calls, there and back")));
    }
    for ((why, resource, way), (verbs, counts)) in missed {
        let verbs: Vec<&str> = verbs.into_iter().collect();
        let what = format!("{why}: may not {} {resource} {}", verbs.join(", "), purpose(way));
        findings.push(match counts {
            true => Finding::error("may", what, mend.as_str()),
            false => Finding::warning("may", what, mend.as_str()),
        });
    }
    for error in unasked {
        findings.push(Finding::error("may", format!("cannot be asked: {error}"), mend.as_str()));
    }
    if facts.wants.reaper {
        findings.push(reaper(facts, game_day, &mend));
    }
    findings
}

fn resource(one: &Permission) -> String {
    let need = &one.need;
    let group = if need.group.is_empty() { String::new() } else { format!(".{}", need.group) };
    let place = if need.everywhere { " (whole cluster)" } else { "" };
    format!("{}{group}{place}", need.resource)
}

const fn purpose(way: Way) -> &'static str {
    match way {
        Way::Look => "to see the target",
        Way::Guard => "to be able to let go",
        Way::Forward => "to do it",
        Way::Undo => "to UNDO it",
    }
}

/// Whether a game day cannot do without.
fn matters(facts: &Facts, one: &Permission) -> bool {
    match one.need.way {
        Way::Forward | Way::Undo => true,
        Way::Guard => one.need.resource != "jobs" || facts.wants.reaper,
        // Without these less is seen, and said so.
        Way::Look => {
            !one.need.everywhere
                && one.need.group != CHAOS
                && one.need.group != LOAD
                && one.need.resource != "events"
        }
    }
}

fn reaper(facts: &Facts, game_day: &str, mend: &str) -> Finding {
    let account = account_of(game_day);
    match &facts.reaper {
        Ok(true) => Finding::ok("reaper", format!("its account {account} is there")),
        Ok(false) => {
            let what = format!(
                "its account {account} is not there: nobody would undo native faults if this program died"
            );
            Finding::error("reaper", what, mend)
        }
        Err(why) => Finding::warning("reaper", format!("{account}: {why}"), mend),
    }
}
