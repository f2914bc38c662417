//! The story with instruments: every figure below was worked out by hand from what the readings say.

use std::collections::BTreeMap;

use gameday::cli::report::Format;
use gameday::exercise::event::{Envelope, Event};
use gameday::exercise::id::LeverId;
use gameday::exercise::judge::{Answer, judge};
use gameday::exercise::lever::Lever;
use gameday::exercise::reading::{
    BreakerReading, Checkpoint, Failover, IntegrityCheck, Reading, TableComparison,
};
use gameday::exercise::said::{Place, Said};
use gameday::exercise::stamp::Stamp;
use gameday::exercise::state::State;
use gameday::gameday::defence::{Defence, Defences};
use gameday::gameday::instrument::Instrument;
use gameday::gameday::measure::parse::parse;
use gameday::gameday::span::Span;
use gameday::lang::{Lang, Language};
use gameday::report::model::Report;

use super::folded;
use crate::recording::story;

fn render(report: &Report, format: Format) -> String {
    gameday::cli::report::render(report, format, Language::English).unwrap()
}

/// One second of the inside. Nobody read anything from 50 s to 60 s.
fn reading(second: u64) -> Option<Reading> {
    if (50..60).contains(&second) {
        return None;
    }
    let within = |from: u64, to: u64, value: f64| {
        if (from..to).contains(&second) { value } else { 0.0 }
    };
    let values = BTreeMap::from([
        (Instrument::Degraded, within(92, 100, 2.0)),
        (Instrument::CacheHits, 9.0),
        (Instrument::CacheMisses, 1.0),
        (Instrument::StandIns, within(93, 96, 5.0)),
        (Instrument::Forbidden, within(90, 91, 1.0)),
        (Instrument::QueueDepth, 3.0 + within(100, 101, 47.0)),
    ]);
    let breaker = |owner: &str, guards: &str, opened: u32, open_for: u64| BreakerReading {
        owner: owner.into(),
        guards: guards.into(),
        count: 5,
        open: u32::from(open_for > 0),
        opened,
        open_for: Span::from_millis(open_for),
    };
    let (opened, at_gateway, at_web) = match second {
        95 => (1, 400, 600),
        96 => (0, 1_000, 0),
        _ => (0, 0, 0),
    };
    Some(Reading {
        start: Span::from_secs(second),
        length: Span::from_secs(1),
        values,
        breakers: vec![
            breaker("api-gateway", "web-app browse", opened, at_gateway),
            breaker("web-app", "backend-service", opened * 2, at_web),
        ],
        ..Reading::default()
    })
}

fn table(table: &str, rows: u64, extra: u64, changed: u64) -> TableComparison {
    TableComparison { table: table.into(), rows, missing: 0, extra, changed }
}

/// The story with everything from inside put in, in order of time.
fn envelopes(check: Option<IntegrityCheck>) -> Vec<Envelope> {
    let mut events: Vec<(Span, i64, Event)> = story::envelopes()
        .into_iter()
        .map(|one| (one.stamp.elapsed, one.stamp.wall, one.event))
        .collect();
    let began = story::header().began;
    let mut add = |millis: u64, event: Event| {
        let wall = began + i64::try_from(millis).unwrap();
        events.push((Span::from_millis(millis), wall, event));
    };
    for second in 0..224 {
        if let Some(reading) = reading(second) {
            add(second * 1_000 + 1_100, Event::Observed(reading));
        }
    }
    let tables = vec![("orders".to_owned(), 100), ("users".to_owned(), 50)];
    add(1_000, Event::CheckpointTaken(Checkpoint { tables }));
    let millis = Span::from_millis;
    add(
        94_000,
        Event::FailedOver(Failover {
            from: "database-primary".into(),
            to: "database-replica".into(),
            took: millis(1_800),
            behind: millis(120),
            by: "controller".into(),
        }),
    );
    let levers = [
        (Lever::Scale { app: "web-app".into(), replicas: 7 }, true, "7 pods are ready"),
        (Lever::ReadLog { pod: "web-app-1".into(), lines: 20 }, true, "20 lines"),
        (Lever::Promote, false, "it is primary already"),
    ];
    for (number, (lever, ok, said)) in (1..).zip(levers) {
        let id = LeverId(number);
        let (team, author) = ("sre".to_owned(), "Kim".to_owned());
        let at = 100_000 + u64::from(number) * 1_000;
        add(at, Event::LeverPulled { id, lever, team, author });
        add(at + 250, Event::LeverDone { id, ok, said: said.to_owned().into() });
    }
    if let Some(check) = check {
        add(224_600, Event::ComparisonStarted);
        add(224_900, Event::IntegrityChecked(check));
    }
    events.sort_by_key(|(at, _, _)| *at);
    let number = |(index, (at, wall, event)): (usize, (Span, i64, Event))| Envelope {
        seq: index as u64 + 1,
        stamp: Stamp::new(at, wall),
        event,
    };
    events.into_iter().enumerate().map(number).collect()
}

