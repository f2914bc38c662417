//! What was measured as OpenMetrics text 1.0, as `promtool tsdb create-blocks-from openmetrics` takes it: families one
//! after the other, in them every series by itself, its samples in order of time. Not what is measured.

use std::fmt::Write as _;

use super::asked::columns;
use super::column::Column;
use super::second::{Second, seconds};
use crate::exercise::state::State;
use crate::gameday::text::plain;

/// The whole text. A sample has the time at which its second begins.
pub fn openmetrics(state: &State) -> String {
    let seconds = seconds(state);
    let common = format!(
        "exercise=\"{}\",gameday=\"{}\",drill=\"{}\"",
        escaped(&state.header.exercise),
        escaped(&state.plan().name),
        state.header.drill
    );
    let mut out = String::new();
    for family in columns(state).chunk_by(|a, b| a.family == b.family) {
        let Some(first) = family.first() else { continue };
        let measured = |column: &Column| seconds.iter().any(|one| column.base(one).is_some());
        if !family.iter().any(measured) {
            continue;
        }
        let _ = writeln!(out, "# TYPE {} gauge", first.family);
        if let Some(unit) = unit(first.family) {
            let _ = writeln!(out, "# UNIT {} {unit}", first.family);
        }
        let _ = writeln!(out, "# HELP {} {}.", first.family, escaped(first.help));
        for column in family {
            series(&mut out, column, &common, &seconds, state.header.began);
        }
    }
    out.push_str("# EOF\n");
    out
}

fn series(out: &mut String, column: &Column, common: &str, seconds: &[Second<'_>], began: i64) {
    let own = column.label.map_or_else(String::new, |(name, value)| format!(",{name}=\"{value}\""));
    let mut last = None;
    for second in seconds {
        let Some(value) = column.shown_in_base(second) else { continue };
        let start = i64::try_from(second.start.as_millis()).unwrap_or(i64::MAX);
        let at = began.saturating_add(start);
        // Two samples of one series at one time are none.
        if last.is_some_and(|last| at <= last) {
            continue;
        }
        last = Some(at);
        let sign = if at < 0 { "-" } else { "" };
        let (whole, rest) = (at.unsigned_abs() / 1_000, at.unsigned_abs() % 1_000);
        let _ = writeln!(out, "{}{{{common}{own}}} {value} {sign}{whole}.{rest:03}", column.family);
    }
}

/// The base unit that a family is named after.
fn unit(family: &str) -> Option<&'static str> {
    if family.ends_with("_per_second") {
        return None;
    }
    ["seconds", "ratio"].into_iter().find(|unit| family.ends_with(unit))
}

/// The value of a label, or a help: control characters show as signs, what would end it is escaped.
fn escaped(text: &str) -> String {
    plain(text).replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
