//! The top of the report: what it was, how it ended, what is left behind, what came of the objectives.

use super::page::{Page, text};
use crate::report::model::{Objective, Report};
use crate::report::words::{NO_DATA, clock_words, date, length, moment};

/// Title, facts, what is left, objectives.
pub(super) fn write(page: &mut Page, report: &Report) {
    page.heading(1, &format!("Game day: {}", text(&report.title)));
    if let Some(hypothesis) = &report.hypothesis {
        page.paragraph(&format!("**Hypothesis:** {}", text(hypothesis)));
    }
    for warning in &report.warnings {
        page.paragraph(&format!("**⚠ About the recording:** {}", text(warning)));
    }
    left(page, report);
    facts(page, report);
    objectives(page, report);
}

fn left(page: &mut Page, report: &Report) {
    if report.left.is_empty() {
        return;
    }
    page.heading(2, "⚠ FAULTS MAY STILL BE IN THE TARGET");
    page.paragraph(
        "These were not seen to be undone. `gameday recover` undoes them; until then the target is not as it was.",
    );
    page.list(report.left.iter().map(|left| {
        let mut line = format!("**{}** ({})", text(&left.name), left.status);
        for way in &left.ways_back {
            line += &format!("; to undo it: {}", text(way));
        }
        if let Some(problem) = &left.problem {
            line += &format!("; last problem: {}", text(problem));
        }
        line
    }));
}

fn facts(page: &mut Page, report: &Report) {
    let ended = report.ending.as_ref().map_or_else(
        || "**the recording stops before the end**".to_owned(),
        |ending| format!("{} ({})", ending.outcome, text(&ending.why)),
    );
    let verdict = if report.overall.objectives_met { "met" } else { "not met" };
    let ran = &report.ran;
    let mut rows = vec![
        ("Exercise", text(&report.exercise)),
        ("Objectives", format!("**{verdict}**: {}", report.overall.words)),
        ("Ended", ended),
        ("Began", date(report.began.wall_ms)),
        ("Last event", date(report.last.wall_ms)),
        (
            "Duration",
            format!(
                "{} on the exercise clock of {} planned; {} in all",
                length(ran.running_ms),
                length(report.planned_ms),
                length(ran.total_ms)
            ),
        ),
        ("Holds and halts", count(report)),
        ("Target", text(&report.target)),
        ("Teams", report.teams.iter().map(|team| text(team)).collect::<Vec<_>>().join(", ")),
        ("Seed", report.seed.to_string()),
        ("Blast radius allowed", report.ceiling.clone()),
        ("Drill", if report.drill { "yes" } else { "no" }.to_owned()),
        ("Attended", if report.headless { "no (headless)" } else { "yes" }.to_owned()),
        ("Program", text(&report.program)),
    ];
    if let Some(defences) = &report.defences {
        rows.push(("Defences of the lab", text(defences)));
    }
    if let Some(rollback) = &report.rollback {
        rows.push(("Rollback plan", text(rollback)));
    }
    page.table(["", ""], rows.into_iter().map(|(what, value)| [what.to_owned(), value]));
    page.paragraph(
        "Times are shown as the exercise clock, which stands still in holds and halts, and the time of day in UTC.",
    );
}

fn count(report: &Report) -> String {
    let halts = report.pauses.iter().filter(|pause| pause.kind == "halt").count();
    let holds = report.pauses.len() - halts;
    match (holds, halts) {
        (0, 0) => "none".to_owned(),
        (holds, halts) => format!("holds: {holds}, halts: {halts}"),
    }
}

fn objectives(page: &mut Page, report: &Report) {
    page.heading(2, "Objectives");
    if report.objectives.is_empty() {
        page.paragraph("The game day names none.");
        return;
    }
    let rows = report.objectives.iter().map(|objective| {
        [
            text(&objective.title),
            format!("**{}**", objective.answer),
            evidence(objective),
            objective
                .measure
                .as_ref()
                .map_or_else(|| "the facilitator".to_owned(), |measure| text(measure)),
        ]
    });
    page.table(["Objective", "Verdict", "Evidence", "Measured by"], rows);
}

fn evidence(objective: &Objective) -> String {
    let mut words = text(&objective.evidence);
    if let (Some(score), Some(_)) = (&objective.score, &objective.measure) {
        let verdict = if score.met { "met" } else { "not met" };
        words += &format!(
            " — the facilitator ({}) says {verdict}: {}",
            text(&score.by),
            text(&score.reason)
        );
    }
    words
}

/// An instant, or a dash where there is none yet.
pub(super) fn when(at: Option<crate::report::model::Moment>, none: &str) -> String {
    at.map_or_else(|| none.to_owned(), moment)
}

/// A length by both clocks: one figure where they agree.
pub(super) fn taken(taken: Option<crate::report::model::Length>) -> String {
    match taken {
        None => NO_DATA.to_owned(),
        Some(taken) if taken.running_ms == taken.total_ms => length(taken.running_ms),
        Some(taken) => {
            format!("{} ({} with holds)", length(taken.running_ms), length(taken.total_ms))
        }
    }
}

/// `+0m10s to +1m00s`.
pub(super) fn clock_range(from: u64, to: u64) -> String {
    format!("{} to {}", clock_words(from), clock_words(to))
}
