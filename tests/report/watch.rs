//! The report of a watch that is played in virtual time, against figures worked out by hand, and as a whole.
//!
//! Seconds since the recording began; somebody watches from 600 to 1000, and from 1100 to the end:
//!
//! ```text
//!  120  availability 95% until 180: before somebody watched   760  alert SlowAnswers, to the end
//!  600  the watch begins                                      790  alert HighErrorRate is over
//!  700  availability 98% until 760, 90% at 730                800  no data of the latency until 830
//!  690  alert HighErrorRate, seen at 720                      860  latency 100 ms
//!  725  incident 1 for it, ack 740, resolved 870              900  the budget burns no more at 14.4×
//!  730  the budget burns at 14.4×                            1000  nobody watches until 1100
//!  740  latency 500 ms                                       1200  end
//! ```

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use gameday::cli::export::{Asked, Format as Exported};
use gameday::cli::report::Format;
use gameday::cli::{export, from_recording, history};
use gameday::exercise::alert::{Alert, AlertState, Alerts};
use gameday::exercise::command::Command;
use gameday::exercise::decide::advance;
use gameday::exercise::event::Envelope;
use gameday::exercise::found::Labels;
use gameday::exercise::header::Header;
use gameday::exercise::id::IncidentId;
use gameday::exercise::incident::{IncidentStatus, Severity};
use gameday::exercise::log::EntryKind;
use gameday::exercise::panel::{Panel, Worse};
use gameday::exercise::reading::Reading;
use gameday::exercise::service::Over;
use gameday::exercise::signal::Signal;
use gameday::exercise::stamp::Stamp;
use gameday::exercise::state::State;
use gameday::exercise::watch::{Asking, Watch, Watched};
use gameday::gameday::metric::{Metric, Unit};
use gameday::gameday::plan::{Limit, Slo, Target};
use gameday::gameday::query::Query;
use gameday::gameday::service::{Service, Share};
use gameday::gameday::span::Span;
use gameday::lang::{LANGUAGES, Lang, Language};
use gameday::report::compare::model::Align;
use gameday::report::compare::side::Side;
use gameday::report::compare::{self, compare};
use gameday::report::model::{Moment, Report};
use gameday::report::{html, junit, markdown};

use super::{english, folded};
use crate::exercise::stage::{header, plan};
use crate::recording::story::BEGAN;
use crate::recording::written;

const NAMES: [(&str, Unit, Option<Worse>); 3] = [
    ("availability", Unit::Share, Some(Worse::Lower)),
    ("latency-p99", Unit::Millis, Some(Worse::Higher)),
    ("requests", Unit::PerSecond, None),
];

fn query(nth: usize) -> Query {
    Query::new(NAMES[nth].0, NAMES[nth].1).unwrap()
}

fn watched() -> Header {
    let panels = NAMES.iter().enumerate().map(|(nth, (name, unit, worse))| Watched {
        panel: Panel {
            name: (*name).into(),
            group: "shop".into(),
            title: format!("The shop's {name}").as_str().into(),
            query: format!("max(shop_{name}{{path=`/`}}) | 1"),
            unit: *unit,
            worse: *worse,
            metric: None,
        },
        query: query(nth),
    });
    let service = Service {
        name: "checkout".into(),
        title: "Checkout".into(),
        objective: 0.999,
        period: Span::from_secs(30 * 86_400),
        share: Share::Ratio("bad[{window}]".into()),
    };
    let slo = |nth: usize, min, max| Slo {
        name: NAMES[nth].0.into(),
        limit: Limit { metric: Metric::Asked(query(nth)), min, max },
    };
    let mut plan = plan();
    plan.name = "watch".into();
    plan.title = "Checkout is down".into();
    plan.teams = vec!["on-call".into()];
    plan.target = Target::Url { url: "http://me:secret@prom.example:9090".into() };
    plan.objectives.clear();
    plan.steady_state.clear();
    plan.guardrails.clear();
    plan.phases.clear();
    plan.slos = vec![slo(0, Some(0.999), None), slo(1, None, Some(300.0)), slo(2, None, None)];
    Header {
        exercise: "20261122T161500Z-watch-1a2b".into(),
        began: BEGAN,
        drill: false,
        watch: Some(Watch {
            source: "http://prom.example:9090".into(),
            alerts: Some("http://alerts.example:9093".into()),
            panels: panels.collect(),
            services: vec![service],
            short: Vec::new(),
        }),
        ..header(plan)
    }
}

