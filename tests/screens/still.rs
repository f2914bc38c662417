//! Pictures and casts of a recording: what is in them is what the live screen showed, cell by cell.

use std::collections::BTreeSet;

use gameday::exercise::stamp::Stamp;
use gameday::exercise::state::State;
use gameday::gameday::span::Span;
use gameday::lang::{Lang, Language};
use gameday::tui::picture;
use gameday::tui::replay::reel::Reel;
use gameday::tui::shell::camera::{Camera, Lens};
use gameday::tui::shell::cast::{Stretch, cast};
use gameday::tui::text::width;
use gameday::tui::theme::{Depth, Theme};
use gameday::tui::ui::Ui;
use ratatui::buffer::Buffer;
use ratatui::style::Color;

use super::replay::{cells, events, keys, reel, reel_with};
use super::whole::{SIZES, rows, texts};
use gameday::exercise::note::Note;

fn secs(secs: u64) -> Span {
    Span::from_secs(secs)
}

fn theme(name: &str) -> Theme {
    Theme::named(name, Depth::True).unwrap()
}

fn lens<'a>(size: (u16, u16), theme: &'a Theme, lang: &'a Lang) -> Lens<'a> {
    Lens { size, theme, lang, scrub: false }
}

/// What a live screen without anything of a recording shows then.
fn live(reel: &mut Reel, size: (u16, u16)) -> Buffer {
    reel.as_live(|state: &State, ui: &Ui, now: Stamp| {
        assert!(ui.replay.is_none());
        cells(state, ui, now, size, Language::English, Depth::True)
    })
}

/// The same cells, but those that a wide character hides.
#[track_caller]
fn assert_alike(got: &Buffer, want: &Buffer) {
    for y in 0..want.area.height {
        let mut x = 0;
        while x < want.area.width {
            assert_eq!(got[(x, y)], want[(x, y)], "{x} {y}");
            x += (width(want[(x, y)].symbol()) as u16).max(1);
        }
    }
}

#[test]
fn a_shot_is_the_live_screen_of_that_moment_and_changes_nothing_of_the_replay() {
    let (mut reel, _) = reel_with(vec![Note { seq: 40, text: "later".into() }]);
    let theme = theme("dark");
    for at in [secs(0), secs(32), secs(132), reel.length()] {
        reel.show(at).unwrap();
        for size in SIZES {
            let mut camera = Camera::new(lens(size, &theme, texts(Language::English))).unwrap();
            camera.take(&mut reel).unwrap();
            assert_alike(&camera.cells(), &live(&mut reel, size));
            let text = picture::text(&camera.cells());
            assert_eq!(text.lines().collect::<Vec<_>>(), rows(&camera.cells()));
            assert!(!text.contains("afterwards") && !text.contains("paused"), "{text}");
        }
        assert_eq!(reel.shown().1.replay.as_ref().unwrap().at, at);
    }
    let mut camera =
        Camera::new(Lens { scrub: true, ..lens((120, 40), &theme, texts(Language::English)) });
    camera.as_mut().unwrap().take(&mut reel).unwrap();
    let text = picture::text(&camera.unwrap().cells());
    assert!(text.contains("paused") && text.contains("◆ added afterwards"), "{text}");
}

#[test]
fn a_picture_has_every_character_at_its_cell_and_says_what_it_is() {
    let mut reel = reel();
    reel.show(secs(70)).unwrap();
    for name in ["dark", "light", "mono"] {
        let theme = theme(name);
        let mut camera = Camera::new(lens((160, 48), &theme, texts(Language::English))).unwrap();
        camera.take(&mut reel).unwrap();
        let cells = camera.cells();
        let svg = picture::svg(&cells, theme.backdrop(), "a <b> & c", "at \u{1b} 5");
        let document = roxmltree::Document::parse(&svg).unwrap();
        let said = |name| document.descendants().find(|one| one.has_tag_name(name)).unwrap().text();
        assert_eq!((said("title"), said("desc")), (Some("a <b> & c"), Some("at \u{fffd} 5")));
        // Nothing is fetched and nothing runs.
        let names: BTreeSet<&str> =
            document.descendants().map(|one| one.tag_name().name()).collect();
        let known = ["", "svg", "title", "desc", "style", "rect", "path", "text"];
        assert!(names.iter().all(|name| known.contains(name)), "{names:?}");
        assert!(!svg.replace("http://www.w3.org/2000/svg", "").contains("http"));
        let mut seen = 0;
        for one in document.descendants().filter(|one| one.has_tag_name("text")) {
            let part = |name| one.attribute(name).unwrap().parse::<f64>().unwrap();
            let text = one.text().unwrap();
            let (column, row) = ((part("x") - 10.0) / 8.4, (part("y") - 24.0) / 18.0);
            let (mut x, y) = (column.round() as u16, row.round() as u16);
            assert!((part("textLength") - width(text) as f64 * 8.4).abs() < 0.1, "{text}");
            // What is wide stands alone: no font's own width can shift what is behind it.
            assert!(
                width(text) == text.chars().count() || cells[(x, y)].symbol() == text,
                "{text}"
            );
            for symbol in text.chars().map(String::from).filter(|_| text.is_ascii()) {
                assert_eq!(cells[(x, y)].symbol(), symbol, "{text} at {x} {y}");
                x += 1;
            }
            seen += 1;
        }
        assert!(seen > 100, "{seen}");
        let turtle = document.descendants().find(|one| one.text() == Some("🐢")).unwrap();
        assert!(turtle.attribute("x").is_some(), "an emoji has a place of its own");
    }
}

