//! Rows about teams: mean and median of their times, what nobody detected, false alarms. Not about single injections.

use super::change::{Kind, Noise};
use super::faults::teams;
use super::model::Group;
use super::rows::{About, Rows, count, kind, whole};
use super::side::Side;
use crate::report::model::{BoardTeam, Times};

/// Kind of times, and the names of the rows about it.
const KINDS: [(&str, &str, &str, &str); 4] = [
    ("TTD", "TTD-mean", "TTD-median", "TTD-missing"),
    ("TTA", "TTA-mean", "TTA-median", "TTA-missing"),
    ("TTM", "TTM-mean", "TTM-median", "TTM-missing"),
    ("TTR", "TTR-mean", "TTR-median", "TTR-missing"),
];

/// What is counted of a team.
type Counted = fn(&&BoardTeam) -> usize;

/// All together, then every team.
pub(super) fn people(sides: &[Side]) -> Group {
    let mut rows = Rows::new(sides);
    let all = std::iter::once(None).chain(teams(sides).into_iter().map(Some));
    // Nobody injects anything that a watch could detect or mitigate.
    let watches = sides.iter().all(|side| side.report.watch.is_some());
    for team in all {
        let about = About { of: None, team: team.clone() };
        for (which, mean, median, missing) in KINDS {
            let things = of_team(sides, &team, |side| {
                side.report.times.iter().find(|one| one.kind == which && one.team == team)
            });
            let lower = |what| kind(what, Noise::Length, "lower");
            let running =
                |one: Option<crate::report::model::Length>| whole(one.map(|it| it.running_ms));
            rows.of(lower(mean), &about, &things, |one: &&Times| running(one.mean), |_, _| None);
            rows.of(lower(median), &about, &things, |one| running(one.median), |_, _| None);
            // What nobody detected is no team's: it stands in the row of its own below.
            if which != "TTD" && !(which == "TTM" && watches) {
                let kind = kind(missing, Noise::Count, "lower");
                rows.of(kind, &about, &things, |one| count(one.missing), |_, _| None);
            }
        }
        let things = of_team(sides, &team, |side| {
            side.report.people.board.teams.iter().find(|one| one.team == team)
        });
        let counted: [(Kind, Counted); 2] = [
            (kind("undetected", Noise::Count, "lower"), |one| one.undetected),
            (kind("false-alarms", Noise::Count, "lower"), |one| one.false_alarms),
        ];
        for (kind, of) in counted.into_iter().skip(usize::from(watches)) {
            rows.of(kind, &about, &things, |one| count(of(one)), |_, _| None);
        }
    }
    rows.finish("teams")
}

/// Something of a team in every exercise that has the team.
fn of_team<'a, T>(
    sides: &'a [Side],
    team: &Option<String>,
    find: impl Fn(&'a Side) -> Option<&'a T>,
) -> Vec<Option<&'a T>> {
    let has = |side: &Side| team.as_ref().is_none_or(|team| side.report.teams.contains(team));
    sides.iter().map(|side| find(side).filter(|_| has(side))).collect()
}
