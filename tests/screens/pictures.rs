//! The pictures of the documents, drawn by the views themselves: they are what the screen shows, or this fails.
//! `scripts/screenshot` makes them anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gameday::exercise::mark::{Mark, MarkKind};
use gameday::exercise::note::Note;
use gameday::exercise::state::State;
use gameday::gameday::span::Span;
use gameday::lang::{Lang, Language};
use gameday::tui::compare::Compared;
use gameday::tui::compare::section::Section;
use gameday::tui::key::{Code, Key};
use gameday::tui::launcher;
use gameday::tui::looks::Looks;
use gameday::tui::palette::labels;
use gameday::tui::picture;
use gameday::tui::place::Place;
use gameday::tui::replay::Replay;
use gameday::tui::scene::Scene;
use gameday::tui::theme::{Depth, Theme};
use gameday::tui::ui::{Overlay, Ui};
use gameday::tui::update::{paste, press};
use gameday::tui::view;
use gameday::tui::view::clocked::shown;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use super::compare;
use super::looks::{sheet, sheets};
use super::mono::participants;
use super::scenes::{self, briefing};
use super::toasts::bad_minute;
use super::watch::burning;
use super::way::{at_place, desk, ended, part, shelf};
use super::whole::facilitator;

const SIZE: (u16, u16) = (120, 40);

/// A picture: its file, the theme it wears, and what is on it.
type Picture = (&'static str, &'static str, Buffer);

fn theme(name: &str) -> Theme {
    Theme::of(&sheet(name), Depth::True)
}

fn drawn(state: &State, ui: &Ui, wears: &str, language: Language) -> Buffer {
    let (theme, lang) = (theme(wears), Lang::new(language));
    let mut terminal = Terminal::new(TestBackend::new(SIZE.0, SIZE.1)).unwrap();
    let scene = Scene { state, ui, theme: &theme, lang: &lang, now: shown(state, state.now) };
    terminal.draw(|frame| view::draw(frame, &scene)).unwrap();
    terminal.backend().buffer().clone()
}

fn launcher() -> Buffer {
    let (launcher, mut desk) = (shelf(), desk(""));
    let (theme, lang) = (theme("dark"), Lang::new(Language::English));
    let mut terminal = Terminal::new(TestBackend::new(SIZE.0, SIZE.1)).unwrap();
    launcher::settle(&launcher, &mut desk);
    let state = launcher::shown(&launcher, &desk);
    let scene = Scene { state, ui: &desk.ui, theme: &theme, lang: &lang, now: state.now };
    terminal.draw(|frame| view::launcher::draw(frame, &scene, &launcher, &desk)).unwrap();
    terminal.backend().buffer().clone()
}

fn palette(state: &State) -> Ui {
    let mut ui = Ui { labels: labels(&Lang::new(Language::English)), ..facilitator() };
    press(Key::char(':'), state, &mut ui);
    paste("load", &mut ui);
    press(Key::plain(Code::Down), state, &mut ui);
    ui
}

fn choosing_a_theme(name: &str) -> Ui {
    let themes: Vec<Theme> = sheets().iter().map(|one| Theme::of(one, Depth::True)).collect();
    let chosen = themes.iter().position(|theme| theme.name == name).unwrap();
    let looks = Looks::new(themes, chosen, false);
    Ui { looks, overlay: Some(Overlay::Themes { before: 0 }), ..facilitator() }
}

/// A recording that is played, with its marks and a note.
fn replayed(state: &State) -> Ui {
    let mark =
        |kind, secs: u64| Mark { kind, seq: secs, stamp: scenes::at(secs), index: 0, told: true };
    let marks = [(MarkKind::Phase, 10), (MarkKind::Phase, 70), (MarkKind::Phase, 190)]
        .into_iter()
        .chain([(MarkKind::Injection, 221), (MarkKind::Breach, 223), (MarkKind::Incident, 227)])
        .chain([(MarkKind::Injection, 280), (MarkKind::Stop, 320), (MarkKind::Phase, 370)])
        .map(|(kind, secs)| mark(kind, secs));
    let (seq, at) = (state.seq, state.now.elapsed);
    let mut replay = Replay::new(seq + 312, Span::from_secs(495), marks.collect());
    (replay.at, replay.seq, replay.playing, replay.speed) = (at, seq, true, 4);
    let note = Note { seq, text: "here the cache was still cold".into() };
    replay.notes = [(at, note)].into();
    Ui { place: Place::Replay, replay: Some(replay), ..facilitator() }
}

