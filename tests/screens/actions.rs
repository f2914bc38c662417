//! Every action by key, by palette and by mouse, in every layer; and the list itself.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use gameday::exercise::id::{ImprovementId, InjectionId};
use gameday::exercise::judge::judge_all;
use gameday::exercise::log::EntryKind;
use gameday::exercise::mark::{Mark, MarkKind};
use gameday::exercise::note::Note;
use gameday::exercise::silencing::SilencingStatus;
use gameday::exercise::state::{InjectionStatus, State};
use gameday::gameday::people::Role;
use gameday::gameday::span::Span;
use gameday::lang::{LANGUAGES, Lang, Language};
use gameday::tui::action::{self, Action, ActionId};
use gameday::tui::answer::Outcome;
use gameday::tui::bindings::Bindings;
use gameday::tui::chooser::{About, Chooser};
use gameday::tui::compare::Compare;
use gameday::tui::compare::section::SECTIONS;
use gameday::tui::debrief::Part;
use gameday::tui::debrief::learnt::Line;
use gameday::tui::draft::{Draft, Edit};
use gameday::tui::key::{Code, Key};
use gameday::tui::keyfile::{PRESETS, preset};
use gameday::tui::keymap::BUILT_IN;
use gameday::tui::layer::{LAYERS, Layer};
use gameday::tui::looks::Looks;
use gameday::tui::mouse::{Did, Mouse, Target};
use gameday::tui::palette::{self, Choice};
use gameday::tui::picking::{Picking, Picks};
use gameday::tui::place::{Chosen, Counter, PLACES, Place};
use gameday::tui::replay::Replay;
use gameday::tui::scene::Scene;
use gameday::tui::theme::{Depth, Theme};
use gameday::tui::toast::refused;
use gameday::tui::ui::{Mode, Overlay, Ui};
use gameday::tui::update::{act, mouse, paste, press};
use gameday::tui::view;
use gameday::tui::view::hits::hits;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::{Position, Rect};

use super::{compare, debrief, relay, scenes, watch};

static ENGLISH: LazyLock<Lang> = LazyLock::new(|| Lang::new(Language::English));
static JAPANESE: LazyLock<Lang> = LazyLock::new(|| Lang::new(Language::Japanese));

/// States in which, between them, everything can be done.
static STATES: LazyLock<Vec<State>> = LazyLock::new(|| {
    let mut by_hand = scenes::running(100);
    by_hand.load.by_hand = Some(900.0);
    let mut reverted = scenes::halted();
    reverted.injections[0].status = InjectionStatus::Reverted;
    vec![
        scenes::silencing(scenes::running(100), SilencingStatus::Active),
        scenes::fault_active(),
        scenes::no_go(),
        scenes::held(),
        by_hand,
        reverted,
        debrief::decided(),
        scenes::people(),
        scenes::people_later(),
        relay::moments(),
        // Its checks do not hold, so that no countdown runs.
        scenes::silencing(scenes::briefing(20, 50), SilencingStatus::Offered),
        watch::burning(),
    ]
});

/// Themes to choose from.
static LOOKS: LazyLock<Looks> = LazyLock::new(|| {
    let theme = |name| Theme::named(name, Depth::True).unwrap();
    Looks::new(["dark", "light", "mono"].map(theme).to_vec(), 1, false)
});

