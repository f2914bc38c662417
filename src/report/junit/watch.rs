//! The cases of a watch: SLOs that were kept, budgets that last, alerts that are over, incidents that are resolved. Not those
//! of an exercise.

use super::case::{Came, Case};
use crate::gameday::metric::Unit;
use crate::report::model::{Budget, Fired, Incident, Report, Slo};
use crate::report::words::length;

/// All of them; none where it is no watch.
pub(super) fn cases(report: &Report) -> Vec<Case> {
    let Some(watch) = &report.watch else { return Vec::new() };
    let mut cases: Vec<Case> = report.slos.iter().filter_map(promise).collect();
    cases.extend(watch.budgets.iter().map(budget));
    cases.extend(watch.alerts.iter().map(alert));
    cases.extend(report.incidents.iter().map(incident));
    cases
}

/// What has no limit promises nothing.
fn promise(slo: &Slo) -> Option<Case> {
    let kept = slo.watched.as_ref().filter(|_| !slo.limit.is_empty())?;
    let (took, came) = match kept.outside_ms {
        None => (0, Came::Skipped("no data".to_owned())),
        Some(0) => {
            let says = format!("never outside; worst {}", kept.worst_words);
            (0, Came::Passed(says))
        }
        Some(outside) => {
            let (lasted, times) = (length(outside), slo.violations.len());
            let says = format!("outside for {lasted} ({times}×); worst {}", kept.worst_words);
            (outside, Came::Failed("outside", says))
        }
    };
    let name = format!("SLO {} is kept: {}", slo.name, slo.limit);
    Some(Case { class: "slos", name, took, came })
}

fn budget(one: &Budget) -> Case {
    let burning = one.pairs.iter().find(|pair| pair.answer == "burning");
    let came = match (one.left, burning) {
        (Some(left), _) if left <= 0.0 => {
            let more = Unit::Share.show(one.beyond.unwrap_or_default());
            Came::Failed("spent", format!("all of it is spent, and {more} more"))
        }
        (_, Some(pair)) => {
            let says = format!("it burns too fast over {} ({})", pair.windows, pair.urgency);
            Came::Failed("burning", says)
        }
        (Some(left), None) => Came::Passed(format!("{} is left", Unit::Share.show(left))),
        (None, None) => Came::Skipped("no data".to_owned()),
    };
    let share = Unit::Share.show(one.objective);
    let name = format!("the error budget of {} lasts: {share} over {}", one.title, one.period);
    Case { class: "budgets", name, took: 0, came }
}

fn alert(one: &Fired) -> Case {
    let says = format!("it fired for {}: {}", length(one.lasted_ms), one.labels);
    let came = match one.to {
        Some(_) => Came::Passed(says),
        None => Came::Failed("firing", says),
    };
    let name = format!("alert {} is over", one.name);
    Case { class: "alerts", name, took: one.lasted_ms, came }
}

fn incident(one: &Incident) -> Case {
    let took = one.time_to_resolve.map_or(0, |took| took.running_ms);
    let came = match &*one.status {
        "resolved" => Came::Passed(format!("resolved in {}", length(took))),
        "false alarm" | "duplicate" => Came::Skipped(one.status.clone()),
        status => Came::Failed("not resolved", status.to_owned()),
    };
    let name = format!("incident #{} is resolved: {}", one.id, one.title);
    Case { class: "incidents", name, took, came }
}
