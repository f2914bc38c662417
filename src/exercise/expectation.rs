//! Whether an injection went as expected: measured where the game day says how, else in the facilitator's word. Not the
//! objectives of the exercise.
//!
//! Who should notice, and by when, is judged by incidents: the first of the injection, or of the team. Where nobody should
//! notice, "by when" is the time from T0 to the steady state being back. What has no data, or is not over yet, is never
//! met by silence.

use super::judge::{Answer, Verdict, condition};
use super::score::Score;
use super::state::{InjectionRun, State};
use super::times::{Detection, Recovery, detection_by, first_incident, recovery};
use crate::gameday::people::{Expected, Noticed};
use crate::gameday::span::Span;

/// Judges what was expected of an injection; `None`: nothing was.
pub fn judge(state: &State, run: &InjectionRun) -> Option<Verdict> {
    let planned = state.planned(run.id)?;
    let score = state.people.judged.get(run.id.0).cloned().flatten();
    if planned.expect.is_none() && planned.expected.is_empty() && score.is_none() {
        return None;
    }
    let (answer, evidence) = answer(state, run, &planned.expected, score.as_ref());
    Some(Verdict { answer, evidence, score })
}

fn answer(
    state: &State,
    run: &InjectionRun,
    expected: &Expected,
    score: Option<&Score>,
) -> (Answer, String) {
    // Whoever saw it knows more than any figure.
    if let Some(score) = score {
        let answer = if score.met { Answer::Met } else { Answer::NotMet };
        return (
            answer,
            format!("{} in the word of {}: {}", answer.word(), score.by, score.reason),
        );
    }
    if run.t0.is_none() {
        return (Answer::NoData, "no data: it did not take effect".to_owned());
    }
    if expected.is_empty() {
        return (Answer::NotScored, "left to the facilitator, who has not said".to_owned());
    }
    let mut parts = Vec::new();
    if expected.noticed.is_some() || expected.within.is_some() {
        parts.push(noticed(state, run, expected.noticed.as_ref(), expected.within));
    }
    if let Some(measure) = &expected.measure {
        parts.push(condition(state, &measure.condition));
    }
    let any = |wanted| parts.iter().any(|(answer, _)| *answer == wanted);
    let answer = if any(Answer::NotMet) {
        Answer::NotMet
    } else if any(Answer::NoData) {
        Answer::NoData
    } else {
        Answer::Met
    };
    let evidence: Vec<String> = parts.into_iter().map(|(_, evidence)| evidence).collect();
    (answer, evidence.join("; and "))
}

/// Who noticed, and when.
fn noticed(
    state: &State,
    run: &InjectionRun,
    who: Option<&Noticed>,
    within: Option<Span>,
) -> (Answer, String) {
    let team = match who {
        Some(Noticed::Nobody) => return by_itself(state, run, within),
        Some(Noticed::Team(team)) => Some(team.as_str()),
        Some(Noticed::Anyone) | None => None,
    };
    let whom = team.unwrap_or("anyone");
    match (detection_by(state, run, team), within) {
        (Detection::NotInEffect, _) => {
            (Answer::NoData, "no data: it did not take effect".to_owned())
        }
        (Detection::NotDetected, _) if run.reverted.is_none() => {
            (Answer::NoData, format!("no data: not over yet, and not noticed by {whom} so far"))
        }
        (Detection::NotDetected, _) => (Answer::NotMet, format!("not noticed by {whom}")),
        (Detection::Detected { incident, team, taken }, within) => {
            let said = format!("noticed after {} by {team} ({incident})", taken.running);
            match within {
                Some(within) if taken.running > within => {
                    (Answer::NotMet, format!("{said}; wanted within {within}"))
                }
                Some(within) => (Answer::Met, format!("{said}; wanted within {within}")),
                None => (Answer::Met, said),
            }
        }
    }
}

/// Nobody should notice: no incident, and the steady state back in time.
fn by_itself(state: &State, run: &InjectionRun, within: Option<Span>) -> (Answer, String) {
    if let Some(incident) = first_incident(state, run.id, None) {
        return (Answer::NotMet, format!("{} opened {} for it", incident.team, incident.id));
    }
    let over = run.reverted.is_some();
    let Some(within) = within else {
        return match over {
            true => (Answer::Met, "nobody had to notice".to_owned()),
            false => (Answer::NoData, "no data: not over yet".to_owned()),
        };
    };
    match recovery(state, run) {
        Recovery::NeverLeft if over => {
            (Answer::Met, "nobody had to notice, and the steady state was never left".to_owned())
        }
        Recovery::NeverLeft => (Answer::NoData, "no data: not over yet".to_owned()),
        Recovery::Recovered { left, took } => {
            let t0 = run.t0.map_or(left, |t0| t0.elapsed);
            let after = (left + took) - t0;
            let answer = if after <= within { Answer::Met } else { Answer::NotMet };
            (answer, format!("back in the steady state {after} after T0; wanted within {within}"))
        }
        Recovery::NotRecovered { .. } if over => {
            (Answer::NotMet, "the steady state did not come back".to_owned())
        }
        Recovery::NotRecovered { .. } => (Answer::NoData, "no data: not over yet".to_owned()),
        Recovery::NoSteadyState => {
            (Answer::NoData, "no data: the game day names no steady state".to_owned())
        }
        Recovery::NoData | Recovery::NotInEffect => {
            (Answer::NoData, "no data: nothing was measured after T0".to_owned())
        }
    }
}
