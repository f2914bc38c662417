//! Six injections, three teams, every figure worked out by hand.

use std::sync::Arc;

use gameday::exercise::board::{Board, Cell, KINDS, Line, board, keeps};
use gameday::exercise::command::Command;
use gameday::exercise::event::{Envelope, Event};
use gameday::exercise::fold::apply;
use gameday::exercise::id::{IncidentId, InjectionId};
use gameday::exercise::incident::{Cause, IncidentStatus, Severity};
use gameday::exercise::stamp::Stamp;
use gameday::exercise::state::State;
use gameday::exercise::times::Taken;
use gameday::gameday::fault::{Experiment, Fault, Mode};
use gameday::gameday::measure::TimeTo;
use gameday::gameday::people::{DeckCard, ResponseTargets};
use gameday::gameday::plan::GameDay;
use gameday::gameday::span::Span;

use super::stage::{Play, header, injection, open, plan, secs};

/// The app that each injection hits, its T0 and when it was undone, in seconds.
const INJECTIONS: [(&str, u64, u64); 6] = [
    ("web-app", 100, 200),
    ("database", 400, 500),
    ("cache", 700, 800),
    ("queue", 1_000, 1_100),
    ("backend", 1_040, 1_140),
    ("identity", 1_400, 1_500),
];
const TEAMS: [&str; 3] = ["sre", "development", "support"];

fn day() -> GameDay {
    let mut day = plan();
    day.teams = TEAMS.map(Into::into).to_vec();
    let injections = INJECTIONS.map(|(app, t0, _)| {
        let selector = [("app".to_owned(), app.to_owned())].into();
        let fault = Fault::PodFailure;
        let (destination, mode, duration, interval) = (None, Mode::All, None, None);
        let experiment = Experiment { fault, selector, destination, mode, duration, interval };
        injection(app, secs(t0), experiment)
    });
    day.phases.truncate(1);
    day.phases[0].duration = secs(1_800);
    day.phases[0].injections = injections.to_vec();
    day
}

struct Teller {
    state: State,
    events: Vec<(u64, Event)>,
}

impl Teller {
    fn at(&mut self, secs: u64, event: Event) {
        self.events.push((secs, event));
    }

    fn opens(&mut self, secs: u64, team: &str, title: &str, tags: &[&str], happened: Option<u64>) {
        let id = 1 + self
            .events
            .iter()
            .filter(|(_, event)| matches!(event, Event::IncidentOpened { .. }))
            .count();
        self.at(
            secs,
            Event::IncidentOpened {
                id: IncidentId(u32::try_from(id).unwrap()),
                team: team.into(),
                author: String::new(),
                title: title.into(),
                severity: Severity::Sev2,
                happened: happened.map(stamp),
                people: Vec::new(),
                tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
                signal: None,
            },
        );
    }

    fn moves(&mut self, id: u32, team: &str, steps: &[(u64, IncidentStatus)]) {
        for (secs, to) in steps {
            self.at(
                *secs,
                Event::IncidentMoved {
                    id: IncidentId(id),
                    to: *to,
                    team: team.into(),
                    author: String::new(),
                    happened: None,
                    of: None,
                },
            );
        }
    }

    fn told(mut self) -> State {
        self.events.sort_by_key(|(secs, _)| *secs);
        for (seq, (secs, event)) in self.events.into_iter().enumerate() {
            apply(&mut self.state, &Envelope { seq: seq as u64 + 1, stamp: stamp(secs), event });
        }
        self.state
    }
}

fn stamp(at: u64) -> Stamp {
    Stamp::new(secs(at), 1_700_000_000_000 + i64::try_from(at * 1_000).unwrap())
}

