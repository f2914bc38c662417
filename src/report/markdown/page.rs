//! Markdown that is being written: headings, lines, lists, tables, and text from outside made harmless. Not what it
//! says.

use std::fmt::Write as _;

use crate::gameday::metric::Unit;
use crate::lang::{Arg, Lang};
use crate::report::seen::seen;

/// A page that grows at its end.
pub(in crate::report) struct Page<'a> {
    out: String,
    /// The texts of its language.
    pub(in crate::report) lang: &'a Lang,
}

impl Page<'_> {
    /// An empty page.
    pub(in crate::report) const fn new(lang: &Lang) -> Page<'_> {
        Page { out: String::new(), lang }
    }

    /// A heading with a text of the catalogues.
    pub(in crate::report) fn head(&mut self, level: usize, key: &str) {
        let title = said(self.lang, key);
        self.heading(level, &title);
    }

    /// A paragraph with a text of the catalogues.
    pub(in crate::report) fn says(&mut self, key: &str) {
        let text = said(self.lang, key);
        self.paragraph(&text);
    }

    /// A heading of `level` 1 to 6; `title` is Markdown.
    pub(in crate::report) fn heading(&mut self, level: usize, title: &str) {
        self.gap();
        let _ = writeln!(self.out, "{} {title}", "#".repeat(level));
        self.gap();
    }

    /// A paragraph of Markdown.
    pub(in crate::report) fn paragraph(&mut self, markdown: &str) {
        self.gap();
        self.out.push_str(markdown);
        self.out.push('\n');
    }

    /// A list of Markdown lines.
    pub(in crate::report) fn list(&mut self, items: impl IntoIterator<Item = String>) {
        self.gap();
        for item in items {
            let _ = writeln!(self.out, "- {item}");
        }
    }

    /// A table; `heads` are keys of the catalogues, or nothing; cells are Markdown without line ends or bare pipes.
    pub(in crate::report) fn table<const N: usize>(
        &mut self,
        heads: [&str; N],
        rows: impl IntoIterator<Item = [String; N]>,
    ) {
        self.gap();
        let heads = heads.map(|key| said(self.lang, key));
        let _ = writeln!(self.out, "| {} |", heads.join(" | "));
        let _ = writeln!(self.out, "|{}", " --- |".repeat(N));
        for row in rows {
            let _ = writeln!(self.out, "| {} |", row.join(" | "));
        }
    }

    /// A table with as many columns as there are `heads`, which are Markdown like the cells.
    pub(in crate::report) fn grid(
        &mut self,
        heads: &[String],
        rows: impl IntoIterator<Item = Vec<String>>,
    ) {
        self.gap();
        let _ = writeln!(self.out, "| {} |", heads.join(" | "));
        let _ = writeln!(self.out, "|{}", " --- |".repeat(heads.len()));
        for row in rows {
            let _ = writeln!(self.out, "| {} |", row.join(" | "));
        }
    }

    /// Lines as they are, where nothing is marked up.
    pub(in crate::report) fn block(&mut self, lines: &[String]) {
        self.gap();
        let _ = writeln!(self.out, "```text\n{}\n```", lines.join("\n"));
    }

    /// The whole page.
    pub(in crate::report) fn finish(self) -> String {
        self.out
    }

    fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }
}

/// A figure of this program's own as Markdown: `<0.001%` is no markup.
pub(in crate::report) fn plain(figure: &str) -> String {
    figure.replace('<', "&lt;")
}

/// A figure, or that there is none.
pub(in crate::report) fn show(lang: &Lang, value: Option<f64>, unit: Unit) -> String {
    value.map_or_else(|| said(lang, "report-no-data"), |value| plain(&unit.show(value)))
}

/// A text of the catalogues.
pub(in crate::report) fn said(lang: &Lang, key: &str) -> String {
    lang.say(key).into_owned()
}

/// A text of the catalogues with its places filled.
pub(in crate::report) fn told(lang: &Lang, key: &str, places: &[(&'static str, &str)]) -> String {
    let places: Vec<(&'static str, Arg<'_>)> =
        places.iter().map(|(name, value)| (*name, Arg::Text(value))).collect();
    lang.tell(key, &places).into_owned()
}

/// Text from outside as code in a line, between more backticks than are in it.
pub(in crate::report) fn code(raw: &str) -> String {
    let raw = seen(raw);
    let longest = raw.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    // A blank keeps a backtick at the end from joining the fence; readers take it away.
    let blank = if raw.starts_with('`') || raw.ends_with('`') { " " } else { "" };
    format!("{fence}{blank}{raw}{blank}{fence}")
}

/// Text from outside as Markdown that shows just that text, in one line: markup is escaped, line ends show as `⏎`,
/// control characters and marks of writing direction as their names. A plain address of the web stays one: it shows
/// where it leads.
pub(in crate::report) fn text(raw: &str) -> String {
    let raw = seen(raw);
    let mut out = String::with_capacity(raw.len());
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        let first = out.is_empty();
        match c {
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
    use super::{code, text};

    #[test]
    fn code_from_outside_ends_where_it_ends() {
        for (raw, shown) in [
            ("rate(x[5m])", "`rate(x[5m])`"),
            ("a`b", "``a`b``"),
            ("``a`", "``` ``a` ```"),
            ("one\ntwo", "`one⏎two`"),
        ] {
            assert_eq!(code(raw), shown, "{raw:?}");
        }
    }

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
