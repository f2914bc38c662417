//! Rows about injections: how they were detected and got over, by all and by each team. Not what customers felt.

use super::change::Noise;
use super::matched::Places;
use super::model::{Cell, Group};
use super::rows::{About, Rows, kind, loaded, pick, real, sent, share, whole, word};
use super::side::Side;
use crate::report::model::{BoardCell, Expectation, Impact, Injection, Report, Timed};

const KINDS: [&str; 4] = ["TTD", "TTA", "TTM", "TTR"];

/// An injection with the report it is in.
type Of<'a> = (&'a Injection, &'a Report);

/// Detection and recovery of each injection.
pub(super) fn injections(sides: &[Side], places: &Places) -> Group {
    let mut rows = Rows::new(sides);
    for places in places {
        let things: Vec<Option<Of<'_>>> = pick(sides, places, |side| &side.report.injections)
            .into_iter()
            .zip(sides)
            .map(|(one, side)| Some((one?, &side.report)))
            .collect();
        let about = About { of: name(&things), team: None };
        let detection = kind("detection", Noise::Word, "higher");
        rows.of(detection, &about, &things, |(one, _)| word(one.detection), |_, _| None);
        for what in KINDS {
            let time = kind(what, Noise::Length, "lower");
            rows.of(time, &about, &things, |one| timed_or_why(*one, what), |_, _| None);
        }
        let recovery = loaded("recovery", Noise::Word, "higher");
        rows.of(recovery, &about, &things, |(one, _)| word(one.recovery), sent);
        let took = loaded("recovery-time", Noise::Length, "lower");
        let back = |(one, _): &Of<'_>| {
            let why = Some(one.recovery).filter(|_| one.recovery_ms.is_none());
            Cell { word: why, ..whole(one.recovery_ms) }
        };
        rows.of(took, &about, &things, back, sent);
        if things.iter().flatten().any(|one| expected(one).is_some()) {
            let cell = |one: &Of<'_>| {
                expected(one).map_or_else(Cell::default, |said| Cell {
                    evidence: Some(said.evidence.to_string()),
                    ..word(said.answer)
                })
            };
            rows.of(kind("expectation", Noise::Word, "higher"), &about, &things, cell, |_, _| None);
        }
        let availability = loaded("availability", Noise::Availability, "higher");
        let felt = |one: &Of<'_>| {
            impact(*one).map_or(real(None), |it| share(it.availability, it.requests.unwrap_or(0)))
        };
        rows.of(availability, &about, &things, felt, sent);
        let late = |one: &Of<'_>| real(impact(*one).and_then(|it| it.latency_p99));
        rows.of(loaded("latency-p99", Noise::Latency, "lower"), &about, &things, late, sent);
    }
    rows.finish("injections")
}

/// Whether it went as the plan expects.
fn expected<'a>((one, _): &Of<'a>) -> Option<&'a Expectation> {
    one.expectation.as_ref()
}

fn name(things: &[Option<Of<'_>>]) -> Option<String> {
    things.iter().flatten().next().map(|(one, _)| one.name.clone())
}

fn impact<'a>((one, report): Of<'a>) -> Option<&'a Impact> {
    report.impact.iter().find(|impact| impact.injection == one.name)
}

/// The time of whoever was first, or the word for why there is none.
fn timed_or_why(one: Of<'_>, what: &str) -> Cell {
    let time = first_time(one, what);
    let why = match what {
        _ if time.is_some() => None,
        "TTM" => Some(one.0.mitigation),
        "TTD" => Some(one.0.detection),
        // Without an incident there is nothing to acknowledge or resolve.
        _ => Some(one.0.detection).filter(|_| one.0.incident.is_none()),
    };
    Cell { word: why, ..whole(time) }
}

/// The time of whoever was first, without holds.
fn first_time((one, report): Of<'_>, what: &str) -> Option<u64> {
    let incident = || report.incidents.iter().find(|known| Some(known.id) == one.incident);
    let took = match what {
        "TTD" => one.time_to_detect,
        "TTA" => incident()?.time_to_acknowledge,
        "TTM" => one.time_to_mitigate,
        _ => incident()?.time_to_resolve,
    };
    took.map(|took| took.running_ms)
}

/// The times of each team on each injection, where one has any.
pub(super) fn team_times(sides: &[Side], places: &Places) -> Group {
    let mut rows = Rows::new(sides);
    let teams = teams(sides);
    for places in places {
        let injections = pick(sides, places, |side| &side.report.injections);
        for team in &teams {
            let things: Vec<Option<Option<&BoardCell>>> = injections
                .iter()
                .zip(sides)
                .map(|(one, side)| {
                    side.report.teams.contains(team).then_some(())?;
                    Some(board_cell(&side.report, &(*one)?.name, team))
                })
                .collect();
            let of = injections.iter().flatten().next().map(|one| one.name.clone());
            let about = About { of, team: Some(team.clone()) };
            for what in KINDS {
                let time = |cell: &Option<&BoardCell>| cell.and_then(|cell| timed(cell, what));
                if things.iter().flatten().any(|cell| time(cell).is_some()) {
                    let kind = kind(what, Noise::Length, "lower");
                    rows.of(kind, &about, &things, |cell| whole(time(cell)), |_, _| None);
                }
            }
        }
    }
    rows.finish("team times")
}

/// Every team of every exercise.
pub(super) fn teams(sides: &[Side]) -> Vec<String> {
    let mut teams: Vec<String> = Vec::new();
    for team in sides.iter().flat_map(|side| &side.report.teams) {
        if !teams.contains(team) {
            teams.push(team.clone());
        }
    }
    teams
}

fn board_cell<'a>(report: &'a Report, injection: &str, team: &str) -> Option<&'a BoardCell> {
    let row = report.people.board.rows.iter().find(|row| row.injection == injection)?;
    row.cells.iter().find(|cell| cell.team == team)
}

fn timed(cell: &BoardCell, what: &str) -> Option<u64> {
    let time: Option<Timed> = match what {
        "TTD" => cell.ttd,
        "TTA" => cell.tta,
        "TTM" => cell.ttm,
        _ => cell.ttr,
    };
    time.map(|time| time.took.running_ms)
}
