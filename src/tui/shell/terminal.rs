//! The terminal taken, given back on every path, and looked after. Not what is drawn on it.

use std::fmt;
use std::io::{self, IsTerminal as _, Write as _, stdin, stdout};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossterm::Command;
use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::Show;
use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste,
    EnableFocusChange,
};
use crossterm::terminal::{
    Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, SetTitle,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Position, Rect};
use ratatui::{Frame, Terminal};
use rustix::process::{Signal, kill_current_process_group};
use tokio::signal::unix::{self, SignalKind};

use super::error::ShellError;
use super::paper::Paper;
use crate::tui::manners::{Call, Manners};

/// A stop that nobody ends is over after so long.
const LEAST_STOP: Duration = Duration::from_millis(250);

/// Whether the terminal shows our screen now. A panic anywhere gives it back and clears this.
static OURS: AtomicBool = AtomicBool::new(false);
/// Whether the title of the terminal is put aside, and ours in its place.
static TITLED: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();

/// Takes clicks, drags and the wheel, in cells of any number. Not where the pointer merely is: that would wake us at
/// each of its steps.
struct TakeMouse;

impl Command for TakeMouse {
    fn write_ansi(&self, f: &mut impl fmt::Write) -> fmt::Result {
        f.write_str("\x1b[?1000h\x1b[?1002h\x1b[?1006h")
    }
}

/// Puts the title aside, for [`GiveTitle`].
struct PutTitleAside;

impl Command for PutTitleAside {
    fn write_ansi(&self, f: &mut impl fmt::Write) -> fmt::Result {
        f.write_str("\x1b[22;0t")
    }
}

/// Gives the title back. A terminal that put nothing aside is left without one, and its shell gives it the next.
struct GiveTitle;

impl Command for GiveTitle {
    fn write_ansi(&self, f: &mut impl fmt::Write) -> fmt::Result {
        SetTitle("").write_ansi(f)?;
        f.write_str("\x1b[23;0t")
    }
}

/// Calls somebody who looks elsewhere. The text must be harmless.
struct Ring<'a>(Call, &'a str);

impl Command for Ring<'_> {
    fn write_ansi(&self, f: &mut impl fmt::Write) -> fmt::Result {
        match self.0 {
            Call::Off => return Ok(()),
            Call::Bell => {}
            Call::Osc9 => write!(f, "\x1b]9;{}\x1b\\", self.1)?,
            // A semicolon would end the part that is the text.
            Call::Osc777 => {
                write!(f, "\x1b]777;notify;gameday;{}\x1b\\", self.1.replace(';', ","))?;
            }
        }
        f.write_str("\x07")
    }
}

/// The terminal while it shows our screen; given back when dropped.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<Paper>>,
    paper: Paper,
    manners: Manners,
    /// The title that the terminal shows of ours.
    title: String,
}

impl Screen {
    /// Takes the terminal, without its mouse.
    ///
    /// # Errors
    /// When there is none, or it cannot be set up; it is then as it was.
    pub fn enter() -> Result<Self, ShellError> {
        Self::enter_with(Manners::default())
    }

