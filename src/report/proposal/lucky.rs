//! Where we were lucky: what could as well have gone wrong, and only where the recording shows it.

use super::badly::should_be_noticed;
use super::rests::{Line, about, in_effect, line, span};
use crate::exercise::log::EntryKind;
use crate::exercise::state::State;
use crate::exercise::times::{Detection, Mitigation, Recovery, detection, mitigation, recovery};
use crate::gameday::metric::grouped;
use crate::lang::Message;

const LUCKY: EntryKind = EntryKind::Lucky;

/// An outage at most such a part of the highest load was off-peak.
const QUIET: f64 = 0.5;

pub(super) fn lines(state: &State) -> Vec<Line> {
    let mut lines = Vec::new();
    let peak = state.series.points().iter().map(|one| one.sample.planned).fold(0.0, f64::max);
    for (run, t0, name) in in_effect(state) {
        let begun = about(state, &name, t0);
        let never_left = recovery(state, run) == Recovery::NeverLeft && run.reverted.is_some();
        let unnoticed = detection(state, run) == Detection::NotDetected;
        if never_left && unnoticed && should_be_noticed(state, run.id) {
            let says = Message::plain("propose-unnoticed").with("fault", &name);
            lines.push(line(LUCKY, says, vec![begun], t0));
        }
        if let Mitigation::Mitigated(taken) = mitigation(state, run) {
            let until = t0.elapsed + taken.total;
            let during = state.series.within(t0.elapsed, until);
            let load = during.iter().map(|one| one.sample.planned).fold(0.0, f64::max);
            if !during.is_empty() && load <= peak * QUIET {
                let says = Message::plain("propose-off-peak")
                    .with("fault", &name)
                    .with("lasted", span(taken.running))
                    .with("load", grouped(load))
                    .with("peak", grouped(peak));
                lines.push(line(LUCKY, says, vec![begun], t0));
            }
        }
    }
    lines.extend(defences(state));
    lines
}

/// Defences that were off while faults were in effect and no promise was broken.
fn defences(state: &State) -> Vec<Line> {
    let Some((_, first, _)) = in_effect(state).min_by_key(|(_, t0, _)| *t0) else {
        return Vec::new();
    };
    let broken = state.slos.iter().any(|slo| !slo.violations.is_empty());
    if broken || state.slos.is_empty() {
        return Vec::new();
    }
    let begun: Vec<Option<u64>> =
        in_effect(state).map(|(_, t0, name)| about(state, &name, t0)).collect();
    let off = state.plan().defences.off();
    off.map(|defence| {
        let says = Message::plain("propose-defence-off").with("defence", defence.to_string());
        line(LUCKY, says, begun.clone(), first)
    })
    .collect()
}
