//! The table: RFC 4180, one row for each improvement and lesson. Not what stands in the rows.

use csv::WriterBuilder;

use super::rows::{Evidence, Export, Row, Source};
use crate::gameday::text::plain;

const HEADS: [&str; 15] = [
    "exercise", "began", "gameday", "drill", "kind", "id", "status", "category", "text", "owner",
    "due", "team", "author", "noted", "evidence",
];

/// The table.
///
/// # Errors
/// When it cannot be written into memory.
pub fn csv(export: &Export) -> Result<String, String> {
    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(HEADS).map_err(|error| error.to_string())?;
    for row in &export.rows {
        writer.write_record(cells(&export.source, row)).map_err(|error| error.to_string())?;
    }
    let bytes = writer.into_inner().map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|error| error.to_string())
}

fn cells(source: &Source, row: &Row) -> [String; 15] {
    let evidence: Vec<String> = row.evidence.iter().map(evidence).collect();
    let id = row.id.map(|id| id.to_string()).unwrap_or_default();
    let cells = [
        source.exercise.as_str(),
        &source.began,
        &source.gameday,
        if source.drill { "true" } else { "false" },
        row.kind,
        &id,
        row.status.unwrap_or_default(),
        row.category.unwrap_or_default(),
        &row.text,
        row.owner.as_deref().unwrap_or_default(),
        row.due.as_deref().unwrap_or_default(),
        &row.team,
        &row.author,
        &row.noted,
        &evidence.join("; "),
    ];
    cells.map(cell)
}

fn evidence(one: &Evidence) -> String {
    if one.at.is_empty() { one.says.clone() } else { format!("at {}: {}", one.at, one.says) }
}

/// Text for a cell. What a spreadsheet would take for a formula gets an apostrophe before it, whatever stands before its
/// sign; control characters show as signs.
pub(super) fn cell(text: &str) -> String {
    let text = plain(text.trim());
    let formula = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    let begins = |text: &str| text.trim_start_matches(['\'', '"', ' ']).starts_with(formula);
    if begins(&text) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_cell_is_a_formula() {
        for (text, shown) in [
            ("warm the cache", "warm the cache"),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@sum(a1)", "'@sum(a1)"),
            ("  =cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("\t=1", "'=1"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("\"=1", "'\"=1"),
            ("a=1", "a=1"),
            ("", ""),
        ] {
            assert_eq!(cell(text), shown, "{text:?}");
        }
        assert!(!cell("\u{1b}[2J\r\n=1").contains(['\u{1b}', '\r', '\n']));
    }
}
