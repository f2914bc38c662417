//! The screen of a watch: panels, alerts, budgets, what is silent, what asks for an incident, at every size and in both
//! languages.

use std::sync::Arc;

use gameday::exercise::alert::{Alert, AlertState, Alerts};
use gameday::exercise::command::Command;
use gameday::exercise::decide::advance;
use gameday::exercise::found::Labels;
use gameday::exercise::header::Header;
use gameday::exercise::panel::Panel;
use gameday::exercise::reading::Reading;
use gameday::exercise::said::Said;
use gameday::exercise::service::{Over, WINDOWS};
use gameday::exercise::stamp::Stamp;
use gameday::exercise::state::State;
use gameday::exercise::watch::{Asking, Short, Watch, Watched};
use gameday::gameday::metric::{Metric, Unit};
use gameday::gameday::plan::{GameDay, Limit, Slo, Target};
use gameday::gameday::query::Query;
use gameday::gameday::service::{Service, Share};
use gameday::gameday::span::Span;
use gameday::lang::Language;
use gameday::tui::answer::Outcome;
use gameday::tui::key::Key;
use gameday::tui::offering::{Offered, Offering};
use gameday::tui::scene::Scene;
use gameday::tui::theme::{Depth, Theme};
use gameday::tui::update::press;
use gameday::tui::view;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::scenes::{self, BEGAN};
use super::whole::{SIZES, buffer, facilitator, rows, screen, screen_in, texts};

/// So long the recording is older than the watch.
const BEFORE: u64 = 3_600;

fn watched(name: &str, title: &str, unit: Unit) -> Watched {
    let panel = Panel {
        name: name.into(),
        group: "ingress-nginx".into(),
        title: title.into(),
        query: format!("sum({name})"),
        unit,
        worse: None,
        metric: None,
    };
    Watched { panel, query: Query::new(name, unit).unwrap() }
}

fn service() -> Service {
    Service {
        name: "shop-requests".into(),
        title: "shop: requests".into(),
        objective: 0.999,
        period: Span::from_secs(30 * 86_400),
        share: Share::Ratio("bad".into()),
    }
}

/// Before the first event.
fn begun() -> State {
    let panels = vec![
        watched("availability", "Availability", Unit::Share),
        watched("latency-p99", "Latency p99", Unit::Millis),
        watched("throughput", "Throughput", Unit::PerSecond),
        watched("queue", "Messages that wait", Unit::Count),
        watched("several", "待ち行列 🛒 of all", Unit::Count),
    ];
    let limit = |name: &str, unit, min, max| Slo {
        name: name.into(),
        limit: Limit { metric: Metric::Asked(Query::new(name, unit).unwrap()), min, max },
    };
    let slos = vec![
        limit("availability", Unit::Share, Some(0.999), None),
        limit("latency-p99", Unit::Millis, None, Some(300.0)),
        limit("throughput", Unit::PerSecond, None, None),
    ];
    let watch = Watch {
        source: "https://prometheus.example".into(),
        alerts: Some("https://alerts.example".into()),
        panels,
        services: vec![service()],
        short: vec![Short { service: 0, keeps: Some(scenes::secs(15 * 86_400)), since: None }],
    };
    let plan = GameDay {
        generator: None,
        name: "watch".into(),
        title: "Shop".into(),
        teams: vec!["on-call".into()],
        target: Target::Url { url: "https://prometheus.example".into() },
        hypothesis: None,
        objectives: Vec::new(),
        steady_state: Vec::new(),
        guardrails: Vec::new(),
        phases: Vec::new(),
        slos,
        ..scenes::plan()
    };
    let header =
        Header { watch: Some(watch), drill: false, plan, ..(*scenes::preparing().header).clone() };
    State::new(Arc::new(header))
}

fn at(second: u64) -> Stamp {
    let elapsed = Span::from_secs(BEFORE + second);
    Stamp::new(elapsed, BEGAN + i64::try_from(elapsed.as_millis()).unwrap())
}

