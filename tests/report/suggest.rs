//! Every rule that suggests something: with the evidence it needs, and just short of it.

use std::collections::BTreeMap;

use gameday::exercise::event::{Envelope, Event};
use gameday::exercise::header::Header;
use gameday::exercise::id::{IncidentId, InjectionId, LeverId};
use gameday::exercise::incident::{IncidentStatus, Severity};
use gameday::exercise::lever::Lever;
use gameday::exercise::reading::{BreakerReading, IntegrityCheck, Reading, TableComparison};
use gameday::exercise::stamp::Stamp;
use gameday::gameday::instrument::Instrument;
use gameday::gameday::people::Role;
use gameday::gameday::span::Span;
use gameday::report::model::{Report, Suggestion};

use super::folded;
use crate::recording::story;

/// Events of the story by their milliseconds.
type Events = Vec<(u64, Event)>;
/// A rule, its category, what fires it, what does not, and words of its value.
type Row<'a> = (&'a str, &'a str, Vec<Events>, Vec<Events>, &'a str);

/// The story, calm: nobody opens an incident, nothing is violated, nothing fails; the injections are taken out.
fn calm() -> Events {
    let events = story::envelopes().into_iter().filter(|one| {
        matches!(
            &one.event,
            Event::PreflightStarted
                | Event::TargetReady { .. }
                | Event::SteadyStateChecked { .. }
                | Event::PhaseStarted { .. }
                | Event::PhaseEnded { .. }
                | Event::ClosingStarted { .. }
                | Event::Ended { .. }
                | Event::Sampled(_)
        )
    });
    events
        .map(|one| {
            let mut event = one.event;
            if let Event::Sampled(sample) = &mut event {
                sample.ok += sample.errors.total();
                sample.errors = Default::default();
            }
            (one.stamp.elapsed.as_millis(), event)
        })
        .collect()
}

fn report(header: Header, mut events: Events) -> Report {
    events.sort_by_key(|(at, _)| *at);
    let number = |(index, (at, event)): (usize, (u64, Event))| Envelope {
        seq: index as u64 + 1,
        stamp: stamp(at),
        event,
    };
    let envelopes: Vec<Envelope> = events.into_iter().enumerate().map(number).collect();
    Report::from_state(&folded(header, &envelopes))
}

fn stamp(millis: u64) -> Stamp {
    Stamp::new(Span::from_millis(millis), story::BEGAN + i64::try_from(millis).unwrap())
}

/// An injection of the story, in effect from 90.5 s to 115 s.
fn fault() -> Events {
    let id = InjectionId(0);
    let ours = |event: &Event| match event {
        Event::InjectionArmed { id: one, .. }
        | Event::InjectionStarted { id: one, .. }
        | Event::InjectionActive { id: one, .. }
        | Event::RevertStarted { id: one, .. }
        | Event::Reverted { id: one, .. } => *one == id,
        _ => false,
    };
    let all = story::envelopes().into_iter().filter(|one| ours(&one.event));
    all.map(|one| (one.stamp.elapsed.as_millis(), one.event)).collect()
}

fn opened(at: u64, id: u32, team: &str) -> (u64, Event) {
    let event = Event::IncidentOpened {
        id: IncidentId(id),
        team: team.to_owned(),
        author: "Kim".to_owned(),
        title: "It is slow".to_owned(),
        severity: Severity::Sev2,
        happened: None,
        people: Vec::new(),
        tags: Vec::new(),
        signal: None,
    };
    (at, event)
}

fn moved(at: u64, id: u32, to: IncidentStatus) -> (u64, Event) {
    let (team, author) = ("sre".to_owned(), "Kim".to_owned());
    (at, Event::IncidentMoved { id: IncidentId(id), to, team, author, happened: None, of: None })
}

/// Noticed at once, taken at once, resolved.
fn handled() -> Events {
    vec![
        opened(91_000, 1, "sre"),
        moved(92_000, 1, IncidentStatus::Acknowledged),
        moved(120_000, 1, IncidentStatus::Resolved),
    ]
}

fn outside(from: u64, to: Option<u64>) -> Events {
    let mut all = vec![(from, Event::SloBreached { slo: 0, value: 0.9 })];
    all.extend(to.map(|to| (to, Event::SloRecovered { slo: 0, value: 1.0 })));
    all
}

fn pulled(at: u64, number: u32, lever: Lever, ok: bool) -> Events {
    let id = LeverId(number);
    let (team, author) = ("sre".to_owned(), "Kim".to_owned());
    vec![
        (at, Event::LeverPulled { id, lever, team, author }),
        (at + 500, Event::LeverDone { id, ok, said: "done".to_owned().into() }),
    ]
}

