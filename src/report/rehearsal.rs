//! What a rehearsal found before people come: timing, guardrails, objectives, and faults that nothing would have shown. Not the
//! report of the exercise, which a rehearsal has like any other.

use crate::exercise::event::Outcome;
use crate::exercise::injection::{InjectionRun, InjectionStatus};
use crate::exercise::judge::{Answer, judge_all};
use crate::exercise::rehearsal::Rehearsal;
use crate::exercise::said::{Said, said};
use crate::exercise::sign::{Shown, first_sign};
use crate::exercise::state::State;
use crate::exercise::times::{Detection, detection};
use crate::gameday::people::Noticed;
use crate::gameday::plan::GuardrailAction;
use crate::gameday::span::Span;
use crate::gameday::unit::Unit;

/// Less of what was planned than this was sent: the machine that rehearses is too slow for the plan.
const SENT: f64 = 0.98;
/// A fault later than this, at the speed of the plan, makes the plan's times wrong.
const LATE: Span = Span::from_secs(30);

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// As planned.
    Fine,
    /// To be looked at before people come.
    Look,
    /// The game day does not do what it is meant to.
    Wrong,
}

impl Weight {
    /// Its sign at the beginning of a line.
    pub const fn sign(self) -> char {
        match self {
            Self::Fine => '✓',
            Self::Look => '!',
            Self::Wrong => '✗',
        }
    }
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters.
    pub weight: Weight,
    /// What it is. May hold text from outside: neutralise before showing.
    pub said: Said,
}

fn fine(said: Said) -> Finding {
    Finding { weight: Weight::Fine, said }
}

fn look(said: Said) -> Finding {
    Finding { weight: Weight::Look, said }
}

fn wrong(said: Said) -> Finding {
    Finding { weight: Weight::Wrong, said }
}

/// Everything that a rehearsal found, by area: how it ended, load, faults, guardrails, cards, objectives. Times are at the
/// speed of the plan where they are those of people or of the plan, and as measured where they are the target's.
pub fn findings(state: &State, rehearsal: Rehearsal) -> Vec<Finding> {
    let mut found = vec![ending(state)];
    found.extend(load(state));
    let runs = state.injections.iter();
    found.extend(runs.flat_map(|run| injection(state, run, rehearsal.speed)));
    found.extend(told_apart(state));
    found.extend(left_open(state));
    found.extend(guardrails(state));
    found.extend(cards(state));
    found.extend(objectives(state));
    found
}

fn ending(state: &State) -> Finding {
    let time = state.exercise_time(state.now);
    match &state.outcome {
        Some((Outcome::Completed, _)) => {
            fine(said!("rehearsed-whole", "ran to its end in {time}", time = time))
        }
        Some((_, why)) => wrong(said!(
            "rehearsed-ended",
            "did not run to its end: {why}, at {time}",
            why = why,
            time = time
        )),
        None => wrong(said!("rehearsed-died", "did not run to its end: it just stopped")),
    }
}

/// Whether what was planned was sent.
fn load(state: &State) -> Option<Finding> {
    let (mut planned, mut sent) = (0.0, 0.0);
    for point in state.series.points() {
        let sample = &point.sample;
        planned += sample.planned;
        sent += sample.attempted.saturating_sub(sample.dropped) as f64;
    }
    if planned <= 0.0 {
        return None;
    }
    let share = Unit::Share.show((sent / planned).min(1.0));
    Some(if sent < planned * SENT {
        let said = said!(
            "rehearsed-load-short",
            "{share} of the planned requests were sent: this machine is too slow for the plan",
            share = share
        );
        look(said)
    } else {
        fine(said!("rehearsed-load", "{share} of the planned requests were sent", share = share))
    })
}

fn injection(state: &State, run: &InjectionRun, speed: f64) -> Vec<Finding> {
    let name = state.name_of(run.id);
    let mut found = Vec::new();
    match (run.t0, run.status) {
        (None, InjectionStatus::Planned) => {
            return vec![wrong(said!("rehearsed-never", "{name} never came", name = name))];
        }
        (None, _) => {
            let why = run.problem.clone().unwrap_or_default();
            return vec![wrong(said!(
                "rehearsed-no-effect",
                "{name} took no effect: {why}",
                name = name,
                why = why
            ))];
        }
        (Some(_), InjectionStatus::Reverted) => {}
        (Some(_), status) => found.push(wrong(said!(
            "rehearsed-left",
            "{name} is {status}",
            name = &name,
            status = status.said()
        ))),
    }
    let late = run.armed.zip(run.t0).map_or(Span::ZERO, |(armed, t0)| t0.since(armed));
    // What the target takes does not become faster with the plan, so the plan meets it as it is.
    if late > LATE {
        let said = said!(
            "rehearsed-late",
            "{name} takes {late} from being called for to taking effect",
            name = &name,
            late = late
        );
        found.push(look(said));
    }
    found.push(noticed(state, run, &name, speed));
    found
}

