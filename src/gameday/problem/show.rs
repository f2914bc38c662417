//! Problems as text for a terminal: place, the line with a caret, why, how to mend. No colour, nothing is written anywhere.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::{Place, Problems, Severity};
use crate::gameday::text::{printable, shown as plain};

/// Characters of a line that are shown around the place.
const SHOWN: usize = 90;
/// Characters that are underlined at most.
const UNDERLINED: usize = 40;

/// All `problems` of the file `text`, each with its line and a caret; empty where there are none.
pub fn render(problems: &Problems, text: &str, file_name: &str) -> String {
    let renderer = Renderer::plain().term_width(2 * SHOWN + 40);
    let name = printable(file_name, 200);
    let mut out = String::new();
    for problem in problems.iter() {
        let Place { line, column, .. } = problem.place;
        let level = match problem.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let path = format!("{name}:{line}:{column}");
        let (shown, span) = excerpt(text, problem.place);
        let mut group = level.primary_title(problem.what.as_str()).element(
            Snippet::source(shown).line_start(line).annotation(AnnotationKind::Primary.span(span)),
        );
        if !problem.why.is_empty() {
            group = group.element(Level::NOTE.with_name("why").message(problem.why.as_str()));
        }
        if !problem.mend.is_empty() {
            group = group.element(Level::HELP.with_name("mend").message(problem.mend.as_str()));
        }
        out.push_str(&path);
        out.push_str(": ");
        for line in renderer.render(&[group]).lines() {
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out.push('\n');
    }
    out
}

/// The part of the line around `place`, made printable, and the place within it in bytes.
fn excerpt(text: &str, place: Place) -> (String, Range<usize>) {
    let line = text.lines().nth(place.line.saturating_sub(1)).unwrap_or_default();
    let column = place.column.saturating_sub(1);
    let skipped = if column + place.width.min(UNDERLINED) > SHOWN {
        column.saturating_sub(SHOWN / 2)
    } else {
        0
    };
    let mut shown: String = line
        .chars()
        .skip(skipped)
        .take(SHOWN)
        .map(|c| match c {
            '\t' => ' ',
            c => plain(c),
        })
        .collect();
    shown.push(' ');
    let byte = |chars: usize| shown.char_indices().nth(chars).map_or(shown.len() - 1, |(at, _)| at);
    let start = byte(column - skipped.min(column));
    let end = byte((column - skipped.min(column)).saturating_add(place.width.clamp(1, UNDERLINED)));
    let end = if end > start { end } else { shown.len() };
    (shown, start..end)
}
