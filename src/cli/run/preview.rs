//! Whom an exercise would hit, known before anything starts: for `--dry-run`, and to refuse in time.

use std::fmt::Write;
use std::sync::Arc;

use super::target::cluster::Reached;
use crate::cli::plan;
use crate::exercise::blast::{Ceiling, Choice, choose, salt};
use crate::exercise::target::Topology;
use crate::gameday::fault::Fault;
use crate::gameday::plan::{GameDay, Target};
use crate::gameday::span::Span;
use crate::gameday::text::plain;
use crate::lab::topology_plan;
use crate::port::clock::Clock;
use crate::port::target::{FaultInjector as _, FaultOrder};

/// The plan, and for every injection the pods this seed chooses and how far it reaches.
pub(in crate::cli) fn describe(
    day: &GameDay,
    ground: &Ground<'_>,
    (seed, ceiling): (u64, Ceiling),
) -> String {
    let mut text = plan::plan(day);
    // Writing to a string does not fail.
    let _ = writeln!(text, "\nwould hit with --seed {seed} (nothing is done)");
    for (name, choice) in choices(day, ground, seed) {
        let _ = match choice {
            Ok(choice) => writeln!(text, "  {name}: {}", reach(&choice, ceiling)),
            Err(error) => writeln!(text, "  {name}: cannot be injected: {error}"),
        };
    }
    text
}

/// Everything that would be refused while the exercise runs.
///
/// # Errors
/// When there is such a thing: all of it, and how to mend it.
pub(in crate::cli) fn allowed(
    day: &GameDay,
    ground: &Ground<'_>,
    (seed, ceiling): (u64, Ceiling),
) -> Result<(), String> {
    let mut refused = String::new();
    for (name, choice) in choices(day, ground, seed) {
        let why = match choice {
            Ok(choice) if ceiling.allows(choice.blast.risk) => continue,
            Ok(choice) => reach(&choice, ceiling),
            Err(error) => error,
        };
        let _ = writeln!(refused, "  {name}: {why}");
    }
    if refused.is_empty() {
        return Ok(());
    }
    Err(format!(
        "these injections would be refused:\n{refused}take a narrower target, or allow more with --blast-radius limited or wide"
    ))
}

/// What has to be allowed for all of it, and what cannot be injected at all.
pub(in crate::cli) fn needs(day: &GameDay, seed: u64) -> (Ceiling, Vec<String>) {
    let (mut needs, mut cannot) = (Ceiling::Controlled, Vec::new());
    if day.target != Target::Lab {
        // What is there is known when it runs, and refused then if it is too much.
        return (needs, cannot);
    }
    for (name, choice) in choices(day, &Ground::of(None), seed) {
        match choice {
            Ok(choice) => {
                let enough = [Ceiling::Controlled, Ceiling::Limited, Ceiling::Wide]
                    .into_iter()
                    .find(|ceiling| ceiling.allows(choice.blast.risk));
                needs = needs.max(enough.unwrap_or(Ceiling::Wide));
            }
            Err(error) => cannot.push(format!("{name}: {error}")),
        }
    }
    (needs, cannot)
}

/// What stands there, and what can be done to it.
pub(in crate::cli) struct Ground<'a> {
    topology: Topology,
    reached: Option<&'a Reached>,
}

impl<'a> Ground<'a> {
    /// The cluster that was reached, or the lab as it will be.
    pub(in crate::cli) fn of(reached: Option<&'a Reached>) -> Self {
        Self { topology: reached.map_or_else(topology_plan, Reached::topology), reached }
    }

    fn can(&self, fault: &Fault) -> Result<(), String> {
        self.reached.map_or(Ok(()), |reached| reached.can(fault))
    }

    /// A cluster makes more pods; the lab does not for a fault.
    fn has_enough(&self, fault: &Fault, choice: &Choice) -> Result<(), String> {
        match fault {
            Fault::Scale { .. } if self.reached.is_none() && choice.blast.pods == 0 => {
                Err(format!("{} would lose no pod", choice.victims.join(", ")))
            }
            _ => Ok(()),
        }
    }
}

/// Every injection tried out on the cluster, which does everything but keep it.
pub(in crate::cli) async fn tried(
    day: &GameDay,
    ground: &Ground<'_>,
    seed: u64,
    reached: &Reached,
    clock: Arc<dyn Clock>,
) -> String {
    let mut text = String::from("\ntried on the cluster (nothing is kept)\n");
    let injector = reached.injector("dry-run", day, clock);
    let all = day.injections().zip(choices(day, ground, seed));
    for ((phase, planned), (name, choice)) in all {
        let Ok(choice) = choice else { continue };
        if matches!(planned.experiment.fault, Fault::TrafficFlood { .. }) {
            continue;
        }
        let whole = day.phases.get(phase).map_or(Span::ZERO, |phase| phase.duration);
        let order = FaultOrder {
            key: format!("dry-run-{name}-0"),
            round: 0,
            experiment: planned.experiment.clone(),
            victims: choice.victims,
            peers: choice.peers,
            lasts: planned.experiment.duration.unwrap_or(whole - planned.offset),
        };
        let _ = match injector.prepare(&order).await {
            Ok(undo) => writeln!(text, "  {name}: accepted; undo: {}", plain(&undo.what)),
            Err(error) => writeln!(text, "  {name}: REFUSED: {}", plain(&error.0)),
        };
        for warning in injector.warnings(&order.key) {
            let _ = writeln!(text, "    beware: {}", plain(&warning));
        }
    }
    text
}

fn choices(day: &GameDay, ground: &Ground<'_>, seed: u64) -> Vec<(String, Result<Choice, String>)> {
    let choice = |planned: &crate::gameday::plan::PlannedInjection| {
        ground.can(&planned.experiment.fault)?;
        let choice = choose(&planned.experiment, &ground.topology, seed, &salt(&planned.name, 0))?;
        ground.has_enough(&planned.experiment.fault, &choice)?;
        Ok(choice)
    };
    day.injections().map(|(_, planned)| (planned.name.clone(), choice(planned))).collect()
}

fn reach(choice: &Choice, ceiling: Ceiling) -> String {
    let blast = &choice.blast;
    let verdict = if ceiling.allows(blast.risk) {
        format!("allowed by {ceiling}")
    } else {
        format!("REFUSED: more than {ceiling} allows")
    };
    let critical = if blast.critical.is_empty() {
        String::new()
    } else {
        format!("no untouched pod of {} is left; ", blast.critical.join(", "))
    };
    let cluster = match blast.ready {
        Some((left, all)) => format!(
            "of {}; zones {}; {left} of {all} ready replicas left; disruption budgets broken: {}; ",
            listed(&blast.owners),
            listed(&blast.zones),
            listed(&blast.budgets)
        ),
        None => String::new(),
    };
    let some = match choice.victims.len() {
        all if blast.pods < all => format!("{} of ", blast.pods),
        _ => String::new(),
    };
    format!(
        "{some}{}; services {}; dependents {}; {:.0}% of replicas left; {cluster}{critical}risk {}: {verdict}",
        choice.victims.join(", "),
        listed(&blast.services),
        listed(&blast.dependents),
        blast.replicas_left * 100.0,
        blast.risk,
    )
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "none".into() } else { names.join(", ") }
}
