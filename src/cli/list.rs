//! `gameday list`: which game days there are, as text.

use std::path::Path;

use unicode_width::UnicodeWidthStr;

use super::library::{self, Origin};
use crate::gameday::load::LoadPattern;
use crate::gameday::metric::grouped;
use crate::gameday::read::inspect;
use crate::gameday::text::printable;

/// Every game day with title, duration, peak rate, injections and origin; a broken one with its first problem.
pub fn list(here: &Path, user: Option<&Path>) -> String {
    let mut rows = vec![["NAME", "TITLE", "LASTS", "PEAK", "FAULTS", "FROM"].map(str::to_owned)];
    let mut broken = Vec::new();
    for entry in library::entries(here, user) {
        let from = match entry.origin {
            Origin::Here => "./gamedays",
            Origin::User => "your data folder",
            Origin::BuiltIn => "built in",
        };
        let name = printable(&entry.name, 40);
        let (plan, problem) = match library::load(&entry) {
            Ok((text, file_name)) => {
                let (plan, problems) = inspect(&text, &file_name);
                (plan, problems.first().map(ToString::to_string))
            }
            Err(error) => (None, Some(error)),
        };
        let Some(plan) = plan else {
            broken.push((name, problem.unwrap_or_default(), from));
            continue;
        };
        let loads = plan.phases.iter().filter_map(|phase| phase.load.as_ref());
        let peak = loads.map(LoadPattern::peak).fold(0.0, f64::max);
        rows.push([
            name,
            printable(&plan.title, 40),
            plan.duration().to_string(),
            format!("{}/s", grouped(peak)),
            plan.injections().count().to_string(),
            from.to_owned(),
        ]);
    }
    let mut out = table(&rows);
    for (name, problem, from) in broken {
        out.push_str(&format!("{name}  broken ({from}): {}\n", printable(&problem, 200)));
    }
    out
}

/// Columns two spaces apart, by the width that a terminal gives them.
fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (width, cell) in widths.iter().zip(row) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width - cell.width() + 2));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}
