//! What is wrong now, all in one place: for the line that names it and the tabs that point to it. Not its drawing.

use crate::exercise::reading::Reading;
use crate::exercise::state::{InjectionRun, InjectionStatus, SloRun};
use crate::exercise::target::{Pod, PodHealth};
use crate::gameday::plan::Slo;
use crate::tui::pane::Pane;
use crate::tui::scene::Scene;

/// The pods that do not take traffic although they should, those that are gone first.
pub(super) fn pods<'a>(scene: &Scene<'a>) -> Vec<&'a Pod> {
    let mut wrong: Vec<&Pod> =
        scene.state.topology.pods.iter().filter(|pod| pod.health != PodHealth::Ready).collect();
    wrong.sort_by_key(|pod| pod.health != PodHealth::Dead);
    wrong
}

/// The injections of which something is in the target, those that will not go away first.
pub(super) fn faults<'a>(scene: &Scene<'a>) -> Vec<&'a InjectionRun> {
    let mut live: Vec<&InjectionRun> = scene.state.live_injections().collect();
    live.sort_by_key(|run| run.status != InjectionStatus::NotReverted);
    live
}

/// Whether an SLO is broken now: breached, or its value outside before a breach counts.
pub(super) fn outside(slo: &Slo, run: &SloRun) -> bool {
    run.breached().is_some() || run.value.is_some_and(|value| !slo.limit.holds(value))
}

fn is_open(reading: &Reading) -> bool {
    reading.breakers.iter().any(|breaker| breaker.open > 0)
}

/// The sign of a pane in its tab: why to look there; empty: no reason.
pub(super) fn sign(scene: &Scene<'_>, pane: Pane) -> &'static str {
    let state = scene.state;
    let when = |is: bool, sign: &'static str| if is { sign } else { "" };
    match pane {
        Pane::Timeline | Pane::Log => "",
        Pane::Slos => {
            let mut all = state.plan().slos.iter().zip(&state.slos);
            when(all.any(|(slo, run)| outside(slo, run)), "✗")
        }
        Pane::Faults if state.is_watch() => {
            let mut all = state.watching.accounts.iter();
            when(all.any(|account| account.burning().is_some()), "▲")
        }
        Pane::Pods if state.is_watch() => {
            let mut all = state.watching.alerts.fired.iter();
            when(all.any(|one| one.to.is_none()), "▲")
        }
        Pane::Instruments if state.is_watch() => {
            let mut all = state.watching.asking.iter();
            when(all.any(|one| one.silent.is_some()), "–")
        }
        Pane::Faults => match faults(scene).first().map(|run| run.status) {
            Some(InjectionStatus::NotReverted) => "▲",
            Some(_) => "●",
            None => "",
        },
        Pane::Pods => match pods(scene).first().map(|pod| pod.health) {
            Some(PodHealth::Dead) => "✗",
            Some(_) => "◐",
            None => "",
        },
        Pane::Instruments => when(state.readings.last().is_some_and(is_open), "○"),
        Pane::Incidents => {
            when(state.incidents.iter().any(|incident| !incident.status.is_closed()), "▲")
        }
    }
}
