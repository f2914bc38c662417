//! What was measured: phases with their load, the curve, SLOs, the steady state, guardrails, holds and halts.

use super::head::{clock_range, when};
use super::page::{Page, plain, said, show, text, told};
use crate::gameday::metric::{Unit, grouped};
use crate::lang::Lang;
use crate::report::model::{Felt, Moment, Report, Slo, Violation};
use crate::report::words::{clock_words, length, moment, word};

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Phases, what customers felt in them, and the curve.
pub(super) fn phases(page: &mut Page<'_>, report: &Report) {
    let lang = page.lang;
    page.head(2, "report-phases");
    let rows = report.phases.iter().map(|phase| {
        let ran = match (phase.started, phase.ended) {
            (Some(from), Some(to)) => {
                let clock = |at: Moment| at.clock_ms.unwrap_or_default();
                clock_range(lang, clock(from), clock(to))
            }
            (Some(from), None) => {
                let clock = clock_words(from.clock_ms.unwrap_or_default());
                told(lang, "report-from", &[("from", &clock)])
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
            word(lang, phase.how),
            ran,
            planned,
            show(lang, felt.planned_rps, Unit::PerSecond),
            show(lang, felt.sent_rps, Unit::PerSecond),
            show(lang, felt.availability, Unit::Share),
            show(lang, felt.latency_p50, Unit::Millis),
            show(lang, felt.latency_p99, Unit::Millis),
        ]
    });
    page.table(
        [
            "report-col-phase",
            "",
            "report-col-ran",
            "report-col-planned",
            "report-col-load-planned",
            "report-col-load-sent",
            "report-col-availability",
            "report-col-p50",
            "report-col-p99",
        ],
        rows,
    );
    let rows = report.phases.iter().map(|phase| {
        let felt = &phase.felt;
        [
            text(&phase.name),
            count(lang, felt, felt.attempted),
            count(lang, felt, felt.ok),
            errors(lang, felt),
            count(lang, felt, felt.dropped),
            show(lang, felt.worst_lag_p99_us.map(|lag| lag as f64 / 1_000.0), Unit::Millis),
        ]
    });
    page.table(
        [
            "report-col-phase",
            "report-col-due",
            "report-col-ok",
            "report-col-errors",
            "report-col-dropped",
            "report-col-lag",
        ],
        rows,
    );
    page.says("report-phases-say");
    curve(page, report);
}

fn curve(page: &mut Page<'_>, report: &Report) {
    let lang = page.lang;
    let (Some(first), Some(last)) = (report.curve.first(), report.curve.last()) else { return };
    let load: Vec<Option<f64>> = report.curve.iter().map(|one| one.sent_rps).collect();
    let late: Vec<Option<f64>> = report.curve.iter().map(|one| one.latency_p99).collect();
    let line = |key: &str, values: &[Option<f64>], unit: Unit| {
        let top = values.iter().flatten().copied().reduce(f64::max);
        let top = show(lang, top, unit);
        let highest = told(lang, "report-curve-highest", &[("value", &top)]);
        format!("{:<5} {}  {highest}", said(lang, key), spark(values))
    };
    let places = [
        ("from", &*clock_words(first.from_ms)),
        ("to", &*clock_words(last.from_ms)),
        ("none", &*said(lang, "report-no-data")),
    ];
    page.block(&[
        line("report-curve-load", &load, Unit::PerSecond),
        line("report-curve-p99", &late, Unit::Millis),
        told(lang, "report-curve-says", &places),
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
pub(super) fn promises(page: &mut Page<'_>, report: &Report) {
    let lang = page.lang;
    page.head(2, "report-slos");
    if report.slos.is_empty() {
        page.says("report-none-named");
    } else {
        let rows = report.slos.iter().map(|slo| {
            [
                text(&slo.name),
                plain(&slo.limit),
                plain(&slo.overall_words),
                budget(lang, slo.budget_used),
                slo.violations.len().to_string(),
            ]
        });
        page.table(
            [
                "report-col-slo",
                "report-col-promise",
                "report-col-whole",
                "report-col-budget",
                "report-col-violations",
            ],
            rows,
        );
        page.says("report-budget-says");
        let rows: Vec<[String; 6]> = report
            .slos
            .iter()
            .flat_map(|slo| {
                slo.violations.iter().map(|one| {
                    let [name, from, to, lasted, worst] = violated(lang, slo, one);
                    [name, from, to, lasted, worst, budget(lang, one.budget_used)]
                })
            })
            .collect();
        if !rows.is_empty() {
            page.table(
                [
                    "report-col-violated",
                    "report-col-from",
                    "report-col-to",
                    "report-col-lasted",
                    "report-col-worst",
                    "report-col-budget",
                ],
                rows,
            );
        }
    }
    steady(page, report);
}

/// A time outside an SLO: its name, from when, to when, how long, how far.
pub(super) fn violated(lang: &Lang, slo: &Slo, one: &Violation) -> [String; 5] {
    [
        text(&slo.name),
        moment(lang, one.from),
        when(lang, one.to, &said(lang, "report-still-outside")),
        one.lasted_ms.map_or_else(|| "—".to_owned(), length),
        plain(&one.worst_words),
    ]
}

/// Every check of the steady state.
fn steady(page: &mut Page<'_>, report: &Report) {
    let lang = page.lang;
    page.head(2, "report-steady");
    if report.steady.is_empty() {
        page.says("report-not-checked");
    }
    for check in &report.steady {
        let key = if check.holds { "report-holds" } else { "report-does-not-hold-strong" };
        let (when, at) = (word(lang, check.when), moment(lang, check.at));
        page.paragraph(&format!("**{when}** ({at}): {}", said(lang, key)));
        let rows = check.findings.iter().map(|finding| {
            [
                finding.metric.clone(),
                plain(&finding.limit),
                plain(&finding.value_words),
                if finding.holds {
                    said(lang, "report-holds")
                } else {
                    format!("**{}**", said(lang, "report-does-not-hold"))
                },
            ]
        });
        page.table(["report-col-metric", "report-col-limit", "report-col-measured", ""], rows);
    }
    if let Some(no_go) = &report.no_go_override {
        let places = [("by", &*text(&no_go.by)), ("reason", &*text(&no_go.reason))];
        page.paragraph(&told(lang, "report-overridden", &places));
    }
}

/// The share of an error budget that was used, or that there is none.
fn budget(lang: &Lang, used: Option<f64>) -> String {
    used.map_or_else(|| said(lang, "report-no-budget"), |used| plain(&Unit::Share.show(used)))
}

/// Guardrails that fired, holds and halts.
pub(super) fn rules(page: &mut Page<'_>, report: &Report) {
    let lang = page.lang;
    page.head(2, "report-rules");
    if report.guardrails.is_empty() {
        page.says("report-no-guardrail");
    } else {
        let rows = report.guardrails.iter().map(|one| {
            [text(&one.rule), word(lang, one.then), moment(lang, one.at), plain(&one.value_words)]
        });
        page.table(
            ["report-col-guardrail", "report-col-does", "report-col-fired", "report-col-value"],
            rows,
        );
    }
    if report.pauses.is_empty() {
        page.says("report-never-held");
        return;
    }
    let rows = report.pauses.iter().map(|pause| {
        let mut end = when(lang, pause.to, &said(lang, "report-never-let-go"));
        if let Some(by) = &pause.ended_by {
            end += &format!(" {}", told(lang, "report-by", &[("by", &text(by))]));
        }
        if let Some(reason) = &pause.end_reason {
            end += &format!(": {}", text(reason));
        }
        [
            word(lang, pause.kind),
            moment(lang, pause.from),
            text(&pause.by),
            text(&pause.reason),
            end,
            pause.lasted_ms.map_or_else(|| "—".to_owned(), length),
        ]
    });
    page.table(
        [
            "",
            "report-col-from",
            "report-col-by",
            "report-col-reason",
            "report-col-until",
            "report-col-lasted",
        ],
        rows,
    );
}

fn count(lang: &Lang, felt: &Felt, value: u64) -> String {
    if felt.measured_ms == 0 { said(lang, "report-no-data") } else { grouped(value as f64) }
}

fn errors(lang: &Lang, felt: &Felt) -> String {
    if felt.measured_ms == 0 {
        return said(lang, "report-no-data");
    }
    let kinds: Vec<String> = felt
        .errors
        .named()
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| format!("{kind} {}", grouped(count as f64)))
        .collect();
    if kinds.is_empty() { said(lang, "report-none") } else { kinds.join(", ") }
}
