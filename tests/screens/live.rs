//! The live screen's panes, tabs and timeline: alone, hidden, zoomed, with holds, gaps and cards, in both languages.

use std::sync::Arc;

use gameday::exercise::people::ShownCard;
use gameday::exercise::series::Series;
use gameday::exercise::state::{Pause, State, Stop};
use gameday::gameday::plan::Card;
use gameday::lang::Language;
use gameday::tui::key::{Code, Key};
use gameday::tui::pane::{PANES, Pane};
use gameday::tui::ui::Ui;
use gameday::tui::update::press;

use super::scenes::{self, at, secs};
use super::whole::{facilitator, screen, screen_in};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

fn after(state: &State, keys: &str) -> Ui {
    let mut ui = facilitator();
    for one in keys.chars() {
        let key = match one {
            '→' => Key::plain(Code::Right),
            '←' => Key::plain(Code::Left),
            '\t' => Key::plain(Code::Tab),
            other => Key::char(other),
        };
        assert_eq!(press(key, state, &mut ui), [], "{one} is the screen's own business");
    }
    ui
}

/// Cards before and after the present, one for a team alone.
fn with_cards() -> State {
    let mut state = scenes::running(100);
    let mut header = (*state.header).clone();
    let card = |offset, to: Option<&str>, text: &str| Card {
        offset: secs(offset),
        to: to.map(Into::into),
        text: text.into(),
        away: None,
    };
    header.plan.phases[0].cards = vec![card(30, None, "The head of operations is away today.")];
    header.plan.phases[1].cards =
        vec![card(60, Some("サポート"), "A newspaper asks whether the shop is down.")];
    state.header = Arc::new(header);
    state.cards = vec![ShownCard {
        planned: Some((0, 0)),
        name: String::new(),
        to: None,
        text: "The head of operations is away today.".into(),
        away: None,
        at: at(40),
        seen_by: Vec::new(),
    }];
    state
}

/// The fault went on through a hold of half a minute, and for ten seconds nothing was measured.
fn after_a_hold() -> State {
    let mut state = scenes::fault_active();
    let (from, to) = (at(130), at(160));
    let stop = Stop { since: from, by: "facilitator".into(), reason: String::new().into() };
    state.pauses.push(Pause { halt: false, stop, to: Some(to), ended_by: None });
    state.stops.push((from, Some(to)));
    state.clock.since = Some(secs(40));
    state.now = at(264);
    for run in &mut state.injections[..1] {
        run.armed = Some(at(250));
        run.t0 = Some(at(251));
    }
    for slo in &mut state.slos {
        slo.violations[0].from = at(253);
    }
    for entry in &mut state.log {
        entry.exercise_time = entry.stamp.elapsed - secs(10);
    }
    state.incidents[0].opened = at(257);
    state.series = Series::default();
    for second in (0..264).filter(|second| !(80..90).contains(second)) {
        let rps = if second < 250 { 1_000.0 } else { 10_000.0 };
        state.series.push(scenes::sample(second, rps, if second > 252 { 30 } else { 0 }, 38));
    }
    state
}

#[test]
fn every_pane_alone_and_the_timeline_from_near_and_far() {
    for pane in PANES {
        let state = scenes::inside();
        let ui = after(&state, &(pane.index() + 1).to_string());
        assert_eq!(ui.panes.alone(), Some(pane));
        let name = format!("{pane:?}").to_lowercase();
        for size in SIZES {
            let says = screen(&state, &ui, size);
            insta::assert_snapshot!(format!("alone-{name}-{}x{}", size.0, size.1), says);
        }
    }
    for (name, state, keys) in [
        ("cards", with_cards(), ""),
        ("after-hold", after_a_hold(), ""),
        ("after-hold-closer", after_a_hold(), "1>>←"),
        ("two-hours", scenes::two_hours(), ""),
        ("hidden", scenes::inside(), "HHH"),
    ] {
        for size in SIZES {
            let says = screen(&state, &after(&state, keys), size);
            insta::assert_snapshot!(format!("live-{name}-{}x{}", size.0, size.1), says);
        }
    }
}

#[test]
fn the_same_in_japanese() {
    for (name, state) in [
        ("running", with_cards()),
        ("fault-active", scenes::inside()),
        ("held", scenes::held()),
        ("halted", scenes::halted()),
        ("ended", scenes::ended()),
    ] {
        for size in SIZES {
            let says = screen_in(Language::Japanese, &state, &facilitator(), size);
            insta::assert_snapshot!(format!("ja-{name}-{}x{}", size.0, size.1), says);
        }
    }
}

