//! The terminal taken, given back on every path, and looked after. Not what is drawn on it.

use std::io::{self, IsTerminal as _, Write as _, stdin, stdout};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};

use crossterm::cursor::Show;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui::backend::CrosstermBackend;
use ratatui::{Frame, Terminal};
use rustix::process::{Signal, kill_current_process_group};
use tokio::signal::unix::{self, SignalKind};

use super::error::ShellError;

/// Whether the terminal shows our screen now. A panic anywhere gives it back and clears this.
static OURS: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();

/// What is written for a frame, kept until the frame is whole. Nothing half-drawn reaches the terminal, and nothing
/// at all after it was given back.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Paper {
    fn bytes(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands over what was written, as one update where the terminal knows how.
    fn hand_over(&self) -> io::Result<()> {
        let mut bytes = self.bytes();
        if bytes.is_empty() {
            return Ok(());
        }
        let mut out = stdout().lock();
        queue!(out, BeginSynchronizedUpdate)?;
        out.write_all(&bytes)?;
        queue!(out, EndSynchronizedUpdate)?;
        bytes.clear();
        out.flush()
    }
}

impl io::Write for Paper {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        self.bytes().extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The terminal while it shows our screen; given back when dropped.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<Paper>>,
    paper: Paper,
}

impl Screen {
    /// Takes the terminal.
    ///
    /// # Errors
    /// When there is none, or it cannot be set up; it is then as it was.
    pub fn enter() -> Result<Self, ShellError> {
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
        set_up().map_err(ShellError::Setup)?;
        let paper = Paper::default();
        match Terminal::new(CrosstermBackend::new(paper.clone())) {
            Ok(terminal) => Ok(Self { terminal, paper }),
            Err(error) => {
                give_back();
                Err(ShellError::Setup(error))
            }
        }
    }

    /// Takes it again after [`Screen::leave`], or after someone else had it; everything is drawn afresh.
    ///
    /// # Errors
    /// When it cannot be set up.
    pub fn enter_again(&mut self) -> Result<(), ShellError> {
        // A fresh one knows nothing of what was drawn, and asks the terminal nothing.
        let fresh =
            set_up().and_then(|()| Terminal::new(CrosstermBackend::new(self.paper.clone())));
        self.terminal = fresh.map_err(ShellError::Setup)?;
        Ok(())
    }

    /// Gives it back for a while, with a word on it.
    pub fn leave(&mut self, says: &[String]) {
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
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

fn set_up() -> io::Result<()> {
    enable_raw_mode()?;
    OURS.store(true, Ordering::SeqCst);
    let result =
        execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, Clear(ClearType::All));
    if result.is_err() {
        give_back();
    }
    result
}

/// Makes the terminal as it was. Does nothing where it is not ours; what fails has nobody to be told to.
fn give_back() {
    if !OURS.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = stdout();
    let _ = execute!(out, EndSynchronizedUpdate, DisableBracketedPaste, LeaveAlternateScreen, Show);
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
pub fn stop_this_process() -> io::Result<()> {
    kill_current_process_group(Signal::TSTP).map_err(io::Error::from)
}