fn restart() -> Lever {
    Lever::Restart { pod: "web-app-1".to_owned() }
}

/// Readings from 60 s to 130 s; `then` says what differs from 91 s to 114 s.
fn readings(then: &[(Instrument, f64)], usual: &[(Instrument, f64)]) -> Events {
    (60..130)
        .map(|second| {
            let mut values: BTreeMap<Instrument, f64> = usual.iter().copied().collect();
            if (91..114).contains(&second) {
                values.extend(then.iter().copied());
            }
            let reading = Reading {
                start: Span::from_secs(second),
                length: Span::from_secs(1),
                values,
                ..Reading::default()
            };
            (second * 1_000 + 1_100, Event::Observed(reading))
        })
        .collect()
}

/// Readings with breakers in front of the web app, of which so many open.
fn breakers(opened: u32) -> Events {
    let mut all = readings(&[], &[]);
    for (_, event) in &mut all {
        let Event::Observed(reading) = event else { continue };
        reading.breakers = vec![BreakerReading {
            owner: "api-gateway".to_owned(),
            guards: "web-app browse".to_owned(),
            count: 1,
            open: 0,
            opened: if reading.start == Span::from_secs(95) { opened } else { 0 },
            open_for: Span::ZERO,
        }];
    }
    all
}

/// The calm story of which so many of a hundred requests fail from 91 s to 114 s.
fn failing(percent: u64) -> Events {
    let mut all = calm();
    for (_, event) in &mut all {
        let Event::Sampled(sample) = event else { continue };
        if (91..114).contains(&(sample.start.as_millis() / 1_000)) {
            sample.errors.server = sample.ok * percent / 100;
            sample.ok -= sample.errors.server;
        }
    }
    all
}

/// The calm story with one second, in `peak`, changed.
fn second(change: impl Fn(&mut gameday::exercise::sample::Sample)) -> Events {
    let mut all = calm();
    for (_, event) in &mut all {
        if let Event::Sampled(sample) = event
            && sample.start == Span::from_secs(100)
        {
            change(sample);
        }
    }
    all
}

fn compared(lost: u64, missing: u64) -> Events {
    let table =
        TableComparison { table: "orders".into(), rows: 100, missing, ..Default::default() };
    let check = IntegrityCheck { tables: vec![table], acknowledged: 1_204, lost };
    vec![(224_900, Event::IntegrityChecked(check))]
}

fn halt(reason: &str) -> Events {
    let (by, reason) = ("facilitator".to_owned(), reason.to_owned());
    let released = Event::Released { by: by.clone(), reason: "it is well".to_owned() };
    vec![(150_000, Event::Halted { by, reason: reason.into() }), (170_000, released)]
}

/// What a rule finds in the story with these events: everything of that rule.
fn found(rule: &str, parts: Vec<Events>) -> Vec<Suggestion> {
    let report = report(story::header(), parts.concat());
    report.suggestions.into_iter().filter(|one| one.rule == rule).collect()
}

#[test]
fn a_calm_exercise_suggests_nothing() {
    let report = report(story::header(), calm());
    assert_eq!(report.suggestions, []);
    // Also where a fault was noticed, taken care of, and hurt nobody.
    assert_eq!(
        self::report(story::header(), [calm(), fault(), handled()].concat()).suggestions,
        []
    );
}

