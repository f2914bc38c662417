//! Suggestions from what teams and the facilitator did.

use std::collections::BTreeMap;

use super::found::{Found, in_effect, lines_of, lines_of_incident, lines_of_injection, millis};
use crate::exercise::incident;
use crate::exercise::lever::{Lever, LeverRun};
use crate::exercise::said::said;
use crate::exercise::stamp::Stamp;
use crate::exercise::state::State;
use crate::gameday::metric::grouped;
use crate::gameday::people::Role;
use crate::gameday::span::Span;
use crate::lang::Lang;
use crate::report::model::{Incident, Report, Suggestion};
use crate::report::time::{between, moment};
use crate::report::words::length;

/// An incident should have been taken by then.
const TAKEN: Span = Span::from_secs(120);
/// And a first fix been made so long after it was opened.
const FIXED: Span = Span::from_secs(120);
/// The same by hand so often is work for a machine.
const OFTEN: usize = 3;

/// All of them.
pub(super) fn all(state: &State, report: &Report, lang: &Lang) -> Vec<Suggestion> {
    let mut found: Vec<Found> = repeated(state);
    found.extend(slow_fixes(state, report));
    for one in real(report) {
        found.extend(unacknowledged(state, report, one));
        found.extend(unresolved(state, report, one));
    }
    found.extend(many(state, report));
    found.extend(by_hand(state));
    found.extend(halted(state, report));
    found.extend(hard_ways_back(state, report));
    found.into_iter().map(|one| one.suggestion(lang)).collect()
}

fn real(report: &Report) -> impl Iterator<Item = &Incident> {
    report.incidents.iter().filter(|one| !matches!(&*one.status, "false alarm" | "duplicate"))
}

/// Levers that changed the target.
fn fixes(state: &State) -> impl Iterator<Item = &LeverRun> {
    let worked = |run: &&LeverRun| matches!(run.outcome, Some((_, Ok(_))));
    state.levers.iter().filter(|run| run.lever.changes()).filter(worked)
}

/// The line of the log that says who pulled a lever.
fn line(state: &State, run: &LeverRun) -> Vec<u64> {
    let lever = run.lever.to_string();
    let ours = state.log.iter().filter(|entry| {
        let said = &entry.text;
        said.key() == "log-lever" && said.place("lever") == Some(&lever) && entry.stamp == run.at
    });
    ours.map(|entry| entry.seq).collect()
}

/// The first word of a lever: what it is, whatever it is pulled on.
fn kind(lever: &Lever) -> String {
    lever.to_string().split(' ').next().unwrap_or_default().to_owned()
}

/// The same lever, time and again.
fn repeated(state: &State) -> Vec<Found> {
    let mut by_kind: BTreeMap<String, Vec<&LeverRun>> = BTreeMap::new();
    for run in fixes(state) {
        by_kind.entry(kind(&run.lever)).or_default().push(run);
    }
    let often = by_kind.into_iter().filter(|(_, runs)| runs.len() >= OFTEN);
    often
        .filter_map(|(kind, runs)| {
            let (first, last) = runs.first().zip(runs.last())?;
            Some(Found {
                category: "automation",
                rule: "lever-repeated",
                places: vec![("what", kind)],
                from: moment(state, first.at),
                to: Some(moment(state, last.at)),
                metric: said!("metric-actions", "actions"),
                value: runs.len() as f64,
                value_words: grouped(runs.len() as f64),
                lines: runs.iter().flat_map(|run| line(state, run)).collect(),
            })
        })
        .collect()
}

/// It was noticed, and the first fix came late.
fn slow_fixes(state: &State, report: &Report) -> Vec<Found> {
    in_effect(state, report)
        .filter_map(|(run, one)| {
            let incident = state.incidents.iter().find(|it| Some(it.id.0) == one.incident)?;
            let end = run.reverted.map_or(state.now.elapsed, |at| at.elapsed);
            let mut during = fixes(state)
                .filter(|fix| fix.at.elapsed >= incident.opened.elapsed && fix.at.elapsed <= end);
            let fix = during.next()?;
            let waited = between(state, incident.opened, fix.at);
            if waited < FIXED {
                return None;
            }
            let mut lines = lines_of_incident(state, incident.id.0);
            lines.truncate(1);
            lines.extend(line(state, fix));
            Some(Found {
                category: "automation",
                rule: "slow-fix",
                places: vec![("what", one.name.clone()), ("name", fix.lever.to_string())],
                from: moment(state, incident.opened),
                to: Some(moment(state, fix.at)),
                metric: said!("metric-first-fix", "time to the first fix"),
                value: millis(waited) as f64,
                value_words: length(millis(waited)),
                lines,
            })
        })
        .collect()
}

/// Nobody took it, or only late.
fn unacknowledged(state: &State, report: &Report, one: &Incident) -> Option<Found> {
    let opened = state.incidents.iter().find(|it| it.id.0 == one.id)?.opened;
    let waited = one
        .time_to_acknowledge
        .map_or_else(|| millis(between(state, opened, state.now)), |taken| taken.running_ms);
    if waited < millis(TAKEN) {
        return None;
    }
    let until = state.incidents.iter().find(|it| it.id.0 == one.id)?.moves.first();
    Some(Found {
        category: "process",
        rule: "unacknowledged",
        places: vec![("what", format!("#{}", one.id)), ("name", one.title.clone())],
        from: one.opened,
        to: Some(until.map_or(report.last, |(at, _, _)| moment(state, *at))),
        metric: said!("metric-acknowledge", "time to acknowledge"),
        value: waited as f64,
        value_words: length(waited),
        lines: lines_of_incident(state, one.id),
    })
}

