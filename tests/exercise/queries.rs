//! An exercise that asks a Prometheus: what guardrails, promises and objectives make of its answers, and of its silence.

use std::sync::Arc;

use gameday::exercise::command::Command;
use gameday::exercise::event::{Event, Outcome};
use gameday::exercise::judge::{Answer, judge};
use gameday::exercise::participant::Teller;
use gameday::exercise::participant::line;
use gameday::exercise::reading::Reading;
use gameday::exercise::state::Stage;
use gameday::exercise::watch::Asking;
use gameday::gameday::measure::Measure;
use gameday::gameday::measure::parse::{parse_trigger_over, parse_with_names};
use gameday::gameday::metric::{Metric, Unit};
use gameday::gameday::plan::{
    AskedFor, GameDay, Guardrail, GuardrailAction, Limit, Objective, Slo,
};
use gameday::gameday::query::Query;

use super::stage::{Play, header, plan, secs};

/// Of a query that nobody but the facilitator may read.
const SECRET: &str = "zqx";

fn query(name: &str, unit: Unit) -> Query {
    Query::new(name, unit).unwrap()
}

/// Asks for a latency that is promised, and for something that only a rule stands on and whose name is that of a fault.
fn day() -> GameDay {
    let mut day = plan();
    let (latency, kill) = (query("checkout", Unit::Millis), query("kill", Unit::Count));
    let asked = |query| AskedFor { query, promql: format!("sum({SECRET})") };
    day.prometheus = Some(format!("http://{SECRET}:9090"));
    day.queries = vec![asked(kill), asked(latency)];
    let vocabulary = day.vocabulary();
    let rule =
        |text: &str, then| Guardrail { when: parse_trigger_over(text, &vocabulary).unwrap(), then };
    day.guardrails = vec![
        rule("checkout > 800ms for 5s", GuardrailAction::Halt),
        rule("kill < 1", GuardrailAction::Hold),
    ];
    let limit = Limit { metric: Metric::Asked(latency), min: None, max: Some(300.0) };
    day.slos = vec![Slo { name: "checkout".into(), limit }];
    day.steady_state = Vec::new();
    let source = "max(checkout) < 500ms".to_owned();
    let condition = parse_with_names(&source, &vocabulary).unwrap().0;
    let measure = Some(Measure { source, condition });
    day.objectives = vec![Objective { title: "Checkout stays fast".into(), measure }];
    day
}

/// A second of the exercise, with what is current at its end.
fn second(play: &mut Play, checkout: Option<f64>, kill: Option<f64>) {
    play.pass(secs(1));
    let start = play.now().elapsed - secs(1);
    let values = [("checkout", Unit::Millis, checkout), ("kill", Unit::Count, kill)];
    let asked =
        values.into_iter().filter_map(|(name, unit, value)| Some((query(name, unit), value?)));
    let reading = Reading { start, length: secs(1), asked: asked.collect(), ..Reading::default() };
    play.tell(Command::ReadingTaken(reading));
}

#[test]
fn a_guardrail_on_a_query_halts_the_exercise() {
    let mut play = Play::begun_with(header(day()));
    for _ in 0..3 {
        second(&mut play, Some(120.0), Some(1.0));
    }
    assert_eq!(play.state.slos[0].value, Some(120.0));
    for _ in 0..4 {
        second(&mut play, Some(900.0), Some(1.0));
    }
    assert!(play.state.slos[0].breached().is_some() && play.state.halted.is_none());
    second(&mut play, Some(900.0), Some(1.0));
    let halted = play.state.halted.as_ref().unwrap();
    assert_eq!(halted.reason.to_string(), "checkout > 800ms for 5s");
    assert!(play.state.log.iter().any(|line| line.text.contains("now 900ms")));
    let verdict = judge(&play.state, 0).unwrap();
    assert_eq!(verdict.answer, Answer::NotMet, "{}", verdict.evidence);
    assert!(verdict.evidence.contains("max(checkout) 900ms"), "{}", verdict.evidence);
}

