//! What a real incident leaves of objectives and expectations: judged where it was seen to its end, without data elsewhere.

use gameday::exercise::command::Command;
use gameday::exercise::expectation;
use gameday::exercise::judge::{Answer, Verdict, judge_all};
use gameday::gameday::measure::Measure;
use gameday::gameday::measure::parse::parse;
use gameday::gameday::people::{Expected, Noticed};
use gameday::gameday::plan::Objective;
use gameday::gameday::span::Span;

use super::stage::{Play, header, mins, open, plan, secs};

/// What is measured, and whether that is known when it becomes real: before anything, in the fault, after it, at the end.
const MEASURES: [(&str, [bool; 4]); 14] = [
    ("availability >= 99% in calm", [false, true, true, true]),
    ("baseline(throughput) > 1", [false, true, true, true]),
    ("availability >= 10% in ramp", [false, false, false, true]),
    ("throughput >= 0.1 * baseline(throughput) in ramp", [false, false, false, true]),
    ("availability >= 10%", [false, false, false, true]),
    ("availability >= 10% during slow", [false, false, true, true]),
    ("recovery_time(slow) < 1m", [false, true, true, true]),
    ("time_to_detect(slow) < 1m", [false, true, true, true]),
    ("rto(slow) < 1h", [false, false, true, true]),
    ("incidents.total < 9", [false, false, false, true]),
    ("mttd < 1h", [false, false, false, true]),
    ("actions < 9", [false, false, false, true]),
    ("availability >= 99% in calm and availability >= 10% in ramp", [false, false, false, true]),
    ("availability >= 99% in calm or availability >= 10% in ramp", [false, true, true, true]),
];

/// Ten seconds of the slowdown are felt; a team notices after twenty. Plays on to so long after the start.
fn played(until: Span) -> Play {
    let mut day = plan();
    day.objectives = MEASURES
        .iter()
        .map(|(source, _)| Objective {
            title: (*source).into(),
            measure: Some(Measure { source: (*source).into(), condition: parse(source).unwrap() }),
        })
        .collect();
    let mut play = Play::begun_with(header(day));
    if until <= mins(5) {
        play.pass(until);
        return play;
    }
    play.until(|state| state.injections[0].t0.is_some());
    play.availability = 0.5;
    play.pass(secs(10));
    play.availability = 1.0;
    play.pass(secs(10));
    play.tell(open("sre", "slow", Span::ZERO, None));
    let rest = until - play.time();
    play.pass(rest);
    play
}

fn becomes_real(play: &mut Play) {
    let reason = "payments are down".into();
    play.tell(Command::DeclareReal { by: "facilitator".into(), reason });
    // Nothing that is measured from now on belongs to the exercise.
    play.availability = 0.0;
    play.pass(mins(10));
}

fn is_cut(verdict: &Verdict) -> bool {
    verdict.evidence.english().contains("cut short by a real incident")
}

#[test]
fn objectives_are_judged_by_what_was_seen_to_its_end() {
    for (at, when) in
        [mins(4), mins(9), mins(10) + secs(30), mins(20) + secs(1)].into_iter().enumerate()
    {
        let mut play = played(when);
        let before = judge_all(&play.state);
        becomes_real(&mut play);
        for (index, verdict) in judge_all(&play.state).into_iter().enumerate() {
            let (source, known) = MEASURES[index];
            let said = verdict.evidence.english();
            if known[at] {
                assert_eq!(verdict.answer, Answer::Met, "{source} at {when}: {said}");
                assert_eq!(verdict.answer, before[index].answer, "{source} at {when}: {said}");
            } else {
                assert_eq!(verdict.answer, Answer::NoData, "{source} at {when}: {said}");
                let idle = said.contains("never took effect") || said.contains("was not run");
                assert!(idle || is_cut(&verdict), "{source} at {when}: {said}");
            }
        }
    }
}

#[test]
fn what_came_after_something_real_detects_nothing_and_nothing_is_held_against_anyone() {
    let nobody = Some(Noticed::Nobody);
    let anyone = Some(Noticed::Anyone);
    // Who should notice, when it becomes real, whether somebody had noticed by then; the answer.
    for (noticed, real, opened, answer) in [
        (anyone.clone(), mins(8), true, Answer::Met),
        (anyone.clone(), mins(8), false, Answer::NoData),
        (anyone, mins(11), false, Answer::NotMet),
        (nobody.clone(), mins(8), true, Answer::NotMet),
        (nobody.clone(), mins(8), false, Answer::NoData),
        (nobody, mins(11), false, Answer::Met),
    ] {
        let mut day = plan();
        day.phases[1].injections.truncate(1);
        day.phases[1].injections[0].expect = Some("it holds".into());
        day.phases[1].injections[0].expected =
            Expected { noticed: noticed.clone(), within: None, measure: None };
        let mut play = Play::begun_with(header(day));
        play.until(|state| state.injections[0].t0.is_some());
        play.pass(secs(20));
        if opened {
            play.tell(open("sre", "slow", Span::ZERO, None));
        }
        let rest = real - play.time();
        play.pass(rest);
        let reason = "payments are down".into();
        play.tell(Command::DeclareReal { by: "facilitator".into(), reason });
        play.pass(secs(1));
        play.tell(open("sre", "slow", Span::ZERO, None));
        play.pass(mins(5));
        let verdict = expectation::judge(&play.state, &play.state.injections[0]).unwrap();
        let said = verdict.evidence.english();
        assert_eq!(verdict.answer, answer, "{noticed:?} at {real}, noticed: {opened}: {said}");
        assert_eq!(is_cut(&verdict), answer == Answer::NoData, "{said}");
    }
}
