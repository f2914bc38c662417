//! A stretch of a recording as a cast that players of terminal sessions understand: asciicast, version 2. Not the drawing.

use std::io::{self, Write};

use serde_json::json;

use super::camera::{Camera, Lens};
use crate::gameday::span::Span;
use crate::gameday::text::plain;
use crate::port::tape::TapeError;
use crate::tui::replay::reel::Reel;
use crate::tui::theme::Role;
use crate::tui::theme::colour::{Rgb, shown, sixteen};

/// What of the recording, and how fast.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// From when to when, since the recording began.
    pub from: Span,
    pub to: Span,
    /// So many times as fast as it was; above zero.
    pub speed: f64,
}

/// Why there is no cast.
#[derive(Debug, thiserror::Error)]
pub enum CastError {
    /// The recording.
    #[error(transparent)]
    Tape(#[from] TapeError),
    /// Where it is written.
    #[error(transparent)]
    Write(#[from] io::Error),
}

/// Clocks on the screen count in these.
const SECOND: u64 = 1_000;

/// Writes a stretch of the recording: the screen at its beginning, and what changed on it at every event and every second.
///
/// # Errors
/// When the recording cannot be read, or the cast cannot be written.
pub fn cast(
    reel: &mut Reel,
    stretch: Stretch,
    lens: Lens<'_>,
    out: &mut dyn Write,
) -> Result<(), CastError> {
    let Stretch { from, to, speed } = stretch;
    // To a millionth of a second, as such files have it.
    let since = |at: Span| ((at - from).as_millis() as f64 * 1_000.0 / speed).round() / 1e6;
    let mut camera = Camera::new(lens)?;
    let mut at = from;
    reel.show(at)?;
    writeln!(out, "{}", header(reel, lens, since(to)))?;
    loop {
        let written = camera.take(reel)?;
        // The end is said even if nothing changes there: what comes before it lasts that long.
        if !written.is_empty() || at >= to {
            let text = String::from_utf8_lossy(&written);
            writeln!(out, "{}", json!([since(at), "o", text]))?;
        }
        if at >= to {
            return Ok(());
        }
        let second = Span::from_millis((at.as_millis() / SECOND + 1) * SECOND);
        let event = reel.next_event().filter(|event| *event > at);
        at = event.map_or(second, |event| event.min(second)).min(to);
        reel.show(at)?;
    }
}

fn header(reel: &Reel, lens: Lens<'_>, duration: f64) -> serde_json::Value {
    let (width, height) = lens.size;
    let fore = lens.theme.style(Role::Text).fg.and_then(shown);
    let back = lens.theme.backdrop();
    let palette: Vec<String> = sixteen().map(Rgb::hex).collect();
    json!({
        "version": 2,
        "width": width,
        "height": height,
        "timestamp": reel.now().wall.div_euclid(1_000),
        "duration": duration,
        "title": plain(&reel.shown().0.plan().title),
        "env": { "TERM": "xterm-256color" },
        "theme": {
            "fg": fore.unwrap_or_else(|| back.ink()).hex(),
            "bg": back.hex(),
            "palette": palette.join(":"),
        },
    })
}
