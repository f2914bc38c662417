//! What others do to the same pods, and what earlier runs left.

use super::super::facts::Facts;
use super::super::finding::Finding;
use super::mesh::targets;
use crate::kubernetes::lease::is_stale;
use crate::kubernetes::name;

/// So many are named.
const NAMED: usize = 8;

/// Experiments of others, and runs of ours.
pub(super) fn judge(facts: &Facts) -> Vec<Finding> {
    let mut findings = foreign(facts);
    findings.extend(runs(facts));
    findings.extend(left(facts));
    findings
}

fn foreign(facts: &Facts) -> Vec<Finding> {
    let all = match &facts.foreign {
        Ok(all) => all,
        Err(why) => {
            let what = format!("nobody can say whether others exercise the same pods: {why}");
            return vec![Finding::warning("others", what, "ask them")];
        }
    };
    let ours: Vec<String> =
        targets(facts).iter().map(|pod| format!("{}/{}", facts.namespace, pod.name)).collect();
    let mut findings = Vec::new();
    for one in all.iter().filter(|one| !one.over) {
        let hit: Vec<&str> =
            one.pods.iter().filter(|pod| ours.contains(pod)).map(String::as_str).collect();
        if !hit.is_empty() {
            let what = format!("{} of somebody else hits {}", one.what, named(&hit));
            let mend = "two faults on one pod cannot be told apart, and may not be undone: let them end it first";
            findings.push(Finding::error("others", what, mend));
        } else if one.namespace == facts.namespace && one.makes {
            let what = format!("{} of somebody else makes experiments here", one.what);
            findings.push(Finding::warning(
                "others",
                what,
                "ask them to pause it for the game day",
            ));
        } else if one.namespace == facts.namespace {
            let what = format!("{} of somebody else is here", one.what);
            findings.push(Finding::warning("others", what, "look whether it is still needed"));
        }
    }
    if findings.is_empty() {
        findings.push(Finding::ok("others", "nobody else exercises these pods"));
    }
    findings
}

fn named(all: &[&str]) -> String {
    let shown = all.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match all.len().checked_sub(NAMED) {
        Some(more) if more > 0 => format!("{shown} and {more} more"),
        _ => shown,
    }
}

/// Runs that live.
fn runs(facts: &Facts) -> Vec<Finding> {
    let runs = match &facts.runs {
        Ok(runs) => runs,
        Err(why) => {
            let what = format!("nobody can say what earlier runs left: {why}");
            let mend = "gameday rbac NAME prints the Role that is needed";
            return vec![Finding::error("journal", what, mend)];
        }
    };
    let lives = |run: &&crate::kubernetes::journal::RunFound| {
        run.lease.as_ref().is_some_and(|lease| !is_stale(lease, facts.now))
    };
    let alive = runs.iter().filter(lives);
    let found = alive.map(|run| {
        let holder = run.lease.as_ref().map(|lease| lease.holder.as_str()).unwrap_or_default();
        let what = format!("run {} goes on here ({holder})", run.run);
        Finding::warning("journal", what, "one game day at a time in one namespace")
    });
    found.collect()
}

/// What helps where an object carries our mark: only a journal says what was before.
fn mark_mend(facts: &Facts, mark: &str, halt: &str) -> String {
    let pages = facts.runs.iter().flatten().filter_map(|run| run.page.as_ref());
    let mut faults = pages.flat_map(|page| page.entries.iter().map(|entry| page.fault(entry)));
    match faults.any(|fault| name::mark(&fault) == mark) {
        true => halt.to_owned(),
        false => format!(
            "no journal here says what was before: put it right by hand, then take its label {} away",
            name::FAULT
        ),
    }
}

/// What dead runs left.
fn left(facts: &Facts) -> Vec<Finding> {
    let orphans = &facts.orphans;
    let mut findings = Vec::new();
    let mend = format!("gameday halt -n {}", facts.namespace);
    for dead in &orphans.dead {
        let what: Vec<&str> = dead.left.iter().map(String::as_str).collect();
        if what.is_empty() {
            let reaped = if dead.reaped { "; the reaper undid the rest" } else { "" };
            let what = format!("of run {} only its journal or lease is left{reaped}", dead.run);
            findings.push(Finding::warning("orphans", what, mend.as_str()));
        } else {
            let what = format!("run {} died and left {}", dead.run, named(&what));
            findings.push(Finding::error("orphans", what, mend.as_str()));
        }
    }
    for (what, mark) in &orphans.marked {
        let what = format!("{what} is still as {mark} changed it");
        findings.push(Finding::error("orphans", what, mark_mend(facts, mark, &mend)));
    }
    let why = orphans.unknown_why();
    for one in &orphans.unknown {
        let what = format!(
            "run {} has {} here, and nobody can say whether it is over: {why}",
            one.run,
            one.shown()
        );
        let mend = format!("if it is over: {mend} --run {}", one.run);
        findings.push(Finding::warning("orphans", what, mend));
    }
    for (what, mark) in &orphans.doubtful {
        let what = format!(
            "{what} is as {mark} changed it, and nobody can say whether that run is over: {why}"
        );
        findings.push(Finding::warning("orphans", what, "ask who exercises in other namespaces"));
    }
    for (record, experiment) in &orphans.residue {
        let what = format!("{record} has entries of {experiment}, which is gone");
        findings.push(Finding::error(
            "orphans",
            what,
            "delete that pod; its controller makes a new one",
        ));
    }
    if findings.is_empty() && facts.runs.is_ok() {
        findings.push(Finding::ok("orphans", "nothing of earlier runs is left"));
    }
    findings
}
