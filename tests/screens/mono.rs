//! Every screen without colour: what it looks like where `NO_COLOR` is set, and that no state is told by style alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use gameday::exercise::state::{InjectionStatus, Stage, State};
use gameday::exercise::target::PodHealth;
use gameday::gameday::span::Span;
use gameday::lang::Language;
use gameday::port::feed::FeedItem;
use gameday::tui::compare::section::{SECTIONS, Section};
use gameday::tui::key::{Code, Key};
use gameday::tui::launcher::{Came, Desk, Launcher, Records};
use gameday::tui::looks::Looks;
use gameday::tui::place::Place;
use gameday::tui::theme::{Depth, NAMES, Theme};
use gameday::tui::toast;
use gameday::tui::ui::Ui;
use gameday::tui::update::{paste, press};
use ratatui::buffer::Buffer;
use ratatui::style::Color;

use super::compare;
use super::scenes::{self, briefing, with_briefing};
use super::way::{at_place, desk, ended, launcher_buffer, part, shelf};
use super::whole::{SIZES, buffer, facilitator, rows, with_modifiers};

/// After these keys at the screen.
fn after(state: &State, keys: &[Key]) -> Ui {
    let themes = NAMES.map(|name| Theme::named(name, Depth::Mono).unwrap()).to_vec();
    let mut ui = Ui { looks: Looks::new(themes, 0, false), ..facilitator() };
    for key in keys {
        press(*key, state, &mut ui);
    }
    ui
}

fn palette(state: &State) -> Ui {
    let mut ui = after(state, &[Key::char(':')]);
    paste("load", &mut ui);
    press(Key::plain(Code::Down), state, &mut ui);
    ui
}

/// What participants see of a state of the third phase.
pub(super) fn participants(mut state: State) -> (State, Ui) {
    let mut header = (*state.header).clone();
    header.plan.guardrails.clear();
    header.plan.phases.truncate(3);
    for phase in &mut header.plan.phases {
        (phase.duration, phase.load) = (Span::ZERO, None);
        phase.injections.clear();
    }
    state.load.curve = None;
    state.header = Arc::new(header);
    state.phases.truncate(3);
    state.injections.clear();
    state.guardrails.clear();
    state.participants = true;
    let mut ui = facilitator();
    ui.for_participants();
    (state, ui)
}

fn toasts() -> (State, Ui) {
    let (mut state, mut ui) = (scenes::fault_active(), facilitator());
    for item in [
        FeedItem::Refused { why: "no such team".into(), of: None },
        FeedItem::RecordingTrouble(Some("no room left".into())),
    ] {
        gameday::tui::intake::take(item, state.now.elapsed, &mut state, &mut ui);
    }
    (state, ui)
}

/// Every place and every layer over it.
fn screens() -> Vec<(&'static str, State, Ui)> {
    let active = scenes::fault_active;
    let at = |state: State, keys: &[Key]| {
        let ui = after(&state, keys);
        (state, ui)
    };
    let place = |state: State, place| {
        let ui = at_place(&state, place);
        (state, ui)
    };
    let over = ended();
    let palette_over = palette(&scenes::inside());
    let cases: Vec<(&str, (State, Ui))> = vec![
        ("briefing", place(briefing(11, 0), Place::Briefing)),
        ("briefing-no-go", place(briefing(20, 50), Place::Briefing)),
        ("held", at(scenes::held(), &[])),
        ("ended", at(scenes::ended(), &[])),
        ("debrief", (over.clone(), part(&over, 0))),
        ("debrief-expectations", (over.clone(), part(&over, 1))),
        ("report", place(over, Place::Report)),
        ("help", at(active(), &[Key::char('?')])),
        ("objectives", at(active(), &[Key::char('o')])),
        ("themes", at(active(), &[Key::char('T'), Key::char('j')])),
        ("palette", (scenes::inside(), palette_over)),
        ("question", at(active(), &[Key::char('n')])),
        ("answer", at(active(), &[Key::char('=')])),
        ("halting", at(active(), &[Key::ctrl('x')])),
        ("typing", at(active(), &[Key::char('i'), Key::char('!'), Key::char('2')])),
        ("participants", participants(active())),
        ("toasts", toasts()),
        ("compare", (scenes::preparing(), compare::at(&compare::THREE, Section::Overview))),
        ("compare-time", (scenes::preparing(), compare::at(&compare::TWO, Section::Time))),
    ];
    cases.into_iter().map(|(name, (state, ui))| (name, state, ui)).collect()
}

