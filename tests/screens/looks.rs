//! Themes, contrast, what is left without colour and in ASCII, and the choice of a theme.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use gameday::exercise::state::{InjectionStatus, Stage, State};
use gameday::lang::{Lang, Language};
use gameday::tui::answer::Outcome;
use gameday::tui::ascii::stand_in;
use gameday::tui::key::{Code, Key};
use gameday::tui::looks::Looks;
use gameday::tui::scene::Scene;
use gameday::tui::theme::colour::Rgb;
use gameday::tui::theme::depth::DEPTHS;
use gameday::tui::theme::read::read;
use gameday::tui::theme::role::ROLES;
use gameday::tui::theme::sheet::Sheet;
use gameday::tui::theme::{BUILT_IN, Depth, NAMES, Role, Theme, shelf};
use gameday::tui::ui::{Overlay, Ui};
use gameday::tui::update::press;
use gameday::tui::view;
use gameday::tui::view::clocked::shown;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};

use super::scenes;
use super::whole::{SIZES, cases, facilitator, rows};

pub(super) fn sheets() -> Vec<Sheet> {
    let shelf = shelf();
    BUILT_IN
        .iter()
        .map(|(name, text)| {
            let (sheet, problems) = read(name, text, &shelf);
            assert!(problems.is_empty(), "{name}: {problems:?}");
            sheet.unwrap()
        })
        .collect()
}

pub(super) fn sheet(name: &str) -> Sheet {
    sheets().into_iter().find(|sheet| sheet.name == name).unwrap()
}

/// The screen, and where the cursor stands.
fn drawn(state: &State, ui: &Ui, theme: &Theme, size: (u16, u16)) -> (Buffer, String) {
    static LANG: LazyLock<Lang> = LazyLock::new(|| Lang::new(Language::English));
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
    let scene = Scene { state, ui, theme, lang: &LANG, now: shown(state, state.now) };
    terminal.draw(|frame| view::draw(frame, &scene)).unwrap();
    let cursor =
        format!("{:?}", ratatui::backend::Backend::get_cursor_position(terminal.backend_mut()));
    (terminal.backend().buffer().clone(), cursor)
}

#[test]
fn every_text_stands_out_from_every_background_it_is_made_for() {
    for sheet in sheets() {
        for role in ROLES {
            let Some(full) = sheet.look(*role).ink.rgb() else { continue };
            assert!(!sheet.backgrounds.is_empty(), "{} says no background", sheet.name);
            let least = if role.is_ornament() { 1.5 } else { 4.5 };
            for background in &sheet.backgrounds {
                // A badge is the same two colours the other way round, and their contrast is the same.
                let ground = if sheet.paints { background.palette().1 } else { *background };
                for (depth, contrast) in [
                    (Depth::True, full.contrast(*background)),
                    (Depth::Palette, full.palette().1.contrast(ground)),
                ] {
                    assert!(
                        contrast >= least && background.contrast(full) >= least,
                        "{}, {}: {contrast:.2} on {background:?} at {depth:?}",
                        sheet.name,
                        role.slug()
                    );
                }
            }
        }
    }
}

