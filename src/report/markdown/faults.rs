//! Each injection: what was expected beside what happened.

use super::head::{taken, when};
use super::page::{Page, said, text, told};
use crate::lang::{Arg, Lang};
use crate::report::model::{Injection, Report};
use crate::report::words::{length, word};

/// Every injection with its own small table.
pub(super) fn write(page: &mut Page<'_>, report: &Report) {
    let lang = page.lang;
    page.head(2, "report-injections");
    if report.injections.is_empty() {
        page.says("report-none-planned");
        return;
    }
    let rows = report.injections.iter().map(|one| {
        [
            text(&one.name),
            word(lang, one.status),
            when(lang, one.t0, "—"),
            detected(lang, one),
            first_sign(lang, one),
            recovered(lang, one),
        ]
    });
    page.table(
        [
            "report-col-injection",
            "",
            "report-col-t0-effect",
            "report-col-detected",
            "report-col-first-sign",
            "report-col-recovery",
        ],
        rows,
    );
    page.says("report-sign-says");
    for one in &report.injections {
        page.heading(3, &text(&one.name));
        page.table(["", ""], details(lang, one).map(|(what, value)| [said(lang, what), value]));
    }
}

fn details(lang: &Lang, one: &Injection) -> impl Iterator<Item = (&'static str, String)> {
    let say = |key: &str| said(lang, key);
    let or = |raw: &str, none: &str| if raw.is_empty() { say(none) } else { text(raw) };
    let list = |raw: &[String], none: &str| {
        if raw.is_empty() {
            say(none)
        } else {
            raw.iter().map(|one| text(one)).collect::<Vec<_>>().join(", ")
        }
    };
    let dash = "—";
    let incidents = one.incidents.iter().map(|id| format!("#{id}")).collect::<Vec<_>>().join(", ");
    [
        (
            "report-expected",
            or(one.expected.as_deref().unwrap_or_default(), "report-nothing-written"),
        ),
        ("report-col-fault", text(&one.what)),
        ("report-col-phase", text(&one.phase)),
        ("report-col-called", called(lang, one)),
        ("report-col-status", word(lang, one.status)),
        ("report-col-t0", when(lang, one.t0, &say("report-never-effect"))),
        ("report-col-seen-then", or(&one.evidence, dash)),
        ("report-col-victims", list(&one.victims, "report-none")),
        ("report-col-blast", or(one.blast.as_deref().unwrap_or_default(), "report-not-known")),
        ("report-col-way-back", list(&one.undo, dash)),
        ("report-col-undone", undone(lang, one)),
        ("report-col-detected", detected(lang, one)),
        ("report-col-first-sign", first_sign(lang, one)),
        ("report-incidents", or(&incidents, "report-none").replace("\\#", "#")),
        ("report-col-mitigated-long", mitigated(lang, one)),
        ("report-col-recovery-long", recovered(lang, one)),
        ("report-col-problem", or(one.problem.as_deref().unwrap_or_default(), "report-none")),
    ]
    .into_iter()
}

fn called(lang: &Lang, one: &Injection) -> String {
    let by = text(&one.by);
    match one.rounds {
        0 => said(lang, "report-not-called"),
        1 => told(lang, "report-called", &[("by", &by)]),
        rounds => {
            let count = usize::try_from(rounds).unwrap_or(usize::MAX);
            let places = [("by", Arg::Text(&by)), ("count", Arg::Count(count))];
            lang.tell("report-called-rounds", &places).into_owned()
        }
    }
}

fn undone(lang: &Lang, one: &Injection) -> String {
    if one.t0.is_none() && one.undo.is_empty() {
        return said(lang, "report-nothing-to-undo");
    }
    let Some(at) = one.reverted else {
        return format!("**{}**", said(lang, "report-not-undone"));
    };
    let seen = match &*one.revert_evidence {
        "" => said(lang, "report-no-evidence"),
        seen => text(seen),
    };
    let mut words = format!("{}: {seen}", when(lang, Some(at), ""));
    if one.revert_attempts > 1 {
        words += &format!(" ({} {})", said(lang, "report-attempts"), one.revert_attempts);
    }
    words
}

fn detected(lang: &Lang, one: &Injection) -> String {
    match (&one.detected_by, one.incident) {
        (Some(team), Some(id)) => {
            let after = taken(lang, one.time_to_detect);
            let places =
                [("after", &*after), ("team", &*text(team)), ("incident", &*id.to_string())];
            told(lang, "report-detected", &places)
        }
        _ => word(lang, one.detection),
    }
}

fn first_sign(lang: &Lang, one: &Injection) -> String {
    match (&one.first_sign, one.t0) {
        (Some(sign), _) => {
            let after = taken(lang, Some(sign.after));
            told(lang, "report-signed", &[("after", &after), ("what", &text(&sign.what))])
        }
        (None, Some(_)) => said(lang, "report-no-sign"),
        (None, None) => word(lang, "not in effect"),
    }
}

fn mitigated(lang: &Lang, one: &Injection) -> String {
    match one.time_to_mitigate {
        Some(_) => told(lang, "report-after", &[("after", &taken(lang, one.time_to_mitigate))]),
        None => word(lang, one.mitigation),
    }
}

fn recovered(lang: &Lang, one: &Injection) -> String {
    match one.recovery_ms {
        Some(took) => told(lang, "report-recovered", &[("after", &length(took))]),
        None => word(lang, one.recovery),
    }
}
