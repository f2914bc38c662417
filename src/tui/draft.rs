//! Text being typed: the one place that knows the text area library. Not what becomes of the text.

use std::fmt;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::widgets::Widget;
use tui_textarea::{CursorMove, CursorRenderMode, Input, TextArea};

use super::key::{Code, Key};

/// At most so many lines are taken from a paste.
const MOST_LINES: usize = 500;

/// A change of what is typed that is more than a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edit {
    /// Take back the last change.
    Undo,
    /// Take back the taking back.
    Redo,
    /// Delete the word before the cursor.
    DeleteWord,
    /// Delete from the cursor to the end of the line.
    DeleteToEnd,
    /// Go to the start of the line.
    LineStart,
    /// Go to its end.
    LineEnd,
}

/// Text being typed, with cursor and undo.
pub struct Draft {
    area: TextArea<'static>,
}

impl Draft {
    /// An empty draft.
    pub fn new() -> Self {
        let mut area = TextArea::default();
        area.set_cursor_line_style(Style::new());
        area.set_undo_coalescing(true);
        area.set_cursor_render_mode(CursorRenderMode::Hidden);
        Self { area }
    }

    /// Its lines; never none.
    pub fn lines(&self) -> &[String] {
        self.area.lines()
    }

    /// Whether nothing is written.
    pub fn is_empty(&self) -> bool {
        self.area.is_empty()
    }

    /// All of it in one line.
    pub fn joined(&self) -> String {
        self.lines().join(" ").trim().to_owned()
    }

    /// Empties it. Can be undone.
    pub fn clear(&mut self) {
        self.area.clear();
    }

    /// Puts back `lines`, with the cursor at the end.
    pub fn set(&mut self, lines: Vec<String>) {
        let lines = if lines.is_empty() { vec![String::new()] } else { lines };
        let row = lines.len().saturating_sub(1);
        let column = lines.last().map_or(0, |line| line.chars().count());
        self.area.set_lines(lines, (row, column));
    }

    /// What stands before the cursor in its line; `None`: the cursor is within a word.
    pub fn before_cursor(&self) -> Option<String> {
        let (row, column) = self.area.cursor();
        let line = self.area.lines().get(row)?;
        let within = line.chars().nth(column).is_some_and(|next| !next.is_whitespace());
        (!within).then(|| line.chars().take(column).collect())
    }

    /// Puts `text` in place of so many characters before the cursor.
    pub fn replace_before(&mut self, chars: usize, text: &str) {
        for _ in 0..chars {
            self.area.move_cursor(CursorMove::Back);
        }
        if chars > 0 {
            self.area.delete_str(chars);
        }
        self.area.insert_str(text);
    }

    /// Types a pasted text at the cursor, lines and all.
    pub fn paste(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let kept: Vec<_> = text
            .trim_end_matches('\n')
            .split('\n')
            .take(MOST_LINES)
            .map(super::text::clean)
            .collect();
        self.area.insert_str(kept.join("\n"));
    }

    /// Takes a key: letters, moving, deleting. Keys with Control and a letter belong to the keymap.
    pub fn press(&mut self, key: Key) {
        let Key { code, ctrl, alt } = key;
        if ctrl && matches!(code, Code::Char(_)) {
            return;
        }
        if let Some(key) = translated(code) {
            self.area.input(Input { key, ctrl, alt, shift: false });
        }
    }

    /// Makes a change.
    pub fn edit(&mut self, edit: Edit) {
        match edit {
            Edit::Undo => drop(self.area.undo()),
            Edit::Redo => drop(self.area.redo()),
            Edit::DeleteWord => drop(self.area.delete_word()),
            Edit::DeleteToEnd => drop(self.area.delete_line_by_end()),
            Edit::LineStart => self.area.move_cursor(CursorMove::Head),
            Edit::LineEnd => self.area.move_cursor(CursorMove::End),
        }
    }

    /// Draws it, and tells where the terminal's cursor belongs.
    pub fn render(&self, area: Rect, buf: &mut Buffer) -> Option<Position> {
        (&self.area).render(area, buf);
        self.area.rendered_cursor_position()
    }
}

impl Default for Draft {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Draft").field(&self.lines()).field(&self.area.cursor()).finish()
    }
}

fn translated(code: Code) -> Option<tui_textarea::Key> {
    use tui_textarea::Key as K;
    Some(match code {
        Code::Char(one) => K::Char(one),
        Code::Backspace => K::Backspace,
        Code::Delete => K::Delete,
        Code::Left => K::Left,
        Code::Right => K::Right,
        Code::Up => K::Up,
        Code::Down => K::Down,
        Code::Home => K::Home,
        Code::End => K::End,
        Code::PageUp => K::PageUp,
        Code::PageDown => K::PageDown,
        Code::Enter | Code::Esc | Code::Tab | Code::BackTab | Code::F(_) => return None,
    })
}