#[test]
fn every_screen_without_colour() {
    for (name, state, ui) in screens() {
        for size in SIZES {
            let mono = buffer(&state, &ui, size, Depth::Mono);
            assert_plain(name, &mono);
            let name = format!("mono-{name}-{}x{}", size.0, size.1);
            assert_eq!(rows(&mono), rows(&buffer(&state, &ui, size, Depth::True)), "{name}");
            insta::assert_snapshot!(name, with_modifiers(&mono));
        }
    }
    for (name, keys) in [("launcher", ""), ("launcher-plan", "p"), ("launcher-needs", "jjj\r")] {
        for size in SIZES {
            let draw =
                |depth| launcher_buffer(&shelf(), &mut desk(keys), size, depth, Language::English);
            let mono = draw(Depth::Mono);
            assert_plain(name, &mono);
            let name = format!("mono-{name}-{}x{}", size.0, size.1);
            assert_eq!(rows(&mono), rows(&draw(Depth::True)), "{name}");
            insta::assert_snapshot!(name, with_modifiers(&mono));
        }
    }
}

#[track_caller]
fn assert_plain(name: &str, buffer: &Buffer) {
    for cell in &buffer.content {
        assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset), "{name}");
    }
}

/// States of one screen that mean different things.
type States = Vec<(String, State, Ui)>;

fn briefings() -> States {
    let mut held = briefing(20, 0);
    held.briefing.held = Some((scenes::at(9), "ada".into()));
    let mut not_ready = briefing(11, 0);
    not_ready.topology.pods[0].health = PodHealth::Dead;
    let states = [
        ("preparing", with_briefing(scenes::preparing())),
        ("measuring", briefing(4, 0)),
        ("counts", briefing(11, 0)),
        ("held", held),
        ("no-go", briefing(20, 50)),
        ("a pod is dead", not_ready),
    ];
    let ui = |state: &State| at_place(state, Place::Briefing);
    states.into_iter().map(|(name, state)| (name.to_owned(), state.clone(), ui(&state))).collect()
}

fn debriefs() -> States {
    let over = ended();
    let mut all: States = (0..gameday::tui::debrief::PARTS)
        .map(|one| (format!("part {one}"), over.clone(), part(&over, one)))
        .collect();
    for objective in 1..3 {
        let mut ui = part(&over, 0);
        ui.learnt.at[0] = objective;
        all.push((format!("objective {objective}"), over.clone(), ui));
    }
    for met in [false, true] {
        let mut state = ended();
        let score = gameday::exercise::event::Event::ObjectiveScored {
            objective: 2,
            met,
            by: "ada".into(),
            reason: "seen".into(),
        };
        let envelope = gameday::exercise::event::Envelope {
            seq: state.seq + 1,
            stamp: state.now,
            event: score,
        };
        gameday::exercise::fold::apply(&mut state, &envelope);
        let ui = part(&state, 0);
        all.push((format!("met: {met}"), state, ui));
    }
    all
}

/// One choice after the other, in every list.
fn choices() -> Vec<(&'static str, States)> {
    let state = scenes::inside();
    let down = |keys: &[Key], typed: &str, steps: usize| {
        let mut ui = after(&state, keys);
        if !typed.is_empty() {
            paste(typed, &mut ui);
        }
        for _ in 0..steps {
            press(Key::plain(Code::Down), &state, &mut ui);
        }
        (format!("{steps} down"), state.clone(), ui)
    };
    let list = |keys: &[Key], typed: &str, count: usize| -> States {
        (0..count).map(|steps| down(keys, typed, steps)).collect()
    };
    vec![
        ("faults", list(&[], "", 2)),
        ("objectives", list(&[Key::char('o')], "", 3)),
        ("themes", list(&[Key::char('T')], "", NAMES.len())),
        ("palette", list(&[Key::char(':')], "load", 3)),
        ("panes", {
            let focus = |steps: usize| {
                let ui = after(&state, &vec![Key::plain(Code::Tab); steps]);
                (format!("{steps} on"), state.clone(), ui)
            };
            (0..7).map(focus).collect()
        }),
        ("modes", {
            let both = [("acting", vec![]), ("typing", vec![Key::char('i')])];
            let with = |(name, keys): (&str, Vec<Key>)| {
                (name.to_owned(), state.clone(), after(&state, &keys))
            };
            both.into_iter().map(with).collect()
        }),
    ]
}