fn story() -> State {
    use IncidentStatus::{Acknowledged, Duplicate, FalseAlarm, Resolved};
    let state = State::new(Arc::new(header(day())));
    let mut told = Teller { state, events: Vec::new() };
    told.at(0, Event::PhaseStarted { phase: 0 });
    for (place, (_, t0, reverted)) in INJECTIONS.into_iter().enumerate() {
        let id = InjectionId(place);
        told.at(t0, Event::InjectionActive { id, round: 0, t0: stamp(t0), evidence: "e".into() });
        told.at(reverted, Event::Reverted { id, evidence: "e".into() });
    }
    // The exercise stood still for half a minute while the cache was gone.
    told.at(720, Event::Held { by: "facilitator".into(), reason: "talk".into() });
    told.at(750, Event::Resumed { by: "facilitator".into() });
    for (from, to) in [(105, Some(145)), (410, Some(600)), (1_045, Some(1_090)), (1_420, None)] {
        told.at(from, Event::SloBreached { slo: 0, value: 0.9 });
        if let Some(to) = to {
            told.at(to, Event::SloRecovered { slo: 0, value: 1.0 });
        }
    }
    told.opens(110, "sre", "web-app is slow", &[], None);
    told.moves(1, "sre", &[(115, Acknowledged), (190, Resolved)]);
    told.opens(130, "support", "customers complain", &[], None);
    told.moves(2, "support", &[(165, Duplicate)]);
    told.opens(140, "development", "errors in web-app", &[], None);
    told.moves(3, "development", &[(150, Acknowledged), (195, Resolved)]);
    told.opens(430, "development", "slow queries", &[], None);
    told.moves(4, "development", &[(450, Acknowledged), (520, Resolved)]);
    // Written down twenty seconds late, and so the first of this injection.
    told.opens(440, "support", "checkout hangs", &[], Some(420));
    told.moves(5, "support", &[(470, Acknowledged), (560, Resolved)]);
    told.opens(760, "sre", "cache is empty", &[], None);
    told.moves(6, "sre", &[(770, Acknowledged), (900, Resolved)]);
    // Two faults at a time: the tag says which one is meant; without it the later one would be.
    told.opens(1_050, "sre", "orders pile up", &["queue"], None);
    told.opens(1_060, "development", "something is odd", &[], None);
    told.moves(8, "development", &[(1_065, Acknowledged), (1_200, Resolved)]);
    let by = || "facilitator".to_owned();
    let cause = Cause::Injection(InjectionId(3));
    told.at(1_250, Event::IncidentLinked { id: IncidentId(8), cause, by: by() });
    told.opens(1_300, "support", "the printer is on fire", &[], None);
    told.moves(9, "support", &[(1_310, Acknowledged), (1_330, Resolved)]);
    told.at(1_340, Event::IncidentLinked { id: IncidentId(9), cause: Cause::Discovery, by: by() });
    told.opens(1_600, "sre", "is it down?", &[], None);
    told.moves(10, "sre", &[(1_610, FalseAlarm)]);

    let hint = |to: Option<&str>, cost| Event::HintGiven {
        injection: Some(InjectionId(1)),
        hint: 0,
        text: "look at the database".into(),
        cost,
        to: to.map(Into::into),
        by: by(),
    };
    told.at(460, hint(Some("sre"), 10));
    told.at(465, hint(None, 5));
    let card = |name: &str, to: Option<&str>| Event::CardDrawn {
        card: DeckCard {
            name: name.into(),
            to: to.map(Into::into),
            text: "A newspaper asks.".into(),
            away: None,
        },
        by: by(),
    };
    told.at(470, card("press", Some("support")));
    told.at(471, card("all-hands", None));
    let (team, author) = ("sre".to_owned(), String::new());
    told.at(480, Event::CardAcknowledged { card: 1, team, author });
    told.told()
}

fn running(taken: Option<Taken>) -> Option<u64> {
    taken.map(|taken| taken.running.as_millis() / 1_000)
}

/// Incident, TTD, TTA, TTM, TTR in seconds.
type Row = (Option<u32>, [Option<u64>; 4]);

fn row(cell: &Cell) -> Row {
    (cell.incident.map(|id| id.0), KINDS.map(|kind| running(cell.time(kind))))
}

const NONE: Row = (None, [None; 4]);

