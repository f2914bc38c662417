//! The terminal taken, given back on every path, and looked after. Not what is drawn on it.

use std::io::{self, BufWriter, IsTerminal as _, Stdout, Write as _, stdin, stdout};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::cursor::Show;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui::backend::CrosstermBackend;
use ratatui::{Frame, Terminal};
use rustix::process::{Signal, getpid, kill_process};
use tokio::signal::unix::{self, SignalKind};

use super::ShellError;

/// Whether the terminal shows our screen now. A panic anywhere gives it back and clears this.
static OURS: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();

/// The terminal while it shows our screen; given back when dropped.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
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
        let backend = CrosstermBackend::new(BufWriter::with_capacity(1 << 16, stdout()));
        let terminal = Terminal::new(backend).map_err(|error| {
            give_back();
            ShellError::Setup(error)
        })?;
        Ok(Self { terminal })
    }

    /// Takes it again after [`Screen::leave`], or after someone else had it; everything is drawn afresh.
    ///
    /// # Errors
    /// When it cannot be set up.
    pub fn enter_again(&mut self) -> Result<(), ShellError> {
        set_up().and_then(|()| self.terminal.clear()).map_err(ShellError::Setup)
    }

    /// Gives it back for a while.
    pub fn leave(&mut self) {
        give_back();
    }

    /// Draws a frame, as one update where the terminal knows how.
    ///
    /// # Errors
    /// When the terminal does not take it.
    pub fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        self.terminal.draw(render)?;
        queue!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        io::Write::flush(self.terminal.backend_mut())
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
    let result = execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste);
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
    let _ = execute!(
        out,
        EndSynchronizedUpdate,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        Show
    );
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

/// Stops this process as Ctrl-Z does, until it is continued.
///
/// # Errors
/// When the system refuses.
pub fn stop_this_process() -> io::Result<()> {
    kill_process(getpid(), Signal::TSTP).map_err(io::Error::from)
}