/// What was answered in a second; `None`: nothing.
fn answers(second: u64) -> [Option<f64>; 3] {
    let availability = match second {
        120..180 => 0.95,
        730 => 0.9,
        700..760 => 0.98,
        _ => 1.0,
    };
    let latency = match second {
        800..830 => None,
        740..860 => Some(500.0),
        _ => Some(100.0),
    };
    [Some(availability), latency, Some(50.0)]
}

fn reading(start: u64, length: u64) -> Reading {
    let asked = answers(start).into_iter().enumerate();
    let asked: BTreeMap<Query, f64> =
        asked.filter_map(|(nth, value)| Some((query(nth), value?))).collect();
    let (start, length) = (Span::from_secs(start), Span::from_secs(length));
    Reading { start, length, asked, ..Reading::default() }
}

fn alert(name: &str, severity: &str, since: Option<u64>) -> Alert {
    Alert {
        id: name.to_lowercase(),
        name: name.into(),
        state: AlertState::Firing,
        since: since.map(|secs| BEGAN + i64::try_from(secs * 1_000).unwrap()),
        labels: Labels::new([("severity", severity), ("app", "shop")]),
        summary: since.map(|_| "Too many | errors".into()),
        description: None,
        link: None,
    }
}

/// What happens at a second, before what was answered in it.
fn happens(second: u64) -> Vec<Command> {
    let share = |over, share| Command::ShareIs { service: 0, over, share: Some(share) };
    let last = |secs| Over::Last(Span::from_secs(secs));
    let (team, author) = (|| "on-call".to_owned(), || "aiko".to_owned());
    let moves = |to| Command::MoveIncident {
        id: IncidentId(1),
        to,
        team: team(),
        author: author(),
        ago: Span::ZERO,
        of: None,
    };
    let silent = |silent, why: Option<&str>| Command::AskingStands {
        query: 1,
        asking: Asking { silent, came: true, why: why.map(Into::into), ..Asking::default() },
    };
    let high = || alert("HighErrorRate", "page", Some(690));
    let slow = || alert("SlowAnswers", "ticket", None);
    let alerts = |all| Command::AlertsAre(Alerts::of(all, 100));
    match second {
        600 => vec![
            alerts(Vec::new()),
            Command::ThenIsKnown((0..40).map(|nth| reading(nth * 15, 15)).collect()),
            share(last(30 * 86_400), 0.000_4),
        ],
        720 => vec![alerts(vec![high()])],
        725 => vec![Command::OpenIncident {
            team: team(),
            author: author(),
            title: "Nobody can pay".into(),
            severity: Severity::Sev1,
            ago: Span::ZERO,
            people: Vec::new(),
            tags: Vec::new(),
            signal: Some(Signal::Alert { nth: 0 }),
        }],
        730 => vec![share(last(300), 0.014_4), share(last(3_600), 0.014_4)],
        740 => vec![moves(IncidentStatus::Acknowledged)],
        750 => vec![Command::Log {
            team: team(),
            author: author(),
            text: "Restart *before* you ask".into(),
            kind: EntryKind::Lesson,
            incident: None,
            ago: Span::ZERO,
            evidence: Vec::new(),
        }],
        760 => vec![alerts(vec![high(), slow()])],
        790 => vec![alerts(vec![slow()])],
        800 => vec![silent(Some(BEGAN + 800_000), Some("no answer within 5s"))],
        830 => vec![silent(None, None)],
        870 => vec![moves(IncidentStatus::Resolved)],
        900 => vec![share(last(300), 0.002)],
        1_100 => vec![Command::WatchIsTakenUp],
        1_200 => vec![
            share(Over::Session, 0.003_6),
            Command::End { by: "aiko".into(), reason: "it is over".into() },
        ],
        _ => Vec::new(),
    }
}

