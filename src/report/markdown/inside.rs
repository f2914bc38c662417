//! The inside of the target in a report: instruments, breakers, recovery, data, security; the impact of each injection,
//! and what teams did. A section stands there only where there is something to say.

use super::head::when;
use super::page::{Page, plain, show, text};
use crate::gameday::metric::{Unit, grouped};
use crate::report::model::{Inside, Instrument, Integrity, Report};
use crate::report::words::{NO_DATA, length, moment};

/// Impact, actions, and everything from inside.
pub(super) fn write(page: &mut Page, report: &Report) {
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

fn impact(page: &mut Page, report: &Report) {
    if report.impact.is_empty() {
        return;
    }
    page.heading(2, "Stage impact");
    let rows = report.impact.iter().map(|one| {
        [
            text(&one.injection),
            length(one.lasted_ms),
            number(one.requests.map(|value| value as f64)),
            number(one.failed.map(|value| value as f64)),
            number(one.degraded),
            show(one.availability, Unit::Share),
            show(one.latency_p99, Unit::Millis),
        ]
    });
    page.table(
        ["Injection", "Lasted", "Requests", "Failed", "Degraded", "Availability", "p99"],
        rows,
    );
    page.paragraph(
        "Of every second that touches the time from T0 until it was undone. Degraded answers are answers without the full, \
         fresh page; they are no failures.",
    );
}

fn recovery(page: &mut Page, inside: &Inside) {
    if inside.disasters.is_empty() && inside.failovers.is_empty() {
        return;
    }
    page.heading(2, "Disaster recovery");
    let rows = inside.disasters.iter().map(|one| {
        [
            text(&one.injection),
            one.rto_ms.map_or_else(|| NO_DATA.to_owned(), length),
            one.rpo_ms.map_or_else(|| NO_DATA.to_owned(), length),
            one.failover.clone(),
            plain(&one.availability_words),
        ]
    });
    page.table(
        [
            "Injection",
            "RTO (longest interruption)",
            "RPO (commits lost)",
            "Failover",
            "Availability during it",
        ],
        rows,
    );
    if inside.failovers.is_empty() {
        return;
    }
    let rows = inside.failovers.iter().map(|one| {
        [
            moment(one.at),
            text(&one.from),
            text(&one.to),
            length(one.took_ms),
            length(one.behind_ms),
            text(&one.by),
        ]
    });
    page.table(["Failover", "From", "To", "Took", "Behind", "By"], rows);
}

fn data(page: &mut Page, integrity: &Integrity) {
    page.heading(2, "Data integrity");
    if let Some(problem) = &integrity.problem {
        page.paragraph(&format!("**Not compared:** {}", text(problem)));
        return;
    }
    let rows = integrity.tables.iter().map(|one| {
        [
            text(&one.table),
            number(one.before.map(|rows| rows as f64)),
            grouped(one.after as f64),
            grouped(one.missing as f64),
            grouped(one.extra as f64),
            grouped(one.changed as f64),
        ]
    });
    page.table(["Table", "Rows before", "Rows after", "Missing", "Extra", "Changed"], rows);
    page.paragraph(&format!(
        "Writes acknowledged to customers: {}. Lost of them: {}.",
        number(integrity.acknowledged.map(|value| value as f64)),
        number(integrity.lost.map(|value| value as f64)),
    ));
}

fn breakers(page: &mut Page, inside: &Inside) {
    if inside.breakers.is_empty() {
        return;
    }
    page.heading(2, "Circuit breakers");
    let rows = inside.breakers.iter().map(|one| {
        [
            text(&one.owner),
            text(&one.guards),
            one.count.to_string(),
            grouped(one.opened as f64),
            length(one.open_ms),
        ]
    });
    page.table(["In", "Guards calls to", "Breakers", "Opened", "At least one open"], rows);
}

fn security(page: &mut Page, inside: &Inside) {
    if inside.security.is_empty() {
        return;
    }
    page.heading(2, "Security events");
    let rows = inside.security.iter().map(|one| {
        [
            one.name.clone(),
            grouped(one.count),
            grouped(one.worst_second),
            when(one.first, "—"),
            when(one.last, "—"),
        ]
    });
    page.table(["Event", "Counted", "Worst second", "First", "Last"], rows);
}

fn instruments(page: &mut Page, inside: &Inside) {
    if inside.instruments.is_empty() {
        return;
    }
    page.heading(2, "Instruments");
    let rows = inside
        .instruments
        .iter()
        .map(|one| [one.name.clone(), one.how.to_owned(), plain(&one.whole_words), by_phase(one)]);
    page.table(["Instrument", "", "Over all phases", "By phase"], rows);
    page.paragraph(
        "Read from inside the target once a second. Counts are summed; of states the largest is shown. What nobody read is \
         not here.",
    );
}

fn by_phase(one: &Instrument) -> String {
    let phases: Vec<String> =
        one.phases.iter().map(|of| format!("{} {}", text(&of.phase), plain(&of.words))).collect();
    phases.join(", ")
}

fn actions(page: &mut Page, report: &Report) {
    if report.actions.is_empty() {
        return;
    }
    page.heading(2, "Actions by teams");
    let rows = report.actions.iter().map(|one| {
        let took = one.took_ms.map(|took| format!(" after {}", length(took))).unwrap_or_default();
        [
            moment(one.at),
            format!("{} ({})", text(&one.team), text(&one.author)),
            text(&one.lever),
            format!("{}{took}", one.outcome),
            text(&one.said),
        ]
    });
    page.table(["Time", "Who", "Lever", "Outcome", "What was seen"], rows);
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| NO_DATA.to_owned(), grouped)
}