/// How a colour is seen: light, and the two axes of hue (CIE Lab).
fn lab([red, green, blue]: [f64; 3]) -> [f64; 3] {
    let [red, green, blue] = [red, green, blue].map(|one| one.clamp(0.0, 1.0));
    let bent = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
    let x = bent((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.950_47);
    let y = bent(0.2126 * red + 0.7152 * green + 0.0722 * blue);
    let z = bent((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.088_83);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// What eyes without one kind of cones see (Machado, Oliveira and Fernandes 2009, severity 1).
const EYES: [(&str, [[f64; 3]; 3]); 3] = [
    ("all cones", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    (
        "deuteranopia",
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
    ),
    (
        "protanopia",
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
    ),
];

#[test]
fn good_and_bad_differ_in_light_and_hue_for_eyes_that_lack_red_or_green() {
    let seen = |rgb: Rgb, eyes: &[[f64; 3]; 3]| {
        let light = rgb.linear();
        lab(eyes.map(|row| row.iter().zip(light).map(|(part, one)| part * one).sum()))
    };
    // Light apart, and hue apart.
    let apart = |one: [f64; 3], other: [f64; 3]| {
        ((one[0] - other[0]).abs(), (one[1] - other[1]).hypot(one[2] - other[2]))
    };
    for name in ["colour-blind", "colour-blind-light"] {
        let sheet = sheet(name);
        for (kind, eyes) in &EYES {
            let [good, warn, bad] = [Role::Good, Role::Warn, Role::Bad]
                .map(|role| seen(sheet.look(role).ink.rgb().unwrap(), eyes));
            let (light, hue) = apart(good, bad);
            assert!(light >= 12.0 && hue >= 40.0, "{name}, {kind}: {light:.0} and {hue:.0}");
            let (light, _) = apart(warn, bad);
            assert!(light >= 12.0, "{name}, {kind}: look here is not broken: {light:.0}");
            let (_, hue) = apart(warn, good);
            assert!(hue >= 40.0, "{name}, {kind}: look here is not good: {hue:.0}");
        }
    }
    // The measure itself finds what is wrong: the dark theme's red and green are near for such eyes.
    let dark = sheet("dark");
    let [good, bad] =
        [Role::Good, Role::Bad].map(|role| seen(dark.look(role).ink.rgb().unwrap(), &EYES[1].1));
    assert!(apart(good, bad).1 < 40.0);
}

#[test]
fn themes_hold_at_every_depth() {
    for name in NAMES {
        for depth in DEPTHS {
            let theme = Theme::named(name, depth).unwrap();
            assert_eq!(theme.name, name);
            let bad = theme.style(Role::Bad);
            let colourless = depth == Depth::Mono || name == "mono";
            assert_eq!(bad.fg.is_none(), colourless, "{name} at {depth:?}");
            assert!(bad.add_modifier.contains(Modifier::BOLD));
            for role in ROLES {
                let fits = match theme.style(*role).fg {
                    None => true,
                    Some(Color::Rgb(..)) => depth == Depth::True,
                    Some(Color::Indexed(_)) => depth == Depth::Palette,
                    Some(_) => depth == Depth::Sixteen,
                };
                assert!(fits, "{name}, {} at {depth:?}", role.slug());
            }
        }
    }
    let ground = Theme::named("high-contrast", Depth::True).unwrap();
    let (buffer, _) = drawn(&scenes::running(100), &facilitator(), &ground, (80, 24));
    assert!(buffer.content.iter().all(|cell| cell.bg == Color::Rgb(0, 0, 0)));
    assert!(Theme::named("drak", Depth::True).unwrap_err().to_string().contains("mean \"dark\"?"));
}

#[test]
fn what_is_wrong_with_a_theme_is_said_with_its_place_and_what_mends_it() {
    let user = |text: &str| vec![("mine".to_owned(), text.to_owned())];
    for (text, place, what, mend) in [
        ("", (1, 1), "empty", "theme: v1"),
        ("# nothing\n", (1, 1), "empty", "theme: v1"),
        ("theme: v1\nroles: [", (2, 8), "no YAML", ""),
        ("parent: dark\n", (1, 1), "\"theme\" is missing", "theme: v1"),
        ("theme: v2\n", (1, 8), "version", "v1"),
        ("theme: v1\nparnet: dark\n", (2, 1), "means nothing here", "mean \"parent\"?"),
        ("theme: v1\nparent: drak\n", (2, 9), "no theme \"drak\"", "mean \"dark\"?"),
        ("theme: v1\nparent: mine\n", (2, 9), "circle", "away"),
        ("theme: v1\nroles:\n  goood: red\n", (3, 3), "means nothing here", "mean \"good\"?"),
        ("theme: v1\nroles:\n  good: rde\n", (3, 9), "\"rde\" is no colour", "mean \"red\"?"),
        ("theme: v1\nroles:\n  good: { blod: true }\n", (3, 11), "nothing here", "mean \"bold\"?"),
        ("theme: v1\nroles:\n  good: { bold: yes }\n", (3, 17), "neither true", "true or false"),
        ("theme: v1\nroles:\n  good: { parent: baad }\n", (3, 19), "no role", "mean \"bad\"?"),
        (
            "theme: v1\nroles:\n  good: { parent: bad }\n  bad: { parent: good }\n",
            (3, 19),
            "itself",
            "away",
        ),
        ("theme: v1\npalette:\n  red: \"#12\"\n", (3, 8), "no colour", "#rrggbb"),
        (
            "theme: v1\npalette:\n  red: { rgb: \"#ff0000\", ansi: pinkish }\n",
            (3, 32),
            "sixteen",
            "one of",
        ),
        ("theme: v1\nbackgrounds: black\n", (2, 14), "no background", "#rrggbb"),
        ("theme: v1\ntheme: v1\n", (2, 1), "second time", "remove"),
        ("theme: v1\nroles: red\n", (2, 8), "a single value", "text"),
    ] {
        let mut shelf = user(text);
        shelf.extend(self::shelf());
        let (sheet, problems) = read("mine", text, &shelf);
        assert!(sheet.is_none(), "{text}");
        let said = problems.iter().find(|one| one.what.contains(what));
        let said = said.unwrap_or_else(|| panic!("{text}\n{problems:#?}"));
        assert_eq!((said.place.line, said.place.column), place, "{text}\n{said:?}");
        assert!(said.mend.contains(mend), "{text}\n{said:?}");
    }
    // Two that name each other, and one that is wrong itself.
    let shelf = vec![
        ("one".to_owned(), "theme: v1\nparent: two\n".to_owned()),
        ("two".to_owned(), "theme: v1\nparent: one\n".to_owned()),
    ];
    let (sheet, problems) = read("one", &shelf[0].1, &shelf);
    assert!(sheet.is_none() && format!("{problems:?}").contains("circle"), "{problems:?}");
}

#[test]
fn a_role_has_from_its_parents_what_it_does_not_say() {
    let text = "theme: v1\nparent: light\npalette: { good: \"#001122\" }\nroles:\n  \
                next: { parent: key, bold: false, underlined: true }\n  key: { italic: true }\n";
    let shelf = shelf();
    let (sheet, problems) = read("mine", text, &shelf);
    assert!(problems.is_empty(), "{problems:?}");
    let mine = sheet.unwrap();
    let light = self::sheet("light");
    // A colour of the palette recolours every role that has it, and roles under them.
    assert_eq!(mine.look(Role::Good).ink.rgb(), Some(Rgb(0, 0x11, 0x22)));
    assert_eq!(mine.look(Role::Running).ink, mine.look(Role::Good).ink);
    assert_eq!(mine.look(Role::Next).ink, light.look(Role::Key).ink);
    assert_eq!(mine.look(Role::Next).modifiers, Modifier::ITALIC | Modifier::UNDERLINED);
    assert_eq!(mine.look(Role::Key).modifiers, Modifier::BOLD | Modifier::ITALIC);
    assert_eq!(mine.look(Role::Bad), light.look(Role::Bad));
    assert_eq!(mine.backgrounds, light.backgrounds);
}

/// What can be so on the screen, each in a state of its own; the rest is the same.
fn variants() -> Vec<(String, State)> {
    let mut all: Vec<(String, State)> = [
        InjectionStatus::Planned,
        InjectionStatus::Armed,
        InjectionStatus::Injecting,
        InjectionStatus::Active,
        InjectionStatus::Reverting,
        InjectionStatus::Reverted,
        InjectionStatus::Failed,
        InjectionStatus::Skipped,
        InjectionStatus::NotReverted,
    ]
    .into_iter()
    .map(|status| {
        let mut state = scenes::fault_active();
        state.injections[0].status = status;
        (format!("the fault is {status:?}"), state)
    })
    .collect();
    for stage in [Stage::Preparing, Stage::Preflight, Stage::NoGo, Stage::Closing] {
        let mut state = scenes::fault_active();
        state.stage = stage;
        all.push((format!("the stage is {stage:?}"), state));
    }
    let mut held = scenes::fault_active();
    held.held = scenes::held().held;
    all.push(("held".to_owned(), held));
    let mut halted = scenes::fault_active();
    halted.halted = scenes::halted().halted;
    all.push(("halted".to_owned(), halted));
    let mut kept = scenes::fault_active();
    kept.slos.iter_mut().for_each(|slo| slo.violations.clear());
    all.push(("the SLOs were kept".to_owned(), kept));
    let mut unknown = scenes::fault_active();
    unknown.slos.iter_mut().for_each(|slo| slo.value = None);
    all.push(("the SLOs have no value".to_owned(), unknown));
    let mut calm = scenes::fault_active();
    calm.incidents.clear();
    all.push(("no incident".to_owned(), calm));
    all
}

#[test]
fn colour_is_never_the_only_sign() {
    let mono = Theme::named("mono", Depth::True).unwrap();
    let colour = Theme::named("dark", Depth::True).unwrap();
    for ascii in [false, true] {
        for size in SIZES {
            let mut seen: BTreeMap<Vec<String>, String> = BTreeMap::new();
            for (name, state) in variants() {
                let mut ui = facilitator();
                ui.looks.ascii = ascii;
                let (without, _) = drawn(&state, &ui, &mono, size);
                for cell in &without.content {
                    assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset));
                }
                // The words and shapes alone, no modifier either.
                if let Some(other) = seen.insert(rows(&without), name.clone()) {
                    panic!("\"{name}\" reads like \"{other}\" at {size:?}, ascii {ascii}");
                }
            }
        }
    }
    for (name, state, ui) in cases() {
        for size in SIZES {
            let (without, _) = drawn(&state, &ui, &mono, size);
            let (with, _) = drawn(&state, &ui, &colour, size);
            assert_eq!(rows(&without), rows(&with), "{name} at {size:?}");
        }
    }
}

#[test]
fn in_ascii_every_cell_is_ascii_and_nothing_else_moves() {
    let theme = Theme::named("dark", Depth::True).unwrap();
    for (name, state, mut ui) in cases() {
        for size in SIZES {
            ui.looks.ascii = false;
            let (full, cursor) = drawn(&state, &ui, &theme, size);
            ui.looks.ascii = true;
            let (plain, same_cursor) = drawn(&state, &ui, &theme, size);
            assert_eq!(cursor, same_cursor, "{name} at {size:?}");
            for (index, (was, is)) in full.content.iter().zip(&plain.content).enumerate() {
                let at = format!("{name} at {size:?}, cell {:?}", full.pos_of(index));
                let graphic = |text: &str| text.len() == 1 && text.is_ascii() && text >= " ";
                assert!(graphic(is.symbol()), "{at}: {:?}", is.symbol());
                assert_eq!(was.style(), is.style(), "{at}");
                if graphic(was.symbol()) && is.symbol() != "?" {
                    assert_eq!(was.symbol(), is.symbol(), "{at}");
                }
            }
        }
    }
}

#[test]
fn every_symbol_of_the_screen_has_one_in_ascii() {
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tui")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                // Other languages are not written in ASCII.
                if !path.ends_with("lang/ja") {
                    folders.push(path);
                }
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap();
            for line in text.lines().filter(|line| !line.trim_start().starts_with(['/', '#'])) {
                for one in line.chars().filter(|one| !one.is_ascii()) {
                    seen += 1;
                    assert!(stand_in(one).is_some(), "{}: {one} in {line}", path.display());
                }
            }
        }
    }
    assert!(seen > 50, "{seen}");
}

