//! The exercises of one game day over time: what became of its figures, what changed in between, and whether they go
//! anywhere. A pure function of the recordings; not how it is written, and not the finding of the recordings.
//!
//! Trends count the exercises that can be compared with the latest one that ran to its end: same target, defences, phases
//! and injections, the same length up to a tenth, and attended or not as it was. What is left out stays in the tables, with
//! the reason.

pub mod html;
pub mod markdown;
mod measures;
pub mod model;
mod past;
mod shown;
pub mod trend;

use self::model::{Entry, History};
use super::compare::notes::{differences, without_lengths};
use super::compare::rows::apart;
use super::compare::side::Side;

pub use self::past::Past;

const HISTORY_VERSION: u32 = 1;

/// The history of the game day `name` from its exercises, in whatever order. `real`: real incidents; drills otherwise. The
/// others are left out: their times mean different things.
pub fn history(name: &str, past: Vec<Past>, real: bool) -> History {
    let mut past = past;
    past.retain(|one| one.side.report.drill != real && one.side.report.name == name);
    past.sort_by(|a, b| {
        let key = |one: &Past| (one.taught.began, one.taught.name.clone());
        key(a).cmp(&key(b))
    });
    let latest = past.iter().rev().find(|one| cut_short(&one.side).is_none());
    let why = |one: &Past| {
        cut_short(&one.side).or_else(|| latest.and_then(|last| apart_from(&last.side, &one.side)))
    };
    let exercises: Vec<Entry> = past
        .iter()
        .enumerate()
        .map(|(nth, one)| {
            let before = nth.checked_sub(1).and_then(|before| past.get(before));
            entry(one, before, why(one))
        })
        .collect();
    History {
        gameday_history: HISTORY_VERSION,
        name: name.to_owned(),
        real,
        measures: measures::measures(&past, &exercises, latest),
        exercises,
    }
}

/// Why an exercise itself tells too little.
fn cut_short(side: &Side) -> Option<&'static str> {
    if side.report.drill && side.report.people.real_incident.is_some() {
        return Some("real incident");
    }
    let whole = side.report.ending.as_ref().is_some_and(|ending| ending.outcome == "completed");
    (!whole).then_some("ending")
}

/// What keeps an exercise from being compared with the latest.
fn apart_from(last: &Side, this: &Side) -> Option<&'static str> {
    let (a, b) = (&last.report, &this.report);
    let phases = |side: &Side| without_lengths(side.part("phases"));
    if a.target != b.target {
        Some("target")
    } else if a.defences != b.defences {
        Some("defences")
    } else if phases(last) != phases(this) {
        Some("phases and injections")
    } else if apart((a.planned_ms as f64, b.planned_ms as f64)) {
        Some("length")
    } else if a.headless != b.headless {
        Some("attended")
    } else {
        None
    }
}

fn entry(one: &Past, before: Option<&Past>, why: Option<&'static str>) -> Entry {
    let report = &one.side.report;
    let changes = before.map_or_else(Vec::new, |before| {
        let mut changes = differences(&[before.side.clone(), one.side.clone()]);
        // The whole plan says no more than its parts, and a seed is new every time.
        changes.retain(|change| !matches!(change.what, "plan" | "seed"));
        changes
    });
    Entry {
        file: one.side.file.clone(),
        exercise: report.exercise.clone(),
        title: report.title.clone(),
        began_ms: report.began.wall_ms,
        outcome: report.ending.as_ref().map(|ending| ending.outcome),
        planned_ms: report.planned_ms,
        ran_ms: report.ran.running_ms,
        objectives_met: report.overall.met,
        objectives: report.objectives.len(),
        in_effect: report.totals.in_effect,
        improvements: one.taught.taught.iter().filter(|it| it.category.is_some()).count(),
        counted: why.is_none(),
        why,
        changes,
        warnings: report.warnings.clone(),
    }
}