/// The whole watch.
fn played(header: Header) -> Vec<Envelope> {
    let mut state = State::new(Arc::new(header));
    let mut all = Vec::new();
    for second in 600..=1_200_u64 {
        let wall = BEGAN + i64::try_from(second * 1_000).unwrap();
        let now = Stamp::new(Span::from_secs(second), wall);
        let mut commands = happens(second);
        match second {
            600 => commands.insert(0, Command::Tick),
            601..=1_000 | 1_101..=1_199 => {
                commands.push(Command::ReadingTaken(reading(second - 1, 1)));
            }
            _ => {}
        }
        for command in commands {
            all.extend(advance(&mut state, command, now).unwrap());
        }
    }
    all
}

pub(super) fn state() -> State {
    folded(watched(), &played(watched()))
}

pub(super) fn report(lang: &Lang) -> Report {
    Report::in_language(&state(), lang)
}

fn at(moment: Moment) -> u64 {
    assert_eq!(moment.wall_ms - BEGAN, i64::try_from(moment.elapsed_ms).unwrap());
    assert_eq!(moment.elapsed_ms % 1_000, 0);
    moment.elapsed_ms / 1_000
}

#[test]
fn who_was_asked_from_when_to_when() {
    let report = report(&english());
    let watch = report.watch.unwrap();
    assert_eq!((report.drill, watch.source.as_str()), (false, "http://prom.example:9090"));
    assert_eq!(watch.alert_source.as_deref(), Some("http://alerts.example:9093"));
    assert_eq!(watch.since.map(at), Some(600));
    assert_eq!((watch.before_ms, watch.watched_ms), (Some(600_000), 500_000));
    let away: Vec<_> = watch.away.iter().map(|one| (at(one.from), at(one.to))).collect();
    assert_eq!(
        away,
        [(1_000, 1_100)],
        "600 s are between beginning and end, 100 of them unwatched"
    );
    assert_eq!((report.ran.running_ms, report.ran.total_ms), (500_000, 1_200_000));
}

#[test]
fn every_slo_says_how_long_it_was_outside_as_far_as_anybody_knows() {
    let report = report(&english());
    let [availability, latency, requests] = &report.slos[..] else { panic!("three") };
    let times = |slo: &gameday::report::model::Slo| {
        let each = slo.violations.iter().map(|one| (at(one.from), one.to.map(at), one.worst));
        each.collect::<Vec<_>>()
    };
    assert_eq!(times(availability), [(120, Some(180), 0.95), (700, Some(760), 0.9)]);
    let kept = availability.watched.as_ref().unwrap();
    assert_eq!((kept.outside_ms, kept.worst, kept.last), (Some(120_000), Some(0.9), Some(1.0)));
    // 600 s before, 400 s and 99 s of the watch.
    assert_eq!(kept.measured_ms, 1_099_000);
    assert_eq!(times(latency), [(740, Some(860), 500.0)], "a time without answers does not end it");
    let kept = latency.watched.as_ref().unwrap();
    assert_eq!((kept.outside_ms, kept.measured_ms), (Some(90_000), 1_069_000));
    let kept = requests.watched.as_ref().unwrap();
    assert_eq!((kept.outside_ms, kept.worst, kept.last), (None, None, Some(50.0)), "no limit");
    assert!(requests.violations.is_empty() && requests.limit.is_empty());
    // 120–180, 700–800 and 830–860.
    assert_eq!(report.outside_ms, Some(190_000));
    assert_eq!(report.totals.violations, 3);
}

