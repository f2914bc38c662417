//! What the report says of SLOs, the steady state, guardrails, holds and halts. Not of people.

use super::felt::whole;
use crate::exercise::budget::Account;
use crate::exercise::event::When;
use crate::exercise::figure::Figures;
use crate::exercise::state::State;
use crate::gameday::plan::GuardrailAction;
use crate::gameday::span::Span;
use crate::lang::Lang;
use crate::report::model::{Finding, Guardrail, Pause, Slo, Steady, Violation};
use crate::report::time::moment;
use crate::report::words::NO_DATA;

/// Every SLO over all phases, and each time outside it.
pub(super) fn slos(state: &State) -> Vec<Slo> {
    let figures = whole(state);
    let both = state.plan().slos.iter().zip(&state.slos);
    both.map(|(slo, run)| {
        let unit = slo.limit.metric.unit();
        let overall = figures.value(slo.limit.metric);
        let spent = |figures: Figures<'_>| {
            let mut account = Account::new(&slo.limit);
            account.catch_up(figures);
            account.spent(state.plan().duration())
        };
        let violations = run.violations.iter().map(|one| {
            let to = one.to.unwrap_or(state.now);
            Violation {
                from: moment(state, one.from),
                to: one.to.map(|to| moment(state, to)),
                lasted_ms: one.to.map(|to| to.since(one.from).as_millis()),
                worst: one.worst,
                worst_words: unit.show(one.worst),
                budget_used: spent(figures.between(one.from.elapsed, to.elapsed)),
            }
        });
        Slo {
            name: slo.name.clone(),
            metric: slo.limit.metric.to_string(),
            limit: slo.limit.to_string(),
            min: slo.limit.min,
            max: slo.limit.max,
            overall,
            overall_words: overall.map_or_else(|| NO_DATA.to_owned(), |value| unit.show(value)),
            budget_used: spent(figures),
            violations: violations.collect(),
            watched: None,
        }
    })
    .collect()
}

/// How long at least one SLO was violated; `None`: there is none.
pub(super) fn outside(state: &State) -> Option<u64> {
    if state.slos.is_empty() {
        return None;
    }
    let violations = state.slos.iter().flat_map(|slo| &slo.violations);
    let mut times: Vec<(Span, Span)> =
        violations.map(|one| (one.from.elapsed, one.to.unwrap_or(state.now).elapsed)).collect();
    times.sort_unstable();
    let (mut sum, mut until) = (Span::ZERO, Span::ZERO);
    for (from, to) in times {
        sum += to - from.max(until);
        until = until.max(to);
    }
    Some(sum.as_millis())
}

/// Every check of the steady state.
pub(super) fn steady(state: &State) -> Vec<Steady> {
    let checks = state.steady.iter().map(|check| Steady {
        when: match check.when {
            When::Before => "before",
            When::After => "after",
        },
        at: moment(state, check.stamp),
        holds: check.holds,
        findings: check
            .findings
            .iter()
            .map(|finding| Finding {
                metric: finding.limit.metric.to_string(),
                limit: finding.limit.to_string(),
                value: finding.value,
                value_words: finding.value.map_or_else(
                    || NO_DATA.to_owned(),
                    |value| finding.limit.metric.unit().show(value),
                ),
                holds: finding.holds,
            })
            .collect(),
    });
    checks.collect()
}

/// Every time a guardrail fired, in order of time.
pub(super) fn guardrails(state: &State) -> Vec<Guardrail> {
    let both = state.plan().guardrails.iter().zip(&state.guardrails);
    let mut fired: Vec<Guardrail> = both
        .flat_map(|(rule, run)| {
            run.fired.iter().map(move |(at, value)| Guardrail {
                rule: rule.when.source.clone(),
                then: match rule.then {
                    GuardrailAction::Warn => "warn",
                    GuardrailAction::Hold => "hold",
                    GuardrailAction::Halt => "halt",
                },
                at: moment(state, *at),
                value: *value,
                value_words: rule.when.metric.unit().show(*value),
            })
        })
        .collect();
    fired.sort_by_key(|one| one.at.elapsed_ms);
    fired
}

/// Every hold and halt.
pub(super) fn pauses(state: &State, lang: &Lang) -> Vec<Pause> {
    let pauses = state.pauses.iter().map(|pause| Pause {
        kind: if pause.halt { "halt" } else { "hold" },
        from: moment(state, pause.stop.since),
        to: pause.to.map(|to| moment(state, to)),
        lasted_ms: pause.to.map(|to| to.since(pause.stop.since).as_millis()),
        by: pause.stop.by.clone(),
        reason: lang.said(&pause.stop.reason).into_owned(),
        ended_by: pause.ended_by.as_ref().map(|(by, _)| by.clone()),
        end_reason: pause
            .ended_by
            .as_ref()
            .map(|(_, reason)| reason.clone())
            .filter(|reason| !reason.is_empty()),
    });
    pauses.collect()
}
