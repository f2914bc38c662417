//! `--dry-run`: everything that would be done, with whom it would hit; nothing is started.

use std::fmt::Write;

use crate::cli::plan;
use crate::exercise::blast::{Ceiling, choose, salt};
use crate::gameday::plan::GameDay;
use crate::lab::topology_plan;

/// The plan, and for every injection the pods this seed chooses and how far it reaches.
pub(super) fn describe(day: &GameDay, seed: u64, ceiling: Ceiling) -> String {
    let mut text = plan::plan(day);
    let topology = topology_plan();
    // Writing to a string does not fail.
    let _ = writeln!(text, "\nwould hit with --seed {seed} (nothing is done)");
    for (_, planned) in day.injections() {
        let chosen = choose(&planned.experiment, &topology, seed, &salt(&planned.name, 0));
        let _ = match chosen {
            Ok(choice) => {
                let verdict = if ceiling.allows(choice.blast.risk) {
                    format!("allowed by {ceiling}")
                } else {
                    format!("REFUSED: more than {ceiling} allows")
                };
                writeln!(
                    text,
                    "  {}: {} pods: {}; services {}; dependents {}; {:.0}% of replicas left; risk {}: {verdict}",
                    planned.name,
                    choice.blast.pods,
                    choice.victims.join(", "),
                    listed(&choice.blast.services),
                    listed(&choice.blast.dependents),
                    choice.blast.replicas_left * 100.0,
                    choice.blast.risk,
                )
            }
            Err(error) => writeln!(text, "  {}: cannot be injected: {error}", planned.name),
        };
    }
    text
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "none".into() } else { names.join(", ") }
}