fn compared() -> IntegrityCheck {
    let tables = vec![table("orders", 1_304, 1, 2), table("users", 50, 0, 0)];
    IntegrityCheck { tables, acknowledged: 1_204, lost: 0 }
}

fn state(source: &str, events: &[Envelope]) -> State {
    let mut header = story::header();
    header.plan.objectives = vec![story::objective(source, parse(source).unwrap())];
    let unscored = |one: &&Envelope| !matches!(one.event, Event::ObjectiveScored { .. });
    folded(header, &events.iter().filter(unscored).cloned().collect::<Vec<_>>())
}

fn said(source: &str, events: &[Envelope]) -> String {
    let verdict = judge(&state(source, events), 0).unwrap();
    let word = match verdict.answer {
        Answer::Met => "met",
        Answer::NotMet => "not met",
        Answer::NoData => "no data",
        Answer::NotScored => "not scored",
    };
    format!("{word} | {}", verdict.evidence)
}

#[test]
fn measures_over_instruments_are_judged_by_hand_computed_figures() {
    let events = envelopes(Some(compared()));
    for (source, expected) in [
        (
            "degraded > 0",
            "met | degraded 16 over the whole exercise, 10s of it without data; wanted > 0",
        ),
        (
            "cache_hit_rate > 0.8",
            "met | cache_hit_rate 90% over the whole exercise, 10s of it without data (1,800 of 2,000); wanted > 80%",
        ),
        (
            "cache_hit_rate > 0.8 during pod-failure",
            "met | cache_hit_rate 90% during pod-failure (225 of 250); wanted > 80%",
        ),
        ("max(queue_depth) < 50 in peak", "not met | max(queue_depth) 50 in peak; wanted < 50"),
        ("forbidden > 0 during pod-failure", "met | forbidden 1 during pod-failure; wanted > 0"),
        (
            "forbidden == 0 during database-slowdown",
            "met | forbidden 0 during database-slowdown; wanted == 0",
        ),
        (
            "failures < 600 during pod-failure",
            "met | failures 500 during pod-failure (of 25,000 requests); wanted < 600",
        ),
        (
            "failover_time(pod-failure) < 10s",
            "met | a stand-in answered within 3s500ms after pod-failure; wanted < 10s",
        ),
        (
            "failover_time(database-slowdown) < 10s",
            "not met | nothing stood in after database-slowdown; wanted < 10s",
        ),
        (
            "rto(pod-failure) < 10s",
            "not met | longest interruption after pod-failure 10s; wanted < 10s",
        ),
        ("rto(network-chaos) < 1s", "met | no interruption after network-chaos; wanted < 1s"),
        (
            "rpo(pod-failure) < 60s",
            "met | commits of the last 120ms were lost to pod-failure; wanted < 1m",
        ),
        ("rpo(network-chaos) < 60s", "met | no commit was lost to network-chaos; wanted < 1m"),
        (
            "breaker_opened(api-gateway) > 0",
            "met | breakers of api-gateway opened once over the whole exercise; wanted > 0",
        ),
        (
            "breaker_opened(web-app) == 3",
            "met | breakers of web-app opened 3 times over the whole exercise; wanted == 3",
        ),
        (
            "breaker_open_time(web-app) < 2s",
            "met | breakers of web-app open for 1s600ms over the whole exercise; wanted < 2s",
        ),
        (
            "breaker_opened(backend-service) == 0 in normal",
            "met | breakers of backend-service opened 0 times in normal; wanted == 0",
        ),
        (
            "integrity.discrepancies == 0",
            "not met | rows missing, extra or changed: 3 (of 1,354 in 2 tables); wanted == 0",
        ),
        (
            "integrity.missing == 0 and lost_writes == 0",
            "met | rows missing: 0 (of 1,354 in 2 tables); wanted == 0; and lost writes 0 of 1,204 acknowledged; wanted == 0",
        ),
        (
            "actions >= 3 and fixes_deployed == 1",
            "met | actions of teams 3; wanted >= 3; and fixes deployed 1; wanted == 1",
        ),
    ] {
        assert_eq!(said(source, &events), expected, "{source}");
    }
}

