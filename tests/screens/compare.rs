//! Exercises beside each other: every section as whole screens, and what keys and the mouse do there.

use std::sync::{Arc, LazyLock};

use gameday::exercise::state::State;
use gameday::lang::{LANGUAGES, Language};
use gameday::report::compare::model::{ALIGNS, Align};
use gameday::report::compare::side::Side;
use gameday::tui::action::ActionId;
use gameday::tui::answer::Outcome;
use gameday::tui::compare::section::{SECTIONS, Section};
use gameday::tui::compare::{Compare, Compared};
use gameday::tui::key::{Code, Key};
use gameday::tui::mouse::{Did, Mouse, Target};
use gameday::tui::place::Place;
use gameday::tui::scene::Scene;
use gameday::tui::theme::{Depth, Theme};
use gameday::tui::ui::Ui;
use gameday::tui::update::{mouse, paste, press};
use gameday::tui::view::compare::most;
use gameday::tui::view::hits::hits;
use proptest::prelude::*;
use ratatui::layout::{Position, Rect};

use super::scenes;
use super::whole::{SIZES, buffer, facilitator, screen, screen_in, texts};
use crate::recording::{arbitrary, story};
use crate::report::compare::{better, first, late, lighter, side};

fn compared(sides: &[Side]) -> Arc<Compared> {
    Arc::new(Compared::of(sides))
}

/// The story, and one in which more went well.
pub(super) static TWO: LazyLock<Arc<Compared>> = LazyLock::new(|| {
    let (header, envelopes) = better();
    compared(&[first(), side(header, &envelopes)])
});

/// The other way round.
pub(super) static TURNED: LazyLock<Arc<Compared>> = LazyLock::new(|| {
    let (header, envelopes) = better();
    compared(&[side(header, &envelopes), first()])
});

/// The same, and a third with half the load.
pub(super) static THREE: LazyLock<Arc<Compared>> = LazyLock::new(|| {
    let (better, lighter) = (better(), lighter());
    compared(&[side(better.0, &better.1), first(), side(lighter.0, &lighter.1)])
});

/// As many as there may be.
static FOUR: LazyLock<Arc<Compared>> = LazyLock::new(|| {
    let (better, lighter) = (better(), lighter());
    compared(&[first(), side(better.0, &better.1), late(), side(lighter.0, &lighter.1)])
});

/// A screen that shows a section of a comparison.
pub(super) fn at(of: &Arc<Compared>, section: Section) -> Ui {
    let compare = Compare { section, ..Compare::new(Arc::clone(of), Align::Injections) };
    Ui { place: Place::Compare, compare: Some(compare), ..facilitator() }
}

/// A state in which nothing is planned is as good as any: nothing of it is shown.
fn state() -> State {
    scenes::preparing()
}

fn scene<'a>(state: &'a State, ui: &'a Ui, theme: &'a Theme) -> Scene<'a> {
    Scene { state, ui, theme, lang: texts(Language::English), now: state.now }
}

/// Presses keys on a screen of this size, as the loop hands them over.
fn pressed(keys: &[Key], ui: &mut Ui, size: (u16, u16)) -> Vec<Outcome> {
    let (state, theme) = (state(), Theme::named("dark", Depth::True).unwrap());
    let mut outcomes = Vec::new();
    for key in keys {
        settle(&state, ui, &theme, size);
        outcomes.extend(press(*key, &state, ui));
    }
    settle(&state, ui, &theme, size);
    outcomes
}

fn settle(state: &State, ui: &mut Ui, theme: &Theme, size: (u16, u16)) {
    let most = most(&scene(state, ui, theme), Rect::new(0, 0, size.0, size.1));
    ui.compare.as_mut().unwrap().settle(most);
}

fn says(ui: &Ui, size: (u16, u16)) -> String {
    screen(&state(), ui, size)
}

fn name(section: Section) -> String {
    format!("{section:?}").to_lowercase()
}

#[test]
fn every_section_at_every_size() {
    for size in SIZES {
        let snap = |name: String, says: String| {
            insta::assert_snapshot!(format!("{name}-{}x{}", size.0, size.1), says);
        };
        // The overview and what was measured over time are among the scenes of every size.
        for section in [Section::Faults, Section::Teams, Section::Slos, Section::Load] {
            snap(format!("compare-{}", name(section)), says(&at(&TWO, section), size));
        }
        for section in [Section::Overview, Section::Faults, Section::Notes] {
            snap(format!("compare-three-{}", name(section)), says(&at(&THREE, section), size));
        }
        for section in [Section::Overview, Section::Time] {
            let says = screen_in(Language::Japanese, &state(), &at(&TWO, section), size);
            snap(format!("compare-ja-{}", name(section)), says);
        }
    }
    for section in [Section::Slos, Section::Time] {
        let name = format!("compare-four-{}-80x24", name(section));
        insta::assert_snapshot!(name, says(&at(&FOUR, section), (80, 24)));
    }
    let mut help = at(&TWO, Section::Overview);
    pressed(&[Key::char('?')], &mut help, (80, 24));
    insta::assert_snapshot!("compare-help-80x24", says(&help, (80, 24)));
}