fn statuses() -> States {
    let all = [
        InjectionStatus::Planned,
        InjectionStatus::Armed,
        InjectionStatus::Active,
        InjectionStatus::Reverting,
        InjectionStatus::Reverted,
        InjectionStatus::Failed,
        InjectionStatus::Skipped,
        InjectionStatus::NotReverted,
    ];
    let with = |status| {
        let mut state = scenes::fault_active();
        state.injections[0].status = status;
        (format!("{status:?}"), state, facilitator())
    };
    all.into_iter().map(with).collect()
}

fn told() -> States {
    let mut all = States::new();
    for stage in [
        Stage::Preparing,
        Stage::Preflight,
        Stage::NoGo,
        Stage::Running,
        Stage::Closing,
        Stage::Ended,
    ] {
        let mut state = scenes::fault_active();
        state.stage = stage;
        let (state, ui) = participants(state);
        all.push((format!("{stage:?}"), state, ui));
    }
    for (name, state) in [("held", scenes::held()), ("halted", scenes::halted())] {
        let (state, ui) = participants(state);
        all.push((name.to_owned(), state, ui));
    }
    all
}

/// The sections of two comparisons that differ in which exercise is the first.
fn compared() -> States {
    let comparisons = [("two", &compare::TWO), ("turned", &compare::TURNED)];
    let sections = comparisons.into_iter().flat_map(|(name, of)| {
        let at = move |section| {
            let ui = compare::at(of, section);
            (format!("{name}, {section:?}"), scenes::preparing(), ui)
        };
        SECTIONS.into_iter().map(at)
    });
    sections.collect()
}

#[test]
fn no_state_is_told_by_style_alone() {
    let mut groups =
        vec![("briefing", briefings()), ("debrief", debriefs()), ("statuses", statuses())];
    groups.push(("participants", told()));
    groups.push(("comparison", compared()));
    groups.extend(choices());
    for (group, states) in groups {
        for size in SIZES {
            // Where panes are tabs, the one that keys act on is the one in sight.
            if group == "panes" && size.0 < 120 {
                continue;
            }
            let mut seen: BTreeMap<Vec<String>, &str> = BTreeMap::new();
            for (name, state, ui) in &states {
                let text = rows(&buffer(state, ui, size, Depth::Mono));
                if let Some(other) = seen.insert(text.clone(), name) {
                    let text = text.join("\n");
                    panic!("{group}: \"{name}\" reads like \"{other}\" at {size:?}:\n{text}");
                }
            }
        }
    }
}

#[test]
fn no_row_of_the_launcher_is_told_by_style_alone() {
    let came = |index: usize| -> Launcher {
        let mut launcher = shelf();
        let Records::Read(records, _) = &mut launcher.records else { unreachable!() };
        let shown = records.remove(index);
        records.insert(0, shown);
        records.truncate(1);
        for record in records.iter_mut() {
            (record.name, record.title, record.began) = ("one".into(), "One".into(), 0);
        }
        launcher
    };
    let text = |launcher: &Launcher, desk: &mut Desk, size| {
        rows(&launcher_buffer(launcher, desk, size, Depth::Mono, Language::English))
    };
    for size in SIZES {
        let mut seen: BTreeMap<Vec<String>, String> = BTreeMap::new();
        for steps in 0..8 {
            let says = text(&shelf(), &mut desk(&"j".repeat(steps)), size);
            let other = seen.insert(says, format!("row {steps}"));
            assert_eq!(other, None, "row {steps} at {size:?}");
        }
        for index in 0..4 {
            // What came of it is told by its sign in the list, whatever else is chosen.
            let says = text(&came(index), &mut desk(""), size);
            let left = says.iter().map(|row| row.chars().take(30).collect()).collect();
            let other = seen.insert(left, format!("recording {index}"));
            let running = matches!(&shelf().records, Records::Read(records, _)
                if matches!(records[index].result, Came::Running));
            assert_eq!(other, None, "recording {index} at {size:?}, running {running}");
        }
    }
}

#[test]
fn every_toast_reads_like_no_other() {
    let state = scenes::fault_active();
    let mut seen: BTreeMap<Vec<String>, String> = BTreeMap::new();
    for (name, toast) in [
        ("refused", toast::refused(&"why".into(), false, state.now.elapsed)),
        ("refused line", toast::refused(&"why".into(), true, state.now.elapsed)),
        ("stopped", toast::recording(None, Some("why"), state.now.elapsed).unwrap()),
        ("again", toast::recording(Some("why"), None, state.now.elapsed).unwrap()),
    ] {
        let mut ui = facilitator();
        ui.toasts.put(toast);
        let text = rows(&buffer(&state, &ui, (120, 40), Depth::Mono));
        assert_eq!(seen.insert(text, name.to_owned()), None, "{name}");
    }
}