#[test]
fn each_rule_has_evidence_and_is_silent_just_short_of_it() {
    let with = |parts: Vec<Events>| {
        let mut all = vec![calm(), fault()];
        all.extend(parts);
        all
    };
    let hit = |share: f64| {
        readings(
            &[(Instrument::CacheHits, share), (Instrument::CacheMisses, 100.0 - share)],
            &[(Instrument::CacheHits, 90.0), (Instrument::CacheMisses, 10.0)],
        )
    };
    let levers = |count: u32| -> Events {
        (1..=count)
            .flat_map(|it| pulled(100_000 + u64::from(it) * 1_000, it, restart(), true))
            .collect()
    };
    let retried =
        |count: f64| readings(&[(Instrument::Retries, count)], &[(Instrument::Retries, 0.0)]);
    let lag = |millis: f64| readings(&[(Instrument::ReplicaLag, millis)], &[]);
    let rows: Vec<Row> = vec![
        ("unnoticed", "detection", with(vec![]), with(vec![handled()]), "24.5s"),
        (
            "late-detection",
            "detection",
            with(vec![outside(92_000, Some(110_000)), vec![opened(152_000, 1, "sre")]]),
            with(vec![outside(92_000, Some(110_000)), vec![opened(151_000, 1, "sre")]]),
            "1m00s",
        ),
        (
            "only-undoing-helped",
            "resilience",
            with(vec![handled(), outside(92_000, Some(119_000))]),
            with(vec![handled(), outside(92_000, Some(114_000))]),
            "4.0s",
        ),
        (
            "never-back",
            "resilience",
            with(vec![handled(), outside(92_000, None)]),
            with(vec![handled(), outside(92_000, Some(114_000))]),
            "2m13s",
        ),
        (
            "breaker-closed",
            "resilience",
            vec![failing(30), fault(), handled(), breakers(0)],
            vec![failing(30), fault(), handled(), breakers(1)],
            "27.6%",
        ),
        (
            "retry-storm",
            "resilience",
            with(vec![handled(), retried(250.0)]),
            with(vec![handled(), retried(190.0)]),
            "25%",
        ),
        (
            "cache-misses",
            "resilience",
            with(vec![handled(), hit(10.0)]),
            with(vec![handled(), hit(80.0)]),
            "16.4%",
        ),
        (
            "replica-lag",
            "resilience",
            with(vec![handled(), lag(9_000.0)]),
            with(vec![handled(), lag(4_000.0)]),
            "9.0s",
        ),
        (
            "lost-writes",
            "resilience",
            vec![calm(), compared(2, 0)],
            vec![calm(), compared(0, 0)],
            "2",
        ),
        (
            "changed-data",
            "resilience",
            vec![calm(), compared(0, 3)],
            vec![calm(), compared(0, 0)],
            "3",
        ),
        (
            "dropped",
            "capacity",
            vec![second(|it| it.dropped = 40)],
            vec![second(|it| it.dropped = 0)],
            "40",
        ),
        (
            "generator-lag",
            "capacity",
            vec![second(|it| it.lag_p99_us = 150_000)],
            vec![second(|it| it.lag_p99_us = 99_000)],
            "150ms",
        ),
        ("lever-repeated", "automation", vec![calm(), levers(3)], vec![calm(), levers(2)], "3"),
        (
            "lever-repeated",
            "automation",
            vec![calm(), levers(3)],
            // What failed was no fix.
            vec![calm(), levers(2), pulled(110_000, 3, restart(), false)],
            "3",
        ),
        (
            "unacknowledged",
            "process",
            vec![
                calm(),
                vec![opened(91_000, 1, "sre"), moved(212_000, 1, IncidentStatus::Resolved)],
            ],
            vec![
                calm(),
                vec![opened(91_000, 1, "sre"), moved(200_000, 1, IncidentStatus::Resolved)],
            ],
            "2m01s",
        ),
        (
            "unresolved",
            "process",
            vec![calm(), vec![opened(200_000, 1, "sre")]],
            vec![
                calm(),
                vec![opened(200_000, 1, "sre"), moved(201_000, 1, IncidentStatus::FalseAlarm)],
            ],
            "25.0s",
        ),
        (
            "many-incidents",
            "process",
            with(vec![handled(), vec![opened(95_000, 2, "dev")]]),
            with(vec![handled(), vec![opened(95_000, 2, "sre")]]),
            "2",
        ),
        (
            "undone-by-hand",
            "runbook",
            vec![calm(), pulled(100_000, 1, Lever::Promote, true)],
            vec![calm(), pulled(100_000, 1, restart(), true)],
            "500ms",
        ),
        ("halted", "runbook", vec![calm(), halt("too much")], vec![calm()], "20.0s"),
    ];
    for (rule, category, with, without, value) in rows {
        let found_with = found(rule, with);
        let [one] = &found_with[..] else { panic!("{rule}: {found_with:#?}") };
        assert_eq!(one.category, category, "{rule}");
        assert_eq!(one.value_words, value, "{rule}: {}", one.sentence);
        assert!(one.sentence.contains(value), "{rule}: {}", one.sentence);
        assert!(!one.sentence.contains(['{', '}']), "{rule}: {}", one.sentence);
        assert!(one.value.is_some() && !one.metric.is_empty(), "{rule}");
        assert!(one.to.is_none_or(|to| to.elapsed_ms >= one.from.elapsed_ms), "{rule}");
        assert_eq!(found(rule, without), [], "{rule}");
    }
}

