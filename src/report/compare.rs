//! Exercises side by side: what changed from the first to the others, and whether it is better. A pure function of their
//! recordings; not how it is written.

mod align;
pub(in crate::report) mod change;
mod faults;
pub mod html;
pub mod markdown;
mod matched;
mod measured;
pub mod model;
pub(in crate::report) mod notes;
mod people;
pub(in crate::report) mod rows;
pub mod shown;
pub mod side;
pub mod table;

use self::model::{Align, Comparison, Exercise, Group, Lines, Tally};
use self::side::{Side, digest, letter};

/// So many exercises fit beside each other.
pub const MOST: usize = 4;

const COMPARE_VERSION: u32 = 1;

/// Compares every exercise with the first; what is beyond [`MOST`] is left to the caller to refuse.
pub fn compare(sides: &[Side], align: Align) -> Comparison {
    let injections = matched::injections(sides);
    let phases = rows::named(sides, |side| &side.report.phases, |one| &one.name);
    let groups = vec![
        measured::objectives(sides),
        measured::load(sides),
        measured::customers(sides),
        measured::phases(sides, &phases),
        measured::slos(sides),
        faults::injections(sides, &injections),
        people::people(sides),
        faults::team_times(sides, &injections),
    ];
    Comparison {
        gameday_compare: COMPARE_VERSION,
        exercises: sides.iter().enumerate().map(|(nth, side)| exercise(nth, side)).collect(),
        warnings: notes::warnings(sides),
        differences: notes::differences(sides),
        tallies: (1..sides.len()).map(|nth| tally(&groups, nth - 1)).collect(),
        groups,
        chart: align::lines(sides, align, &injections, &phases),
    }
}

/// What they measured over one time, aligned in another way.
pub fn aligned(sides: &[Side], align: Align) -> Lines {
    let phases = rows::named(sides, |side| &side.report.phases, |one| &one.name);
    align::lines(sides, align, &matched::injections(sides), &phases)
}

fn exercise(nth: usize, side: &Side) -> Exercise {
    let report = &side.report;
    Exercise {
        letter: letter(nth),
        file: side.file.clone(),
        exercise: report.exercise.clone(),
        name: report.name.clone(),
        title: report.title.clone(),
        began_ms: report.began.wall_ms,
        target: report.target.clone(),
        planned_ms: report.planned_ms,
        ran_ms: report.ran.running_ms,
        outcome: report.ending.as_ref().map(|ending| ending.outcome),
        objectives_met: report.overall.met,
        objectives: report.objectives.len(),
        drill: report.drill,
        headless: report.headless,
        plan: digest(&side.plan),
    }
}

fn tally(groups: &[Group], nth: usize) -> Tally {
    let mut tally = Tally::default();
    for change in groups.iter().flat_map(|group| &group.rows).filter_map(|row| row.changes.get(nth))
    {
        match change.answer {
            "better" => tally.better += 1,
            "worse" => tally.worse += 1,
            "same" => tally.same += 1,
            "different" => tally.different += 1,
            _ => tally.not_comparable += 1,
        }
    }
    tally
}