#[test]
fn alerts_budgets_and_incidents_have_their_times() {
    let report = report(&english());
    let watch = report.watch.as_ref().unwrap();
    let alerts: Vec<_> = watch.alerts.iter().collect();
    let [high, slow] = &alerts[..] else { panic!("two") };
    assert_eq!((at(high.from), high.to.map(at), high.lasted_ms), (690, Some(790), 100_000));
    assert_eq!((high.severity.as_deref(), &high.incidents[..]), (Some("page"), &[1][..]));
    assert_eq!((at(slow.from), slow.to.map(at), slow.lasted_ms), (760, None, 440_000));
    assert!(slow.incidents.is_empty());

    let [budget] = &watch.budgets[..] else { panic!("one") };
    let near = |value: Option<f64>, wanted: f64| {
        assert!((value.unwrap() - wanted).abs() < 1e-9, "{value:?} against {wanted}");
    };
    // 0.04 % of what 0.1 % may be; 3.6× for 600 s of 30 days.
    near(budget.spent, 0.4);
    near(budget.left, 0.6);
    near(budget.spent_here, 3.6 * 600.0 / 2_592_000.0);
    // 60 % of 30 days at 2×.
    assert_eq!((budget.gone_in.as_deref(), budget.beyond), (Some("9d"), None));
    let fast = &budget.pairs[0];
    near(fast.short_rate, 2.0);
    near(fast.long_rate, 14.4);
    assert_eq!((fast.answer, budget.pairs[1].answer), ("quiet", "no data"));
    let burns: Vec<_> = budget.burns.iter().map(|one| (at(one.from), one.to.map(at))).collect();
    assert_eq!(burns, [(730, Some(900))]);
    assert_eq!((budget.burns[0].urgency, budget.burns[0].lasted_ms), ("page", Some(170_000)));

    let [incident] = &report.incidents[..] else { panic!("one") };
    let millis = |length: Option<gameday::report::model::Length>| length.unwrap().total_ms;
    assert_eq!(millis(incident.time_to_acknowledge), 15_000);
    assert_eq!(millis(incident.time_to_resolve), 145_000);
    assert_eq!(incident.alert.as_deref(), Some("alert HighErrorRate"));
}

#[test]
fn queries_say_what_came_and_when_nothing_did() {
    let report = report(&english());
    let queries = &report.watch.unwrap().queries;
    let silences: Vec<_> = queries.iter().map(|one| one.silences.len()).collect();
    assert_eq!(silences, [0, 1, 0]);
    let silence = &queries[1].silences[0];
    assert_eq!((at(silence.from), silence.to.map(at), silence.lasted_ms), (800, Some(830), 30_000));
    assert_eq!(silence.why.as_deref(), Some("no answer within 5s"));
    let bounds: Vec<_> = queries.iter().map(|one| (one.least, one.most, one.last)).collect();
    let some = |a, b, c| (Some(a), Some(b), Some(c));
    assert_eq!(bounds, [some(0.9, 1.0, 1.0), some(100.0, 500.0, 100.0), some(50.0, 50.0, 50.0)]);
    // 1199 s in 150 stretches of 8 s.
    let series = &queries[1].series;
    assert_eq!((series.len(), series[0].to_ms, series[149].to_ms), (150, 8_000, 1_200_000));
    let gap = series.iter().filter(|one| one.value.is_none());
    let gaps: Vec<u64> = gap.map(|one| one.from_ms / 1_000).collect();
    // Silence from 800 to 830, and nobody from 1000 to 1100.
    let mut wanted: Vec<u64> = vec![800, 808, 816];
    wanted.extend((1_000..1_096).step_by(8));
    assert_eq!(gaps, wanted);
}

#[test]
fn a_watch_reads_as_a_report_on_an_incident() {
    for language in LANGUAGES {
        let lang = Lang::new(language);
        let text = markdown::render(&report(&lang), &lang);
        insta::assert_snapshot!(format!("watch-{}", language.code()), text);
        let page = html::render(&report(&lang), language).unwrap();
        for (heading, text) in [("Markdown", &text), ("page", &page)] {
            for key in ["report-kicker", "report-injections", "report-phases", "report-steady"] {
                let says = lang.say(key);
                let found =
                    text.contains(&format!("## {says}")) || text.contains(&format!(">{says}<"));
                assert!(!found, "{heading} has {says}");
            }
            assert!(text.contains(&*lang.say("report-watch-budgets")), "{heading}");
            assert!(!text.contains("secret"));
        }
        // A chart for each query, each with its limit if it has one, and what went on.
        let charts = |class: &str| page.matches(&format!("class=\"{class}\"")).count();
        assert_eq!((charts("chart plot asked"), charts("chart lanes")), (3, 2));
        assert_eq!(charts("promise"), 2);
    }
}

