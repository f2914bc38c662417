//! What went well. Not what went badly.

use super::rests::{
    Line, about, failover_line, in_effect, last_line, line, opening, own_since, span,
};
use crate::exercise::board::keeps;
use crate::exercise::judge::{Answer, judge_all};
use crate::exercise::log::EntryKind;
use crate::exercise::stamp::Stamp;
use crate::exercise::state::{InjectionRun, State};
use crate::exercise::times::{Detection, Mitigation, Recovery, detection, mitigation, recovery};
use crate::gameday::measure::TimeTo;
use crate::lang::Message;

const WELL: EntryKind = EntryKind::WentWell;

pub(super) fn lines(state: &State) -> Vec<Line> {
    let mut lines = Vec::new();
    let targets = &state.plan().people.response;
    for (run, t0, name) in in_effect(state) {
        let begun = about(state, &name, t0);
        if let Detection::Detected { incident, team, taken } = detection(state, run)
            && keeps(targets, TimeTo::Detect, taken) != Some(false)
            && let Some(incident) = state.incident(incident)
        {
            let says = Message::plain("propose-detected")
                .with("team", team)
                .with("fault", &name)
                .with("after", span(taken.running));
            lines.push(line(WELL, says, vec![begun, opening(state, incident)], incident.opened));
        }
        if let Mitigation::Mitigated(taken) = mitigation(state, run)
            && keeps(targets, TimeTo::Mitigate, taken) == Some(true)
        {
            let says = Message::plain("propose-mitigated")
                .with("fault", &name)
                .with("after", span(taken.running));
            lines.push(line(WELL, says, vec![begun], t0));
        }
        if recovery(state, run) == Recovery::NeverLeft && run.reverted.is_some() {
            let says = Message::plain("propose-never-left").with("fault", &name);
            let undone = run.reverted.and_then(|at| own_since(state, "log-undone", &name, at));
            lines.push(line(WELL, says, vec![begun, undone], t0));
        }
        for (owner, guards, at) in breakers(state, run) {
            let says = Message::plain("propose-breaker")
                .with("owner", owner)
                .with("guards", guards)
                .with("fault", &name);
            lines.push(line(WELL, says, vec![begun], at));
        }
    }
    lines.extend(objectives(state));
    lines.extend(data(state));
    lines
}

/// Breakers that opened while an injection was in effect, each once.
fn breakers(state: &State, run: &InjectionRun) -> Vec<(String, String, Stamp)> {
    let Some(t0) = run.t0 else { return Vec::new() };
    let until = run.reverted.unwrap_or(state.now);
    let mut found: Vec<(String, String, Stamp)> = Vec::new();
    let during =
        state.readings.iter().filter(|one| one.end() > t0.elapsed && one.start < until.elapsed);
    for reading in during {
        for breaker in reading.breakers.iter().filter(|one| one.opened > 0) {
            let known =
                |one: &(String, String, Stamp)| one.0 == breaker.owner && one.1 == breaker.guards;
            if !found.iter().any(known) {
                let after = reading.start - t0.elapsed;
                let millis = i64::try_from(after.as_millis()).unwrap_or(i64::MAX);
                let at = Stamp::new(t0.elapsed + after, t0.wall.saturating_add(millis));
                found.push((breaker.owner.clone(), breaker.guards.clone(), at));
            }
        }
    }
    found
}

fn objectives(state: &State) -> Vec<Line> {
    let both = state.plan().objectives.iter().zip(judge_all(state)).enumerate();
    let met = both.filter(|(_, (_, verdict))| verdict.answer == Answer::Met);
    met.map(|(index, (objective, verdict))| {
        let scored = last_line(state, "log-scored", Some(index + 1));
        let says = Message::plain("propose-met")
            .with("objective", &objective.title)
            .told("evidence", verdict.evidence);
        line(WELL, says, vec![scored], state.now)
    })
    .collect()
}

/// The replica that took over, and data that is as it was.
fn data(state: &State) -> Vec<Line> {
    let mut lines = Vec::new();
    for (at, failover) in &state.failovers {
        let says = Message::plain("propose-failover")
            .with("to", &failover.to)
            .with("from", &failover.from)
            .with("after", span(failover.took));
        lines.push(line(WELL, says, vec![failover_line(state, *at)], *at));
    }
    if let Some(Ok(check)) = &state.integrity
        && check.lost == 0
        && check.discrepancies() == 0
    {
        let says = Message::plain("propose-data").with("count", check.acknowledged.to_string());
        lines.push(line(WELL, says, vec![last_line(state, "log-data", None)], state.now));
    }
    lines
}
