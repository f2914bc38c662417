//! What was measured as a table: RFC 4180, a row for each second. Not what stands in the columns.

use std::borrow::Cow;

use csv::WriterBuilder;

use super::asked::columns;
use super::column::Column;
use super::second::seconds;
use crate::exercise::state::State;
use crate::gameday::span::Span;
use crate::report::export::csv::cell;
use crate::report::time::instant;

/// What stands before the series.
const HEADS: [&str; 4] = ["time", "elapsed_seconds", "exercise_clock_seconds", "phase"];

/// The table. Times are those at which a second begins.
///
/// # Errors
/// When it cannot be written into memory.
pub fn table(state: &State) -> Result<String, String> {
    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    let columns = columns(state);
    let heads = HEADS.into_iter().map(Cow::from).chain(columns.iter().map(Column::head));
    let heads = heads.map(Cow::into_owned);
    writer.write_record(heads).map_err(|error| error.to_string())?;
    for second in seconds(state) {
        let at = instant(state, second.start);
        let clock = at.clock_ms.map(|clock| Span::from_millis(clock).as_secs_f64());
        let before = [
            iso(at.wall_ms),
            second.start.as_secs_f64().to_string(),
            clock.map_or_else(String::new, |clock| clock.to_string()),
            cell(phase(state, second.start).unwrap_or_default()),
        ];
        let values = columns.iter().map(|column| column.shown(&second).unwrap_or_default());
        writer.write_record(before.into_iter().chain(values)).map_err(|error| error.to_string())?;
    }
    let bytes = writer.into_inner().map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|error| error.to_string())
}

/// `2026-11-22T16:05:00.000Z`.
fn iso(wall_ms: i64) -> String {
    chrono::DateTime::from_timestamp_millis(wall_ms)
        .map_or_else(String::new, |at| at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
}

/// The phase that ran then.
fn phase(state: &State, at: Span) -> Option<&str> {
    let ran = state.phases.iter().position(|run| {
        let begun = run.started.is_some_and(|(_, began)| began.elapsed <= at);
        begun && run.ended.is_none_or(|(_, ended, _)| at < ended.elapsed)
    })?;
    state.plan().phases.get(ran).map(|phase| phase.name.as_str())
}