    /// Takes the terminal.
    ///
    /// # Errors
    /// When there is none, or it cannot be set up; it is then as it was.
    pub fn enter_with(manners: Manners) -> Result<Self, ShellError> {
        if !stdin().is_terminal() || !stdout().is_terminal() {
            return Err(ShellError::NoTerminal);
        }
        HOOK.call_once(|| {
            let earlier = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |info| {
                give_back();
                earlier(info);
            }));
        });
        set_up(manners).map_err(ShellError::Setup)?;
        let paper = Paper::default();
        match Terminal::new(CrosstermBackend::new(paper.clone())) {
            Ok(terminal) => Ok(Self { terminal, paper, manners, title: String::new() }),
            Err(error) => {
                give_back();
                Err(ShellError::Setup(error))
            }
        }
    }

    /// Takes it again after it was given back, or after someone else had it; everything is drawn afresh.
    ///
    /// # Errors
    /// When it cannot be set up.
    pub fn enter_again(&mut self) -> Result<(), ShellError> {
        // A fresh one knows nothing of what was drawn, and asks the terminal nothing.
        let fresh = set_up(self.manners)
            .and_then(|()| Terminal::new(CrosstermBackend::new(self.paper.clone())));
        self.title.clear();
        self.terminal = fresh.map_err(ShellError::Setup)?;
        Ok(())
    }

    /// Gives it to the shell, with a word on it, until the program is continued; everything is drawn afresh then.
    ///
    /// # Errors
    /// When the system does not stop the program, or the terminal cannot be set up again.
    pub async fn suspend(
        &mut self,
        says: &[String],
        continued: &mut unix::Signal,
    ) -> Result<(), ShellError> {
        self.leave(says);
        stop_this_process().map_err(ShellError::Setup)?;
        // Where nobody can continue it, the system does not stop it either; then it goes on by itself.
        let _ = tokio::time::timeout(LEAST_STOP, continued.recv()).await;
        self.enter_again()
    }

    /// Gives it back for a while, with a word on it.
    fn leave(&mut self, says: &[String]) {
        give_back();
        let mut out = stdout().lock();
        for line in says {
            // Where it cannot be written, nobody reads it.
            let _ = writeln!(out, "{line}");
        }
        let _ = out.flush();
    }

    /// Draws a frame.
    ///
    /// # Errors
    /// When the terminal does not take it.
    pub fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        self.terminal.draw(render)?;
        self.paper.hand_over()
    }

    /// How large it is: what the last frame filled.
    ///
    /// # Errors
    /// When the terminal does not tell.
    pub fn area(&self) -> io::Result<Rect> {
        Ok(Rect::from((Position::ORIGIN, self.terminal.size()?)))
    }

    /// Gives the terminal a title, where titles are wanted. The text must be harmless.
    ///
    /// # Errors
    /// When the terminal does not take it.
    pub fn entitle(&mut self, title: String) -> io::Result<()> {
        if !self.manners.title || !is_ours() || self.title == title {
            return Ok(());
        }
        execute!(stdout(), SetTitle(&title))?;
        self.title = title;
        Ok(())
    }

    /// Calls somebody who looks elsewhere, as is wanted. The text must be harmless.
    ///
    /// # Errors
    /// When the terminal does not take it.
    pub fn call(&self, text: &str) -> io::Result<()> {
        if !is_ours() || self.manners.call == Call::Off {
            return Ok(());
        }
        execute!(stdout(), Ring(self.manners.call, text))
    }

    /// Hands a text to the terminal's clipboard. Nobody says whether it took it.
    ///
    /// # Errors
    /// When the terminal does not take it.
    pub fn copy(&self, text: &str) -> io::Result<()> {
        if !is_ours() {
            return Ok(());
        }
        execute!(stdout(), CopyToClipboard::to_clipboard_from(text))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

fn set_up(manners: Manners) -> io::Result<()> {
    enable_raw_mode()?;
    OURS.store(true, Ordering::SeqCst);
    let result = write_set_up(manners);
    if result.is_err() {
        give_back();
    }
    result
}

fn write_set_up(manners: Manners) -> io::Result<()> {
    let mut out = stdout();
    if manners.title {
        TITLED.store(true, Ordering::SeqCst);
        queue!(out, PutTitleAside)?;
    }
    queue!(out, EnterAlternateScreen, EnableBracketedPaste, EnableFocusChange)?;
    if manners.mouse {
        queue!(out, TakeMouse)?;
    }
    queue!(out, Clear(ClearType::All))?;
    out.flush()
}

/// Makes the terminal as it was. Does nothing where it is not ours; what fails has nobody to be told to.
fn give_back() {
    if !OURS.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = stdout();
    let _ = queue!(out, EndSynchronizedUpdate, DisableMouseCapture, DisableFocusChange);
    let _ = queue!(out, DisableBracketedPaste, LeaveAlternateScreen, Show);
    if TITLED.swap(false, Ordering::SeqCst) {
        let _ = queue!(out, GiveTitle);
    }
    let _ = out.flush();
    let _ = disable_raw_mode();
}

/// Whether the terminal still shows our screen; a panic elsewhere gives it back.
pub fn is_ours() -> bool {
    OURS.load(Ordering::SeqCst)
}

/// Whether the terminal is still there. The input library does not tell when it hangs up.
pub fn is_there() -> bool {
    rustix::termios::tcgetattr(stdin()).is_ok()
}

/// Tells of every time the process is continued.
///
/// # Errors
/// When the system does not let us know.
pub fn continued() -> io::Result<unix::Signal> {
    unix::signal(SignalKind::from_raw(Signal::CONT.as_raw()))
}

/// Tells of every change of the terminal's size.
///
/// # Errors
/// When the system does not let us know.
pub fn resized() -> io::Result<unix::Signal> {
    unix::signal(SignalKind::window_change())
}

/// Stops this process and those it was started with (such as `cargo run`), as Ctrl-Z does, until they are continued.
///
/// # Errors
/// When the system refuses.
fn stop_this_process() -> io::Result<()> {
    kill_current_process_group(Signal::TSTP).map_err(io::Error::from)
}