fn send(state: &mut State, second: u64, command: Command) {
    advance(state, command, at(second)).unwrap();
}

fn reading(start: u64, length: u64, values: &[(&str, Unit, f64)]) -> Reading {
    let asked = values.iter().map(|(name, unit, value)| (Query::new(name, *unit).unwrap(), *value));
    Reading {
        start: Span::from_secs(start),
        length: Span::from_secs(length),
        asked: asked.collect(),
        ..Reading::default()
    }
}

fn values(availability: f64, latency: f64) -> [(&'static str, Unit, f64); 4] {
    [
        ("availability", Unit::Share, availability),
        ("latency-p99", Unit::Millis, latency),
        ("throughput", Unit::PerSecond, 1_240.0),
        ("queue", Unit::Count, 3.0),
    ]
}

fn alert(name: &str, state: AlertState, since: i64, summary: Option<&str>) -> Alert {
    Alert {
        id: name.into(),
        name: name.into(),
        state,
        since: Some(BEGAN + since * 1_000),
        labels: Labels::new([("severity", "critical"), ("job", "shop")]),
        summary: summary.map(Into::into),
        description: None,
        link: None,
    }
}

/// All is well, after an hour of which the monitoring told.
pub fn calm() -> State {
    let mut state = begun();
    send(&mut state, 0, Command::Tick);
    let then = (0..BEFORE / 15).map(|step| reading(step * 15, 15, &values(1.0, 120.0)));
    send(&mut state, 1, Command::ThenIsKnown(then.collect()));
    send(&mut state, 1, Command::AlertsAre(Alerts::default()));
    for window in WINDOWS.into_iter().chain([service().period]) {
        let over = Over::Last(window);
        send(&mut state, 1, Command::ShareIs { service: 0, over, share: Some(0.000_2) });
    }
    let note = Said::from("it finds 3 series where one is expected");
    let asking = Asking { came: true, note: Some(note), ..Asking::default() };
    send(&mut state, 1, Command::AskingStands { query: 4, asking });
    for second in 0..40 {
        let reading = reading(BEFORE + second, 1, &values(1.0, 130.0));
        send(&mut state, second + 1, Command::ReadingTaken(reading));
    }
    state
}

/// Something is on fire: an SLO is breached, an alert fires, a budget burns, a query is silent.
pub fn burning() -> State {
    let mut state = calm();
    let firing = alert("ShopErrors", AlertState::Firing, 3_650, Some("customers get errors"));
    let all = vec![
        firing,
        alert("QueueGrows", AlertState::Pending, 3_655, None),
        alert("DiskFull", AlertState::Suppressed, 100, None),
    ];
    for second in 40..100 {
        let reading = reading(BEFORE + second, 1, &values(0.913, 280.0));
        send(&mut state, second + 1, Command::ReadingTaken(reading));
    }
    send(&mut state, 101, Command::AlertsAre(Alerts { all, left_off: 0 }));
    for (window, share) in [(300, 0.2), (3_600, 0.0288), (1_800, 0.05), (21_600, 0.005)] {
        let over = Over::Last(Span::from_secs(window));
        send(&mut state, 101, Command::ShareIs { service: 0, over, share: Some(share) });
    }
    send(&mut state, 101, Command::ShareIs { service: 0, over: Over::Session, share: Some(0.05) });
    let why = Said::from("https://prometheus.example: no answer within 10s");
    let silent = Some(at(61).wall);
    let asking = Asking { silent, came: true, why: Some(why), ..Asking::default() };
    send(&mut state, 101, Command::AskingStands { query: 3, asking });
    state
}

/// Nobody answers any more.
fn dead() -> State {
    let mut state = calm();
    let why = Said::from("https://prometheus.example: nothing listens there");
    for query in 0..5 {
        let asking = Asking {
            silent: Some(at(45).wall),
            came: true,
            why: Some(why.clone()),
            ..Asking::default()
        };
        send(&mut state, 60, Command::AskingStands { query, asking });
    }
    send(&mut state, 60, Command::AlertsAreUnknown { why });
    for second in 60..75 {
        send(&mut state, second + 1, Command::ReadingTaken(reading(BEFORE + second, 1, &[])));
    }
    state
}

#[test]
fn a_watch_at_every_size() {
    let scenes =
        [("preparing", begun()), ("calm", calm()), ("burning", burning()), ("dead", dead())];
    for (name, state) in scenes {
        for (width, height) in SIZES {
            let shown = screen(&state, &facilitator(), (width, height));
            insta::assert_snapshot!(format!("watch-{name}-{width}x{height}"), shown);
        }
    }
}

#[test]
fn a_watch_in_japanese() {
    for (width, height) in SIZES {
        let shown = screen_in(Language::Japanese, &burning(), &facilitator(), (width, height));
        insta::assert_snapshot!(format!("watch-japanese-{width}x{height}"), shown);
    }
}

/// The offers of a server, at some size and in some language.
fn offers(language: Language, size: (u16, u16)) -> String {
    let row = |title: &str, unit, min, taken| Offered {
        title: title.into(),
        query: format!("sum(rate(http_requests_total{{job=\"{title}\"}}[1m]))"),
        unit,
        min,
        max: None,
        taken,
    };
    let all = vec![
        row("ingress-nginx: Availability", Unit::Share, Some(0.999), true),
        row("ingress-nginx: Throughput", Unit::PerSecond, None, true),
        row("待ち行列 🛒", Unit::Count, None, false),
        row("bad\u{1b}[2Jlabel", Unit::Count, None, false),
    ];
    let mut offering = Offering::new("https://prometheus.example".into(), all);
    offering.press(Key::char('l'));
    let theme = Theme::named("dark", Depth::True).unwrap();
    let state = scenes::preparing();
    let ui = facilitator();
    let lang = texts(language);
    let scene = Scene { state: &state, ui: &ui, theme: &theme, lang, now: state.now };
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
    terminal.draw(|frame| view::offering::draw(frame, &scene, &offering)).unwrap();
    rows(terminal.backend().buffer()).join("\n")
}

#[test]
fn what_is_offered_at_every_size_and_in_both_languages() {
    for (width, height) in SIZES {
        let shown = offers(Language::English, (width, height));
        insta::assert_snapshot!(format!("watch-offers-{width}x{height}"), shown);
    }
    insta::assert_snapshot!("watch-offers-japanese", offers(Language::Japanese, (120, 40)));
}

#[test]
fn one_key_makes_an_incident_of_an_alert_and_no_key_touches_anything() {
    let state = burning();
    let mut ui = facilitator();
    let outcomes = press(Key::char('s'), &state, &mut ui);
    assert!(matches!(outcomes.as_slice(), [Outcome::Open { .. }]), "{outcomes:?}");
    // Whatever key is pressed: no order that touches something.
    for one in (' '..='~').chain(['\u{18}']) {
        for key in [Key::char(one), Key::ctrl(one)] {
            let mut ui = facilitator();
            for outcome in press(key, &state, &mut ui) {
                if let Outcome::Send(command) = outcome {
                    let mut after = state.clone();
                    let refused = advance(&mut after, (*command).clone(), at(102)).is_err();
                    let people = matches!(
                        *command,
                        Command::OpenIncident { .. }
                            | Command::SetAside { .. }
                            | Command::Log { .. }
                            | Command::PinMoment { .. }
                    );
                    assert!(refused || people, "{one:?}: {command:?}");
                }
            }
        }
    }
}

#[test]
fn a_watch_without_colour_says_the_same() {
    let shown = rows(&buffer(&burning(), &facilitator(), (120, 40), Depth::Mono)).join("\n");
    for words in ["BREACHED", "▲ firing ShopErrors critical", "PAGE", "no data for", "◌ silenced"]
    {
        assert!(shown.contains(words), "{words}\n{shown}");
    }
}