#[test]
fn a_theme_is_seen_while_it_is_chosen_kept_with_enter_and_left_with_escape() {
    let state = scenes::fault_active();
    let themes: Vec<Theme> = sheets().iter().map(|sheet| Theme::of(sheet, Depth::True)).collect();
    let mut ui = Ui { looks: Looks::new(themes, 0, false), ..facilitator() };
    let look = |ui: &Ui| drawn(&state, ui, ui.looks.theme().unwrap(), (120, 40)).0;
    let before = look(&ui);
    assert!(press(Key::char('T'), &state, &mut ui).is_empty());
    assert_eq!(ui.overlay, Some(Overlay::Themes { before: 0 }));
    insta::assert_snapshot!("themes-120x40", rows(&look(&ui)).join("\n"));
    let opened = look(&ui);
    press(Key::plain(Code::Down), &state, &mut ui);
    assert_eq!(ui.looks.theme().unwrap().name, "light");
    let moved = look(&ui);
    // The first cell of the header lies far from the chooser.
    assert_ne!(opened[(1, 0)].fg, moved[(1, 0)].fg, "the screen wears it at once");
    press(Key::plain(Code::Esc), &state, &mut ui);
    assert_eq!((ui.overlay, ui.looks.chosen()), (None, 0));
    assert_eq!(look(&ui), before);

    press(Key::char('T'), &state, &mut ui);
    for _ in 0..20 {
        press(Key::char('j'), &state, &mut ui);
    }
    let kept = press(Key::plain(Code::Enter), &state, &mut ui);
    assert_eq!(kept, [Outcome::Remember("theme", "mono".to_owned())]);
    assert_eq!((ui.overlay, ui.looks.theme().unwrap().name.as_str()), (None, "mono"));

    // With the emergency stop asked for, nothing of this is in the way.
    press(Key::char('T'), &state, &mut ui);
    press(Key::ctrl('x'), &state, &mut ui);
    assert!(ui.halting);
}
