//! The terminal library's keys as the pure part's keys. Not their meaning.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::tui::key::{Code, Key};

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
        _ => return None,
    };
    Some(Key { code, ctrl, alt })
}

#[cfg(test)]
mod tests {
    use super::*;

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