#[test]
fn everything_that_matters_is_there_at_once_or_one_key_away() {
    let state = scenes::inside();
    let facts: [(Pane, &[&str]); 7] = [
        (Pane::Timeline, &["peak-load-with", "pod-failure 13s", "◆", "#1 SEV2", "█", "╵00:02:00"]),
        (Pane::Slos, &["availability", "BREACHED", "≥99.9%", "latency_p99", "≤200ms"]),
        (Pane::Faults, &["pod-failure", "ACTIVE 13s, 17s left", "in 46s"]),
        (Pane::Pods, &["web-app-2 dead", "9/11"]),
        (Pane::Instruments, &["OPEN", "backend-service", "degraded"]),
        (Pane::Incidents, &["#1 SEV2", "acknowledged"]),
        (Pane::Log, &["sre", "we take #1"]),
    ];
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    for (pane, words) in facts {
        for size in SIZES {
            let keys = (pane.index() + 1).to_string();
            let alone = screen(&state, &after(&state, &keys), size);
            let at_once = screen(&state, &facilitator(), size);
            for word in words {
                assert!(squeezed(&alone).contains(&squeezed(word)), "{word} {size:?}\n{alone}");
                let wide = size.0 >= 120;
                let found = squeezed(&at_once).contains(&squeezed(word));
                assert!(found || !wide, "{word} is missing at {size:?}\n{at_once}");
            }
        }
    }
    for size in [(60, 16), (80, 24)] {
        let says = screen(&state, &facilitator(), size);
        let tabs = says.lines().nth(4).unwrap();
        for (index, sign) in ["", "✗", "●", "✗", "○", "▲", ""].iter().enumerate() {
            let number = (index + 1).to_string();
            let tab = tabs.split(&number).nth(1).unwrap();
            let tab = tab.split((index + 2).to_string().as_str()).next().unwrap();
            let signed = tab.trim_end().ends_with(|one: char| "✗●○▲".contains(one));
            assert_eq!(signed, !sign.is_empty(), "{tabs}");
            assert!(tab.contains(sign), "{tabs}");
        }
    }
}

#[test]
fn panes_are_focused_zoomed_hidden_and_shown_by_keys() {
    let state = scenes::running(100);
    for (keys, focus, alone, hidden) in [
        ("", Pane::Faults, None, &[][..]),
        ("\t", Pane::Pods, None, &[]),
        ("\tz", Pane::Pods, Some(Pane::Pods), &[]),
        ("\tzz", Pane::Pods, None, &[]),
        ("z\t", Pane::Pods, Some(Pane::Pods), &[]),
        ("7", Pane::Log, Some(Pane::Log), &[]),
        ("77", Pane::Log, None, &[]),
        ("70", Pane::Log, None, &[]),
        ("H", Pane::Pods, None, &[Pane::Faults]),
        ("7H", Pane::Timeline, None, &[Pane::Log]),
        ("HH3", Pane::Faults, Some(Pane::Faults), &[Pane::Pods]),
        ("HHA", Pane::Instruments, None, &[]),
        (
            "HHHHHHHHH",
            Pane::Slos,
            None,
            &[
                Pane::Timeline,
                Pane::Faults,
                Pane::Pods,
                Pane::Instruments,
                Pane::Incidents,
                Pane::Log,
            ],
        ),
    ] {
        let ui = after(&state, keys);
        assert_eq!(
            (ui.panes.focus(), ui.panes.alone(), ui.panes.hidden()),
            (focus, alone, hidden),
            "{keys:?}"
        );
    }
}

#[test]
fn the_timeline_keeps_to_exercise_time_through_holds_and_shows_gaps() {
    let state = after_a_hold();
    let line = |says: &str, word: &str| {
        let found = says.lines().find(|line| line.contains(word));
        found.unwrap_or_else(|| panic!("no {word} in\n{says}")).to_owned()
    };
    let cell = |line: &str, sign: char| line.chars().position(|one| one == sign);
    let says = screen(&state, &after(&state, "1"), (200, 60));
    // The fault took effect 211 s into the exercise, whatever the hold; the plan is 480 s over 184 cells after 15.
    let column = |second: usize| 15 + second * 184 / 480;
    assert_eq!(cell(&line(&says, "pod-failure 13s"), '●'), Some(column(211)), "{says}");
    assert_eq!(cell(&line(&says, "╵00:01:00"), '‖'), Some(column(120)), "{says}");
    let promises = line(&says, "availability  ");
    // The column in which measuring ended has some of it still.
    assert_eq!(cell(&promises, '?'), Some(column(70) + 1), "nothing was measured then\n{says}");
    assert_eq!(cell(&promises, '█').map(|at| at.abs_diff(column(213)) <= 1), Some(true), "{says}");
    let bottom = line(&says, "      0 ");
    let gap: String = bottom.chars().skip(column(71)).take(2).collect();
    assert_eq!(gap, "  ", "no load is drawn where none was measured\n{says}");
    let before: String = bottom.chars().skip(column(60)).take(2).collect();
    assert_ne!(before, "  ");
}

#[test]
fn nothing_is_called_kept_that_is_outside_or_that_nobody_measured() {
    let mut outside = scenes::preflight();
    outside.slos[0].value = Some(0.746);
    for (name, state, says, not) in [
        (
            "fine",
            scenes::running(100),
            &["✓ nothing is broken: 2 SLOs kept, all 11 pods ready"][..],
            "",
        ),
        ("outside, not yet breached", outside, &["BROKEN ✗ availability 74.6%"], "SLOs kept"),
        ("no data", scenes::no_go(), &["– availability no data", "– latency_p99 no data"], "kept"),
        ("preparing", scenes::preparing(), &["no data about the target yet"], "kept"),
        ("halted", scenes::halted(), &["▲ pod-failure NOT REVERTED", "▲ #1 SEV2"], "SLOs kept"),
    ] {
        let screen = screen(&state, &facilitator(), (120, 40));
        let line = screen.lines().nth(3).unwrap();
        for word in says {
            assert!(line.contains(word), "{name}: {line}");
        }
        assert!(not.is_empty() || !line.contains(not), "{name}: {line}");
    }
}
