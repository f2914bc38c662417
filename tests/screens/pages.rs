//! The pages of a recording: the briefing before its first phase, the debrief and the report after its end, with the keys and
//! the mouse that go through them.

use gameday::exercise::state::Stage;
use gameday::gameday::span::Span;
use gameday::lang::Language;
use gameday::report::earlier::Exercise;
use gameday::tui::action::{self, ActionId};
use gameday::tui::debrief::Part;
use gameday::tui::mouse::{Did, Mouse, Target};
use gameday::tui::place::Place;
use gameday::tui::replay::reel::Reel;
use gameday::tui::scene::Scene;
use gameday::tui::theme::{Depth, Theme};
use gameday::tui::update::mouse;
use gameday::tui::view::clocked::shown;
use gameday::tui::view::hits::hits;
use ratatui::layout::{Position, Rect};

use super::debrief::earlier;
use super::replay::{
    NOW, briefed_reel, cells, follow, keys, nothing_is_ordered, picture, reel, said,
};
use super::whole::{SIZES, rows, texts};

fn page(reel: &Reel) -> Place {
    reel.shown().1.page()
}

fn stage(reel: &Reel) -> Stage {
    reel.shown().0.stage
}

/// What is drawn, after everything that is done before each drawing.
fn drawn(reel: &mut Reel, size: (u16, u16), language: Language, depth: Depth) -> String {
    reel.judge();
    reel.learn(texts(language));
    let (state, ui) = reel.shown();
    rows(&cells(state, ui, reel.now(), size, language, depth)).join("\n")
}

/// Every picture, with the keys that lead to it.
const PICTURES: [(&str, &str); 6] = [
    ("briefing", "t5\n"),
    ("briefing-again", "t132\n⇐"),
    ("ended", "⇥"),
    ("debrief", "⇥⇒"),
    ("debrief-incidents", "⇥⇒\t\tj"),
    ("report", "⇥⇒⇒"),
];

fn pictured(keys_to: &str) -> Reel {
    let mut reel = briefed_reel();
    reel.remember(earlier(), Vec::new());
    keys(&mut reel, keys_to);
    reel
}

#[test]
fn every_page_at_every_size() {
    for (name, keys_to) in PICTURES {
        for size in SIZES {
            let shown = drawn(&mut pictured(keys_to), size, Language::English, Depth::True);
            let name = format!("replay-page-{name}-{}x{}", size.0, size.1);
            insta::assert_snapshot!(name, shown);
            let bare = drawn(&mut pictured(keys_to), size, Language::English, Depth::Mono);
            assert_eq!(bare, shown, "without colour it says the same");
        }
    }
    for name in ["briefing", "debrief"] {
        let (_, keys_to) = PICTURES.into_iter().find(|(one, _)| *one == name).unwrap();
        let shown = drawn(&mut pictured(keys_to), (120, 40), Language::Japanese, Depth::True);
        insta::assert_snapshot!(format!("replay-page-{name}-ja"), shown);
    }
}

#[test]
fn a_key_goes_on_and_back_as_in_the_live_program() {
    let mut reel = briefed_reel();
    assert_eq!((page(&reel), stage(&reel)), (Place::Briefing, Stage::Preparing));
    keys(&mut reel, "t5\n");
    assert_eq!((page(&reel), stage(&reel)), (Place::Briefing, Stage::Preflight));
    // The live screen could be looked at before, and the briefing afterwards.
    keys(&mut reel, "⇒");
    assert_eq!(page(&reel), Place::Live);
    keys(&mut reel, ".");
    assert_eq!(page(&reel), Place::Live, "it stays as long as the briefing lasts");
    keys(&mut reel, "⇐");
    assert_eq!(page(&reel), Place::Briefing);
    // By itself it goes where the exercise went.
    keys(&mut reel, "t12\n");
    assert_eq!((page(&reel), stage(&reel)), (Place::Live, Stage::Running));
    keys(&mut reel, "⇒");
    assert!(said(&reel).contains("not over"), "{}", said(&reel));
    keys(&mut reel, "⇐t60\n");
    assert_eq!(page(&reel), Place::Briefing, "nothing that happens takes it away");
    keys(&mut reel, "⇒⇥");
    assert_eq!((page(&reel), stage(&reel)), (Place::Live, Stage::Ended));
    assert!(picture(&reel, (120, 40)).contains("F3 shows the debrief"));
    keys(&mut reel, "⇒");
    assert_eq!(page(&reel), Place::Debrief);
    keys(&mut reel, ",");
    assert_eq!(page(&reel), Place::Debrief, "still after the end");
    keys(&mut reel, "⇒");
    assert_eq!(page(&reel), Place::Report);
    keys(&mut reel, "⇒");
    assert!(said(&reel).contains("nothing after it"), "{}", said(&reel));
    // Put back, it is where it was then.
    keys(&mut reel, "t100\n");
    assert_eq!((page(&reel), stage(&reel)), (Place::Live, Stage::Running));
    keys(&mut reel, "⇥⇒⇤");
    assert_eq!((page(&reel), stage(&reel)), (Place::Briefing, Stage::Preparing));
}

#[test]
fn without_a_briefing_there_is_none() {
    let mut reel = reel();
    assert_eq!(page(&reel), Place::Live);
    keys(&mut reel, "⇐");
    assert!(said(&reel).contains("nothing before it"), "{}", said(&reel));
    keys(&mut reel, "⇥⇒⇤");
    assert_eq!(page(&reel), Place::Live);
}

