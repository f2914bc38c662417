//! Queries as they stand in files: whole, with the window in its place. Only as much of PromQL is understood as that needs;
//! whether a server takes the query, the server says.

use super::super::findings::Findings;
use super::super::value;
use crate::gameday::node::Node;
use crate::gameday::service::WINDOW;
use crate::gameday::text::is_plain;

/// No query is longer, in characters.
const LONGEST: usize = 10_000;

/// Functions that say as much over any window: what they give can be put in proportion.
const PROPORTIONAL: [&str; 5] =
    ["rate", "increase", "sum_over_time", "count_over_time", "avg_over_time"];

/// A query as it is written: not empty, not cut off.
pub(in crate::gameday::read) fn text(node: &Node, findings: &mut Findings) -> Option<String> {
    let text = value::raw(node, findings)?.trim();
    let (what, mend) = if text.is_empty() {
        ("the query is empty".to_owned(), "write one, or remove the line")
    } else if text.chars().count() > LONGEST {
        (format!("the query is longer than {LONGEST} characters"), "make it shorter")
    } else if text.chars().any(|c| !is_plain(c) && c != '\n' && c != '\t') {
        let what = "the query holds control characters or characters that hide or turn text";
        (what.to_owned(), "remove them")
    } else if let Some(flaw) = flaw(text) {
        (flaw, "look at brackets and quotes")
    } else {
        return Some(text.to_owned());
    };
    findings.error(node.place, what, "", mend);
    None
}

/// The same of a promise, which is asked for over windows.
pub(super) fn windowed(node: &Node, findings: &mut Findings) -> Option<String> {
    let text = text(node, findings)?;
    if text.contains(WINDOW) {
        return Some(text);
    }
    let what = "the query does not say where the window belongs";
    let why = "a promise is looked at over several windows";
    findings.error(
        node.place,
        what,
        why,
        "write {window} in it, as in rate(errors_total[{window}])",
    );
    None
}

/// The same as other programs write the window: `{{.window}}`. `None` in it: something else stands in such braces.
pub(super) fn templated(node: &Node, findings: &mut Findings) -> Option<Option<String>> {
    let text = text(node, findings)?;
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some((before, behind)) = rest.split_once("{{") {
        let Some((inside, behind)) = behind.split_once("}}") else { return Some(None) };
        if inside.trim_matches(' ') != ".window" {
            return Some(None);
        }
        out.push_str(before);
        out.push_str(WINDOW);
        rest = behind;
    }
    out.push_str(rest);
    Some(Some(out))
}

/// The characters of a query with their places, without what stands in quotes and comments. `Err`: a quote is not closed.
fn code(text: &str) -> Result<Vec<(usize, char)>, char> {
    let mut out = Vec::new();
    let mut quote = None;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some('"' | '\''), '\\') => drop(chars.next()),
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '#') => drop(chars.find(|(_, c)| *c == '\n')),
            (None, c) => out.push((at, c)),
        }
    }
    quote.map_or(Ok(out), Err)
}

/// What is cut off or too much in a query.
fn flaw(text: &str) -> Option<String> {
    let code = match code(text) {
        Ok(code) => code,
        Err(quote) => return Some(format!("in the query, a {quote} is not closed")),
    };
    let mut open = Vec::new();
    for (_, c) in code {
        match c {
            '(' | '[' | '{' => open.push(c),
            ')' | ']' | '}' => {
                let opened = open.pop();
                if !matches!((opened, c), (Some('('), ')') | (Some('['), ']') | (Some('{'), '}')) {
                    return Some(format!("in the query, nothing opens a {c}"));
                }
            }
            _ => {}
        }
    }
    open.pop().map(|c| format!("in the query, a {c} is not closed"))
}

/// Whether a query asks for ranges.
pub(super) fn has_ranges(text: &str) -> bool {
    code(text).is_ok_and(|code| code.iter().any(|(_, c)| *c == '['))
}

/// A query over a fixed range, asked over the window instead: `rate(x[5m])` as `rate(x[{window}])`. `None` where a range
/// belongs to something that would say something else over another one.
pub(super) fn widened(text: &str) -> Option<String> {
    let code = code(text).ok()?;
    let mut callers: Vec<&str> = Vec::new();
    let mut range = None;
    let mut out = String::new();
    let mut done = 0;
    for (at, c) in code {
        match c {
            '(' => callers.push(word_before(text.get(..at)?)),
            ')' => drop(callers.pop()),
            '[' => range = Some(at + 1),
            ']' => {
                let (from, caller) = (range.take()?, callers.last()?);
                let length = text.get(from..at)?.trim();
                let fixed = length.starts_with(|c: char| c.is_ascii_digit())
                    && length.chars().all(|c| c.is_ascii_alphanumeric());
                if !fixed || !PROPORTIONAL.contains(caller) {
                    return None;
                }
                out.push_str(text.get(done..from)?);
                out.push_str(WINDOW);
                done = at;
            }
            _ => {}
        }
    }
    out.push_str(text.get(done..)?);
    Some(out)
}