#[test]
fn keys_go_through_the_sections_and_leave() {
    let size = (80, 24);
    let mut ui = at(&TWO, Section::Overview);
    let mut after = |keys: &[Key]| {
        assert_eq!(pressed(keys, &mut ui, size), [], "{keys:?}");
        ui.compare.as_ref().unwrap().section
    };
    let [tab, back] = [Code::Tab, Code::BackTab].map(Key::plain);
    assert_eq!(after(&[tab, tab]), Section::Teams);
    assert_eq!(after(&[back, Key::plain(Code::Left), Key::char('<')]), Section::Notes);
    assert_eq!(after(&[Key::char('>'), Key::plain(Code::Right)]), Section::Faults);
    for (number, section) in ('1'..='7').zip(SECTIONS) {
        assert_eq!(after(&[Key::char(number)]), section);
    }
    for (key, outcome) in [
        (Key::char('q'), Outcome::Leave),
        (Key::plain(Code::Esc), Outcome::Leave),
        (Key::ctrl('c'), Outcome::Leave),
        (Key::ctrl('z'), Outcome::Suspend),
    ] {
        assert_eq!(pressed(&[key], &mut ui, size), [outcome], "{key}");
    }
    // What lies over it is closed first.
    let escapes = [Key::char('?'), Key::plain(Code::Esc)];
    assert_eq!(pressed(&escapes, &mut ui, size), []);
    assert_eq!(pressed(&[Key::char(':'), Key::plain(Code::Esc)], &mut ui, size), []);
}

#[test]
fn nothing_of_an_exercise_can_be_done() {
    let mut ui = at(&TWO, Section::Overview);
    let before = says(&ui, (80, 24));
    paste("!2 payments", &mut ui);
    assert_eq!(says(&ui, (80, 24)), before, "there is no log to write to");
    assert_eq!(pressed(&[Key::ctrl('x')], &mut ui, (80, 24)), []);
    assert!(says(&ui, (80, 24)).contains("no exercise runs here"), "{}", says(&ui, (80, 24)));
    for key in "xrdcngih! ".chars().map(Key::char) {
        assert_eq!(pressed(&[key], &mut ui, (80, 24)), [], "{key}");
    }
    assert!(ui.dialog.is_none() && ui.overlay.is_none());
    // No lever can be pulled either.
    assert_eq!(pressed(&[Key::char(':')], &mut ui, (80, 24)), []);
    paste("restart web-app-3", &mut ui);
    assert_eq!(pressed(&[Key::plain(Code::Enter)], &mut ui, (80, 24)), []);
}

#[test]
fn a_section_scrolls_to_its_last_line_and_no_further() {
    let mut ui = at(&TWO, Section::Teams);
    let size = (80, 24);
    assert!(says(&ui, size).contains("more lines"));
    pressed(&[Key::plain(Code::PageDown); 40], &mut ui, size);
    let end = says(&ui, size);
    assert!(!end.contains("more lines") && end.contains("network-chaos · sre"), "{end}");
    pressed(&[Key::char('k')], &mut ui, size);
    assert!(says(&ui, size).contains("2 more lines"), "{}", says(&ui, size));
    pressed(&[Key::plain(Code::PageUp); 40], &mut ui, size);
    assert_eq!(says(&ui, size), says(&at(&TWO, Section::Teams), size));
    // Each section keeps where it was.
    pressed(&[Key::char('j'), Key::char('j'), Key::char('1'), Key::char('3')], &mut ui, size);
    assert_eq!(ui.compare.as_ref().unwrap().top(), 2);
    // A larger screen shows all of it.
    settle(&state(), &mut ui, &Theme::named("dark", Depth::True).unwrap(), (200, 90));
    assert_eq!(ui.compare.as_ref().unwrap().top(), 0);
    // Charts that do not fit are scrolled to as a whole.
    let mut ui = at(&TWO, Section::Time);
    assert!(says(&ui, size).contains("j/k more charts"));
    for (key, shown, hidden) in
        [('k', "Requests sent", "Availability"), ('j', "Availability", "Requests sent")]
    {
        pressed(&[Key::char(key); 5], &mut ui, size);
        let says = says(&ui, size);
        assert!(says.contains(shown) && !says.contains(hidden), "{says}");
    }
}

