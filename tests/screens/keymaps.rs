//! Keymap files from outside: good ones with what their keys do, bad ones with everything that is said of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gameday::lang::{Lang, Language};
use gameday::tui::key::Chord;
use gameday::tui::keyfile::read;
use gameday::tui::layer::LAYERS;
use gameday::tui::place::Place;
use gameday::tui::scene::Scene;
use gameday::tui::theme::{Depth, Theme};
use gameday::tui::ui::Ui;
use gameday::tui::update::press;
use gameday::tui::view;
use gameday::tui::{action, bindings::Found};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::scenes;

fn files(folder: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/screens/keymaps").join(folder);
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), fs::read_to_string(path).unwrap()))
        .collect();
    files.sort();
    assert!(files.len() > 3);
    files
}

/// The lines `# word: text` of a file.
fn said<'a>(text: &'a str, word: &str) -> Vec<&'a str> {
    let start = format!("# {word}: ");
    text.lines().filter_map(|line| line.strip_prefix(&*start)).collect()
}

#[test]
fn bad_keymaps_say_everything_that_is_wrong_with_them() {
    for (path, text) in files("bad") {
        let (bindings, problems) = read(&text);
        let found: Vec<_> = problems
            .iter()
            .map(|problem| match problem.mend.as_str() {
                "" => problem.to_string(),
                mend => format!("{problem} | {mend}"),
            })
            .collect();
        assert_eq!(found, said(&text, "says"), "{path:?}");
        assert!(bindings.is_none(), "{path:?}");
    }
}

#[test]
fn good_keymaps_do_what_they_say() {
    for (path, text) in files("good") {
        let (bindings, problems) = read(&text);
        let found: Vec<_> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(found, said(&text, "warns"), "{path:?}");
        let bindings = bindings.unwrap();
        for line in said(&text, "does") {
            let (layer, rest) = line.split_once(' ').unwrap();
            let (chord, want) = rest.split_once(" -> ").unwrap();
            let layer = LAYERS.into_iter().find(|one| one.slug() == layer).unwrap();
            let chord = Chord::parse(chord).unwrap();
            let slug = match bindings.find(layer, Place::Live, chord.keys()) {
                Found::Action(id) => action::find(id).unwrap().slug,
                Found::Begun => "…",
                Found::Nothing => "nothing",
            };
            assert_eq!(slug, want, "{path:?}: {line}");
        }
    }
}

#[test]
fn a_begun_chord_shows_how_it_goes_on() {
    let (bindings, _) = read("keymap: v1\nscreen: { g g: log-back, g h: hold, x: none }\n");
    let state = scenes::running(100);
    let mut ui = Ui { bindings: bindings.map(Arc::new), ..Ui::new("facilitator") };
    let (theme, lang) = (Theme::named("dark", Depth::True).unwrap(), Lang::new(Language::English));
    let shown = |ui: &Ui| {
        let mut terminal = Terminal::new(TestBackend::new(120, 40)).unwrap();
        let scene = Scene { state: &state, ui, theme: &theme, lang: &lang, now: state.now };
        terminal.draw(|frame| view::draw(frame, &scene)).unwrap();
        let buffer = terminal.backend().buffer();
        buffer.content.iter().map(|cell| cell.symbol()).collect::<String>()
    };
    let key = |ui: &mut Ui, text: &str| {
        let keys = Chord::parse(text).unwrap();
        keys.keys().iter().flat_map(|key| press(*key, &state, ui)).count()
    };
    assert_eq!(key(&mut ui, "g"), 0);
    let all = shown(&ui);
    assert!(all.contains("g …  g log back · h hold"), "{all}");
    assert_eq!(key(&mut ui, "h"), 1);
    assert!(ui.begun.is_empty());
    assert_eq!(key(&mut ui, "g z"), 0);
    assert!(shown(&ui).contains("g z means nothing here"));
    // Escape gives a chord up without a word, and the emergency stop waits for none.
    assert_eq!(key(&mut ui, "g Esc"), 0);
    assert!(ui.notice.is_none() && ui.begun.is_empty());
    assert_eq!(key(&mut ui, "g Ctrl-X"), 0);
    assert!(ui.halting);
    key(&mut ui, "Esc");
    // The footer shows the keys in force, and not what has none.
    let footer = shown(&ui);
    assert!(footer.contains("g h hold") && !footer.contains("x inject"), "{footer}");
}