#[test]
fn a_late_fix_and_a_hard_way_back_are_found() {
    // The fault lasts until 215 s: it was noticed at 91, and the first fix came at 215 - 1.
    let mut late = fault();
    for (at, event) in &mut late {
        if matches!(event, Event::RevertStarted { .. } | Event::Reverted { .. }) {
            *at += 100_000;
        }
    }
    let fixed = |at: u64| {
        found("slow-fix", vec![calm(), late.clone(), handled(), pulled(at, 1, restart(), true)])
    };
    let [one] = &fixed(213_000)[..] else { panic!("one") };
    assert_eq!((one.category, &*one.value_words), ("automation", "2m02s"));
    assert_eq!(one.places.name.as_deref(), Some("restart web-app-1"));
    assert_eq!(fixed(200_000), []);

    let again = |attempt| Event::RevertStarted {
        id: InjectionId(0),
        attempt,
        why: "again".to_owned().into(),
    };
    let failed =
        Event::RevertFailed { id: InjectionId(0), attempt: 1, error: "no".to_owned().into() };
    let hard = vec![(114_700, failed), (114_800, again(2))];
    let hard = found("hard-way-back", vec![calm(), fault(), handled(), hard]);
    let [one] = &hard[..] else { panic!("{hard:?}") };
    assert_eq!((one.category, one.value), ("runbook", Some(2.0)));
}

/// Somebody takes a role, at the word of the facilitator.
fn takes(at: u64, role: Role, person: &str) -> Events {
    let (person, by) = (person.to_owned(), "facilitator".to_owned());
    vec![(at, Event::RoleTaken { role, person, by })]
}

#[test]
fn a_commander_is_asked_for_only_where_nobody_led_several_open_incidents() {
    let two = |parts: Vec<Events>| {
        let both = [calm(), fault(), handled(), vec![opened(95_000, 2, "dev")]];
        found("many-incidents", [both.to_vec(), parts].concat())
    };
    let commander = Role::IncidentCommander;
    let [one] = &two(vec![takes(91_000, Role::Scribe, "Kim")])[..] else { panic!() };
    assert!(one.sentence.ends_with("and nobody had that role while several were open."), "{one:?}");
    assert_eq!(one.from.elapsed_ms, 95_000, "the second was opened");
    // Somebody led them, if only for a while.
    assert_eq!(two(vec![takes(80_000, commander, "Kim")]), []);
    assert_eq!(two(vec![takes(96_000, commander, "Kim")]), []);
    // Who takes the role when all but one are closed leads nothing.
    let closed = one.to.unwrap().elapsed_ms;
    let close = || vec![moved(98_000, 2, IncidentStatus::Resolved)];
    assert_eq!(two(vec![close()])[0].to.unwrap().elapsed_ms, 98_000);
    assert_eq!(two(vec![close(), takes(99_000, commander, "Kim")]).len(), 1);
    assert!(closed > 98_000);
    // They were never open at once: there was nothing to lead.
    let first_over = vec![moved(94_000, 1, IncidentStatus::Resolved)];
    let apart = [calm(), fault(), vec![opened(92_000, 1, "sre")], first_over];
    let apart = [apart.to_vec(), vec![vec![opened(95_000, 2, "dev")]]].concat();
    assert_eq!(found("many-incidents", apart), []);
}

#[test]
fn defences_that_were_off_are_named() {
    let mut header = story::header();
    header.plan.defences = gameday::gameday::defence::Defences::fragile();
    let events = [calm(), fault(), handled(), outside(92_000, Some(110_000))].concat();
    let found = report(header, events.clone()).suggestions;
    let one = found.iter().find(|one| one.rule == "defences-off").unwrap();
    assert_eq!((one.category, &*one.value_words), ("resilience", "18.0s"));
    assert!(one.places.name.as_ref().unwrap().contains("circuit"), "{one:?}");
    let on = report(story::header(), events).suggestions;
    assert!(on.iter().all(|one| one.rule != "defences-off"));
}

#[test]
fn the_lines_of_the_log_are_there_and_say_so() {
    let report =
        report(story::header(), [calm(), fault(), outside(92_000, Some(119_000))].concat());
    let rules: Vec<&str> = report.suggestions.iter().map(|one| one.rule).collect();
    assert_eq!(rules, ["unnoticed", "only-undoing-helped"]);
    let text = |seq: &u64| {
        let line = report.log.iter().find(|line| line.seq == *seq);
        line.unwrap_or_else(|| panic!("no line {seq}")).text.as_str()
    };
    let said: Vec<Vec<&str>> =
        report.suggestions.iter().map(|one| one.lines.iter().map(text).collect()).collect();
    let (took, undone) = (
        "pod-failure took effect: web-app-1 felt it",
        "pod-failure is undone: web-app-1 is as before",
    );
    assert_eq!(said[0], [took, undone]);
    assert_eq!(said[1], [took, "SLO availability outside >= 99.9%: 90%", undone]);
    assert_eq!(
        report.suggestions[0].sentence,
        "Alert on what pod-failure does to web-app-1: it was in effect for 24.5s, and no team noticed it."
    );
}