#[test]
fn a_server_that_is_dead_is_no_data_and_never_nought() {
    let mut play = Play::begun_with(header(day()));
    for _ in 0..4 {
        second(&mut play, Some(900.0), Some(1.0));
    }
    // Nothing more comes: neither is the last value one for ever, nor is a nought below one.
    for _ in 0..30 {
        second(&mut play, None, None);
    }
    assert!(play.state.halted.is_none() && play.state.held.is_none());
    assert_eq!(play.state.slos[0].value, None);
    second(&mut play, Some(900.0), None);
    assert!(play.state.halted.is_none(), "five seconds in a row, not five in all");
}

#[test]
fn an_objective_without_an_answer_has_no_data() {
    let mut play = Play::begun_with(header(day()));
    for _ in 0..5 {
        second(&mut play, None, Some(1.0));
    }
    play.until(|state| state.stage == Stage::Ended);
    assert!(matches!(play.state.outcome, Some((Outcome::Completed, _))));
    let verdict = judge(&play.state, 0).unwrap();
    assert_eq!(verdict.answer, Answer::NoData, "{}", verdict.evidence);
    assert!(verdict.evidence.contains("max(checkout) was not measured"), "{}", verdict.evidence);
}

fn silent(play: &Play, why: Option<&str>) -> Asking {
    Asking {
        silent: why.map(|_| play.now().wall - 12_000),
        came: true,
        why: why.map(Into::into),
        ..Asking::default()
    }
}

#[test]
fn the_log_says_when_a_query_falls_silent_and_when_all_are_heard_again() {
    let mut play = Play::begun_with(header(day()));
    assert_eq!(play.state.watching.asking.len(), 2, "one place for each query");
    let said = |play: &Play, words: &str| {
        play.state.log.iter().filter(|line| line.text.contains(words)).count()
    };
    let asking = silent(&play, Some("nothing listens there"));
    play.tell(Command::AskingStands { query: 1, asking: asking.clone() });
    play.tell(Command::AskingStands { query: 1, asking: asking.clone() });
    play.tell(Command::AskingStands { query: 0, asking });
    assert_eq!(said(&play, "checkout: no data for 12s: nothing listens there"), 1);
    assert_eq!(said(&play, "kill: no data"), 0, "once is enough");
    for query in [1, 0] {
        let asking = silent(&play, None);
        play.tell(Command::AskingStands { query, asking });
    }
    assert_eq!(said(&play, "Every query has current data again"), 1);
    // News about what is not asked is none.
    let asking = silent(&play, Some("x"));
    play.tell(Command::AskingStands { query: 2, asking });
    assert_eq!(play.state.watching.asking.len(), 2);
}

#[test]
fn participants_know_what_is_promised_and_nothing_of_what_is_asked() {
    let mut play = Play::begun_with(header(day()));
    let mut teller = Teller::new(Arc::clone(&play.state.header));
    let mut told = line::first(teller.header()).unwrap();
    second(&mut play, Some(120.0), Some(7.0));
    for query in [0, 1] {
        let asking = silent(&play, Some(SECRET));
        play.tell(Command::AskingStands { query, asking });
    }
    let mut news = Vec::new();
    for envelope in &play.events {
        let Some(one) = teller.tell(envelope) else { continue };
        told.push_str(&line::lines(&one).unwrap().join("\n"));
        news.push(one.envelope.event);
    }
    assert!(!told.contains(SECRET) && !told.contains("kill"), "{told}");
    assert!(told.contains("ms:checkout"), "{told}");
    let queries = teller.header().queries();
    assert_eq!(queries, [query("checkout", Unit::Millis)]);
    let standing = news.iter().filter_map(|event| match event {
        Event::AskingChanged { query, asking } => Some((*query, asking.silent.is_some())),
        _ => None,
    });
    assert_eq!(standing.collect::<Vec<_>>(), [(0, true)], "by the place that they know");
    let asked = news.iter().find_map(|event| match event {
        Event::Observed(reading) => Some(reading.asked.clone()),
        _ => None,
    });
    assert_eq!(asked.unwrap().into_iter().collect::<Vec<_>>(), [(queries[0], 120.0)]);
}