#[test]
fn only_what_nothing_told_of_is_suggested() {
    let report = report(&english());
    let rules: Vec<&str> = report.suggestions.iter().map(|one| one.rule).collect();
    assert!(rules.is_empty(), "{rules:?}: both alerts told in time, and the incident was resolved");
    // The same without the alerts and without the incident.
    let quiet = |one: &Envelope| {
        use gameday::exercise::event::Event;
        !matches!(one.event, Event::IncidentOpened { .. } | Event::IncidentMoved { .. })
            && !matches!(&one.event, Event::AlertsChanged { alerts } if !alerts.all.is_empty())
    };
    let events: Vec<Envelope> = played(watched()).into_iter().filter(quiet).collect();
    let report = Report::from_state(&folded(watched(), &events));
    let found: Vec<_> =
        report.suggestions.iter().map(|one| (one.rule, one.value, &*one.sentence)).collect();
    assert_eq!(
        found,
        [
            (
                "nothing-told",
                Some(60_000.0),
                "Alert on SLO availability: it was outside for 1m00s, while no alert fired and no incident was open."
            ),
            (
                "nothing-told",
                Some(120_000.0),
                "Alert on SLO latency-p99: it was outside for 2m00s, while no alert fired and no incident was open."
            ),
        ]
    );
}

#[test]
fn times_of_a_watch_over_midnight_have_their_dates() {
    // It begins at 23:55:00.
    let later = 28_200_000;
    let header = Header { began: BEGAN + later, ..watched() };
    let mut events = played(watched());
    events.iter_mut().for_each(|one| one.stamp.wall += later);
    let text = markdown::render(&Report::from_state(&folded(header, &events)), &english());
    for line in [
        "| availability | 2026-11-22 23:57:00 | 2026-11-22 23:58:00 | 1m00s | 95% |",
        "| availability | 2026-11-23 00:06:40 | 2026-11-23 00:07:40 | 1m00s | 90% |",
    ] {
        assert!(text.lines().any(|one| one == line), "{line}: {text}");
    }
}

#[test]
fn what_nobody_knows_of_alerts_is_said() {
    use gameday::exercise::event::Event;
    let mut events = played(watched());
    let unknown = events.iter_mut().rfind(|one| matches!(one.event, Event::Observed(_))).unwrap();
    unknown.event = Event::AlertsUnknown { why: "no answer within 5s".into() };
    let report = Report::from_state(&folded(watched(), &events));
    let watch = report.watch.as_ref().unwrap();
    assert_eq!(watch.alerts_unknown.as_ref().map(|one| at(one.since)), Some(1_199));
    assert_eq!(watch.fired, 2, "what fired until then stays");
    for language in LANGUAGES {
        let page = html::render(&report, language).unwrap();
        assert!(page.contains("no answer within 5s"));
        let text = markdown::render(&report, &Lang::new(language));
        assert!(text.contains("16:24:59"), "{text}");
    }
}

/// The recording of the watch in a folder.
fn recorded(folder: &Path) -> std::path::PathBuf {
    let path = folder.join("watch.jsonl");
    written(&path, &watched(), &played(watched()));
    path
}