/// The name at the end of a text.
fn word_before(text: &str) -> &str {
    let text = text.trim_end();
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    text.rfind(|c| !word(c)).map_or(text, |at| text.split_at(at).1.trim_start_matches(|c| !word(c)))
}

/// Whether a query only names series: `errors_total{job="shop"}`.
pub(super) fn is_selector(text: &str) -> bool {
    let text = text.trim();
    let Ok(code) = code(text) else { return false };
    let name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let end = text.find('{').unwrap_or(text.len());
    let (before, braces) = text.split_at(end);
    let before = before.trim_end();
    let named = before.chars().all(name) && !before.starts_with(|c: char| c.is_ascii_digit());
    let opened = code.iter().filter(|(_, c)| matches!(c, '{' | '(' | '[')).count();
    match braces.is_empty() {
        true => named && !before.is_empty() && opened == 0,
        false => named && opened == 1 && braces.ends_with('}') && flaw(text).is_none(),
    }
}

/// How fast what counts up goes up: of series that are only named, or summed. `None`: somebody has to say where the rate
/// belongs.
pub(super) fn rate(text: &str) -> Option<String> {
    let text = text.trim();
    if is_selector(text) {
        return Some(format!("sum(rate({text}[{WINDOW}]))"));
    }
    let groups = groups(text)?;
    let same = |word: &str, wanted: &[&str]| {
        let word: Vec<String> = word.split_whitespace().map(str::to_lowercase).collect();
        word == wanted
    };
    let (series, labels) = match groups.as_slice() {
        [(sum, series)] if same(sum, &["sum"]) => (series, String::new()),
        [(sum, labels), ("", series)] => {
            let by = ["by", "without"].into_iter().find(|by| same(sum, &["sum", by]))?;
            (series, format!(" {by} ({labels}) "))
        }
        [(sum, series), (word, labels)] if same(sum, &["sum"]) => {
            let by = ["by", "without"].into_iter().find(|by| same(word, &[by]))?;
            (series, format!(" {by} ({labels}) "))
        }
        _ => return None,
    };
    is_selector(series).then(|| format!("sum{labels}(rate({}[{WINDOW}]))", series.trim()))
}

/// The outermost round brackets of a text, each with the words before it; `None` where something stands behind the last.
fn groups(text: &str) -> Option<Vec<(&str, &str)>> {
    let mut out = Vec::new();
    let (mut depth, mut begin, mut word) = (0_usize, 0, 0);
    for (at, c) in code(text).ok()? {
        match c {
            '(' => {
                if depth == 0 {
                    begin = at;
                }
                depth += 1;
            }
            ')' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    out.push((text.get(word..begin)?.trim(), text.get(begin + 1..at)?));
                    word = at + 1;
                }
            }
            _ => {}
        }
    }
    text.get(word..)?.trim().is_empty().then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_off_is_seen() {
        for (text, said) in [
            ("sum(rate(x{a=\")\"}[5m])) # (", None),
            ("x{a='\\''} + `(`", None),
            ("sum(x", Some("in the query, a ( is not closed")),
            ("a) / (b", Some("in the query, nothing opens a )")),
            ("x{a=\"b}", Some("in the query, a \" is not closed")),
            ("x[5m}", Some("in the query, nothing opens a }")),
        ] {
            assert_eq!(flaw(text).as_deref(), said, "{text}");
        }
    }

    #[test]
    fn the_rate_goes_where_it_belongs_or_nowhere() {
        for (text, rated) in [
            ("x", Some("sum(rate(x[{window}]))")),
            ("job:x:sum{a=\"(b\"} ", Some("sum(rate(job:x:sum{a=\"(b\"}[{window}]))")),
            ("{\"http.x\"}", Some("sum(rate({\"http.x\"}[{window}]))")),
            ("SUM( x{a=\"b\"} )", Some("sum(rate(x{a=\"b\"}[{window}]))")),
            ("sum by (a) (x)", Some("sum by (a) (rate(x[{window}]))")),
            ("sum(x) without(a, b)", Some("sum without (a, b) (rate(x[{window}]))")),
            ("sum(x) - sum(y)", None),
            ("max(x)", None),
            ("sum(x + y)", None),
            ("5", None),
            ("x offset 5m", None),
            ("x{} or y{}", None),
        ] {
            assert_eq!(rate(text).as_deref(), rated, "{text}");
        }
    }

    #[test]
    fn fixed_ranges_give_way_to_the_window_where_that_says_the_same() {
        for (text, wide) in [
            (
                "sum(rate(x{a=\"[\"}[5m] offset 1h))",
                Some("sum(rate(x{a=\"[\"}[{window}] offset 1h))"),
            ),
            (
                "increase(x[30d]) - increase(y[ 1h30m ])",
                Some("increase(x[{window}]) - increase(y[{window}])"),
            ),
            ("max_over_time(x[5m])", None),
            ("rate(x[5m:1m])", None),
            ("x[5m]", None),
            ("x", Some("x")),
        ] {
            assert_eq!(widened(text).as_deref(), wide, "{text}");
        }
    }
}
