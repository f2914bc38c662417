//! The columns of a recording: what is measured in every exercise, and what a watch asked. Not what they hold.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::column::{COLUMNS, Column, From};
use crate::exercise::state::State;
use crate::gameday::metric::{Metric, Unit};
use crate::gameday::query::Query;

/// The columns of a recording, those of a family beside each other. A watch has none but what it asked.
pub(super) fn columns(state: &State) -> Vec<Column> {
    let known = state.header.watch.iter().flat_map(|watch| &watch.panels).map(|one| one.query);
    let answered = state.readings.iter().flat_map(|one| one.asked.keys().copied());
    let asked: BTreeSet<Query> = known.chain(answered).collect();
    let mut asked: Vec<Column> = asked.into_iter().map(Column::asked).collect();
    asked.sort_by_key(|column| (column.family, column.name));
    let own = if state.is_watch() { &[][..] } else { &COLUMNS[..] };
    own.iter().copied().chain(asked).collect()
}

impl Column {
    /// The answers to a query of a watch.
    pub fn asked(query: Query) -> Self {
        let family = match query.unit() {
            Unit::Share => "gameday_asked_ratio",
            Unit::Millis => "gameday_asked_seconds",
            Unit::PerSecond => "gameday_asked_per_second",
            Unit::Count => "gameday_asked",
        };
        Self {
            name: query.name(),
            family,
            label: Some(("query", query.name())),
            help: "What the monitoring of a real system answered, by query",
            from: From::Metric(Metric::Asked(query)),
        }
    }

    /// What stands above it in the table: its name with its unit.
    pub fn head(&self) -> Cow<'static, str> {
        let From::Metric(Metric::Asked(query)) = self.from else { return self.name.into() };
        let unit = match query.unit() {
            Unit::Share => "_ratio",
            Unit::Millis => "_ms",
            Unit::PerSecond => "_per_second",
            Unit::Count => "",
        };
        format!("asked_{}{unit}", self.name).into()
    }
}
