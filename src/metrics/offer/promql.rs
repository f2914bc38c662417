//! Parts of queries in the language of Prometheus. Not what they are for.

use crate::gameday::matcher::{Matcher, is_bare};
use crate::gameday::span::Span;

/// The series of a metric that fit. A name that cannot stand alone is quoted inside the braces.
pub(super) fn selector(name: &str, matchers: &[Matcher]) -> String {
    let mut inside: Vec<String> = matchers.iter().map(ToString::to_string).collect();
    // In the name of a metric, a colon may stand too.
    if is_bare(&name.replace(':', "_")) {
        return if inside.is_empty() {
            name.to_owned()
        } else {
            format!("{name}{{{}}}", inside.join(","))
        };
    }
    let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
    inside.insert(0, format!("\"{quoted}\""));
    format!("{{{}}}", inside.join(","))
}

/// The rate of a metric over `window`, series by series.
pub(super) fn rate(name: &str, matchers: &[Matcher], window: Span) -> String {
    format!("rate({}[{window}])", selector(name, matchers))
}

/// What fits besides `more`.
pub(super) fn both(narrow: &[Matcher], more: &[Matcher]) -> Vec<Matcher> {
    more.iter().chain(narrow).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_alone_or_in_quotes() {
        let job = [Matcher::is("job", "a")];
        let window = Span::from_secs(90);
        for (name, matchers, text) in [
            ("up", &[] as &[Matcher], "rate(up[1m30s])"),
            ("job:up:sum", &job, "rate(job:up:sum{job=\"a\"}[1m30s])"),
            ("http.requests", &job, "rate({\"http.requests\",job=\"a\"}[1m30s])"),
            ("a\"b\\c", &[], "rate({\"a\\\"b\\\\c\"}[1m30s])"),
            ("0", &[], "rate({\"0\"}[1m30s])"),
        ] {
            assert_eq!(rate(name, matchers, window), text);
        }
    }
}
