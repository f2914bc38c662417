//! Improvements as issues of a tracker, in Markdown. Not the sending of them.

use super::rows::{Evidence, Export, Row, Source};
use crate::gameday::text::plain;
use crate::lang::{Lang, Language};
use crate::report::markdown::page::{Page, text};

/// A title in a list of issues is at most so long, in characters.
const LONGEST_TITLE: usize = 100;

/// One issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// A name for its file, without ending: `I1`.
    pub name: String,
    /// The whole text; its first line is the title, as a heading.
    pub text: String,
}

/// An issue for each improvement.
pub fn issues(export: &Export) -> Vec<Issue> {
    let improvements = export.rows.iter().filter_map(|row| row.id.map(|id| (id, row)));
    improvements
        .map(|(id, row)| Issue {
            name: format!("{}-I{id}", file_name(&export.source.exercise)),
            text: issue(&export.source, id, row),
        })
        .collect()
}

/// An exercise's name as part of the name of a file.
fn file_name(exercise: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '_' };
    exercise.chars().take(150).map(kept).collect()
}

fn issue(source: &Source, id: u32, row: &Row) -> String {
    let lang = Lang::new(Language::English);
    let mut page = Page::new(&lang);
    page.heading(1, &text(&title(&row.text)));
    page.paragraph(&text(&row.text));
    let none = || "nobody yet".to_owned();
    let mut facts = vec![
        format!("Category: {}", row.category.unwrap_or("none")),
        format!("Owner: {}", row.owner.as_deref().map_or_else(none, text)),
        format!("Due: {}", row.due.as_deref().unwrap_or("no date yet")),
        format!("Written by: {} ({}), {}", text(&row.author), text(&row.team), row.noted),
        format!(
            "From: improvement {id} of {} {} ({}, {}, {})",
            if source.watch { "watch" } else { "exercise" },
            text(&source.exercise),
            text(&source.title),
            source.began,
            if source.drill { "a drill" } else { "no drill" },
        ),
    ];
    if let Some((by, why)) = &row.dropped {
        facts.push(format!("Dropped by {}: {}", text(by), text(why)));
    }
    page.list(facts);
    page.heading(2, "Evidence");
    if row.evidence.is_empty() {
        page.paragraph("None was picked.");
    } else {
        page.list(row.evidence.iter().map(evidence));
    }
    page.heading(2, "Definition of done");
    // A box to tick: the one piece of markup that is meant.
    let shown = match source.watch {
        true => "[ ] A game day shows it".to_owned(),
        false => format!("[ ] The game day {} was run again and shows it", text(&source.gameday)),
    };
    page.list(["[ ] It is done".to_owned(), shown]);
    page.finish()
}

/// The first line, of a length that fits a list.
fn title(whole: &str) -> String {
    let line = whole.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let line = plain(line.trim());
    if line.chars().count() <= LONGEST_TITLE {
        return line;
    }
    let kept: String = line.chars().take(LONGEST_TITLE - 1).collect();
    format!("{}…", kept.trim_end())
}

fn evidence(one: &Evidence) -> String {
    if one.at.is_empty() { text(&one.says) } else { format!("{} — {}", one.at, text(&one.says)) }
}
