//! Incidents, team times, lessons and the log.

use super::head::{taken, when};
use super::page::{Page, text};
use crate::report::model::{Line, Report, Times};
use crate::report::words::{NO_DATA, moment};

/// Incidents, times, lessons, log.
pub(super) fn write(page: &mut Page, report: &Report) {
    incidents(page, report);
    times(page, report);
    page.heading(2, "Lessons");
    if report.lessons.is_empty() {
        page.paragraph("None was written down.");
    } else {
        page.list(
            report.lessons.iter().map(|line| {
                format!("{} ({}, {})", text(&line.text), author(line), moment(line.at))
            }),
        );
    }
    page.heading(2, "Log");
    let rows = report.log.iter().map(|line| {
        let incident = line.incident.map_or_else(String::new, |id| format!("#{id}"));
        [moment(line.at), author(line), incident, text(&line.text)]
    });
    page.table(["Time", "Who", "Incident", "What"], rows);
}

fn incidents(page: &mut Page, report: &Report) {
    page.heading(2, "Incidents");
    if report.incidents.is_empty() {
        page.paragraph("None was opened.");
        return;
    }
    let rows = report.incidents.iter().map(|one| {
        [
            format!("#{} {}", one.id, one.severity),
            text(&one.title),
            text(&one.team),
            one.status.clone(),
            moment(one.opened),
            one.injection.as_deref().map_or("none".to_owned(), text),
            taken(one.time_to_acknowledge),
            when(one.resolved, "—"),
            taken(one.time_to_resolve),
        ]
    });
    page.table(
        ["", "Title", "Team", "Status", "Opened", "Injection", "TTA", "Resolved", "TTR"],
        rows,
    );
}

fn times(page: &mut Page, report: &Report) {
    page.heading(2, "Times");
    page.paragraph(
        "TTD: T0 to the first incident. TTA: opening to the first thing a person did. TTM: T0 to the SLOs back inside. \
         TTR: T0 to *resolved* (from the opening where no injection is behind the incident). MTTR is the mean of TTR: \
         its R is *resolve*. What has no value is counted apart and enters no mean. Holds and halts are left out; where \
         they matter, the figure with them stands beside.",
    );
    let rows = report.times.iter().filter(|one| !one.values.is_empty() || one.missing > 0);
    let rows: Vec<[String; 6]> = rows.map(row).collect();
    if rows.is_empty() {
        page.paragraph(NO_DATA);
        return;
    }
    page.table(["Time", "Team", "Every value", "Mean", "Median", "Without a value"], rows);
}

fn row(times: &Times) -> [String; 6] {
    let values: Vec<String> = times.values.iter().map(|one| taken(Some(*one))).collect();
    let lacking = match times.kind {
        "TTD" => "not detected",
        "TTA" => "not acknowledged",
        "TTM" => "not mitigated",
        _ => "not resolved",
    };
    [
        times.kind.to_owned(),
        times.team.as_deref().map_or("**all**".to_owned(), text),
        if values.is_empty() { NO_DATA.to_owned() } else { values.join(", ") },
        taken(times.mean),
        taken(times.median),
        match times.missing {
            0 => "none".to_owned(),
            missing => format!("{missing} {lacking}"),
        },
    ]
}

fn author(line: &Line) -> String {
    match &line.team {
        None => "*exercise*".to_owned(),
        Some(team) if line.author.is_empty() => text(team),
        Some(team) => format!("{} ({})", text(team), text(&line.author)),
    }
}
