//! The top of the report: what it was, how it ended, what is left behind, what came of the objectives.

use super::page::{Page, said, text, told};
use crate::lang::Lang;
use crate::report::model::{Length, Moment, Objective, Overall, Report};
use crate::report::words::{self, clock_words, date, length, word};

/// Title, facts, what is left, objectives.
pub(super) fn write(page: &mut Page<'_>, report: &Report) {
    let lang = page.lang;
    page.heading(1, &told(lang, "report-heading", &[("title", &text(&report.title))]));
    if let Some(hypothesis) = &report.hypothesis {
        page.paragraph(&format!("**{}** {}", said(lang, "report-hypothesis"), text(hypothesis)));
    }
    warnings(page, report);
    left(page, report);
    facts(page, report);
    objectives(page, report);
}

/// What is odd about the recording itself.
pub(super) fn warnings(page: &mut Page<'_>, report: &Report) {
    let lang = page.lang;
    for warning in &report.warnings {
        page.paragraph(&format!("**⚠ {}** {}", said(lang, "report-warning"), text(warning)));
    }
}

fn left(page: &mut Page<'_>, report: &Report) {
    if report.left.is_empty() {
        return;
    }
    let lang = page.lang;
    page.heading(2, &format!("⚠ {}", said(lang, "report-left-heading")));
    page.says("report-left-says");
    page.list(report.left.iter().map(|left| {
        let mut line = format!("**{}** ({})", text(&left.name), word(lang, left.status));
        for way in &left.ways_back {
            line += &format!("; {} {}", said(lang, "report-to-undo"), text(way));
        }
        if let Some(problem) = &left.problem {
            line += &format!("; {} {}", said(lang, "report-last-problem"), text(problem));
        }
        line
    }));
}

fn facts(page: &mut Page<'_>, report: &Report) {
    let lang = page.lang;
    let ended = report.ending.as_ref().map_or_else(
        || format!("**{}**", said(lang, "report-no-end")),
        |ending| format!("{} ({})", word(lang, ending.outcome), text(&ending.why)),
    );
    let verdict = word(lang, if report.overall.objectives_met { "met" } else { "not met" });
    let ran = [
        ("time", &*length(report.ran.running_ms)),
        ("all", &*length(report.planned_ms)),
        ("value", &*length(report.ran.total_ms)),
    ];
    let attended = if report.headless { "report-attended-no" } else { "report-yes" };
    let mut rows = vec![
        ("report-fact-exercise", text(&report.exercise)),
        ("report-fact-objectives", format!("**{verdict}**: {}", overall(lang, &report.overall))),
        ("report-fact-ended", ended),
        ("report-fact-began", date(report.began.wall_ms)),
        ("report-fact-last", date(report.last.wall_ms)),
        ("report-fact-duration", told(lang, "report-ran-says", &ran)),
        ("report-fact-pauses", pauses(lang, report)),
        ("report-fact-target", text(&report.target)),
        (
            "report-fact-teams",
            report.teams.iter().map(|team| text(team)).collect::<Vec<_>>().join(", "),
        ),
        ("report-fact-seed", report.seed.to_string()),
        ("report-fact-ceiling", word(lang, &report.ceiling)),
        ("report-fact-drill", said(lang, if report.drill { "report-yes" } else { "report-no" })),
        ("report-fact-attended", said(lang, attended)),
        ("report-fact-program", text(&report.program)),
    ];
    if let Some(defences) = &report.defences {
        rows.push(("report-fact-defences", text(defences)));
    }
    if let Some(rollback) = &report.rollback {
        rows.push(("report-fact-rollback", text(rollback)));
    }
    page.table(["", ""], rows.into_iter().map(|(what, value)| [said(lang, what), value]));
    page.says("report-clock-says");
}

/// `3 met, 1 not scored`.
fn overall(lang: &Lang, overall: &Overall) -> String {
    let parts = [
        (overall.met, "report-part-met"),
        (overall.not_met, "report-part-not-met"),
        (overall.no_data, "report-part-no-data"),
        (overall.not_scored, "report-part-not-scored"),
    ];
    let some = parts.iter().filter(|(count, _)| *count > 0);
    let some = some.map(|(count, key)| told(lang, key, &[("value", &count.to_string())]));
    let some: Vec<String> = some.collect();
    if some.is_empty() { said(lang, "report-no-objectives") } else { some.join(", ") }
}

fn pauses(lang: &Lang, report: &Report) -> String {
    let (holds, halts) = (report.totals.holds, report.totals.halts);
    if holds + halts == 0 {
        return said(lang, "report-none");
    }
    let counts = [("low", &*holds.to_string()), ("high", &*halts.to_string())];
    told(lang, "report-pauses-count", &counts)
}

fn objectives(page: &mut Page<'_>, report: &Report) {
    let lang = page.lang;
    page.head(2, "report-objectives");
    if report.objectives.is_empty() {
        page.says("report-none-named");
        return;
    }
    let rows = report.objectives.iter().map(|objective| {
        [
            text(&objective.title),
            format!("**{}**", word(lang, objective.answer)),
            evidence(lang, objective),
            objective
                .measure
                .as_ref()
                .map_or_else(|| said(lang, "report-the-facilitator"), |measure| text(measure)),
        ]
    });
    page.table(
        [
            "report-col-objective",
            "report-col-verdict",
            "report-col-evidence",
            "report-col-measured-by",
        ],
        rows,
    );
}

fn evidence(lang: &Lang, objective: &Objective) -> String {
    let mut words = text(&objective.evidence);
    if let (Some(score), Some(_)) = (&objective.score, &objective.measure) {
        let key = if score.met { "report-scored-met" } else { "report-scored-not-met" };
        let places = [("by", &*text(&score.by)), ("reason", &*text(&score.reason))];
        words += &format!(" — {}", told(lang, key, &places));
    }
    words
}

/// An instant, or a dash where there is none yet.
pub(super) fn when(lang: &Lang, at: Option<Moment>, none: &str) -> String {
    at.map_or_else(|| none.to_owned(), |at| words::moment(lang, at))
}

/// A length by both clocks: one figure where they agree.
pub(super) fn taken(lang: &Lang, taken: Option<Length>) -> String {
    taken.map_or_else(|| said(lang, "report-no-data"), |taken| words::taken(lang, taken))
}

/// `+0m10s to +1m00s`.
pub(super) fn clock_range(lang: &Lang, from: u64, to: u64) -> String {
    let places = [("from", &*clock_words(from)), ("to", &*clock_words(to))];
    told(lang, "report-range", &places)
}
