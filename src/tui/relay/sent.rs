//! An update that was written: what is sent, and what stands in the log. Not the writing.

use crate::exercise::command::Command;
use crate::exercise::log::EntryKind;
use crate::gameday::span::Span;
use crate::lang::Message;

/// No line of the log is longer, in characters.
const LONGEST: usize = 4_000;
/// What stands between two lines of an update in the log.
const BREAK: &str = " / ";

/// What is sent, and that it was, for the log of `team`.
///
/// # Errors
/// Why it will not do.
pub fn sent(lines: &[String], team: &str, by: &str) -> Result<(String, Command), Message> {
    let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    let text = lines.join("\n").trim().to_owned();
    let each = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let logged = each.collect::<Vec<_>>().join(BREAK);
    if logged.is_empty() {
        return Err(Message::plain("answer-update-empty"));
    }
    if logged.chars().count() > LONGEST {
        return Err(Message::plain("answer-update-long").with("most", LONGEST.to_string()));
    }
    let command = Command::Log {
        team: team.to_owned(),
        author: by.to_owned(),
        text: logged,
        kind: EntryKind::Update,
        incident: None,
        ago: Span::ZERO,
        evidence: Vec::new(),
    };
    Ok((text, command))
}