/// Screens in every layer, and arranged so that every arrangement can be changed.
const SCREENS: &[fn(&State, &mut Ui)] = &[
    |_, _| {},
    |_, ui| ui.selected = 1,
    |state, ui| ui.toasts.put(refused(&"no".into(), false, state.now.elapsed)),
    |_, ui| ui.chosen = Chosen::GameDay,
    |_, ui| ui.chosen = Chosen::Recording,
    |_, ui| {
        ui.chosen = Chosen::Recording;
        ["one.jsonl", "two.jsonl"].into_iter().for_each(|path| ui.marks.toggle(path, 0));
    },
    |_, ui| ui.learnt.at[0] = 2,
    |_, ui| ui.learnt.part = Part::Incidents as usize,
    |_, ui| ui.learnt.part = Part::Improvements as usize,
    |state, ui| {
        ui.learnt.part = Part::Badly as usize;
        let (text, evidence) = ("slow".to_owned(), Vec::new());
        ui.learnt.lines = vec![Line { kind: EntryKind::WentBadly, text, evidence, at: state.now }];
    },
    |state, ui| {
        ui.learnt.part = Part::Earlier as usize;
        ui.learnt.remember(debrief::earlier(), Vec::new(), state);
    },
    |state, ui| {
        ui.learnt.part = Part::Improvements as usize;
        let some = !state.people.improvements.is_empty();
        let picks = if some { Picks::Evidence(ImprovementId(1)) } else { Picks::Category(None) };
        ui.picking = Some(Picking::new(picks, state));
    },
    |state, ui| drop(act(ActionId::LogBack, state, ui)),
    |state, ui| drop(act(ActionId::Zoom, state, ui)),
    |state, ui| drop(act(ActionId::Hide, state, ui)),
    |state, ui| {
        for id in [ActionId::TimelineIn, ActionId::TimelineIn, ActionId::TimelineLeft] {
            act(id, state, ui);
        }
    },
    |state, ui| typed(Layer::Typing, None, state, ui),
    |state, ui| typed(Layer::Typing, Some(Edit::Undo), state, ui),
    |state, ui| typed(Layer::Typing, Some(Edit::LineStart), state, ui),
    |state, ui| completing("/", &[], state, ui),
    |state, ui| completing("ack #", &[], state, ui),
    |state, ui| completing("ack # abc", &[Code::Left; 4], state, ui),
    |state, ui| {
        completing("ack #", &[], state, ui);
        for edit in [Edit::DeleteWord, Edit::Undo] {
            act(ActionId::Edit(edit), state, ui);
        }
    },
    |state, ui| typed(Layer::Palette, None, state, ui),
    |state, ui| typed(Layer::Palette, Some(Edit::Undo), state, ui),
    |state, ui| typed(Layer::Palette, Some(Edit::LineStart), state, ui),
    |state, ui| typed(Layer::Answer, None, state, ui),
    |state, ui| typed(Layer::Answer, Some(Edit::Undo), state, ui),
    |state, ui| typed(Layer::Answer, Some(Edit::LineStart), state, ui),
    |_, ui| ui.overlay = Some(Overlay::Help { top: 20 }),
    |state, ui| {
        ui.verdicts = judge_all(state);
        ui.overlay = Some(Overlay::Objectives { selected: 2 });
    },
    |state, ui| {
        ui.overlay = Some(Overlay::Objectives { selected: 1 });
        act(ActionId::SkipPhase, state, ui);
    },
    |_, ui| ui.overlay = Some(Overlay::Themes { before: 1 }),
    |_, ui| filtered(None, ui),
    |_, ui| filtered(Some(Edit::Undo), ui),
    |_, ui| filtered(Some(Edit::LineStart), ui),
    |_, ui| ui.filter.paste("day"),
    |_, ui| ui.counter = Counter::Text,
    |_, ui| ui.counter = Counter::Reach,
    |state, ui| drop(act(ActionId::Halt, state, ui)),
    |_, ui| ui.overlay = Some(Overlay::Incidents { selected: 0 }),
    |_, ui| ui.overlay = Some(Overlay::Incidents { selected: 2 }),
    |state, ui| {
        act(ActionId::Board, state, ui);
        ui.overlay = Some(Overlay::Board { page: 0, selected: 1, from: 1 });
    },
    |_, ui| ui.overlay = Some(Overlay::Deck { selected: 0 }),
    |_, ui| ui.overlay = Some(Overlay::Deck { selected: 3 }),
    |_, ui| ui.overlay = Some(Overlay::Crew { selected: 1 }),
    |_, ui| ui.overlay = Some(Overlay::Crew { selected: 6 }),
    |_, ui| ui.overlay = Some(Overlay::Real),
    |_, ui| ui.overlay = Some(Overlay::Moments { selected: 0 }),
    |_, ui| ui.overlay = Some(Overlay::Moments { selected: 1 }),
    |_, ui| {
        ui.tongue.keeps = true;
        ui.overlay = Some(Overlay::Handover { top: 3 });
    },
    |_, ui| {
        ui.overlay = Some(Overlay::Deck { selected: 3 });
        ui.chooser = Some(Chooser { selected: 1, ..Chooser::new(About::Hint(InjectionId(0))) });
    },
    |_, ui| {
        ui.overlay = Some(Overlay::Crew { selected: 1 });
        ui.chooser =
            Some(Chooser { selected: 1, ..Chooser::new(About::Role(Role::IncidentCommander)) });
    },
];