/// Columns of the sign of a fault below the charts, of each exercise.
fn faults(says: &str) -> Vec<Vec<usize>> {
    let lane = |letter: &str| {
        let row = says.lines().rfind(|row| row.trim_start().starts_with(letter))?;
        Some(row.chars().enumerate().filter(|(_, one)| *one == '✗').map(|(at, _)| at).collect())
    };
    ["A ▏", "B ▏"].into_iter().filter_map(lane).collect()
}

#[test]
fn one_key_aligns_the_charts_otherwise() {
    let of = compared(&[first(), late()]);
    let mut ui = at(&of, Section::Time);
    let size = (120, 40);
    let mut found = Vec::new();
    for align in ALIGNS {
        assert_eq!(ui.compare.as_ref().unwrap().align, align);
        let says = says(&ui, size);
        let lanes = faults(&says);
        assert_eq!((lanes.len(), lanes[0].len()), (2, 3), "{says}");
        found.push((lanes[0] == lanes[1], says));
        pressed(&[Key::char('a')], &mut ui, size);
    }
    assert_eq!(ui.compare.as_ref().unwrap().align, Align::Injections, "round");
    let same: Vec<bool> = found.iter().map(|(same, _)| *same).collect();
    assert_eq!(same, [true, false, false], "T0 of the second fault is 20 s later");
    for ((_, says), words) in found.iter().zip(["by injections", "by phases", "by wall clock"]) {
        assert!(says.contains(words), "{says}");
    }
    // What it was opened with comes first.
    let compare = Compare::new(of, Align::Wall);
    assert_eq!(compare.align, Align::Wall);
}

#[test]
fn the_mouse_chooses_sections_and_scrolls() {
    let (state, theme) = (state(), Theme::named("dark", Depth::True).unwrap());
    for (width, height) in SIZES {
        let mut ui = at(&TWO, Section::Overview);
        let screen = Rect::new(0, 0, width, height);
        let reached = |ui: &Ui| hits(&scene(&state, ui, &theme), screen);
        for section in SECTIONS {
            let hits = reached(&ui);
            let wanted = Target::Action(ActionId::Section(section));
            let hit = hits.iter().find(|hit| hit.target == wanted).unwrap();
            // It stands where its number is.
            let shown = buffer(&state, &ui, (width, height), Depth::True);
            let number = (section.index() + 1).to_string();
            assert_eq!(shown[(hit.area.x + 1, hit.area.y)].symbol(), number);
            let at = Position::new(hit.area.x + 1, hit.area.y);
            assert_eq!(mouse(Mouse { did: Did::Press, at }, &state, &mut ui, &hits), []);
            assert_eq!(ui.compare.as_ref().unwrap().section, section);
        }
        let mut ui = self::at(&TWO, Section::Teams);
        settle(&state, &mut ui, &theme, (80, 24));
        let hits = reached(&ui);
        let at = Position::new(10, height / 2);
        for (did, top) in [(Did::WheelDown, 1), (Did::WheelDown, 2), (Did::WheelUp, 1)] {
            mouse(Mouse { did, at }, &state, &mut ui, &hits);
            assert_eq!(ui.compare.as_ref().unwrap().top(), top);
        }
    }
}

#[test]
fn text_from_outside_is_only_text() {
    let mut header = story::header();
    let raw = "\u{1b}[2J\u{202e}決済 | `rm` \u{7} very long words that go on and on";
    header.plan.title = raw.into();
    header.plan.objectives[6].title = raw.into();
    header.plan.phases[1].injections[0].name = raw.into();
    header.plan.phases[0].name = raw.into();
    let of = compared(&[first(), side(header, &story::envelopes())]);
    for size in SIZES {
        for section in SECTIONS {
            let drawn = buffer(&state(), &at(&of, section), size, Depth::True);
            for cell in &drawn.content {
                let harmful = |one: char| one.is_control() || one == '\u{202e}';
                assert!(!cell.symbol().chars().any(harmful), "{section:?}: {cell:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(12) })]

    #[test]
    fn any_exercises_can_be_looked_at(envelopes in arbitrary::envelopes(40)) {
        let of = compared(&[side(story::header(), &envelopes), first()]);
        for size in [(60, 16), (80, 24), (200, 60)] {
            for section in SECTIONS {
                for language in LANGUAGES {
                    // Every row as wide as the screen, or this fails.
                    screen_in(language, &state(), &at(&of, section), size);
                }
            }
        }
    }
}

#[test]
fn nothing_panics_at_any_size() {
    for of in [&TWO, &FOUR] {
        for section in SECTIONS {
            for size in [(1, 1), (59, 16), (60, 15), (60, 16), (61, 17), (160, 20), (300, 18)] {
                screen_in(Language::Japanese, &state(), &at(of, section), size);
            }
        }
    }
}
