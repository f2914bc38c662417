//! Markdown that is being written: headings, lines, lists, tables, and text from outside made harmless. Not what it
//! says.

use std::fmt::Write as _;

use crate::gameday::metric::Unit;
use crate::gameday::text::is_plain;
use crate::report::words::NO_DATA;

/// A page that grows at its end.
pub(in crate::report) struct Page(String);

impl Page {
    /// An empty page.
    pub(in crate::report) const fn new() -> Self {
        Self(String::new())
    }

    /// A heading of `level` 1 to 6; `title` is Markdown.
    pub(in crate::report) fn heading(&mut self, level: usize, title: &str) {
        self.gap();
        let _ = writeln!(self.0, "{} {title}", "#".repeat(level));
        self.gap();
    }

    /// A paragraph of Markdown.
    pub(in crate::report) fn paragraph(&mut self, markdown: &str) {
        self.gap();
        self.0.push_str(markdown);
        self.0.push('\n');
    }

    /// A list of Markdown lines.
    pub(in crate::report) fn list(&mut self, items: impl IntoIterator<Item = String>) {
        self.gap();
        for item in items {
            let _ = writeln!(self.0, "- {item}");
        }
    }

    /// A table; cells are Markdown without line ends or bare pipes.
    pub(in crate::report) fn table<const N: usize>(
        &mut self,
        heads: [&str; N],
        rows: impl IntoIterator<Item = [String; N]>,
    ) {
        self.gap();
        let _ = writeln!(self.0, "| {} |", heads.join(" | "));
        let _ = writeln!(self.0, "|{}", " --- |".repeat(N));
        for row in rows {
            let _ = writeln!(self.0, "| {} |", row.join(" | "));
        }
    }

    /// Lines as they are, where nothing is marked up.
    pub(in crate::report) fn block(&mut self, lines: &[String]) {
        self.gap();
        let _ = writeln!(self.0, "```text\n{}\n```", lines.join("\n"));
    }

    /// The whole page.
    pub(in crate::report) fn finish(self) -> String {
        self.0
    }

    fn gap(&mut self) {
        if !self.0.is_empty() && !self.0.ends_with("\n\n") {
            self.0.push('\n');
        }
    }
}

/// A figure of this program's own as Markdown: `<0.001%` is no markup.
pub(in crate::report) fn plain(figure: &str) -> String {
    figure.replace('<', "&lt;")
}

/// A figure, or that there is none.
pub(in crate::report) fn show(value: Option<f64>, unit: Unit) -> String {
    value.map_or_else(|| NO_DATA.to_owned(), |value| plain(&unit.show(value)))
}

/// Text from outside as Markdown that shows just that text, in one line: markup is escaped, line ends show as `⏎`,
/// control characters and marks of writing direction as their names. A plain address of the web stays one: it shows
/// where it leads.
pub(in crate::report) fn text(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let raw = raw.trim().replace("\r\n", "\n");
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        let first = out.is_empty();
        match c {
            '\n' => out.push('⏎'),
            '\t' => out.push(' '),
            '\u{0}'..='\u{1f}' => {
                out.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'));
            }
            c if !is_plain(c) => {
                let _ = write!(out, "⟨U+{:04X}⟩", u32::from(c));
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // Some readers take braces at the end of a heading for its attributes.
            '{' => out.push_str("&#123;"),
            '}' => out.push_str("&#125;"),
            '\\' | '`' | '*' | '[' | ']' | '|' | '~' | '$' | '!' => {
                out.push('\\');
                out.push(c);
            }
            // Within a word an underscore is only that.
            '_' if first || !chars.peek().is_some_and(|next| next.is_alphanumeric()) => {
                out.push_str("\\_");
            }
            '_' if !out.ends_with(char::is_alphanumeric) => out.push_str("\\_"),
            // What would begin a heading, a list, a line or a table.
            '#' | '-' | '+' | '=' | ':' if first => {
                out.push('\\');
                out.push(c);
            }
            // `1.` and `1)` would begin a numbered list.
            '.' | ')' if !first && out.chars().all(|digit| digit.is_ascii_digit()) => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn text_from_outside_stays_text() {
        for (raw, shown) in [
            ("web-app-1 took 3.5 s (p99)", "web-app-1 took 3.5 s (p99)"),
            ("a|b", "a\\|b"),
            ("# no heading", "\\# no heading"),
            ("- no list", "\\- no list"),
            ("12. no list", "12\\. no list"),
            ("`code` *bold* ~~gone~~", "\\`code\\` \\*bold\\* \\~\\~gone\\~\\~"),
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("&lt;", "&amp;lt;"),
            ("a {#b}", "a &#123;#b&#125;"),
            ("![x](y)", "\\!\\[x\\](y)"),
            ("snake_case and _this_", "snake_case and \\_this\\_"),
            ("one\ntwo\r\nthree", "one⏎two⏎three"),
            ("\u{1b}[2J\u{7}", "␛\\[2J␇"),
            ("\u{9b}2J", "⟨U+009B⟩2J"),
            ("\u{202e}txt.exe", "⟨U+202E⟩txt.exe"),
            ("データベース 👩‍💻", "データベース 👩‍💻"),
            ("c:\\dir", "c:\\\\dir"),
        ] {
            assert_eq!(text(raw), shown, "{raw:?}");
        }
    }
}
