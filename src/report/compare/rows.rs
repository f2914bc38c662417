//! Rows of a comparison: one thing in every exercise, and what changed. Not which things there are.

use super::change::{Kind, Noise, change};
use super::matched::Places;
use super::model::{Cell, Change, Figure, Group, Row};
use super::side::Side;

/// Two loads are the same load up to this part of the larger.
pub(super) const SAME_LOAD: f64 = 0.1;

/// What is measured; the better direction follows.
pub(super) const fn kind(what: &'static str, noise: Noise, better: &'static str) -> Kind {
    Kind { what, noise, better, by_load: false, by_length: false }
}

/// The same, where it hangs on the load.
pub(super) const fn loaded(what: &'static str, noise: Noise, better: &'static str) -> Kind {
    Kind { by_load: true, ..kind(what, noise, better) }
}

/// A group that grows by rows.
pub(super) struct Rows<'a> {
    sides: &'a [Side],
    rows: Vec<Row>,
}

/// Of what, and of whom a row is.
#[derive(Clone, Default)]
pub(super) struct About {
    pub(super) of: Option<String>,
    pub(super) team: Option<String>,
}

impl<'a> Rows<'a> {
    pub(super) const fn new(sides: &'a [Side]) -> Self {
        Self { sides, rows: Vec::new() }
    }

    /// A row of a thing that has these places in the exercises; `load` is what was sent there.
    pub(super) fn of<T: 'a>(
        &mut self,
        kind: Kind,
        about: &About,
        things: &[Option<T>],
        cell: impl Fn(&T) -> Cell,
        load: impl Fn(&Side, &T) -> Option<f64>,
    ) {
        let cells: Vec<Cell> =
            things.iter().map(|one| one.as_ref().map_or_else(Cell::default, &cell)).collect();
        let loads: Vec<Option<f64>> = self
            .sides
            .iter()
            .zip(things)
            .map(|(side, one)| one.as_ref().and_then(|one| load(side, one)))
            .collect();
        // Watches have no load, and much else that exercises have: what none of them has is no row.
        let none = |cell: &Cell| cell.value.is_none() && cell.word.is_none();
        let watches = self.sides.iter().all(|side| side.report.watch.is_some());
        if watches && cells.iter().all(none) {
            return;
        }
        let changes = self.changes(kind, &cells, &loads);
        self.rows.push(Row {
            what: kind.what,
            of: about.of.clone(),
            team: about.team.clone(),
            unit: kind.noise.unit(),
            better: kind.better,
            cells,
            changes,
        });
    }

    fn changes(&self, kind: Kind, cells: &[Cell], loads: &[Option<f64>]) -> Vec<Change> {
        let first = self.sides.first().map(|side| side.report.planned_ms as f64);
        let rest = self.sides.iter().zip(cells).zip(loads).skip(1);
        rest.map(|((side, cell), load)| {
            let pair = loads.first().copied().flatten().zip(*load);
            let length = first.zip(Some(side.report.planned_ms as f64));
            let hindered = if kind.by_load && pair.is_some_and(apart) {
                Some("load")
            } else if kind.by_length && length.is_some_and(apart) {
                Some("length")
            } else {
                None
            };
            change(kind, cells.first().unwrap_or(cell), cell, hindered)
        })
        .collect()
    }

    pub(super) fn finish(self, group: &'static str) -> Group {
        Group { group, rows: self.rows }
    }
}

/// Whether two loads, or two lengths, are not the same.
pub(in crate::report) fn apart((a, b): (f64, f64)) -> bool {
    (a - b).abs() > a.abs().max(b.abs()) * SAME_LOAD
}

/// What was sent a second over the whole exercise.
pub(super) fn sent<T>(side: &Side, _: &T) -> Option<f64> {
    side.report.felt.sent_rps
}

/// A thing of every exercise by its place in a list of it.
pub(super) fn pick<'a, T>(
    sides: &'a [Side],
    places: &[Option<usize>],
    list: impl Fn(&'a Side) -> &'a [T],
) -> Vec<Option<&'a T>> {
    sides.iter().zip(places).map(|(side, place)| list(side).get((*place)?)).collect()
}

/// Things of the same name in every exercise.
pub(super) fn named<'a, T: 'a>(
    sides: &'a [Side],
    list: impl Fn(&'a Side) -> &'a [T],
    name: impl Fn(&'a T) -> &'a str,
) -> Places {
    let names: Vec<Vec<&str>> =
        sides.iter().map(|side| list(side).iter().map(&name).collect()).collect();
    super::matched::by_name(&names)
}

pub(super) fn whole(value: Option<u64>) -> Cell {
    Cell { there: true, value: value.map(Figure::Whole), ..Cell::default() }
}

pub(super) fn count(value: usize) -> Cell {
    whole(Some(value as u64))
}

pub(super) fn real(value: Option<f64>) -> Cell {
    let value = value.filter(|value| value.is_finite());
    Cell { there: true, value: value.map(Figure::Real), ..Cell::default() }
}

/// A share of so many requests.
pub(super) fn share(value: Option<f64>, requests: u64) -> Cell {
    Cell { requests: Some(requests), ..real(value) }
}

pub(super) fn word(word: &'static str) -> Cell {
    Cell { there: true, word: Some(word), ..Cell::default() }
}
