//! Incidents, team times, lessons and the log.

use super::head::{taken, when};
use super::page::{Page, said, text, told};
use crate::lang::Lang;
use crate::report::model::{Line, Report, Times};
use crate::report::words::{moment, word};

/// Incidents, times, lessons, log.
pub(super) fn write(page: &mut Page<'_>, report: &Report) {
    incidents(page, report);
    times(page, report);
    lessons(page, report);
    log(page, report);
}

/// What people marked as learned.
pub(super) fn lessons(page: &mut Page<'_>, report: &Report) {
    let lang = page.lang;
    page.head(2, "report-lessons");
    if report.lessons.is_empty() {
        page.says("report-no-lesson");
    } else {
        page.list(report.lessons.iter().map(|line| {
            let (who, at) = (author(lang, line), moment(lang, line.at));
            format!("{} ({who}, {at})", text(&line.text))
        }));
    }
}

/// The incident log.
pub(in crate::report) fn log(page: &mut Page<'_>, report: &Report) {
    let lang = page.lang;
    page.head(2, "report-log");
    let rows = report.log.iter().map(|line| {
        let incident = line.incident.map_or_else(String::new, |id| format!("#{id}"));
        let seq = line.seq.to_string();
        let kind = if line.is_marked() {
            format!("**{}** ", word(lang, line.kind))
        } else {
            String::new()
        };
        let says = format!("{kind}{}", text(&line.text));
        [seq, moment(lang, line.at), author(lang, line), incident, says]
    });
    page.table(
        [
            "report-col-seq",
            "report-col-time",
            "report-col-who",
            "report-col-incident",
            "report-col-what",
        ],
        rows,
    );
}

/// Every incident with its times.
pub(in crate::report) fn incidents(page: &mut Page<'_>, report: &Report) {
    let lang = page.lang;
    page.head(2, "report-incidents");
    if report.incidents.is_empty() {
        page.says("report-none-opened");
        return;
    }
    // Of a watch nobody knows what is behind an incident, but what asked for it.
    let watched = report.watch.is_some();
    let (none, about) = match watched {
        true => ("report-by-a-person", "report-col-noticed"),
        false => ("report-none", "report-col-injection"),
    };
    let rows = report.incidents.iter().map(|one| {
        let about = if watched { &one.alert } else { &one.injection };
        [
            format!("#{} {}", one.id, one.severity),
            text(&one.title),
            text(&one.team),
            word(lang, &one.status),
            moment(lang, one.opened),
            about.as_deref().map_or_else(|| said(lang, none), text),
            taken(lang, one.time_to_acknowledge),
            when(lang, one.resolved, "—"),
            taken(lang, one.time_to_resolve),
        ]
    });
    page.table(
        [
            "",
            "report-col-title",
            "report-col-team",
            "report-col-status",
            "report-col-opened-at",
            about,
            "report-col-tta",
            "report-col-resolved",
            "report-col-ttr",
        ],
        rows,
    );
}

/// Times by kind and team.
pub(in crate::report) fn times(page: &mut Page<'_>, report: &Report) {
    let lang = page.lang;
    page.head(2, "report-times");
    page.says(match report.watch {
        Some(_) => "report-watch-times-say",
        None => "report-times-say",
    });
    let rows = report.times.iter().filter(|one| !one.values.is_empty() || one.missing > 0);
    let rows: Vec<[String; 6]> = rows.map(|one| row(lang, one)).collect();
    if rows.is_empty() {
        page.says("report-no-data");
        return;
    }
    page.table(
        [
            "report-col-kind",
            "report-col-team",
            "report-col-values",
            "report-col-mean",
            "report-col-median",
            "report-col-without",
        ],
        rows,
    );
}

fn row(lang: &Lang, times: &Times) -> [String; 6] {
    let values: Vec<String> = times.values.iter().map(|one| taken(lang, Some(*one))).collect();
    let lacking = format!("report-missing-{}", times.kind);
    [
        times.kind.to_owned(),
        times
            .team
            .as_deref()
            .map_or_else(|| format!("**{}**", said(lang, "report-all-teams")), text),
        if values.is_empty() { said(lang, "report-no-data") } else { values.join(", ") },
        taken(lang, times.mean),
        taken(lang, times.median),
        match times.missing {
            0 => said(lang, "report-none"),
            missing => told(lang, &lacking, &[("value", &missing.to_string())]),
        },
    ]
}

/// Who wrote a line.
pub(super) fn author(lang: &Lang, line: &Line) -> String {
    match &line.team {
        // Only times of a watch say whether they have a date.
        None if line.at.dated.is_some() => format!("*{}*", said(lang, "report-watch-itself")),
        None => format!("*{}*", said(lang, "report-exercise-itself")),
        Some(team) if line.author.is_empty() => text(team),
        Some(team) => format!("{} ({})", text(team), text(&line.author)),
    }
}
