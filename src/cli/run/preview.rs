//! Whom an exercise would hit, known before anything starts: for `--dry-run`, and to refuse in time.

use std::fmt::Write;

use crate::cli::plan;
use crate::exercise::blast::{Ceiling, Choice, choose, salt};
use crate::gameday::plan::GameDay;
use crate::lab::topology_plan;

/// The plan, and for every injection the pods this seed chooses and how far it reaches.
pub(in crate::cli) fn describe(day: &GameDay, seed: u64, ceiling: Ceiling) -> String {
    let mut text = plan::plan(day);
    // Writing to a string does not fail.
    let _ = writeln!(text, "\nwould hit with --seed {seed} (nothing is done)");
    for (name, choice) in choices(day, seed) {
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
pub(in crate::cli) fn allowed(day: &GameDay, seed: u64, ceiling: Ceiling) -> Result<(), String> {
    let mut refused = String::new();
    for (name, choice) in choices(day, seed) {
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
    for (name, choice) in choices(day, seed) {
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

fn choices(day: &GameDay, seed: u64) -> Vec<(String, Result<Choice, String>)> {
    let topology = topology_plan();
    let choice = |planned: &crate::gameday::plan::PlannedInjection| {
        choose(&planned.experiment, &topology, seed, &salt(&planned.name, 0))
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
    format!(
        "{}; services {}; dependents {}; {:.0}% of replicas left; {critical}risk {}: {verdict}",
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