#[test]
fn keys_of_the_live_screen_go_through_a_page() {
    let mut reel = briefed_reel();
    keys(&mut reel, "⇥⇒");
    let part = |reel: &Reel| Part::chosen(reel.shown().1);
    let item = |reel: &Reel| reel.shown().1.learnt.at[part(reel) as usize];
    assert_eq!((part(&reel), item(&reel)), (Part::Objectives, 0));
    keys(&mut reel, "jj");
    assert_eq!(item(&reel), 2);
    keys(&mut reel, "k\t");
    assert_eq!((part(&reel), item(&reel)), (Part::Expectations, 0));
    for pane in ["z", "1", "H", ">", "y"] {
        keys(&mut reel, pane);
        assert!(said(&reel).contains("no panes"), "{pane}: {}", said(&reel));
    }
    let selected = reel.shown().1.selected;
    keys(&mut reel, "j");
    assert_eq!(reel.shown().1.selected, selected, "no fault is selected that nobody sees");
    // The report scrolls.
    keys(&mut reel, "⇒");
    let top = |reel: &mut Reel| {
        let shown = drawn(reel, (80, 24), Language::English, Depth::True);
        shown.lines().nth(5).unwrap().to_owned()
    };
    let first = top(&mut reel);
    keys(&mut reel, "jjj");
    assert_ne!(top(&mut reel), first);
    // The footer leads back, and the help names them as they are here.
    let shown = drawn(&mut reel, (200, 60), Language::English, Depth::True);
    assert!(shown.lines().last().unwrap().contains("F2 back"), "{shown}");
    let names = |reel: &Reel| {
        let (state, ui) = reel.shown();
        [ActionId::FocusNext, ActionId::SelectNext, ActionId::LogBack]
            .map(|id| action::find(id).unwrap().name_key(state, ui))
    };
    assert_eq!(names(&reel), ["action-focus-next", "action-down", "action-page-up"]);
    keys(&mut reel, "⇐");
    assert_eq!(names(&reel)[0], "action-next-part");
    keys(&mut reel, "⇐");
    assert_eq!(names(&reel), ["action-focus-next", "action-select-next", "action-log-back"]);
}

#[test]
fn nothing_is_ordered_on_a_page() {
    for keys_to in ["t5\n", "⇥⇒", "⇥⇒\t\t", "⇥⇒\t\t\t\t\t\t\t", "⇥⇒⇒"] {
        let mut reel = pictured(keys_to);
        reel.learn(texts(Language::English));
        nothing_is_ordered(&mut reel);
    }
}

#[test]
fn participants_have_the_screen_and_no_page() {
    let mut reel = briefed_reel();
    keys(&mut reel, "p");
    assert_eq!(page(&reel), Place::Live);
    keys(&mut reel, "⇥");
    for key in ["⇒", "⇐"] {
        keys(&mut reel, key);
        assert!(said(&reel).contains("facilitator"), "{}", said(&reel));
        assert_eq!(page(&reel), Place::Live);
    }
    for size in SIZES {
        assert!(!picture(&reel, size).contains("F3"));
    }
}

#[test]
fn the_mouse_chooses_on_a_page_and_seeks_on_its_bar() {
    let theme = Theme::named("dark", Depth::True).unwrap();
    for size in SIZES {
        let mut reel = briefed_reel();
        keys(&mut reel, "⇥⇒");
        reel.learn(texts(Language::English));
        let area = Rect::new(0, 0, size.0, size.1);
        let press = |reel: &mut Reel, is: &dyn Fn(&Target) -> bool| {
            let (state, ui) = reel.shown();
            let lang = texts(Language::English);
            let now = shown(state, reel.now());
            let found = hits(&Scene { state, ui, theme: &theme, lang, now }, area);
            let place = found.iter().find(|hit| is(&hit.target)).unwrap().area;
            let (state, ui) = reel.shown_mut();
            let at = Position::new(place.x, place.y);
            let outcomes = mouse(Mouse { did: Did::Press, at }, state, ui, &found);
            follow(reel, outcomes, NOW);
        };
        press(&mut reel, &|target| matches!(target, Target::Part(2)));
        assert_eq!(Part::chosen(reel.shown().1), Part::Incidents);
        press(&mut reel, &|target| matches!(target, Target::Learnt(1)));
        assert_eq!(reel.shown().1.learnt.at[Part::Incidents as usize], 1);
        press(&mut reel, &|target| matches!(target, Target::Bar { .. }));
        let replay = reel.shown().1.replay.as_ref().unwrap();
        assert_eq!((replay.at, replay.page), (Span::ZERO, Place::Briefing));
    }
}

/// Only what exercises before it taught: what came later was not known then.
#[test]
fn what_later_exercises_taught_is_not_shown() {
    let mut reel = briefed_reel();
    let began = reel.shown().0.header.began;
    let mut all = earlier();
    let later = Exercise { began: began + 1, ..all[0].clone() };
    let names: Vec<_> = all.iter().map(|one| one.name.clone()).collect();
    all.push(Exercise { name: "later".into(), ..later });
    reel.remember(all, vec!["a.jsonl: odd".into()]);
    let known = reel.shown().1.learnt.earlier.as_ref().unwrap();
    assert_eq!(known.iter().map(|one| one.name.clone()).collect::<Vec<_>>(), names);
    let shown = drawn(&mut reel, (120, 40), Language::English, Depth::True);
    assert!(shown.contains("Warm the cache") || shown.contains("warm the cache"), "{shown}");
}
