//! Whether an injection went as expected: measured where the game day says how, else in the facilitator's word. Not the
//! objectives of the exercise.
//!
//! Who should notice, and by when, is judged by incidents: the first of the injection, or of the team. Where nobody should
//! notice, "by when" is the time from T0 to the steady state being back. What has no data, or is not over yet, is never
//! met by silence; nor is what a real incident cut short.

use super::judge::cut::{cut, cut_short, detected_since, in_time};
use super::judge::{Answer, Verdict, condition, no_data, unsaid};
use super::said::{Between, Said, said};
use super::score::Score;
use super::state::{InjectionRun, State};
use super::times::{Detection, Recovery, detection_by, first_incident, recovery};
use super::who::who;
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
) -> (Answer, Said) {
    // Whoever saw it knows more than any figure.
    if let Some(score) = score {
        let answer = if score.met { Answer::Met } else { Answer::NotMet };
        let said = said!(
            "expected-word",
            "{answer} in the word of {by}: {reason}",
            answer = answer.said(),
            by = who(&score.by),
            reason = &score.reason
        );
        return (answer, said);
    }
    if run.t0.is_none() {
        return (Answer::NoData, no_effect());
    }
    if expected.is_empty() {
        return (Answer::NotScored, unsaid());
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
    (answer, Said::all(parts.into_iter().map(|(_, evidence)| evidence), Between::And))
}

/// Who noticed, and when.
fn noticed(
    state: &State,
    run: &InjectionRun,
    who: Option<&Noticed>,
    within: Option<Span>,
) -> (Answer, Said) {
    let team = match who {
        Some(Noticed::Nobody) => return by_itself(state, run, within),
        Some(Noticed::Team(team)) => Some(team.as_str()),
        Some(Noticed::Anyone) | None => None,
    };
    let whom = team.map_or_else(|| said!("expected-anyone", "anyone"), Said::from);
    let detection = detection_by(state, run, team);
    let unnoticed = detection == Detection::NotDetected;
    if detected_since(state, &detection) || unnoticed && cut(state, run) {
        return (Answer::NoData, no_data(&cut_short()));
    }
    match (detection, within) {
        (Detection::NotInEffect, _) => (Answer::NoData, no_effect()),
        (Detection::NotDetected, _) if run.reverted.is_none() => {
            let why = said!(
                "expected-unnoticed-yet",
                "not over yet, and not noticed by {whom} so far",
                whom = whom
            );
            (Answer::NoData, no_data(&why))
        }
        (Detection::NotDetected, _) => {
            (Answer::NotMet, said!("expected-unnoticed", "not noticed by {whom}", whom = whom))
        }
        (Detection::Detected { incident, team, taken }, within) => {
            let said = said!(
                "expected-noticed",
                "noticed after {after} by {team} ({incident})",
                after = taken.running,
                team = team,
                incident = incident
            );
            match within {
                Some(limit) if taken.running > limit => (Answer::NotMet, wanted(said, limit)),
                Some(limit) => (Answer::Met, wanted(said, limit)),
                None => (Answer::Met, said),
            }
        }
    }
}

/// Nobody should notice: no incident, and the steady state back in time.
fn by_itself(state: &State, run: &InjectionRun, within: Option<Span>) -> (Answer, Said) {
    let incident = first_incident(state, run.id, None);
    if let Some(incident) = incident.filter(|one| in_time(state, one.opened)) {
        let (team, id) = (&incident.team, incident.id.to_string());
        let said = said!("expected-opened", "{team} opened {id} for it", team = team, id = id);
        return (Answer::NotMet, said);
    }
    if cut(state, run) {
        return (Answer::NoData, no_data(&cut_short()));
    }
    let over = run.reverted.is_some();
    let Some(within) = within else {
        return match over {
            true => (Answer::Met, said!("expected-nobody", "nobody had to notice")),
            false => (Answer::NoData, not_over()),
        };
    };
    match recovery(state, run) {
        Recovery::NeverLeft if over => {
            let said = said!(
                "expected-never-left",
                "nobody had to notice, and the steady state was never left"
            );
            (Answer::Met, said)
        }
        Recovery::NeverLeft => (Answer::NoData, not_over()),
        Recovery::Recovered { left, took } => {
            let t0 = run.t0.map_or(left, |t0| t0.elapsed);
            let after = (left + took) - t0;
            let answer = if after <= within { Answer::Met } else { Answer::NotMet };
            let said =
                said!("expected-back", "back in the steady state {after} after T0", after = after);
            (answer, wanted(said, within))
        }
        Recovery::NotRecovered { .. } if over => {
            (Answer::NotMet, said!("expected-not-back", "the steady state did not come back"))
        }
        Recovery::NotRecovered { .. } => (Answer::NoData, not_over()),
        Recovery::NoSteadyState => (
            Answer::NoData,
            no_data(&said!("evidence-no-steady", "the game day names no steady state")),
        ),
        Recovery::NoData | Recovery::NotInEffect => (
            Answer::NoData,
            no_data(&said!("expected-unmeasured", "nothing was measured after T0")),
        ),
    }
}

fn wanted(what: Said, within: Span) -> Said {
    said!("expected-within", "{what}; wanted within {within}", what = what, within = within)
}

fn no_effect() -> Said {
    no_data(&said!("expected-no-effect", "it did not take effect"))
}

fn not_over() -> Said {
    no_data(&said!("expected-not-over", "not over yet"))
}
