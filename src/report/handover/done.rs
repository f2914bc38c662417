//! What was done meanwhile: lines of the log, levers, what was told to others, moments that were pinned. Not how things stand.

use super::look::Look;
use crate::exercise::log::{EntryKind, LogEntry};
use crate::exercise::stamp::Stamp;
use crate::report::build::pins;
use crate::report::markdown::page::{Page, said, text};
use crate::report::markdown::pins::{HEADS, row};
use crate::report::words::word;

/// What people wrote and did, in order.
pub(super) fn done(page: &mut Page<'_>, look: Look<'_>) {
    page.head(2, "handover-done");
    let mut all: Vec<(Stamp, [String; 4])> = Vec::new();
    for entry in written(look).filter(|entry| entry.kind != EntryKind::Update) {
        let incident = entry.incident.map_or_else(String::new, |id| format!("#{}", id.0));
        let kind = match entry.kind {
            EntryKind::Note => String::new(),
            kind => format!("**{}** ", word(look.lang, kind.name())),
        };
        let says = format!("{kind}{}", text(&look.lang.said(&entry.text)));
        let who = who(entry.team.as_deref().unwrap_or_default(), &entry.author);
        all.push((entry.stamp, [look.moment(entry.stamp), who, incident, says]));
    }
    all.extend(levers(look));
    // Stable: what was written at one instant stays in its order.
    all.sort_by_key(|(at, _)| at.elapsed);
    if all.is_empty() {
        page.says("handover-nothing-done");
        return;
    }
    let heads = ["report-col-time", "report-col-who", "report-col-incident", "report-col-what"];
    page.table(heads, all.into_iter().map(|(_, row)| row));
}

/// What people wrote in the time that is looked at.
fn written(look: Look<'_>) -> impl Iterator<Item = &LogEntry> {
    let all = look.state.log.iter().filter(|entry| entry.team.is_some());
    all.filter(move |entry| look.is_in(entry.recorded))
}

fn levers(look: Look<'_>) -> Vec<(Stamp, [String; 4])> {
    let lang = look.lang;
    let pulled = look.state.levers.iter().filter(|run| look.is_in(run.at));
    let rows = pulled.map(|run| {
        let (outcome, said_of_it) = match &run.outcome {
            None => ("no answer", String::new()),
            Some((_, Ok(says))) => ("done", text(&lang.said(says))),
            Some((_, Err(says))) => ("failed", text(&lang.said(says))),
        };
        let outcome = word(lang, outcome);
        let mut says = format!(
            "**{}** {}: {outcome}",
            said(lang, "handover-lever"),
            text(&run.lever.to_string())
        );
        if !said_of_it.is_empty() {
            says = format!("{says}, {said_of_it}");
        }
        (run.at, [look.moment(run.at), who(&run.team, &run.author), String::new(), says])
    });
    rows.collect()
}

/// What was told to others.
pub(super) fn updates(page: &mut Page<'_>, look: Look<'_>) {
    let told = written(look).filter(|entry| entry.kind == EntryKind::Update).map(|entry| {
        let who = who(entry.team.as_deref().unwrap_or_default(), &entry.author);
        format!("{}, {who}: {}", look.moment(entry.stamp), text(&look.lang.said(&entry.text)))
    });
    let told: Vec<String> = told.collect();
    page.head(2, "handover-updates");
    if told.is_empty() { page.says("handover-no-update") } else { page.list(told) }
}

/// Moments that somebody wanted to remember.
pub(super) fn pins(page: &mut Page<'_>, look: Look<'_>) {
    let all = pins::pins(look.state).into_iter();
    let from = look.from.as_millis();
    let rows = all.filter(|one| one.at.elapsed_ms >= from).map(|one| row(look.lang, &one));
    let rows: Vec<[String; 6]> = rows.collect();
    if !rows.is_empty() {
        page.head(2, "report-pins");
        page.table(HEADS, rows);
    }
}

fn who(team: &str, author: &str) -> String {
    if author.is_empty() || author == team {
        text(team)
    } else {
        format!("{} ({})", text(team), text(author))
    }
}