/// Whether a team would have known.
fn noticed(state: &State, run: &InjectionRun, name: &str, speed: f64) -> Finding {
    let expected = state.planned(run.id).and_then(|planned| planned.expected.noticed.as_ref());
    let nobody = expected == Some(&Noticed::Nobody);
    let sign = first_sign(state, run).filter(|sign| !matches!(sign.shown, Shown::Incident(_)));
    match (detection(state, run), sign) {
        (Detection::Detected { team, taken, .. }, _) => {
            let after = whole_seconds(taken.running.scaled(speed));
            let said = said!(
                "rehearsed-noticed",
                "{name} would be noticed by {team} after {after}",
                name = name,
                team = team,
                after = after
            );
            if nobody { look(said) } else { fine(said) }
        }
        (_, None) if nobody => {
            fine(said!("rehearsed-coped", "{name} is coped with, and shows nowhere", name = name))
        }
        (_, None) => look(said!(
            "rehearsed-silent",
            "{name} shows nowhere, neither in SLOs nor in the steady state nor as dead pods: teams would have to find it by themselves",
            name = name
        )),
        (_, Some(sign)) => {
            let said = said!(
                "rehearsed-felt",
                "{name} shows after {after}, and no simulated team reacted",
                name = name,
                after = sign.taken.running
            );
            if nobody { fine(said) } else { look(said) }
        }
    }
}

/// A second of a rehearsal is many of the exercise: less than one means nothing.
fn whole_seconds(span: Span) -> Span {
    Span::from_secs(span.as_millis().saturating_add(500) / 1_000)
}

/// Faults that were in effect at the same time: nobody can say which of them did what.
fn told_apart(state: &State) -> Vec<Finding> {
    let runs: Vec<_> = state.injections.iter().filter(|run| run.t0.is_some()).collect();
    let pairs = runs.iter().enumerate().flat_map(|(nth, first)| {
        runs.iter().skip(nth.saturating_add(1)).map(move |then| (first, then))
    });
    let together = pairs.filter(|(first, then)| {
        let ends = |run: &InjectionRun| run.reverted.map_or(state.now, |at| at);
        first.t0 < Some(ends(then)) && then.t0 < Some(ends(first))
    });
    together
        .map(|(first, then)| {
            look(said!(
                "rehearsed-together",
                "{first} and {then} are in effect at the same time: what they do cannot be told apart",
                first = state.name_of(first.id),
                then = state.name_of(then.id)
            ))
        })
        .collect()
}

/// Incidents for which there was no time left.
fn left_open(state: &State) -> Option<Finding> {
    let open = state.incidents.iter().filter(|one| !one.status.is_closed()).count();
    (open > 0).then(|| {
        look(said!(
            "rehearsed-open",
            "incidents that were not resolved before the end: {count}",
            count = open
        ))
    })
}

fn guardrails(state: &State) -> Vec<Finding> {
    let rules = state.plan().guardrails.iter().zip(&state.guardrails);
    rules
        .map(|(rule, run)| {
            let source = rule.when.source.as_str();
            let Some((_, value)) = run.fired.first() else {
                return fine(said!(
                    "rehearsed-guardrail-quiet",
                    "guardrail {rule} did not fire",
                    rule = source
                ));
            };
            let said = said!(
                "rehearsed-guardrail",
                "guardrail {rule} fired {times} times, first at {value}",
                rule = source,
                times = run.fired.len(),
                value = rule.when.metric.unit().show(*value)
            );
            match rule.then {
                GuardrailAction::Warn => look(said),
                GuardrailAction::Hold | GuardrailAction::Halt => wrong(said),
            }
        })
        .collect()
}

/// Cards that never came although the plan has a time for them.
fn cards(state: &State) -> Option<Finding> {
    let planned = state.plan().phases.iter().map(|phase| phase.cards.len()).sum::<usize>();
    let came = state.cards.iter().filter(|card| card.planned.is_some()).count();
    (planned > 0).then(|| {
        let said = said!(
            "rehearsed-cards",
            "{came} of {planned} cards came",
            came = came,
            planned = planned
        );
        if came < planned { wrong(said) } else { fine(said) }
    })
}

fn objectives(state: &State) -> Vec<Finding> {
    let objectives = state.plan().objectives.iter().zip(judge_all(state));
    objectives
        .map(|(objective, verdict)| {
            let said = said!(
                "rehearsed-objective",
                "objective {title}: {answer} ({evidence})",
                title = &objective.title,
                answer = verdict.answer.said(),
                evidence = verdict.evidence
            );
            match verdict.answer {
                Answer::Met => fine(said),
                // The facilitator scores it when people are there.
                Answer::NotScored => fine(said!(
                    "rehearsed-objective-asked",
                    "objective {title}: left to the facilitator",
                    title = &objective.title
                )),
                Answer::NotMet | Answer::NoData => wrong(said),
            }
        })
        .collect()
}
