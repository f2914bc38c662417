//! Each injection: what was expected beside what happened.

use super::head::{taken, when};
use super::page::{Page, text};
use crate::report::model::{Injection, Report};
use crate::report::words::length;

/// Every injection with its own small table.
pub(super) fn write(page: &mut Page, report: &Report) {
    page.heading(2, "Injections");
    if report.injections.is_empty() {
        page.paragraph("None was planned.");
        return;
    }
    let rows = report.injections.iter().map(|one| {
        [
            text(&one.name),
            one.status.to_owned(),
            when(one.t0, "—"),
            detected(one),
            first_sign(one),
            recovered(one),
        ]
    });
    page.table(
        ["Injection", "", "T0 (took effect)", "Detected by a team", "First sign", "Recovery"],
        rows,
    );
    page.paragraph(
        "The first sign is an incident, an SLO that is violated or the steady state that is left, whichever came first. \
         Recovery is that of the steady state.",
    );
    for one in &report.injections {
        page.heading(3, &text(&one.name));
        page.table(["", ""], details(one).map(|(what, value)| [what.to_owned(), value]));
    }
}

fn details(one: &Injection) -> impl Iterator<Item = (&'static str, String)> {
    let or = |raw: &str, none: &str| if raw.is_empty() { none.to_owned() } else { text(raw) };
    let list = |raw: &[String], none: &str| {
        if raw.is_empty() {
            none.to_owned()
        } else {
            raw.iter().map(|one| text(one)).collect::<Vec<_>>().join(", ")
        }
    };
    let called = match one.rounds {
        0 => "not called for".to_owned(),
        1 => format!("by {}", text(&one.by)),
        rounds => format!("by {}, {rounds} rounds", text(&one.by)),
    };
    let mut undone = when(one.reverted, "**not seen to be undone**");
    if one.t0.is_none() && one.undo.is_empty() {
        undone = "nothing to undo".to_owned();
    } else if one.reverted.is_some() {
        undone += &format!(": {}", or(&one.revert_evidence, "no evidence"));
        if one.revert_attempts > 1 {
            undone += &format!(" (attempts: {})", one.revert_attempts);
        }
    }
    let incidents = one.incidents.iter().map(|id| format!("#{id}")).collect::<Vec<_>>().join(", ");
    [
        ("Expected", one.expected.as_deref().map_or("nothing written".to_owned(), text)),
        ("Fault", text(&one.what)),
        ("Phase", text(&one.phase)),
        ("Called", called),
        ("Status", one.status.to_owned()),
        ("T0", when(one.t0, "it never took effect")),
        ("What was seen then", or(&one.evidence, "—")),
        ("Victims", list(&one.victims, "none")),
        ("Blast radius", one.blast.as_deref().map_or("not known".to_owned(), text)),
        ("Way back", list(&one.undo, "—")),
        ("Undone", undone),
        ("Detected by a team", detected(one)),
        ("First sign", first_sign(one)),
        ("Incidents", if incidents.is_empty() { "none".to_owned() } else { incidents }),
        ("Mitigated (SLOs back inside, from T0)", mitigated(one)),
        ("Recovery (of the steady state)", recovered(one)),
        ("Problem", one.problem.as_deref().map_or("none".to_owned(), text)),
    ]
    .into_iter()
}

fn detected(one: &Injection) -> String {
    match (&one.detected_by, one.incident) {
        (Some(team), Some(id)) => {
            format!("after {} by {} (#{id})", taken(one.time_to_detect), text(team))
        }
        _ => one.detection.to_owned(),
    }
}

fn first_sign(one: &Injection) -> String {
    match (&one.first_sign, one.t0) {
        (Some(sign), _) => format!("after {}: {}", taken(Some(sign.after)), text(&sign.what)),
        (None, Some(_)) => "none: nobody and no instrument noticed it".to_owned(),
        (None, None) => "not in effect".to_owned(),
    }
}

fn mitigated(one: &Injection) -> String {
    match one.time_to_mitigate {
        Some(_) => format!("after {}", taken(one.time_to_mitigate)),
        None => one.mitigation.to_owned(),
    }
}

fn recovered(one: &Injection) -> String {
    match one.recovery_ms {
        Some(took) => format!("recovered in {}", length(took)),
        None => one.recovery.to_owned(),
    }
}