#[test]
fn what_nobody_read_is_no_data_and_never_zero() {
    let events = envelopes(None);
    for (source, why) in [
        ("auth_failures < 10", "auth_failures was not measured over the whole exercise"),
        ("max(replica_lag) < 1s", "max(replica_lag) was not measured over the whole exercise"),
        ("breaker_opened(cache-service) == 0", "no circuit breaker of cache-service was read"),
        ("lost_writes == 0", "the data was not compared with a checkpoint"),
    ] {
        let said = said(source, &events);
        assert!(said.starts_with("no data | no data: ") && said.contains(why), "{said}");
    }
    // Without any instrument even a fault that lost nothing is not known to have lost nothing.
    let bare = story::envelopes();
    for source in [
        "rpo(pod-failure) < 60s",
        "failover_time(pod-failure) < 10s",
        "degraded == 0",
        "cache_hit_rate > 0.8",
    ] {
        assert!(said(source, &bare).starts_with("no data | "), "{source}");
    }
    // That nobody was promoted says nothing of what else may have stood in.
    let deaf = |mut events: Vec<Envelope>| {
        for one in &mut events {
            if let Event::Observed(reading) = &mut one.event {
                reading.values.remove(&Instrument::StandIns);
                reading.values.insert(Instrument::Failovers, 0.0);
            }
        }
        events.retain(|one| !matches!(one.event, Event::FailedOver(_)));
        events
    };
    let unheard = said("failover_time(pod-failure) < 10s", &deaf(envelopes(None)));
    assert!(unheard.starts_with("no data | "), "{unheard}");
    let failed = |mut events: Vec<Envelope>| {
        for one in &mut events {
            if matches!(one.event, Event::IntegrityChecked(_)) {
                one.event = Event::IntegrityFailed { error: "the replica did not answer".into() };
            }
        }
        events
    };
    let said = said("integrity.discrepancies == 0", &failed(envelopes(Some(compared()))));
    assert!(
        said.starts_with("no data | ") && said.contains("the replica did not answer"),
        "{said}"
    );
}

#[test]
fn the_report_has_a_section_for_everything_that_was_read() {
    let mut header = story::header();
    header.plan.defences = Defences::resilient();
    header.plan.defences.set(Defence::Failover, false);
    header.plan.rollback = Some("gameday recover".into());
    let state = folded(header, &envelopes(Some(compared())));
    let report = Report::from_state(&state);
    let page = render(&report, Format::Markdown);
    assert_eq!(page, render(&Report::from_state(&state), Format::Markdown));
    let from = page.find("## Stage impact").unwrap();
    let to = page.find("## SLOs").unwrap();
    let facts: Vec<&str> = page
        .lines()
        .filter(|line| line.starts_with("| Defences") || line.starts_with("| Rollback"))
        .collect();
    insta::assert_snapshot!(format!("{}\n\n{}", facts.join("\n"), &page[from..to]));
    let json: serde_json::Value = serde_json::from_str(&render(&report, Format::Json)).unwrap();
    assert_eq!(json["inside"]["integrity"]["tables"][0]["changed"], 2);
    assert_eq!(json["inside"]["breakers"][1]["open_ms"], 600);
    assert_eq!(json["inside"]["disasters"][0]["rto_ms"], 10_000);
    assert_eq!(json["actions"][2]["outcome"], "failed");
    let bare = Report::from_state(&folded(story::header(), &story::envelopes()));
    assert_eq!((bare.inside, bare.actions.len()), (None, 0), "nothing is made up");
}

#[test]
fn ways_back_and_who_let_the_replica_take_over_are_told_in_japanese() {
    let mut events = envelopes(None);
    for event in events.iter_mut().map(|one| &mut one.event) {
        match event {
            Event::FailedOver(failover) => {
                failover.by = Said::new("lab-a-team", "a team".to_owned(), Vec::new());
            }
            // The others are as recordings of earlier versions have them.
            Event::InjectionStarted { id, undo, .. } if id.0 == 0 => {
                let pods = vec![("pods".into(), Place::Text("web-app-2".to_owned()))];
                let english = "give the memory back on web-app-2".to_owned();
                undo.what = Said::new("way-memory", english, pods);
            }
            _ => {}
        }
    }
    let state = folded(story::header(), &events);
    let in_language = |language| Report::in_language(&state, &Lang::new(language));
    let (english, japanese) = (in_language(Language::English), in_language(Language::Japanese));
    assert_eq!(english.injections[0].undo, ["give the memory back on web-app-2"]);
    assert_eq!(japanese.injections[0].undo, ["web-app-2 のメモリを返す"]);
    assert_eq!(japanese.injections[1].undo, english.injections[1].undo);
    let by = |report: &Report| report.inside.as_ref().unwrap().failovers[0].by.clone();
    assert_eq!((by(&english), by(&japanese)), ("a team".to_owned(), "チーム".to_owned()));
}