#[test]
fn a_machine_reads_what_failed() {
    let xml = junit::render(&report(&english()));
    let document = roxmltree::Document::parse(&xml).unwrap();
    let cases = document.descendants().filter(|one| one.has_tag_name("testcase"));
    let cases: Vec<(&str, &str)> = cases
        .map(|one| {
            let came = one.first_element_child().unwrap().tag_name().name();
            (one.attribute("name").unwrap(), came)
        })
        .collect();
    assert_eq!(
        cases,
        [
            ("SLO availability is kept: >= 99.9%", "failure"),
            ("SLO latency-p99 is kept: <= 300ms", "failure"),
            ("the error budget of Checkout lasts: 99.9% over 30d", "system-out"),
            ("alert HighErrorRate is over", "system-out"),
            ("alert SlowAnswers is over", "failure"),
            ("incident #1 is resolved: Nobody can pay", "system-out"),
            ("the watch runs to its end", "system-out"),
        ]
    );
    assert!(xml.contains("name=\"drill\" value=\"false\"") && !xml.contains("seed"), "{xml}");
}

#[test]
fn what_was_asked_is_exported_with_nothing_of_an_exercise() {
    let scratch = tempfile::tempdir().unwrap();
    let path = recorded(scratch.path());
    let run = |format| export::run(&path, &Asked { format, ..Asked::default() });
    let table = run(Exported::Series);
    let mut rows = csv::Reader::from_reader(table.text.as_bytes());
    let heads: Vec<&str> = table.text.lines().next().unwrap().split(',').skip(4).collect();
    assert_eq!(
        heads,
        ["asked_requests_per_second", "asked_availability_ratio", "asked_latency-p99_ms"]
    );
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 40 + 400 + 99);
    let row = rows.iter().find(|row| &row[1] == "805").unwrap();
    assert_eq!((&row[0], &row[4], &row[5], &row[6]), ("2026-11-22T16:18:25.000Z", "50", "1", ""));
    let text = run(Exported::OpenMetrics).text;
    let common = "exercise=\"20261122T161500Z-watch-1a2b\",gameday=\"watch\",drill=\"false\"";
    for line in [
        "# TYPE gameday_asked_seconds gauge".to_owned(),
        "# UNIT gameday_asked_seconds seconds".to_owned(),
        format!("gameday_asked_seconds{{{common},query=\"latency-p99\"}} 0.5 1795364240.000"),
        format!("gameday_asked_ratio{{{common},query=\"availability\"}} 0.9 1795364230.000"),
    ] {
        assert!(text.lines().any(|one| one == line), "{line}");
    }
    assert!(!text.contains("gameday_latency"));
    let log = run(Exported::Log).text;
    assert!(log.contains("16:17:05") && !log.contains("+2m05s"), "times of day: {log}");
    assert!(run(Exported::Csv).text.contains(",watch,false,lesson,"));
}

#[test]
fn it_goes_into_histories_and_comparisons_and_is_no_game_day() {
    let scratch = tempfile::tempdir().unwrap();
    let path = recorded(scratch.path());
    let said = from_recording::run(&path, None, false);
    assert!(!said.success && said.text.is_empty());
    assert!(said.notes.contains("this is a watch over a real system"), "{}", said.notes);
    let asked = history::Asked { real: true, ..history::Asked::default() };
    let said = history::run("watch", scratch.path(), asked, &english());
    assert!(said.success && said.text.contains("20261122T161500Z-watch-1a2b"), "{said:?}");
    let drills = history::run("watch", scratch.path(), history::Asked::default(), &english());
    assert!(!drills.success && drills.notes.contains("add --real"), "{}", drills.notes);
    let side = || Side::from_state(&state(), "a".into(), Vec::new());
    let compared = compare(&[side(), side()], Align::default());
    let rows: Vec<_> = compared.groups.iter().flat_map(|group| &group.rows).collect();
    assert!(rows.iter().all(|row| row.changes[0].answer == "same"), "nothing without data");
    let breach = rows.iter().filter(|row| row.what == "in-breach");
    assert_eq!(breach.count(), 2);
    let text = compare::markdown::render(&compared, &english());
    assert!(text.contains("1m30s"), "{text}");
    let report = gameday::cli::report::run(&path, Format::Markdown, Language::English, false);
    assert!(report.success && report.text.starts_with("# Incident report: Checkout is down"));
}
