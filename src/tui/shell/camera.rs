//! A terminal that is not there: a recording is drawn on it, and its cells and what a real one would be written are taken
//! off it. Not where they go.

use std::io;

use crossterm::cursor::Hide;
use crossterm::queue;
use crossterm::terminal::{Clear, ClearType};
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

use super::paper::Paper;
use crate::exercise::stamp::Stamp;
use crate::exercise::state::State;
use crate::lang::Lang;
use crate::tui::replay::reel::Reel;
use crate::tui::scene::Scene;
use crate::tui::theme::Theme;
use crate::tui::ui::Ui;
use crate::tui::view;
use crate::tui::view::clocked::shown;

/// How a recording is drawn.
#[derive(Clone, Copy)]
pub struct Lens<'a> {
    /// Columns and rows.
    pub size: (u16, u16),
    /// Its looks.
    pub theme: &'a Theme,
    /// Its language.
    pub lang: &'a Lang,
    /// With the bar of the recording, as it is replayed; else as it was live.
    pub scrub: bool,
}

/// A terminal in memory.
pub struct Camera<'a> {
    lens: Lens<'a>,
    terminal: Terminal<CrosstermBackend<Paper>>,
    paper: Paper,
    /// What is on it.
    last: Option<Buffer>,
}

impl<'a> Camera<'a> {
    /// A blank one.
    ///
    /// # Errors
    /// Never, for nothing outside is asked; the library does not know that.
    pub fn new(lens: Lens<'a>) -> io::Result<Self> {
        let mut paper = Paper::default();
        let (width, height) = lens.size;
        let options = TerminalOptions {
            viewport: Viewport::Fixed(Rect { width, height, ..Rect::default() }),
        };
        let terminal = Terminal::with_options(CrosstermBackend::new(paper.clone()), options)?;
        queue!(paper, Hide, Clear(ClearType::All))?;
        Ok(Self { lens, terminal, paper, last: None })
    }

    /// Draws what the recording shows; gives what a terminal is written to have it, empty where nothing changed.
    ///
    /// # Errors
    /// As with [`Camera::new`].
    pub fn take(&mut self, reel: &mut Reel) -> io::Result<Vec<u8>> {
        if self.lens.scrub {
            let now = reel.now();
            let (state, ui) = reel.shown();
            return self.draw(state, ui, now);
        }
        reel.as_live(|state, ui, now| self.draw(state, ui, now))
    }

    fn draw(&mut self, state: &State, ui: &Ui, now: Stamp) -> io::Result<Vec<u8>> {
        let Lens { theme, lang, .. } = self.lens;
        let scene = Scene { state, ui, theme, lang, now: shown(state, now) };
        let drawn = self.terminal.draw(|frame| view::draw(frame, &scene))?;
        let same = self.last.as_ref() == Some(drawn.buffer);
        if !same {
            self.last = Some(drawn.buffer.clone());
        }
        let written = self.paper.taken();
        Ok(if same { Vec::new() } else { written })
    }

    /// The cells that were drawn last.
    pub fn cells(&self) -> Buffer {
        self.last.clone().unwrap_or_else(|| {
            let (width, height) = self.lens.size;
            Buffer::empty(Rect { width, height, ..Rect::default() })
        })
    }
}