/// Text in a line, and perhaps a change of it.
fn typed(layer: Layer, edit: Option<Edit>, state: &State, ui: &mut Ui) {
    match layer {
        Layer::Palette => drop(act(ActionId::Palette, state, ui)),
        Layer::Answer => drop(act(ActionId::LoadSet, state, ui)),
        _ => ui.mode = Mode::Typing,
    }
    paste(if layer == Layer::Answer { "120" } else { "res" }, ui);
    if let Some(edit) = edit {
        act(ActionId::Edit(edit), state, ui);
    }
}

/// Text in the launcher's filter, where a game day is chosen, and perhaps a change of it.
fn filtered(edit: Option<Edit>, ui: &mut Ui) {
    (ui.counter, ui.chosen) = (Counter::Filter, Chosen::GameDay);
    ui.filter.paste("day");
    if let Some(edit) = edit {
        ui.filter.edit(edit);
    }
}

/// A line typed key by key, so that something is offered for it.
fn completing(line: &str, keys: &[Code], state: &State, ui: &mut Ui) {
    ui.mode = Mode::Typing;
    for one in line.chars() {
        press(Key::char(one), state, ui);
    }
    for code in keys {
        press(Key::plain(*code), state, ui);
    }
}

/// The screen of this number, in the place that it stands for.
fn screen(state: &State, index: usize) -> Ui {
    let place = PLACES[index / SCREENS.len()];
    let mut ui = Ui { place, looks: LOOKS.clone(), ..Ui::new("facilitator") };
    if place == Place::Replay {
        ui.replay = Some(replayed(index));
    }
    if place == Place::Compare {
        let ui_at = compare::at(&compare::TWO, SECTIONS[index % SECTIONS.len()]);
        let tops = [3; SECTIONS.len()];
        ui.compare = ui_at.compare.map(|shown| Compare { tops, most: 9, ..shown });
    }
    SCREENS[index % SCREENS.len()](state, &mut ui);
    ui.notice = None;
    ui
}

/// A recording in the middle, with marks, lines that were found and notes on both sides; with a note where it is, or not.
fn replayed(index: usize) -> Replay {
    let mark = |kind, seq| Mark { kind, seq, stamp: scenes::at(seq), index: 0, told: true };
    let kinds = [
        MarkKind::Phase,
        MarkKind::Injection,
        MarkKind::Incident,
        MarkKind::Breach,
        MarkKind::Stop,
        MarkKind::Change,
        MarkKind::Pin,
    ];
    let marks = kinds.into_iter().flat_map(|kind| [mark(kind, 10), mark(kind, 90)]);
    let mut replay = Replay::new(100, Span::from_secs(100), marks.collect());
    (replay.at, replay.seq, replay.found) = (Span::from_secs(50), 50, [10, 90].into());
    let here = if index % SCREENS.len() == 1 { 50 } else { 40 };
    let note = |seq| (Span::from_secs(seq), Note { seq, text: "seen".into() });
    replay.notes = [10, here, 90].map(note).into();
    replay
}

fn screens(state: &State) -> impl Iterator<Item = Ui> {
    (0..PLACES.len() * SCREENS.len()).map(|index| screen(state, index))
}

/// Everything about a screen and what it asks for, as text.
fn trace(outcomes: &[Outcome], mut ui: Ui) -> String {
    // What the palette itself remembers is not what the action does.
    ui.recent = Vec::new();
    if !ui.palette {
        (ui.lever, ui.choice) = (Draft::new(), 0);
    }
    (ui.pressed, ui.labels) = (None, Vec::new());
    format!("{outcomes:?} {ui:?}")
}