/// It was open at the end.
fn unresolved(state: &State, report: &Report, one: &Incident) -> Option<Found> {
    if one.status == "resolved" || report.ending.is_none() {
        return None;
    }
    let opened = state.incidents.iter().find(|it| it.id.0 == one.id)?.opened;
    let open = millis(between(state, opened, state.now));
    Some(Found {
        category: "process",
        rule: "unresolved",
        places: vec![("what", format!("#{}", one.id)), ("name", one.title.clone())],
        from: one.opened,
        to: None,
        metric: said!("metric-open", "time open"),
        value: open as f64,
        value_words: length(open),
        lines: lines_of_incident(state, one.id),
    })
}

/// Several teams opened incidents for the same fault, and nobody led them while several were open.
fn many(state: &State, report: &Report) -> Vec<Found> {
    in_effect(state, report)
        .filter_map(|(_, one)| {
            let ours: Vec<&Incident> =
                report.incidents.iter().filter(|it| one.incidents.contains(&it.id)).collect();
            let mut teams: Vec<&str> = ours.iter().map(|it| it.team.as_str()).collect();
            teams.sort_unstable();
            teams.dedup();
            if teams.len() < 2 {
                return None;
            }
            let stretches = together(state, &one.incidents);
            let from = stretches.iter().map(|(from, _)| *from).min()?;
            let to = stretches.iter().map(|(_, to)| *to).max()?;
            if stretches.iter().any(|stretch| commanded(state, *stretch)) {
                return None;
            }
            Some(Found {
                category: "process",
                rule: "many-incidents",
                places: vec![("what", one.name.clone())],
                from: moment(state, from),
                to: (to < state.now).then(|| moment(state, to)),
                metric: "incidents.total".into(),
                value: teams.len() as f64,
                value_words: grouped(teams.len() as f64),
                lines: ours.iter().flat_map(|it| lines_of_incident(state, it.id)).collect(),
            })
        })
        .collect()
}

/// The stretches in which two of these incidents were open at once.
fn together(state: &State, ids: &[u32]) -> Vec<(Stamp, Stamp)> {
    let open = |one: &incident::Incident| {
        let closed = one.moves.last().filter(|_| one.status.is_closed());
        (one.opened, closed.map_or(state.now, |(at, ..)| *at))
    };
    let ours = state.incidents.iter().filter(|one| ids.contains(&one.id.0));
    let ours: Vec<(Stamp, Stamp)> = ours.map(open).collect();
    let pairs = ours.iter().enumerate().flat_map(|(index, one)| {
        let others = ours.iter().skip(index + 1);
        others.map(move |other| (one.0.max(other.0), one.1.min(other.1)))
    });
    pairs.filter(|(from, to)| from < to).collect()
}

/// Whether somebody was incident commander at any time of a stretch.
fn commanded(state: &State, (from, to): (Stamp, Stamp)) -> bool {
    let mut held = state.people.holdings.iter().filter(|one| one.role == Role::IncidentCommander);
    held.any(|one| one.since < to && one.until.is_none_or(|until| until > from))
}

/// A team put something back by hand that a runbook could have told it.
fn by_hand(state: &State) -> Vec<Found> {
    let manual = |run: &&LeverRun| {
        matches!(
            run.lever,
            Lever::RollBackConfiguration { .. }
                | Lever::RestorePermission { .. }
                | Lever::RenewCertificate
                | Lever::Promote
        )
    };
    let each = fixes(state).filter(manual).filter_map(|run| {
        let (done, _) = run.outcome.as_ref()?;
        let took = done.since(run.at);
        Some(Found {
            category: "runbook",
            rule: "undone-by-hand",
            places: vec![("what", run.lever.to_string()), ("who", run.team.clone())],
            from: moment(state, run.at),
            to: Some(moment(state, *done)),
            metric: said!("metric-took", "time it took"),
            value: millis(took) as f64,
            value_words: length(millis(took)),
            lines: line(state, run),
        })
    });
    each.collect()
}

/// Everything was stopped.
fn halted(state: &State, report: &Report) -> Vec<Found> {
    let halts = report.pauses.iter().filter(|pause| pause.kind == "halt");
    let each = halts.map(|pause| {
        let to = pause.to.unwrap_or(report.last);
        let stood = to.elapsed_ms.saturating_sub(pause.from.elapsed_ms);
        Found {
            category: "runbook",
            rule: "halted",
            places: vec![("who", pause.by.clone()), ("what", pause.reason.clone())],
            from: pause.from,
            to: pause.to,
            metric: said!("metric-halted", "time halted"),
            value: stood as f64,
            value_words: length(stood),
            lines: lines_of(state, &["log-halted", "log-released"], None),
        }
    });
    each.collect()
}

/// Undoing took more than one attempt.
fn hard_ways_back(state: &State, report: &Report) -> Vec<Found> {
    let hard = in_effect(state, report).filter(|(_, one)| one.revert_attempts > 1);
    hard.filter_map(|(run, one)| {
        let attempts = f64::from(one.revert_attempts);
        Some(Found {
            category: "runbook",
            rule: "hard-way-back",
            places: vec![("what", one.name.clone())],
            from: moment(state, run.revert_started?),
            to: one.reverted,
            metric: said!("metric-attempts", "attempts to undo"),
            value: attempts,
            value_words: grouped(attempts),
            lines: lines_of_injection(state, &one.name),
        })
    })
    .collect()
}