/// What a terminal shows: the text of each cell, and its colours. This emulator draws emojis that are joined beside each
/// other; rows that had one are put among the `joined`, and are looked at no more.
fn assert_same(screen: &vt100::Screen, want: &Buffer, joined: &mut BTreeSet<u16>, what: &str) {
    let rgb = |colour: Color| match colour {
        Color::Reset => vt100::Color::Default,
        Color::Rgb(red, green, blue) => vt100::Color::Rgb(red, green, blue),
        other => panic!("{other:?}"),
    };
    let is_joined = |y| (0..want.area.width).any(|x| want[(x, y)].symbol().contains('\u{200d}'));
    joined.extend((0..want.area.height).filter(|y| is_joined(*y)));
    let mut wide = false;
    for position in want.area.positions() {
        if std::mem::take(&mut wide) || joined.contains(&position.y) {
            continue;
        }
        let (cell, got) = (&want[position], screen.cell(position.y, position.x).unwrap());
        wide = width(cell.symbol()) > 1;
        let text = if got.has_contents() { got.contents() } else { " " };
        let place = format!("{what} at {position:?}");
        assert_eq!(text, cell.symbol(), "{place}");
        assert_eq!((got.fgcolor(), got.bgcolor()), (rgb(cell.fg), rgb(cell.bg)), "{place}");
    }
}

#[test]
fn a_terminal_that_plays_a_cast_shows_at_every_time_what_the_live_screen_showed() {
    let (theme, lang) = (theme("dark"), texts(Language::English));
    let size = (120, 40);
    for participants in [false, true] {
        let (mut reel, mut beside) = (reel(), reel());
        if participants {
            reel.turn().unwrap();
            beside.turn().unwrap();
        }
        let stretch = Stretch { from: secs(55), to: secs(150), speed: 4.0 };
        let mut file = Vec::new();
        cast(&mut reel, stretch, lens(size, &theme, lang), &mut file).unwrap();
        let text = String::from_utf8(file).unwrap();
        let mut lines =
            text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let header = lines.next().unwrap();
        assert_eq!(
            (&header["version"], &header["width"], &header["height"]),
            (&2.into(), &120.into(), &40.into())
        );
        assert_eq!(header["duration"], 23.75);
        let frames: Vec<(f64, String)> = lines
            .map(|line| {
                assert_eq!((line.as_array().unwrap().len(), &line[1]), (3, &"o".into()));
                (line[0].as_f64().unwrap(), line[2].as_str().unwrap().to_owned())
            })
            .collect();
        assert!(frames.is_sorted_by_key(|(at, _)| *at), "time goes on");
        assert_eq!((frames[0].0, frames.last().unwrap().0), (0.0, 23.75));
        // Only what changed is written again.
        let first = frames[0].1.len();
        let later = frames[1..].iter().map(|(_, text)| text.len()).max().unwrap();
        assert!(later < first, "{later} against {first}");

        let mut screen = vt100::Parser::new(40.try_into().unwrap(), 120.try_into().unwrap(), 0);
        let mut next = frames.iter().peekable();
        let mut joined = BTreeSet::new();
        let shown = events().into_iter().map(|event| event.stamp.elapsed);
        let whole = (55..=150).map(secs);
        let mut times: Vec<Span> =
            shown.chain(whole).filter(|at| *at >= secs(55) && *at <= secs(150)).collect();
        times.sort_unstable();
        times.dedup();
        for at in times {
            let played = (at - secs(55)).as_millis() as f64 / 4_000.0;
            while let Some((_, text)) = next.next_if(|(time, _)| *time <= played + 1e-7) {
                screen.process(text.as_bytes());
            }
            beside.show(at).unwrap();
            let want = live(&mut beside, size);
            assert_same(screen.screen(), &want, &mut joined, &format!("{at:?}"));
        }
        assert!(joined.len() < 8, "{joined:?}");
        assert!(next.next().is_none());
    }
}

#[test]
fn a_moment_counts_from_the_beginning_or_back_from_the_end() {
    use gameday::tui::replay::when::parse;
    let mut reel = reel();
    let end = reel.length();
    keys(&mut reel, "t1m\n");
    for (typed, want) in [
        ("90", secs(90)),
        ("+30s", secs(30)),
        ("-30s", end - secs(30)),
        ("-0", end),
        ("T+19s", secs(29)),
        ("16:06", secs(60)),
    ] {
        assert_eq!(reel.moment(parse(typed).unwrap()), want, "{typed}");
    }
}
