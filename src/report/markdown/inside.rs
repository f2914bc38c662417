//! The inside of the target in a report: instruments, breakers, recovery, data, security; the impact of each injection,
//! and what teams did. A section stands there only where there is something to say.

use super::head::when;
use super::page::{Page, plain, said, show, text, told};
use crate::gameday::metric::{Unit, grouped};
use crate::lang::Lang;
use crate::report::model::{Inside, Instrument, Integrity, Report};
use crate::report::words::{length, moment, word};

/// Impact, actions, and everything from inside.
pub(super) fn write(page: &mut Page<'_>, report: &Report) {
    impact(page, report);
    if let Some(inside) = &report.inside {
        recovery(page, inside);
        if let Some(integrity) = &inside.integrity {
            data(page, integrity);
        }
        breakers(page, inside);
        security(page, inside);
        instruments(page, inside);
    }
    actions(page, report);
}

fn impact(page: &mut Page<'_>, report: &Report) {
    if report.impact.is_empty() {
        return;
    }
    let lang = page.lang;
    page.head(2, "report-impact");
    let rows = report.impact.iter().map(|one| {
        [
            text(&one.injection),
            length(one.lasted_ms),
            number(lang, one.requests.map(|value| value as f64)),
            number(lang, one.failed.map(|value| value as f64)),
            number(lang, one.degraded),
            show(lang, one.availability, Unit::Share),
            show(lang, one.latency_p99, Unit::Millis),
        ]
    });
    page.table(
        [
            "report-col-injection",
            "report-col-lasted",
            "report-col-requests",
            "report-col-failed",
            "report-col-degraded",
            "report-col-availability",
            "report-col-p99",
        ],
        rows,
    );
    page.says("report-impact-says");
}

fn recovery(page: &mut Page<'_>, inside: &Inside) {
    if inside.disasters.is_empty() && inside.failovers.is_empty() {
        return;
    }
    let lang = page.lang;
    page.head(2, "report-recovery");
    let rows = inside.disasters.iter().map(|one| {
        [
            text(&one.injection),
            one.rto_ms.map_or_else(|| said(lang, "report-no-data"), length),
            one.rpo_ms.map_or_else(|| said(lang, "report-no-data"), length),
            word(lang, &one.failover),
            show(lang, one.availability, Unit::Share),
        ]
    });
    page.table(
        [
            "report-col-injection",
            "report-col-rto",
            "report-col-rpo",
            "report-col-failover",
            "report-col-availability-during",
        ],
        rows,
    );
    if inside.failovers.is_empty() {
        return;
    }
    let rows = inside.failovers.iter().map(|one| {
        [
            moment(lang, one.at),
            text(&one.from),
            text(&one.to),
            length(one.took_ms),
            length(one.behind_ms),
            text(&one.by),
        ]
    });
    page.table(
        [
            "report-col-failover",
            "report-col-from",
            "report-col-to",
            "report-col-took",
            "report-col-behind",
            "report-col-by",
        ],
        rows,
    );
}

fn data(page: &mut Page<'_>, integrity: &Integrity) {
    let lang = page.lang;
    page.head(2, "report-data");
    if let Some(problem) = &integrity.problem {
        page.paragraph(&format!("**{}** {}", said(lang, "report-not-compared"), text(problem)));
        return;
    }
    let rows = integrity.tables.iter().map(|one| {
        [
            text(&one.table),
            number(lang, one.before.map(|rows| rows as f64)),
            grouped(one.after as f64),
            grouped(one.missing as f64),
            grouped(one.extra as f64),
            grouped(one.changed as f64),
        ]
    });
    page.table(
        [
            "report-col-table",
            "report-col-before",
            "report-col-after",
            "report-col-missing",
            "report-col-extra",
            "report-col-changed",
        ],
        rows,
    );
    let all = number(lang, integrity.acknowledged.map(|value| value as f64));
    let lost = number(lang, integrity.lost.map(|value| value as f64));
    page.paragraph(&told(lang, "report-acknowledged", &[("all", &all), ("value", &lost)]));
}

fn breakers(page: &mut Page<'_>, inside: &Inside) {
    if inside.breakers.is_empty() {
        return;
    }
    page.head(2, "report-breakers");
    let rows = inside.breakers.iter().map(|one| {
        [
            text(&one.owner),
            text(&one.guards),
            one.count.to_string(),
            grouped(one.opened as f64),
            length(one.open_ms),
        ]
    });
    page.table(
        [
            "report-col-owner",
            "report-col-guards",
            "report-col-breakers",
            "report-col-opened",
            "report-col-open",
        ],
        rows,
    );
}

fn security(page: &mut Page<'_>, inside: &Inside) {
    if inside.security.is_empty() {
        return;
    }
    let lang = page.lang;
    page.head(2, "report-security");
    let rows = inside.security.iter().map(|one| {
        [
            one.name.clone(),
            grouped(one.count),
            grouped(one.worst_second),
            when(lang, one.first, "—"),
            when(lang, one.last, "—"),
        ]
    });
    page.table(
        [
            "report-col-event",
            "report-col-counted",
            "report-col-worst-second",
            "report-col-first",
            "report-col-last",
        ],
        rows,
    );
}

fn instruments(page: &mut Page<'_>, inside: &Inside) {
    if inside.instruments.is_empty() {
        return;
    }
    let lang = page.lang;
    page.head(2, "report-instruments");
    let rows = inside
        .instruments
        .iter()
        .map(|one| [one.name.clone(), word(lang, one.how), plain(&one.whole_words), by_phase(one)]);
    page.table(["report-col-instrument", "", "report-col-whole", "report-col-by-phase"], rows);
    page.says("report-instruments-say");
}

fn by_phase(one: &Instrument) -> String {
    let phases: Vec<String> =
        one.phases.iter().map(|of| format!("{} {}", text(&of.phase), plain(&of.words))).collect();
    phases.join(", ")
}

fn actions(page: &mut Page<'_>, report: &Report) {
    if report.actions.is_empty() {
        return;
    }
    let lang = page.lang;
    page.head(2, "report-actions");
    let rows = report.actions.iter().map(|one| {
        let took = one
            .took_ms
            .map(|took| format!(" {}", told(lang, "report-after", &[("after", &length(took))])));
        [
            moment(lang, one.at),
            format!("{} ({})", text(&one.team), text(&one.author)),
            text(&one.lever),
            format!("{}{}", word(lang, one.outcome), took.unwrap_or_default()),
            text(&one.said),
        ]
    });
    page.table(
        [
            "report-col-time",
            "report-col-who",
            "report-col-lever",
            "report-col-outcome",
            "report-col-seen",
        ],
        rows,
    );
}

fn number(lang: &Lang, value: Option<f64>) -> String {
    value.map_or_else(|| said(lang, "report-no-data"), grouped)
}
