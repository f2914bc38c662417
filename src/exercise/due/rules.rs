//! What the last sample means for SLOs and guardrails.

use crate::exercise::event::Event;
use crate::exercise::said::Said;
use crate::exercise::schedule::{GUARDRAIL, held};
use crate::exercise::stamp::Stamp;
use crate::exercise::state::State;
use crate::gameday::plan::GuardrailAction;
use crate::gameday::span::Span;

/// SLOs that went outside or came back.
pub(super) fn slos(state: &State) -> Vec<Event> {
    let runs = state.slos.iter().zip(&state.plan().slos).enumerate();
    runs.filter_map(|(slo, (run, plan))| {
        let value = run.value?;
        match (plan.limit.holds(value), run.breached()) {
            (false, None) => Some(Event::SloBreached { slo, value }),
            (true, Some(_)) => Some(Event::SloRecovered { slo, value }),
            _ => None,
        }
    })
    .collect()
}

/// Guardrails that fire with what they do, and those whose condition is over.
pub(super) fn guardrails(state: &State, now: Stamp) -> Vec<Event> {
    let mut events = Vec::new();
    let mut stopped = state.held.is_some();
    let mut halted = state.halted.is_some();
    for (rule, (run, plan)) in state.guardrails.iter().zip(&state.plan().guardrails).enumerate() {
        let metric = plan.when.metric;
        let Some((_, measured_until, value)) = state.figures().last_second(metric) else {
            continue;
        };
        let lasting = run.since.map(|since| measured_until - since.elapsed);
        match (lasting, run.firing) {
            (None, true) => events.push(Event::GuardrailCleared { rule }),
            (Some(lasting), false) if lasting >= plan.when.lasting.max(Span::from_millis(1)) => {
                let value = value.unwrap_or_default();
                events.push(Event::GuardrailFired { rule, value });
                let by = GUARDRAIL.to_owned();
                let reason = Said::from(plan.when.source.as_str());
                match plan.then {
                    GuardrailAction::Hold if !stopped && !halted => {
                        stopped = true;
                        events.extend(held(state, by, reason, now));
                    }
                    GuardrailAction::Halt if !halted => {
                        halted = true;
                        events.extend([Event::Halted { by, reason }, Event::LoadStopped]);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    events
}
