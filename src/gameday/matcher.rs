//! Which series or alerts are meant, by one of their labels. Not the series.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How a label is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum How {
    /// It has this value.
    #[serde(rename = "=")]
    Is,
    /// It has another value.
    #[serde(rename = "!=")]
    IsNot,
    /// All of it fits the pattern.
    #[serde(rename = "=~")]
    Fits,
    /// It does not.
    #[serde(rename = "!~")]
    FitsNot,
}

/// What is asked of one label.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Matcher {
    /// The label.
    pub name: String,
    /// How it is looked at.
    pub how: How,
    /// The value or pattern.
    pub value: String,
}

impl Matcher {
    /// The label has this value.
    pub fn is(name: &str, value: &str) -> Self {
        Self { name: name.to_owned(), how: How::Is, value: value.to_owned() }
    }

    /// All of the label fits this pattern.
    pub fn fits(name: &str, pattern: &str) -> Self {
        Self { name: name.to_owned(), how: How::Fits, value: pattern.to_owned() }
    }

    /// It does not fit it.
    pub fn fits_not(name: &str, pattern: &str) -> Self {
        Self { name: name.to_owned(), how: How::FitsNot, value: pattern.to_owned() }
    }
}

/// As in a query: `job="shop"`.
impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match self.how {
            How::Is => "=",
            How::IsNot => "!=",
            How::Fits => "=~",
            How::FitsNot => "!~",
        };
        let value = self.value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        if is_bare(&self.name) {
            write!(f, "{}{how}\"{value}\"", self.name)
        } else {
            let name = self.name.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            write!(f, "\"{name}\"{how}\"{value}\"")
        }
    }
}

/// Whether the name of a label stands without quotes in a query.
pub fn is_bare(name: &str) -> bool {
    let first = name.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    first && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matcher_reads_as_in_a_query_and_cannot_leave_it() {
        for (matcher, text) in [
            (Matcher::is("job", "shop"), r#"job="shop""#),
            (Matcher::fits("code", "5.."), r#"code=~"5..""#),
            (Matcher::fits_not("code", "5.."), r#"code!~"5..""#),
            (Matcher::is("job", "a\"} or up{x=\"\\"), r#"job="a\"} or up{x=\"\\""#),
            (Matcher::is("job", "a\nb"), r#"job="a\nb""#),
            (Matcher::is("http.route", "/"), r#""http.route"="/""#),
        ] {
            assert_eq!(matcher.to_string(), text);
        }
    }
}