/// Two exercises over one time.
fn compared() -> Ui {
    let mut comparison = compare::TWO.comparison.clone();
    for (one, weeks) in comparison.exercises.iter_mut().zip(0..) {
        one.title = "Black Friday".into();
        one.began_ms += weeks * 7 * 86_400_000;
    }
    let lines = compare::TWO.lines.clone();
    compare::at(&Arc::new(Compared { comparison, lines }), Section::Time)
}

fn pictures() -> Vec<Picture> {
    let english = |state: &State, ui: &Ui| drawn(state, ui, "dark", Language::English);
    let live = scenes::inside();
    let counts = briefing(11, 0);
    let over = ended();
    let (theirs, their_ui) = participants(scenes::inside());
    let (bad, bad_ui) = bad_minute();
    let themed = |name| (drawn(&live, &choosing_a_theme(name), name, Language::English), name);
    let (light, _) = themed("light");
    let (blind, _) = themed("colour-blind");
    vec![
        ("launcher", "dark", launcher()),
        ("briefing", "dark", english(&counts, &at_place(&counts, Place::Briefing))),
        ("live", "dark", english(&live, &facilitator())),
        ("messages", "dark", english(&bad, &bad_ui)),
        ("palette", "dark", english(&live, &palette(&live))),
        ("participants", "dark", english(&theirs, &their_ui)),
        ("debrief", "dark", english(&over, &part(&over, 0))),
        ("report", "dark", english(&over, &at_place(&over, Place::Report))),
        ("replay", "dark", english(&live, &replayed(&live))),
        ("watch", "dark", english(&burning(), &facilitator())),
        ("compare", "dark", english(&scenes::preparing(), &compared())),
        ("theme-light", "light", light),
        ("theme-colour-blind", "colour-blind", blind),
        ("japanese", "dark", drawn(&live, &facilitator(), "dark", Language::Japanese)),
    ]
}

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

#[test]
fn the_pictures_are_what_the_screen_shows_and_the_page_shows_them() {
    pictures_are_new();
    the_page_names_every_picture_and_nothing_else();
}

fn pictures_are_new() {
    let anew = std::env::var("INSTA_UPDATE").is_ok_and(|it| it == "always");
    let page = fs::read_to_string(docs().join("screens.md")).unwrap();
    for (name, wears, buffer) in pictures() {
        let path = docs().join(format!("{name}.svg"));
        // What the page says in place of the picture, the picture says, too.
        let about = page.split("![").find(|one| one.contains(&format!("]({name}.svg)")));
        let about = about.and_then(|one| one.split(']').next()).unwrap();
        let svg =
            picture::svg(&buffer, theme(wears).backdrop(), &format!("gameday: {name}"), about);
        assert!(svg.len() < 120_000, "{name} is too large: {}", svg.len());
        if anew {
            fs::write(&path, &svg).unwrap();
        }
        let there = fs::read_to_string(&path).unwrap_or_default();
        assert!(there == svg, "{} is old; scripts/screenshot makes it anew", path.display());
    }
}

/// What stands in `(…)` behind `](`, of the page's own folder.
fn links(page: &str) -> Vec<&str> {
    let targets = page.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.filter(|target| !target.starts_with("http")).collect()
}

fn the_page_names_every_picture_and_nothing_else() {
    let page = fs::read_to_string(docs().join("screens.md")).unwrap();
    let found = links(&page);
    for target in &found {
        assert!(docs().join(target).is_file(), "docs/screens.md: there is no {target}");
    }
    for entry in fs::read_dir(docs()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".svg") {
            assert!(found.contains(&&*name), "docs/screens.md does not show {name}");
            let made = pictures().iter().any(|(one, ..)| format!("{one}.svg") == name);
            assert!(made, "docs/{name} is made by nobody");
        }
    }
    let readme = include_str!("../../README.md");
    for target in links(readme) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(target);
        assert!(path.exists(), "README.md: there is no {target}");
    }
    assert!(links(readme).contains(&"docs/screens.md"));
}
