//! What is typed, as the pure part's keys; and the waiting for it. Not the meaning of a key.

use std::io;
use std::os::fd::IntoRawFd as _;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
    poll, read,
};
use ratatui::layout::Position;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::terminal::is_there;
use crate::tui::key::{Code, Key};
use crate::tui::mouse::{Did, Mouse};

/// So long the reader waits before it looks whether it is still wanted.
const PATIENCE: Duration = Duration::from_millis(250);

/// What comes from the terminal, read by a thread of its own: on a terminal that hung up the input library reads for
/// ever, and must not take anyone else with it.
pub struct Keyboard {
    events: UnboundedReceiver<Event>,
    stop: Arc<AtomicBool>,
}

impl Keyboard {
    /// Listens to standard input, which must be a terminal.
    ///
    /// # Errors
    /// When there can be no thread.
    pub fn open() -> io::Result<Self> {
        let (sender, events) = unbounded_channel();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        thread::Builder::new().name("keys".into()).spawn(move || listen(&sender, &stopped))?;
        Ok(Self { events, stop })
    }

    /// Waits for the next event; `None`: the terminal is gone. May be dropped while it waits.
    pub async fn next(&mut self) -> Option<Event> {
        self.events.recv().await
    }

    /// An event that is already there.
    pub fn at_hand(&mut self) -> Option<Event> {
        self.events.try_recv().ok()
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if !is_there() {
            // A reader that reads for ever is given something that has nothing to read.
            let _ = unplug();
        }
    }
}

fn listen(events: &UnboundedSender<Event>, stop: &AtomicBool) {
    while !stop.load(Ordering::SeqCst) && is_there() {
        let event = match poll(PATIENCE) {
            Ok(true) => read(),
            Ok(false) => continue,
            Err(error) => Err(error),
        };
        match event {
            Ok(event) => {
                if events.send(event).is_err() {
                    return;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}

/// Puts a line that stays silent in the place of standard input.
fn unplug() -> io::Result<()> {
    let (near, far) = UnixStream::pair()?;
    near.set_nonblocking(true)?;
    rustix::stdio::dup2_stdin(&near)?;
    // The far end stays open as long as the program, or the line would end instead of being silent.
    let _ = far.into_raw_fd();
    Ok(())
}

/// The key of a press; `None`: a release, or a key that means nothing here.
pub fn key(event: &KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
    let alt = event.modifiers.contains(KeyModifiers::ALT);
    let code = match event.code {
        KeyCode::Char(one) if ctrl => Code::Char(one.to_ascii_lowercase()),
        KeyCode::Char(one) => Code::Char(one),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => Code::BackTab,
        KeyCode::Tab => Code::Tab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::F(number) => Code::F(number),
        _ => return None,
    };
    Some(Key { code, ctrl, alt })
}

/// What the mouse did; `None`: what means nothing here, such as its other buttons.
pub fn mouse(event: &MouseEvent) -> Option<Mouse> {
    let did = match event.kind {
        MouseEventKind::Down(MouseButton::Left) => Did::Press,
        MouseEventKind::Drag(MouseButton::Left) => Did::Drag,
        MouseEventKind::Up(MouseButton::Left) => Did::Release,
        MouseEventKind::ScrollUp => Did::WheelUp,
        MouseEventKind::ScrollDown => Did::WheelDown,
        _ => return None,
    };
    Some(Mouse { did, at: Position::new(event.column, event.row) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_button_and_the_wheel_count() {
        let event = |kind| MouseEvent { kind, column: 7, row: 3, modifiers: KeyModifiers::NONE };
        for (kind, did) in [
            (MouseEventKind::Down(MouseButton::Left), Some(Did::Press)),
            (MouseEventKind::Drag(MouseButton::Left), Some(Did::Drag)),
            (MouseEventKind::Up(MouseButton::Left), Some(Did::Release)),
            (MouseEventKind::ScrollUp, Some(Did::WheelUp)),
            (MouseEventKind::ScrollDown, Some(Did::WheelDown)),
            (MouseEventKind::Down(MouseButton::Right), None),
            (MouseEventKind::Moved, None),
        ] {
            let want = did.map(|did| Mouse { did, at: Position::new(7, 3) });
            assert_eq!(mouse(&event(kind)), want);
        }
    }

    #[test]
    fn presses_are_translated_and_releases_are_not() {
        let event = |code, modifiers| KeyEvent::new(code, modifiers);
        assert_eq!(key(&event(KeyCode::Char('X'), KeyModifiers::CONTROL)), Some(Key::ctrl('x')));
        assert_eq!(key(&event(KeyCode::Char('R'), KeyModifiers::SHIFT)), Some(Key::char('R')));
        assert_eq!(key(&event(KeyCode::Tab, KeyModifiers::SHIFT)), Some(Key::plain(Code::BackTab)));
        let mut release = event(KeyCode::Char('x'), KeyModifiers::CONTROL);
        release.kind = KeyEventKind::Release;
        assert_eq!(key(&release), None);
    }
}
