//! `gameday shot FILE` and `gameday cast FILE`: a recording drawn where nobody sits before it. Not the drawing.

use std::io::{BufWriter, Write as _};
use std::path::Path;

use super::args::{Cast, Drawn, Look, Shot};
use super::fresh::{filled, fresh, unfinished};
use super::output::complain;
use super::said::Said;
use super::{keys, looks, replay};
use crate::config::Folders;
use crate::gameday::span::Span;
use crate::gameday::text::plain;
use crate::lang::Lang;
use crate::port::tape::Tape;
use crate::tui::replay::reel::Reel;
use crate::tui::replay::when::When;
use crate::tui::shell::camera::{Camera, Lens};
use crate::tui::shell::cast::{Stretch, cast as film};
use crate::tui::theme::{Depth, NAMES, Theme};
use crate::tui::ui::Ui;
use crate::tui::{palette, picture, words};

/// A recording, and how it is drawn.
struct Stage {
    reel: Reel,
    theme: Theme,
    lang: Lang,
}

/// How it is drawn.
const fn lens<'a>(look: &Look, theme: &'a Theme, lang: &'a Lang) -> Lens<'a> {
    Lens { size: look.size, theme, lang, scrub: look.scrub }
}

/// Draws one moment.
pub(super) fn shot(asked: &Shot, folders: &Folders) -> Said {
    answered(|| {
        let Stage { mut reel, theme, lang } = stage(&asked.file, &asked.look, folders)?;
        let at = within(asked.at, &reel, "--at")?;
        reel.show(at).map_err(|error| error.to_string())?;
        let mut camera =
            Camera::new(lens(&asked.look, &theme, &lang)).map_err(|error| error.to_string())?;
        camera.take(&mut reel).map_err(|error| error.to_string())?;
        let text = match asked.format {
            Drawn::Text => picture::text(&camera.cells()),
            Drawn::Svg => {
                let (state, _) = reel.shown();
                let (title, at) = (plain(&state.plan().title), words::clock(at));
                let places = [("title", (&*title).into()), ("at", (&*at).into())];
                let about = if state.participants { "shot-participants" } else { "shot-live" };
                let (named, about) = (lang.tell("shot-title", &places), lang.tell(about, &places));
                picture::svg(&camera.cells(), theme.backdrop(), &named, &about)
            }
        };
        let Some(path) = &asked.out else { return Ok(text) };
        filled("--out", path, &text)?;
        Ok(wrote(path))
    })
}

/// Draws one moment after the other.
pub(super) fn cast(asked: &Cast, folders: &Folders) -> Said {
    answered(|| {
        let Stage { mut reel, theme, lang } = stage(&asked.file, &asked.look, folders)?;
        let from = within(asked.from, &reel, "--from")?;
        let to = if asked.is_to_end() { reel.length() } else { within(asked.to, &reel, "--to")? };
        if from >= to {
            let (from, to) = (words::clock(from), words::clock(to));
            return Err(format!("--from is {from} and --to is {to}: nothing lies between them"));
        }
        let mut file = BufWriter::new(fresh("--out", &asked.out)?);
        let stretch = Stretch { from, to, speed: asked.speed };
        film(&mut reel, stretch, lens(&asked.look, &theme, &lang), &mut file)
            .map_err(|error| error.to_string())
            .and_then(|()| file.flush().map_err(|error| error.to_string()))
            .map_err(|error| unfinished("--out", &asked.out, &error))?;
        Ok(wrote(&asked.out))
    })
}

fn answered(done: impl FnOnce() -> Result<String, String>) -> Said {
    match done() {
        Ok(text) => Said { text, notes: String::new(), success: true },
        Err(notes) => Said { text: String::new(), notes, success: false },
    }
}

fn stage(path: &Path, look: &Look, folders: &Folders) -> Result<Stage, String> {
    // No terminal limits the colours; who wants none anywhere wants none here.
    let bare = std::env::var("NO_COLOR").is_ok_and(|value| !value.is_empty());
    let depth = if bare { Depth::Mono } else { Depth::True };
    let worn = looks::wear(look.theme.as_deref(), depth, look.ascii, folders)?;
    let theme = match worn.theme() {
        Some(theme) => theme.clone(),
        None => Theme::named(NAMES[0], depth).map_err(|error| error.to_string())?,
    };
    let lang = looks::texts(look.lang, &worn);
    let (labels, bindings) = (palette::labels(&lang), keys::load(None, folders)?);
    let ui = Ui { labels, bindings, looks: worn, ..Ui::new("facilitator") };
    let tape = replay::tape(path, look.anyway, "draw")?;
    for warning in tape.warnings() {
        complain(&plain(&format!("{}: {warning}", path.display())));
    }
    let mut reel = if look.scrub {
        replay::reel(path, tape, ui)?
    } else {
        replay::plain_reel(path, tape, ui)?
    };
    if look.participants {
        reel.turn().map_err(|error| error.to_string())?;
    }
    Ok(Stage { reel, theme, lang })
}

/// A moment of the recording.
fn within(when: When, reel: &Reel, option: &str) -> Result<Span, String> {
    let (at, length) = (reel.moment(when), reel.length());
    if at <= length {
        return Ok(at);
    }
    let (at, length) = (words::clock(at), words::clock(length));
    Err(format!("{option}: {at} is behind the end of the recording, which is {length} long"))
}

fn wrote(path: &Path) -> String {
    format!("wrote {}\n", plain(&path.display().to_string()))
}