#[test]
fn every_team_is_measured_on_every_injection() {
    let state = story();
    let Board { rows, undetected, .. } = board(&state);
    let want: [(Option<&str>, Row, [Row; 3]); 6] = {
        let web_sre = (Some(1), [Some(10), Some(5), Some(45), Some(90)]);
        let web_dev = (Some(3), [Some(40), Some(10), Some(45), Some(95)]);
        let data_dev = (Some(4), [Some(30), Some(20), Some(200), Some(120)]);
        let data_sup = (Some(5), [Some(20), Some(50), Some(200), Some(160)]);
        let cache_sre = (Some(6), [Some(30), Some(10), None, Some(170)]);
        let queue_sre = (Some(7), [Some(50), None, None, None]);
        let queue_dev = (Some(8), [Some(60), Some(5), None, Some(200)]);
        [
            (Some("sre"), web_sre, [web_sre, web_dev, NONE]),
            (Some("support"), data_sup, [NONE, data_dev, data_sup]),
            (Some("sre"), cache_sre, [cache_sre, NONE, NONE]),
            (Some("sre"), queue_sre, [queue_sre, queue_dev, NONE]),
            (None, NONE, [NONE; 3]),
            (None, NONE, [NONE; 3]),
        ]
    };
    assert_eq!((rows.len(), undetected), (6, 2));
    for (place, (row_found, (first, all, cells))) in rows.iter().zip(want).enumerate() {
        assert_eq!(row_found.injection, InjectionId(place));
        assert_eq!(row_found.first.as_deref(), first, "injection {place}");
        assert_eq!(row(&row_found.all), all, "injection {place}");
        let found: Vec<Row> = row_found.cells.iter().map(row).collect();
        assert_eq!(found, cells, "injection {place}");
    }
    // Both clocks: the hold of half a minute is no time of the team's.
    let held = rows[2].all;
    assert_eq!(held.detect.unwrap(), Taken { running: secs(30), total: secs(60) });
    assert_eq!(held.resolve.unwrap(), Taken { running: secs(170), total: secs(200) });
}

/// Values, missing, mean and median in milliseconds, without holds.
fn kind(line: &Line, kind: TimeTo) -> (Vec<u64>, usize, Option<u64>, Option<u64>) {
    let times = &line.times[KINDS.iter().position(|one| *one == kind).unwrap()];
    let values = times.values.iter().map(|one| one.running.as_millis() / 1_000).collect();
    let millis = |taken: Option<Taken>| taken.map(|taken| taken.running.as_millis());
    (values, times.missing, millis(times.mean()), millis(times.median()))
}

#[test]
fn means_medians_and_what_is_missing() {
    let board = board(&story());
    let [sre, development, support] = board.teams.as_slice() else { panic!("three teams") };
    use TimeTo::{Acknowledge, Detect, Mitigate, Resolve};
    for (line, which, values, missing, mean, median) in [
        (sre, Detect, &[10, 30, 50][..], 0, 30_000, 30_000),
        (sre, Acknowledge, &[5, 10], 1, 7_500, 7_500),
        (sre, Mitigate, &[45], 0, 45_000, 45_000),
        (sre, Resolve, &[90, 170], 1, 130_000, 130_000),
        (development, Detect, &[40, 30, 60], 0, 43_333, 40_000),
        (development, Acknowledge, &[10, 20, 5], 0, 11_667, 10_000),
        (development, Mitigate, &[45, 200], 0, 122_500, 122_500),
        (development, Resolve, &[95, 120, 200], 0, 138_333, 120_000),
        (support, Detect, &[20], 0, 20_000, 20_000),
        (support, Acknowledge, &[50, 10], 0, 30_000, 30_000),
        (support, Mitigate, &[200], 0, 200_000, 200_000),
        (support, Resolve, &[160, 30], 0, 95_000, 95_000),
        (&board.all, Detect, &[10, 20, 30, 50], 2, 27_500, 25_000),
        (&board.all, Acknowledge, &[5, 10, 20, 50, 10, 5, 10], 1, 15_714, 10_000),
        (&board.all, Mitigate, &[45, 200, 50], 1, 98_333, 50_000),
        (&board.all, Resolve, &[90, 95, 120, 160, 170, 200, 30], 1, 123_571, 120_000),
    ] {
        let want = (values.to_vec(), missing, Some(mean), Some(median));
        assert_eq!(kind(line, which), want, "{which:?} of {:?}", line.team);
    }
}

