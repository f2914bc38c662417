//! What went badly, and the improvements that suggests. Not what went well.

use super::rests::{Line, about, in_effect, last_line, line, opening, own_line, span};
use crate::exercise::board::{keeps, target};
use crate::exercise::expectation;
use crate::exercise::id::InjectionId;
use crate::exercise::judge::{Answer, judge_all};
use crate::exercise::log::EntryKind;
use crate::exercise::state::State;
use crate::exercise::times::{
    Detection, Mitigation, Recovery, detection, mitigation, real_incidents, recovery,
};
use crate::gameday::measure::TimeTo;
use crate::gameday::people::Noticed;
use crate::gameday::span::Span;
use crate::lang::Message;

const BADLY: EntryKind = EntryKind::WentBadly;

pub(super) fn lines(state: &State) -> Vec<Line> {
    let mut lines = faults(state);
    lines.extend(promises(state));
    lines.extend(objectives(state));
    for incident in real_incidents(state).filter(|one| !one.status.is_closed()) {
        let says = Message::plain("propose-unresolved")
            .with("incident", incident.id.to_string())
            .with("title", &incident.title);
        lines.push(line(BADLY, says, vec![opening(state, incident)], incident.opened));
    }
    if let Some(Ok(check)) = &state.integrity
        && (check.lost > 0 || check.discrepancies() > 0)
    {
        let says = Message::plain("propose-data-lost")
            .with("lost", check.lost.to_string())
            .with("rows", check.discrepancies().to_string());
        lines.push(line(BADLY, says, vec![last_line(state, "log-data", None)], state.now));
    }
    lines
}

fn faults(state: &State) -> Vec<Line> {
    let mut lines = Vec::new();
    let targets = &state.plan().people.response;
    for (run, t0, name) in in_effect(state) {
        let begun = about(state, &name, t0);
        match detection(state, run) {
            Detection::NotDetected
                if run.reverted.is_some() && should_be_noticed(state, run.id) =>
            {
                let says = Message::plain("propose-not-detected").with("fault", &name);
                lines.push(line(BADLY, says, vec![begun], t0));
            }
            Detection::Detected { incident, team, taken } => {
                let late = keeps(targets, TimeTo::Detect, taken) == Some(false);
                let wanted = target(targets, TimeTo::Detect).filter(|_| late);
                if let Some((wanted, incident)) = wanted.zip(state.incident(incident)) {
                    let says = Message::plain("propose-late")
                        .with("team", team)
                        .with("fault", &name)
                        .with("after", span(taken.running))
                        .with("target", span(wanted));
                    let evidence = vec![begun, opening(state, incident)];
                    lines.push(line(BADLY, says, evidence, incident.opened));
                }
            }
            _ => {}
        }
        if mitigation(state, run) == Mitigation::NotMitigated {
            let says = Message::plain("propose-not-mitigated").with("fault", &name);
            lines.push(line(BADLY, says, vec![begun], t0));
        }
        if let Recovery::NotRecovered { .. } = recovery(state, run) {
            let says = Message::plain("propose-not-recovered").with("fault", &name);
            lines.push(line(BADLY, says, vec![begun], t0));
        }
        let verdict = expectation::judge(state, run).filter(|one| one.answer == Answer::NotMet);
        if let Some(verdict) = verdict {
            let says = Message::plain("propose-unexpected")
                .with("fault", &name)
                .told("evidence", verdict.evidence);
            lines.push(line(BADLY, says, vec![begun], t0));
        }
    }
    for run in state.live_injections() {
        let (name, at) = (state.name_of(run.id), run.t0.unwrap_or(state.now));
        let says = Message::plain("propose-not-reverted").with("fault", &name);
        lines.push(line(BADLY, says, vec![about(state, &name, at)], at));
    }
    lines
}

/// Unless the game day says that the target copes by itself.
pub(super) fn should_be_noticed(state: &State, id: InjectionId) -> bool {
    let noticed = state.planned(id).and_then(|planned| planned.expected.noticed.as_ref());
    noticed != Some(&Noticed::Nobody)
}

/// Every SLO that was outside, with how often, how long and how bad.
fn promises(state: &State) -> Vec<Line> {
    let both = state.plan().slos.iter().zip(&state.slos);
    both.filter_map(|(plan, run)| {
        let first = run.violations.first()?;
        let lasted = run
            .violations
            .iter()
            .fold(Span::ZERO, |sum, one| sum + one.to.unwrap_or(state.now).since(one.from));
        let worse = |a: f64, b: f64| match plan.limit.min {
            Some(_) => a.min(b),
            None => a.max(b),
        };
        let worst = run.violations.iter().map(|one| one.worst).fold(first.worst, worse);
        let says = Message::plain("propose-breach")
            .with("slo", &plan.name)
            .with("lasted", span(lasted))
            .with("worst", plan.limit.metric.unit().show(worst));
        let evidence =
            run.violations.iter().map(|one| own_line(state, one.from, "log-breached", &plan.name));
        Some(line(BADLY, says, evidence.collect(), first.from))
    })
    .collect()
}

fn objectives(state: &State) -> Vec<Line> {
    let both = state.plan().objectives.iter().zip(judge_all(state)).enumerate();
    let missed = both.filter(|(_, (_, verdict))| verdict.answer == Answer::NotMet);
    missed
        .map(|(index, (objective, verdict))| {
            let scored = last_line(state, "log-scored", Some(index + 1));
            let says = Message::plain("propose-not-met")
                .with("objective", &objective.title)
                .told("evidence", verdict.evidence);
            line(BADLY, says, vec![scored], state.now)
        })
        .collect()
}
