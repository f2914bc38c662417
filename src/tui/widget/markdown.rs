//! Markdown as lines of a terminal: headings, paragraphs, lists and tables. Not the reading of Markdown, which a library
//! does.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use ratatui::text::{Line, Span as Piece};

use super::grid;
use crate::tui::text;
use crate::tui::theme::{Role, Theme};

/// The lines of `source` for a screen of `width` cells.
pub fn lines(theme: &Theme, source: &str, width: u16) -> Vec<Line<'static>> {
    let mut page = Page { theme, width: usize::from(width).max(8), ..Page::new(theme) };
    for event in Parser::new_ext(source, Options::ENABLE_TABLES) {
        page.take(event);
    }
    page.lines
}

struct Page<'a> {
    theme: &'a Theme,
    width: usize,
    lines: Vec<Line<'static>>,
    /// The text of the block that is open.
    open: String,
    role: Role,
    /// Signs before the items of the open lists: a number, or a dot.
    lists: Vec<Option<u64>>,
    item: Option<String>,
    rows: Vec<Vec<String>>,
    verbatim: bool,
}

impl<'a> Page<'a> {
    fn new(theme: &'a Theme) -> Self {
        Self {
            theme,
            width: 0,
            lines: Vec::new(),
            open: String::new(),
            role: Role::Text,
            lists: Vec::new(),
            item: None,
            rows: Vec::new(),
            verbatim: false,
        }
    }

    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.begin(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(says) if self.verbatim => {
                for line in says.lines() {
                    self.push(Role::Dim, text::fit(line, self.width));
                }
            }
            Event::Text(says) | Event::Code(says) | Event::InlineHtml(says) | Event::Html(says) => {
                self.open.push_str(&says);
            }
            Event::SoftBreak | Event::HardBreak => self.open.push(' '),
            Event::Rule => {
                let rule = "─".repeat(self.width);
                self.push(Role::Rule, rule);
            }
            _ => {}
        }
    }

    fn begin(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Heading { .. } => {
                self.blank();
                self.role = Role::Title;
            }
            Tag::Paragraph if self.item.is_none() => self.blank(),
            Tag::List(first) => {
                self.flush();
                if self.lists.is_empty() {
                    self.blank();
                }
                self.lists.push(*first);
            }
            Tag::Item => {
                self.flush();
                let sign = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "• ".to_owned(),
                };
                self.item = Some(sign);
            }
            Tag::Table(_) => {
                self.blank();
                self.rows.clear();
            }
            Tag::TableHead | Tag::TableRow => self.rows.push(Vec::new()),
            Tag::CodeBlock(_) => {
                self.blank();
                self.verbatim = true;
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) | TagEnd::Paragraph => {
                self.flush();
                self.role = Role::Text;
            }
            TagEnd::Item => {
                self.flush();
                self.item = None;
            }
            TagEnd::List(_) => drop(self.lists.pop()),
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.open);
                if let Some(row) = self.rows.last_mut() {
                    row.push(text::clean(&cell).into_owned());
                }
            }
            TagEnd::Table => self.table(),
            TagEnd::CodeBlock => self.verbatim = false,
            _ => {}
        }
    }

    fn blank(&mut self) {
        if self.lines.last().is_some_and(|line| line.width() > 0) {
            self.lines.push(Line::default());
        }
    }

    fn push(&mut self, role: Role, says: String) {
        self.lines.push(Line::from(Piece::styled(says, self.theme.style(role))));
    }

    /// Writes the open block.
    fn flush(&mut self) {
        let says = std::mem::take(&mut self.open);
        if says.trim().is_empty() {
            return;
        }
        let depth = self.lists.len().saturating_sub(1) * 2;
        let sign = self.item.clone().unwrap_or_default();
        let indent = depth + text::width(&sign);
        for (index, part) in
            text::wrap(&says, self.width.saturating_sub(indent)).into_iter().enumerate()
        {
            let lead = if index == 0 {
                format!("{}{sign}", " ".repeat(depth))
            } else {
                " ".repeat(indent)
            };
            self.push(self.role, lead + &part);
        }
        // What follows in the same item stands below it.
        if let Some(item) = &mut self.item {
            *item = " ".repeat(text::width(item));
        }
    }

    fn table(&mut self) {
        let rows = std::mem::take(&mut self.rows).into_iter().enumerate().map(|(index, row)| {
            let role = if index == 0 { Role::Dim } else { Role::Text };
            row.into_iter().map(|cell| grid::cell(role, cell)).collect::<Vec<_>>()
        });
        let rows: Vec<Vec<grid::Cell>> = rows.collect();
        let widths = grid::fitted(grid::widths(&rows), self.width);
        for row in &rows {
            self.lines.extend(grid::lines(self.theme, row, &widths));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::Depth;

    fn shown(source: &str, width: u16) -> Vec<String> {
        let theme = Theme::named("dark", Depth::Mono).unwrap();
        lines(&theme, source, width).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn blocks_become_lines_and_marks_disappear() {
        let source = "# A **day**\n\nTwo pods \\*died\\*.\nNobody *noticed* it at all.\n\n- one\n- two\n  lines\n\n| a | b |\n|---|---|\n| 決済 | 1 |\n";
        let want = [
            "A day",
            "",
            "Two pods *died*.",
            "Nobody noticed it at",
            "all.",
            "",
            "• one",
            "• two lines",
            "",
            "a     b",
            "決済  1",
        ];
        let mut said = shown(source, 20);
        for line in &mut said {
            *line = line.trim_end().to_owned();
        }
        // The first two lines are one paragraph.
        assert_eq!(said[2..5].join(" "), want[2..5].join(" "));
        assert_eq!(said[5..], want[5..]);
        assert_eq!(said[..2], want[..2]);
    }

    #[test]
    fn a_table_that_is_too_wide_is_wrapped_not_lost() {
        let source = "| name | what |\n|---|---|\n| pod-failure | two of app=web-app were killed at once |\n";
        let said = shown(source, 30);
        assert!(said.iter().all(|line| text::width(line) <= 30), "{said:?}");
        let all = said.join(" ");
        for word in ["pod-failure", "killed", "once"] {
            assert!(all.contains(word), "{said:?}");
        }
    }
}