#[test]
fn what_is_no_time_is_counted_apart() {
    let board = board(&story());
    let counts = |line: &Line| {
        [
            line.undetected,
            line.first,
            line.false_alarms,
            line.discoveries,
            line.unexplained,
            line.duplicates,
            line.hints,
            line.cost as usize,
            line.cards_waiting,
        ]
    };
    let [sre, development, support] = board.teams.as_slice() else { panic!("three teams") };
    assert_eq!(counts(sre), [3, 3, 1, 0, 0, 0, 2, 15, 0]);
    assert_eq!(counts(development), [3, 0, 0, 0, 0, 0, 1, 5, 1]);
    assert_eq!(counts(support), [5, 1, 0, 1, 0, 1, 1, 5, 2]);
    assert_eq!(counts(&board.all), [2, 4, 1, 1, 0, 1, 2, 15, 1]);
}

#[test]
fn targets_are_kept_to_the_second() {
    let targets = ResponseTargets { detect: Some(secs(30)), ..ResponseTargets::default() };
    let taken = |running, total| Taken { running: Span::from_millis(running), total: secs(total) };
    assert_eq!(keeps(&targets, TimeTo::Detect, taken(30_000, 90)), Some(true), "holds count not");
    assert_eq!(keeps(&targets, TimeTo::Detect, taken(30_001, 31)), Some(false));
    assert_eq!(keeps(&targets, TimeTo::Resolve, taken(1, 1)), None);
}

#[test]
fn a_discovery_becomes_unexplained_when_nobody_says_so() {
    let mut state = story();
    state.incidents[8].cause = None;
    let board = board(&state);
    assert_eq!((board.all.discoveries, board.all.unexplained), (0, 1));
    state.incidents[8].cause = Some(Cause::Unknown);
    assert_eq!(gameday::exercise::board::board(&state).all.unexplained, 1);
}

/// What teams are shown follows what is over, says nothing of the rest, and is told of in the log once.
#[test]
fn teams_are_shown_how_they_stand_on_what_is_over() {
    let mut play = Play::begun();
    let by = || "facilitator".to_owned();
    let show = |show| Command::ShowBoard { show, by: by() };
    assert!(play.ask(show(false)).is_err());
    play.until(|state| state.injections[0].t0.is_some());
    play.pass(secs(20));
    play.tell(open("sre", "slow", Span::ZERO, None));
    play.tell(show(true));
    assert!(play.ask(show(true)).is_err());
    let shown = |play: &Play| {
        let shown = play.state.people.standings.as_ref().unwrap();
        assert!(!shown.changed);
        shown.teams.iter().map(|one| (one.detected, one.means[0])).collect::<Vec<_>>()
    };
    assert_eq!(shown(&play), [(0, None), (0, None)], "it is still in effect");
    play.until(|state| state.injections[0].reverted.is_some());
    let took = Some(secs(20));
    assert_eq!(shown(&play), [(1, took), (0, None)]);
    let (id, of) = (IncidentId(1), None);
    let (team, author) = ("sre".to_owned(), "aiko".to_owned());
    let to = IncidentStatus::FalseAlarm;
    play.tell(Command::MoveIncident { id, to, team, author, ago: Span::ZERO, of });
    assert_eq!(shown(&play), [(0, None), (0, None)]);
    assert_eq!(play.state.people.standings.as_ref().unwrap().teams[0].false_alarms, 1);
    play.tell(show(false));
    assert_eq!(play.state.people.standings, None);
    let told = play.state.log.iter().filter(|entry| entry.text.english().contains("stand"));
    assert_eq!(told.count(), 2, "shown, and no more");
}
