//! A comparison as Markdown. Not what it says.

use super::model::{Comparison, Group, Row};
use super::shown;
use super::table::{self, Entry, Table};
use crate::lang::Lang;
use crate::report::markdown::page::{Page, plain, said, text};

/// The comparison as Markdown. All text from outside is neutralised.
pub fn render(comparison: &Comparison, lang: &Lang) -> String {
    let mut page = Page::new(lang);
    page.head(1, "compare-heading");
    grid(&mut page, table::exercises(comparison, lang));
    page.says("compare-with-first");
    warnings(&mut page, comparison);
    page.head(2, "compare-tally");
    let tallies = table::tallies(comparison, lang);
    page.list(tallies.into_iter().map(|(letter, counts)| format!("**{letter}**: {counts}")));
    differences(&mut page, comparison);
    for group in &comparison.groups {
        write(&mut page, comparison, group);
    }
    page.says("compare-noise-says");
    page.finish()
}

fn grid(page: &mut Page<'_>, table: Table) {
    let rows = table.rows.into_iter().map(|row| row.into_iter().map(entry).collect());
    page.grid(&table.heads, rows);
}

fn entry(entry: Entry) -> String {
    match entry {
        Entry::Said(says) => plain(&says),
        Entry::Outside(raw) => text(&raw),
        Entry::Name(name) => format!("**{name}**"),
        Entry::Judged { word, evidence } => format!("**{}**: {}", plain(&word), text(&evidence)),
        Entry::Changed { by: Some(by), says, .. } => format!("{} {says}", plain(&by)),
        Entry::Changed { by: None, says, .. } => says,
    }
}

fn warnings(page: &mut Page<'_>, comparison: &Comparison) {
    if comparison.warnings.is_empty() {
        return;
    }
    page.head(2, "compare-warnings");
    let said = table::warnings(comparison, page.lang, text);
    page.list(said.into_iter().map(|one| format!("⚠ {one}")));
}

fn differences(page: &mut Page<'_>, comparison: &Comparison) {
    page.head(2, "compare-differences");
    if comparison.differences.is_empty() {
        page.says("compare-no-differences");
        return;
    }
    let differences = table::differences(comparison, page.lang);
    grid(page, differences);
    page.says("compare-digest-says");
}

fn write(page: &mut Page<'_>, comparison: &Comparison, group: &Group) {
    let lang = page.lang;
    page.heading(2, &shown::named(lang, "group", group.group));
    if group.rows.is_empty() {
        page.says("compare-nothing");
        return;
    }
    let about = group.rows.iter().any(|row| row.of.is_some());
    let team = group.rows.iter().any(|row| row.team.is_some());
    let mut heads = Vec::new();
    if about {
        heads.push(shown::named(lang, "col", "of"));
    }
    if team {
        heads.push(shown::named(lang, "col", "team"));
    }
    heads.push(shown::named(lang, "col", "what"));
    heads.extend(table::letters(comparison));
    heads.extend(table::changed(comparison));
    let rows = group.rows.iter().map(|row| cells(lang, row, about, team));
    page.grid(&heads, rows.collect::<Vec<_>>());
}

fn cells(lang: &Lang, row: &Row, about: bool, team: bool) -> Vec<String> {
    let mut cells = Vec::new();
    if about {
        cells.push(row.of.as_ref().map_or_else(String::new, |of| text(of)));
    }
    if team {
        let all = || said(lang, "compare-all-teams");
        cells.push(row.team.as_ref().map_or_else(all, |team| text(team)));
    }
    cells.push(shown::named(lang, "row", row.what));
    cells.extend(table::values(lang, row).into_iter().map(entry));
    cells.extend(table::changes(lang, row).into_iter().map(entry));
    cells
}
