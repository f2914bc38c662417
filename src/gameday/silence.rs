//! Silences over alerts that a game day offers while it runs: which alerts, and why. Whether somebody wants them is said
//! when it runs. Not the silencing.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::matcher::{How, Matcher, is_bare};
use super::text::is_plain;

/// No silence has more matchers.
pub const MOST_MATCHERS: usize = 20;

/// No game day offers more silences.
pub const MOST_SILENCES: usize = 10;

/// No name or value of a label is longer.
const LONGEST: usize = 200;

/// Alerts that may be silenced while a game day runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    /// Which alerts: all of these must fit.
    pub matchers: Vec<Matcher>,
    /// Why, for those who see the silence elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// Which alerts: `service="shop", severity=~"warning|critical"`.
impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<String> = self.matchers.iter().map(ToString::to_string).collect();
        f.write_str(&all.join(", "))
    }
}

/// Whether a silence with these is one: it must ask for something, or it would silence what has no labels at all.
///
/// # Errors
/// Why it is none, and how to mend it.
pub fn check(matchers: &[Matcher]) -> Result<(), (String, &'static str)> {
    if matchers.len() > MOST_MATCHERS {
        return Err((format!("there are more than {MOST_MATCHERS} matchers"), "leave some out"));
    }
    for (index, one) in matchers.iter().enumerate() {
        let name = &one.name;
        if !is_bare(name) || name.len() > LONGEST {
            return Err((format!("{name:?} is no name of a label"), NAME));
        }
        if !one.value.chars().all(is_plain) || one.value.chars().count() > LONGEST {
            let what = format!("the value of {name} is too long, or holds control characters");
            return Err((what, "write the value as the alert has it"));
        }
        if matchers.iter().take(index).any(|other| other == one) {
            return Err((format!("{one} stands here twice"), "remove one of them"));
        }
    }
    let narrows = |one: &Matcher| match one.how {
        How::Is => !one.value.is_empty(),
        How::Fits => !matches!(one.value.as_str(), "" | ".*"),
        How::IsNot | How::FitsNot => false,
    };
    if matchers.iter().any(narrows) {
        return Ok(());
    }
    let what = "it would silence nearly every alert there is".to_owned();
    Err((what, "say which alerts are meant, for example service=\"shop\""))
}

const NAME: &str = "labels are called by letters, digits and underscores, as in service";

/// Matchers as Alertmanager writes them: `service="shop", severity=~"warning|critical"`, with or without braces, and
/// without quotes where a value is one word.
///
/// # Errors
/// What cannot be understood, and how it is written.
pub fn parse(text: &str) -> Result<Vec<Matcher>, (String, &'static str)> {
    let text = text.trim();
    let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let mut rest = inner.unwrap_or(text).trim();
    let mut matchers = Vec::new();
    while !rest.is_empty() {
        let (matcher, after) = first(rest)?;
        matchers.push(matcher);
        rest = match after.trim_start().strip_prefix(',') {
            Some(more) => more.trim_start(),
            None if after.trim().is_empty() => "",
            None => return Err((format!("{:?} follows a value", after.trim()), EXAMPLE)),
        };
    }
    if matchers.is_empty() {
        return Err(("it matches nothing".to_owned(), EXAMPLE));
    }
    Ok(matchers)
}

const EXAMPLE: &str = "write service=\"shop\", or service=\"shop\", severity=~\"warning|critical\"";

/// The first matcher, and what follows it.
fn first(text: &str) -> Result<(Matcher, &str), (String, &'static str)> {
    let wrong = || (format!("{text:?} is no matcher"), EXAMPLE);
    let at = text.find(['=', '!']).ok_or_else(wrong)?;
    let (name, rest) = text.split_at(at);
    let name = name.trim().to_owned();
    if name.is_empty() {
        return Err(wrong());
    }
    let known = [("=~", How::Fits), ("!~", How::FitsNot), ("!=", How::IsNot), ("=", How::Is)];
    let found = known.into_iter().find_map(|(sign, how)| Some((how, rest.strip_prefix(sign)?)));
    let (how, rest) = found.ok_or_else(wrong)?;
    let (value, after) = value(rest.trim_start()).ok_or_else(wrong)?;
    Ok((Matcher { name, how, value }, after))
}

/// A value in quotes or without, and what follows it.
fn value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([',', '"', '=', '{', '}']).unwrap_or(text.len());
        let (word, after) = text.split_at(end);
        let word = word.trim_end();
        let one = !word.is_empty() && !word.contains(char::is_whitespace);
        return one.then(|| (word.to_owned(), after));
    };
    let (mut value, mut escaped) = (String::new(), false);
    for (at, c) in quoted.char_indices() {
        match (escaped, c) {
            (true, 'n') => value.push('\n'),
            (true, '"' | '\\') => value.push(c),
            // In patterns a backslash stands for itself, too.
            (true, c) => value.extend(['\\', c]),
            (false, '\\') => {}
            (false, '"') => return Some((value, quoted.get(at + 1..).unwrap_or_default())),
            (false, c) => value.push(c),
        }
        escaped = !escaped && c == '\\';
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matchers_are_read_as_alertmanager_writes_them() {
        for (text, shown) in [
            ("service=shop", r#"service="shop""#),
            (
                r#" {service="shop" , severity=~"warn.*|critical",} "#,
                r#"service="shop", severity=~"warn.*|critical""#,
            ),
            (r#"a!="b",c!~d"#, r#"a!="b", c!~"d""#),
            (r#"path=~"/a\d+""#, r#"path=~"/a\\d+""#),
            (r#"a="x\"y\\z, {b=\"c\"}""#, r#"a="x\"y\\z, {b=\"c\"}""#),
            ("alertname = ShopErrors", r#"alertname="ShopErrors""#),
        ] {
            let silence = Silence { matchers: parse(text).unwrap(), why: None };
            assert_eq!(silence.to_string(), shown);
            assert_eq!(parse(shown).unwrap(), silence.matchers, "it reads back");
        }
        for text in
            ["", "{}", "shop", "=x", "a=", "a=b c", "a=\"b", "a=\"b\" c=\"d\"", "a==b", "a>b"]
        {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_silence_over_nearly_everything_is_none() {
        for (text, good) in [
            ("service=shop", true),
            ("service=shop, a!=b", true),
            ("a!=b", false),
            ("a=~\".*\"", false),
            ("a=\"\"", false),
            ("service=shop, service=shop", false),
            ("ser-vice=shop", false),
            ("a=\"b\\nc\"", false),
        ] {
            assert_eq!(check(&parse(text).unwrap()).is_ok(), good, "{text}");
        }
        let many: Vec<String> = (0..=MOST_MATCHERS).map(|nth| format!("a{nth}=b")).collect();
        assert!(check(&parse(&many.join(",")).unwrap()).is_err());
    }
}