/// A state, the number of a screen, and that screen.
type Where = (&'static State, usize, Ui);

fn everywhere() -> Vec<Where> {
    let all = STATES.iter().map(|state| (state, screens(state)));
    all.flat_map(|(state, screens)| screens.enumerate().map(move |(index, ui)| (state, index, ui)))
        .collect()
}

/// Where an action can be done.
fn wheres(all: &[Where], action: &Action, layer: Layer) -> Vec<(&'static State, usize)> {
    let can = |(state, _, ui): &&Where| {
        let here = ui.layer() == layer && action.places.contains(&ui.place);
        here && (action.when)(state, ui).is_ok()
    };
    all.iter().filter(can).map(|(state, index, _)| (*state, *index)).collect()
}

fn done(action: &Action, state: &State, index: usize) -> String {
    let mut ui = screen(state, index);
    let outcomes = act(action.id, state, &mut ui);
    trace(&outcomes, ui)
}

#[test]
fn every_action_by_key_by_palette_and_by_mouse() {
    let (all, mut no_mouse) = (everywhere(), BTreeSet::new());
    for action in action::all() {
        for layer in LAYERS.into_iter().filter(|layer| action.is_in(*layer)) {
            let name = format!("{} in {}", action.slug, layer.slug());
            // Nothing runs in the launcher: there the key of the emergency stop only says so.
            if action.id == ActionId::Halt && !layer.belongs(Place::Live) {
                continue;
            }
            let found = wheres(&all, action, layer);
            assert!(!found.is_empty(), "{name}: it can be done nowhere; add a state to this test");
            let changes = found.iter().any(|(state, index)| {
                done(action, state, *index) != trace(&[], screen(state, *index))
            });
            assert!(changes, "{name}: it does nothing");
            let (state, index) = found[0];
            by_key(action, layer, state, index, &name);
            if layer == Layer::Screen && action.id != ActionId::Palette {
                by_palette(action, state, index, &name);
            }
            let mouse = found.iter().any(|(state, index)| by_mouse(action, state, *index, &name));
            if !mouse && action.footer.is_some() {
                no_mouse.insert(name);
            }
        }
    }
    assert_eq!(no_mouse, BTreeSet::new(), "in the footer, but the mouse does not reach them");
}

fn by_key(action: &Action, layer: Layer, state: &State, index: usize, name: &str) {
    let want = done(action, state, index);
    let place = screen(state, index).place;
    let chords: Vec<_> = BUILT_IN.chords(layer, place, action.id).collect();
    assert!(!chords.is_empty(), "{name} has no key");
    for chord in chords {
        let mut ui = screen(state, index);
        let outcomes: Vec<_> =
            chord.keys().iter().flat_map(|key| press(*key, state, &mut ui)).collect();
        assert_eq!(trace(&outcomes, ui), want, "{name} by {chord}");
    }
}

fn by_palette(action: &Action, state: &State, index: usize, name: &str) {
    let want = done(action, state, index);
    for lang in [&*ENGLISH, &*JAPANESE] {
        let label = lang.say(&action.name_key(state, &screen(state, index))).into_owned();
        for typed in [action.slug, &label] {
            let mut ui = Ui { labels: palette::labels(lang), ..screen(state, index) };
            act(ActionId::Palette, state, &mut ui);
            paste(typed, &mut ui);
            let choices = palette::choices(state, &ui);
            let is_it =
                |choice: &Choice| matches!(choice, Choice::Action(one, _) if one.id == action.id);
            let at = choices.iter().position(is_it);
            let at = at.unwrap_or_else(|| panic!("{name} is not found by {typed:?}"));
            assert!(at < 4, "{name} by {typed:?} is the {at}th");
            for _ in 0..at {
                press(Key::plain(Code::Down), state, &mut ui);
            }
            let outcomes = press(Key::plain(Code::Enter), state, &mut ui);
            assert_eq!(trace(&outcomes, ui), want, "{name} by {typed:?}");
        }
    }
}

/// Clicks on what stands for the action, if anything does.
fn by_mouse(action: &Action, state: &State, index: usize, name: &str) -> bool {
    let (theme, lang) = (Theme::named("dark", Depth::True).unwrap(), &*ENGLISH);
    let mut ui = screen(state, index);
    let size = Rect::new(0, 0, 200, 60);
    let reached = {
        let scene = Scene { state, ui: &ui, theme: &theme, lang, now: state.now };
        hits(&scene, size)
    };
    let Some(hit) = reached.iter().find(|hit| hit.target == Target::Action(action.id)) else {
        return false;
    };
    let at = Position::new(hit.area.x, hit.area.y);
    let outcomes = mouse(Mouse { did: Did::Press, at }, state, &mut ui, &reached);
    assert_eq!(trace(&outcomes, ui), done(action, state, index), "{name} by mouse");
    true
}

#[test]
fn what_the_mouse_reaches_is_what_stands_there() {
    let (theme, lang) = (Theme::named("dark", Depth::True).unwrap(), &*ENGLISH);
    for state in [scenes::fault_active(), scenes::no_go(), scenes::ended()] {
        for ui in screens(&state).filter(|ui| ui.place == gameday::tui::place::Place::Live) {
            for (width, height) in [(60, 16), (80, 24), (120, 40), (200, 60)] {
                let scene = Scene { state: &state, ui: &ui, theme: &theme, lang, now: state.now };
                let reached = hits(&scene, Rect::new(0, 0, width, height));
                let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
                terminal.draw(|frame| view::draw(frame, &scene)).unwrap();
                let buffer = terminal.backend().buffer();
                for hit in reached.iter() {
                    assert_eq!(buffer.area.intersection(hit.area), hit.area, "off the screen");
                    let Target::Action(id) = hit.target else { continue };
                    if reached.at(hit.area.as_position()) != Some(hit) || hit.area.height != 1 {
                        continue;
                    }
                    let Some(key) = gameday::tui::keymap::shown(id, &ui) else { continue };
                    let row: String = (hit.area.left()..hit.area.right())
                        .map(|x| buffer[(x, hit.area.y)].symbol())
                        .collect();
                    // Keys of the footer stand where they are clicked; titles, tabs and the log's line say it otherwise.
                    let in_footer = action::find(id).unwrap().footer.is_some();
                    if in_footer && id != ActionId::Type && !matches!(id, ActionId::Together) {
                        assert!(row.starts_with(&key), "{id:?} at {:?}: {row:?}", hit.area);
                    }
                }
            }
        }
    }
}

#[test]
fn a_click_selects_and_a_drag_zooms() {
    let (theme, lang) = (Theme::named("dark", Depth::True).unwrap(), &*ENGLISH);
    let state = scenes::fault_active();
    let mut ui = Ui::new("facilitator");
    let size = Rect::new(0, 0, 200, 60);
    let reached =
        |ui: &Ui| hits(&Scene { state: &state, ui, theme: &theme, lang, now: state.now }, size);
    let find = |ui: &Ui, want: &dyn Fn(&Target) -> bool| {
        let found = reached(ui);
        found.iter().find(|hit| want(&hit.target)).unwrap().area
    };
    let does = |ui: &mut Ui, did, x, y| {
        let hits = reached(ui);
        mouse(Mouse { did, at: Position::new(x, y) }, &state, ui, &hits)
    };
    let second = find(&ui, &|target| *target == Target::Fault(1));
    does(&mut ui, Did::Press, second.x + 3, second.y);
    assert_eq!(ui.selected, 1);
    does(&mut ui, Did::WheelUp, second.x + 3, second.y);
    assert_eq!(ui.selected, 0);
    let time = find(&ui, &|target| matches!(target, Target::Moments { .. }));
    let x = |share: u16| time.x + time.width * share / 100;
    // The last third of the timeline: the second fault is nearest.
    does(&mut ui, Did::Press, x(70), time.y);
    assert_eq!(ui.selected, 0, "until the button is up it may become a drag");
    does(&mut ui, Did::Release, x(70), time.y);
    assert_eq!(ui.selected, 1);
    let whole = ui.window.range(state.foreseen_end(), state.now.elapsed);
    does(&mut ui, Did::Press, x(60), time.y);
    does(&mut ui, Did::Drag, x(50), time.y);
    does(&mut ui, Did::Release, x(40), time.y);
    let (from, to) = ui.window.range(state.foreseen_end(), state.now.elapsed);
    let share = |at: gameday::gameday::span::Span| at.as_millis() * 100 / whole.1.as_millis();
    assert!((30..=40).contains(&share(from)) && (60..=70).contains(&share(to)), "{from} to {to}");
    does(&mut ui, Did::WheelDown, x(50), time.y);
    does(&mut ui, Did::WheelDown, x(50), time.y);
    assert_eq!(ui.window.range(state.foreseen_end(), state.now.elapsed), whole);
    // Over an open question nothing below can be reached.
    act(ActionId::SkipPhase, &state, &mut ui);
    ui.selected = 0;
    does(&mut ui, Did::Press, second.x + 3, second.y);
    assert_eq!((ui.selected, ui.dialog.is_some()), (0, true));
    // A line of the palette is taken with a click.
    let mut ui = Ui::new("facilitator");
    act(ActionId::Palette, &state, &mut ui);
    paste("instruments", &mut ui);
    let row = find(&ui, &|target| *target == Target::Choice(0));
    does(&mut ui, Did::Press, row.x, row.y);
    assert!(!ui.palette && ui.panes.alone() == Some(gameday::tui::pane::Pane::Instruments));
}

fn clashes(bindings: &Bindings) -> Vec<String> {
    let mut clashes = Vec::new();
    for layer in LAYERS {
        for place in PLACES {
            let bound = bindings.at(layer, place);
            for (index, one) in bound.iter().enumerate() {
                for other in bound.iter().skip(index + 1) {
                    if one.chord.overlaps(&other.chord) {
                        clashes.push(format!("{layer:?} {place:?}: {one:?} {other:?}"));
                    }
                }
            }
        }
    }
    clashes
}

#[test]
fn no_key_means_two_things_in_one_place() {
    assert_eq!(clashes(&BUILT_IN), Vec::<String>::new());
    for (name, text) in PRESETS {
        let (bindings, problems) = gameday::tui::keyfile::read(text);
        let said: Vec<_> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(said, Vec::<String>::new(), "{name}");
        assert_eq!(clashes(&bindings.unwrap()), Vec::<String>::new(), "{name}");
        assert!(preset(name).unwrap() != *BUILT_IN, "{name} changes nothing");
    }
    for layer in LAYERS {
        for place in PLACES {
            let halts = BUILT_IN.find(layer, place, &[Key::ctrl('x')]);
            let want = if layer == Layer::Halting { ActionId::ConfirmHalt } else { ActionId::Halt };
            assert_eq!(halts, gameday::tui::bindings::Found::Action(want), "{layer:?} {place:?}");
        }
    }
}

#[test]
fn every_action_has_one_name_and_says_what_it_does() {
    let mut slugs = BTreeSet::new();
    for action in action::all() {
        assert!(slugs.insert(action.slug), "{} is there twice", action.slug);
        for lang in LANGUAGES.map(Lang::new) {
            for key in action.name_keys().chain([action.help_key()]) {
                assert_ne!(lang.say(&key), key, "{:?} lacks {key}", lang.language());
            }
        }
    }
    for lang in LANGUAGES.map(Lang::new) {
        for layer in LAYERS {
            let key = format!("layer-{}", layer.slug());
            assert_ne!(lang.say(&key), key);
        }
    }
}

#[test]
fn what_was_chosen_lately_comes_first() {
    let state = scenes::running(100);
    let mut ui = Ui::new("facilitator");
    let first = |ui: &mut Ui| {
        act(ActionId::Palette, &state, ui);
        let first = match palette::choices(&state, ui).into_iter().next().unwrap() {
            Choice::Action(action, _) => action.slug.to_owned(),
            Choice::Again(line) => line,
            Choice::Begin(_) | Choice::Pull(_) => panic!("neither"),
        };
        press(Key::plain(Code::Esc), &state, ui);
        first
    };
    assert_eq!(first(&mut ui), "type");
    for (typed, want) in [("load-up", "load-up"), ("restart web-app-3", "restart web-app-3")] {
        act(ActionId::Palette, &state, &mut ui);
        paste(typed, &mut ui);
        assert_eq!(press(Key::plain(Code::Enter), &state, &mut ui).len(), 1, "{typed}");
        assert_eq!(first(&mut ui), want);
    }
    // What cannot be done is found, last, and says why.
    act(ActionId::Palette, &state, &mut ui);
    paste("release", &mut ui);
    assert_eq!(press(Key::plain(Code::Enter), &state, &mut ui), []);
    assert!(ui.palette && ui.notice.as_ref().unwrap().bad);
}
