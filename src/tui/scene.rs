//! Everything a view may look at, and the pens it draws with. Not the views.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span as Piece};
use ratatui::widgets::{Block, BorderType, Borders, Clear, Widget};

use super::theme::{Role, Theme};
use super::ui::Ui;
use crate::exercise::said::Said;
use crate::exercise::stamp::Stamp;
use crate::exercise::state::State;
use crate::lang::{Arg, Lang};

/// What is to be shown, at what instant.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The exercise.
    pub state: &'a State,
    /// The screen's own state.
    pub ui: &'a Ui,
    /// Its looks.
    pub theme: &'a Theme,
    /// Its language.
    pub lang: &'a Lang,
    /// The instant.
    pub now: Stamp,
}

impl<'a> Scene<'a> {
    /// How a role is shown.
    pub const fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    /// The text of a key of the catalogues.
    pub fn say(&self, key: &'a str) -> std::borrow::Cow<'a, str> {
        self.lang.say(key)
    }

    /// The text of a key with its places filled.
    pub fn tell(&self, key: &str, args: &[(&'static str, Arg<'_>)]) -> String {
        self.lang.tell(key, args).into_owned()
    }

    /// A sentence of the exercise. From outside or not: neutralise before showing.
    pub fn told(&self, said: &'a Said) -> std::borrow::Cow<'a, str> {
        self.lang.said(said)
    }

    /// A piece of text in a role.
    pub fn piece(&self, role: Role, text: impl Into<std::borrow::Cow<'a, str>>) -> Piece<'a> {
        Piece::styled(text, self.style(role))
    }

    /// A panel with its title; gives the room inside. Boxed where there is room for a box.
    pub fn panel(&self, area: Rect, title: Line<'_>, boxed: bool, buf: &mut Buffer) -> Rect {
        let borders = if boxed { Borders::ALL } else { Borders::TOP };
        let block = Block::new()
            .borders(borders)
            .border_type(if boxed { BorderType::Rounded } else { BorderType::Plain })
            .border_style(self.style(Role::Rule))
            .title(title);
        let inner = block.inner(area);
        block.render(area, buf);
        inner
    }

    /// A title for a panel whose name is a key of the catalogues.
    pub fn title_of(
        &self,
        key: &'static str,
        rest: impl Into<std::borrow::Cow<'a, str>>,
    ) -> Line<'a> {
        let mut title = self.title("", rest);
        let rest = title.spans.split_off(1);
        let name = self.piece(Role::Title, format!(" {} ", self.lang.say(key)));
        std::iter::once(name).chain(rest).collect()
    }

    /// A title for a panel: its name, and what else there is to say.
    pub fn title(&self, name: &'a str, rest: impl Into<std::borrow::Cow<'a, str>>) -> Line<'a> {
        let rest = rest.into();
        let mut pieces = vec![self.piece(Role::Title, format!(" {name} "))];
        if !rest.is_empty() {
            pieces.push(self.piece(Role::Dim, format!("{rest} ")));
        }
        Line::from(pieces)
    }
}

/// Writes a line of pieces into row `row` of `area`, if there is such a row.
pub fn put(area: Rect, row: u16, line: &Line<'_>, buf: &mut Buffer) {
    if row >= area.height || area.width == 0 {
        return;
    }
    let y = area.y + row;
    buf.set_line(area.x, y, line, area.width);
    if line.width() > usize::from(area.width) {
        // A line that does not fit says so; a wide character there gives way.
        let last = area.right() - 1;
        if area.width > 1 && super::text::width(buf[(last - 1, y)].symbol()) > 1 {
            buf[(last - 1, y)].set_symbol(" ");
        }
        buf[(last, y)].set_symbol("…");
    }
}

/// Makes room for what is laid over the rest. A wide character that would reach into it gives way.
pub fn cover(area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    Clear.render(area, buf);
    for y in area.top()..area.bottom() {
        let Some(x) = area.x.checked_sub(1) else { return };
        if let Some(cell) = buf.cell_mut((x, y))
            && super::text::width(cell.symbol()) > 1
        {
            cell.set_symbol(" ");
        }
    }
}
