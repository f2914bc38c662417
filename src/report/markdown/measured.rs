//! What was measured: phases with their load, the curve, SLOs, the steady state, guardrails, holds and halts.

use super::head::{clock_range, when};
use super::page::{Page, plain, show, text};
use crate::gameday::metric::{Unit, grouped};
use crate::report::model::{Felt, Report};
use crate::report::words::{NO_DATA, clock_words, length, moment};

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Phases, what customers felt in them, and the curve.
pub(super) fn phases(page: &mut Page, report: &Report) {
    page.heading(2, "Phases");
    let rows = report.phases.iter().map(|phase| {
        let ran = match (phase.started, phase.ended) {
            (Some(from), Some(to)) => {
                clock_range(from.clock_ms.unwrap_or_default(), to.clock_ms.unwrap_or_default())
            }
            (Some(from), None) => {
                format!("from {}", clock_words(from.clock_ms.unwrap_or_default()))
            }
            _ => "—".to_owned(),
        };
        let mut planned = length(phase.planned_ms);
        if phase.extension_ms > 0 {
            planned += &format!(" + {}", length(phase.extension_ms));
        }
        let felt = &phase.felt;
        [
            text(&phase.name),
            phase.how.to_owned(),
            ran,
            planned,
            show(felt.planned_rps, Unit::PerSecond),
            show(felt.sent_rps, Unit::PerSecond),
            show(felt.availability, Unit::Share),
            show(felt.latency_p50, Unit::Millis),
            show(felt.latency_p99, Unit::Millis),
        ]
    });
    page.table(
        ["Phase", "", "Ran", "Planned", "Load planned", "Load sent", "Availability", "p50", "p99"],
        rows,
    );
    let rows = report.phases.iter().map(|phase| {
        let felt = &phase.felt;
        [
            text(&phase.name),
            count(felt, felt.attempted),
            count(felt, felt.ok),
            errors(felt),
            count(felt, felt.dropped),
            felt.worst_lag_p99_us
                .map_or_else(|| NO_DATA.to_owned(), |lag| Unit::Millis.show(lag as f64 / 1_000.0)),
        ]
    });
    page.table(
        [
            "Phase",
            "Requests due",
            "Successful",
            "Errors",
            "Not sent (dropped)",
            "Generator lag, worst p99 of a second",
        ],
        rows,
    );
    page.paragraph(
        "The figures of a phase, counts too, are of the samples that lie wholly inside it: one that reaches into \
         the next phase belongs to neither. Latency counts from the intended send time. Percentiles come from merged \
         histograms, never from averages. A dropped request counts as attempted.",
    );
    curve(page, report);
}

fn curve(page: &mut Page, report: &Report) {
    let (Some(first), Some(last)) = (report.curve.first(), report.curve.last()) else { return };
    let load: Vec<Option<f64>> = report.curve.iter().map(|one| one.sent_rps).collect();
    let late: Vec<Option<f64>> = report.curve.iter().map(|one| one.latency_p99).collect();
    let line = |name: &str, values: &[Option<f64>], unit: Unit| {
        let top = values.iter().flatten().copied().reduce(f64::max);
        format!("{name:<5} {}  highest {}", spark(values), show(top, unit))
    };
    page.block(&[
        line("load", &load, Unit::PerSecond),
        line("p99", &late, Unit::Millis),
        format!(
            "from {} to {} of the recording; a dot: {NO_DATA}",
            clock_words(first.from_ms),
            clock_words(last.from_ms)
        ),
    ]);
}

fn spark(values: &[Option<f64>]) -> String {
    let top = values.iter().flatten().copied().fold(0.0, f64::max);
    let bar = |value: &Option<f64>| match value {
        None => '·',
        Some(value) if top > 0.0 => {
            let step = (value / top * 8.0).ceil().clamp(1.0, 8.0) as usize;
            BARS.get(step - 1).copied().unwrap_or('█')
        }
        Some(_) => '▁',
    };
    values.iter().map(bar).collect()
}

/// SLOs with every violation, and the steady state.
pub(super) fn promises(page: &mut Page, report: &Report) {
    page.heading(2, "SLOs");
    if report.slos.is_empty() {
        page.paragraph("The game day names none.");
    } else {
        let rows = report.slos.iter().map(|slo| {
            [
                text(&slo.name),
                plain(&slo.limit),
                plain(&slo.overall_words),
                slo.violations.len().to_string(),
            ]
        });
        page.table(["SLO", "Promise", "Over all phases", "Violations"], rows);
        let rows: Vec<[String; 5]> = report
            .slos
            .iter()
            .flat_map(|slo| {
                slo.violations.iter().map(|one| {
                    [
                        text(&slo.name),
                        moment(one.from),
                        when(one.to, "still outside at the end"),
                        one.lasted_ms.map_or_else(|| "—".to_owned(), length),
                        plain(&one.worst_words),
                    ]
                })
            })
            .collect();
        if !rows.is_empty() {
            page.table(["Violated", "From", "To", "Lasted", "Worst"], rows);
        }
    }
    page.heading(2, "Steady state");
    if report.steady.is_empty() {
        page.paragraph("It was not checked.");
    }
    for check in &report.steady {
        let verdict = if check.holds { "holds" } else { "does **not** hold" };
        page.paragraph(&format!("**{}** ({}): {verdict}", check.when, moment(check.at)));
        let rows = check.findings.iter().map(|finding| {
            [
                finding.metric.clone(),
                plain(&finding.limit),
                plain(&finding.value_words),
                if finding.holds { "holds" } else { "**does not hold**" }.to_owned(),
            ]
        });
        page.table(["Metric", "Limit", "Measured", ""], rows);
    }
    if let Some(no_go) = &report.no_go_override {
        page.paragraph(&format!(
            "The no-go was overridden by {}: {}",
            text(&no_go.by),
            text(&no_go.reason)
        ));
    }
}

/// Guardrails that fired, holds and halts.
pub(super) fn rules(page: &mut Page, report: &Report) {
    page.heading(2, "Guardrails, holds and halts");
    if report.guardrails.is_empty() {
        page.paragraph("No guardrail fired.");
    } else {
        let rows = report.guardrails.iter().map(|one| {
            [text(&one.rule), one.then.to_owned(), moment(one.at), plain(&one.value_words)]
        });
        page.table(["Guardrail", "Does", "Fired", "Value"], rows);
    }
    if report.pauses.is_empty() {
        page.paragraph("The exercise was never held or halted.");
        return;
    }
    let rows = report.pauses.iter().map(|pause| {
        let mut end = when(pause.to, "never let go on");
        if let Some(by) = &pause.ended_by {
            end += &format!(" by {}", text(by));
        }
        if let Some(reason) = &pause.end_reason {
            end += &format!(": {}", text(reason));
        }
        [
            pause.kind.to_owned(),
            moment(pause.from),
            text(&pause.by),
            text(&pause.reason),
            end,
            pause.lasted_ms.map_or_else(|| "—".to_owned(), length),
        ]
    });
    page.table(["", "From", "By", "Reason", "Until", "Lasted"], rows);
}

fn count(felt: &Felt, value: u64) -> String {
    if felt.measured_ms == 0 { NO_DATA.to_owned() } else { grouped(value as f64) }
}

fn errors(felt: &Felt) -> String {
    if felt.measured_ms == 0 {
        return NO_DATA.to_owned();
    }
    let kinds: Vec<String> = felt
        .errors
        .named()
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| format!("{kind} {}", grouped(count as f64)))
        .collect();
    if kinds.is_empty() { "none".to_owned() } else { kinds.join(", ") }
}
