//! A measure cut into words, figures and signs. Not their meaning.

use crate::gameday::metric::Unit;

/// The longest measure in characters.
const LONGEST: usize = 1_000;

/// What is wrong with a measure, and where in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct MeasureError {
    /// The first wrong character, from 0.
    pub at: usize,
    /// How many characters are wrong, at least 1.
    pub width: usize,
    /// What is wrong.
    pub what: String,
    /// How to mend it; may be empty.
    pub mend: String,
}

/// Where something stands in a measure, in characters from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) at: usize,
    pub(super) end: usize,
}

impl Stretch {
    pub(super) const fn to(self, other: Stretch) -> Stretch {
        Stretch { at: self.at, end: other.end }
    }

    pub(super) fn error(self, what: impl Into<String>, mend: impl Into<String>) -> MeasureError {
        let width = self.end.saturating_sub(self.at).max(1);
        MeasureError { at: self.at, width, what: what.into(), mend: mend.into() }
    }
}

/// A word, a figure or a sign.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Word(String),
    Figure { value: f64, unit: Unit },
    Sign(&'static str),
    End,
}

const SIGNS: [&str; 13] = ["<=", ">=", "==", "!=", "<", ">", "(", ")", "+", "-", "*", "/", ","];

/// Cuts `text` into tokens; the last is always [`Token::End`].
pub(super) fn cut(text: &str) -> Result<Vec<(Token, Stretch)>, MeasureError> {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() > LONGEST {
        let all = Stretch { at: 0, end: 1 };
        return Err(all.error(format!("longer than {LONGEST} characters"), "make it shorter"));
    }
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        if c == ' ' {
            at += 1;
            continue;
        }
        let begin = at;
        let token = if c.is_ascii_digit() {
            at = run(&chars, at, |c, _| c.is_alphanumeric() || c == '.' || c == '%' || c == '_');
            let word: String = chars.iter().skip(begin).take(at - begin).collect();
            figure(&word, Stretch { at: begin, end: at })?
        } else if c.is_alphabetic() || c == '_' {
            at = run(&chars, at, |c, next| {
                c.is_alphanumeric()
                    || c == '_'
                    || (matches!(c, '-' | '.') && next.is_some_and(char::is_alphanumeric))
            });
            Token::Word(chars.iter().skip(begin).take(at - begin).collect())
        } else {
            let rest: String = chars.iter().skip(at).take(2).collect();
            let here = Stretch { at, end: at + 1 };
            let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) else {
                return Err(stranger(c, here));
            };
            at += sign.len();
            Token::Sign(sign)
        };
        tokens.push((token, Stretch { at: begin, end: at }));
    }
    tokens.push((Token::End, Stretch { at, end: at }));
    Ok(tokens)
}

fn stranger(c: char, here: Stretch) -> MeasureError {
    let mend = match c {
        '=' => "write == to compare",
        '≥' => "write >=",
        '≤' => "write <=",
        '&' => "write and",
        '|' => "write or",
        _ => "",
    };
    let shown = crate::gameday::text::printable(&c.to_string(), 1);
    here.error(format!("\"{shown}\" means nothing in a measure"), mend)
}

/// The end of the run of characters that belong together.
fn run(chars: &[char], begin: usize, belongs: impl Fn(char, Option<char>) -> bool) -> usize {
    let mut at = begin;
    while let Some(&c) = chars.get(at) {
        if !belongs(c, chars.get(at + 1).copied()) {
            break;
        }
        at += 1;
    }
    at
}

/// `99.9%`, `200ms`, `1h30m`, `0.5`, `10`.
fn figure(word: &str, place: Stretch) -> Result<Token, MeasureError> {
    let bare = |text: &str| {
        let plain = text.chars().all(|c| c.is_ascii_digit() || c == '.');
        plain.then(|| text.parse::<f64>().ok()).flatten()
    };
    if let Some(number) = word.strip_suffix('%') {
        // Moving the point in the text keeps 99.9% exactly 0.999.
        let value = bare(number).and_then(|_| format!("{number}e-2").parse::<f64>().ok());
        return match value {
            Some(value) if value <= 1.0 => Ok(Token::Figure { value, unit: Unit::Share }),
            Some(_) => {
                Err(place
                    .error(format!("{word} is more than the whole"), "a share is at most 100%"))
            }
            None => Err(place.error(format!("\"{word}\" is no figure"), "write 99.9%")),
        };
    }
    if let Some(value) = bare(word) {
        return Ok(Token::Figure { value, unit: Unit::Count });
    }
    match humantime::parse_duration(word) {
        Ok(span) => Ok(Token::Figure { value: span.as_nanos() as f64 / 1e6, unit: Unit::Millis }),
        Err(_) => Err(place.error(
            format!("\"{word}\" is no figure"),
            "write 99.9%, 200ms, 90s, 5m, or a plain number",
        )),
    }
}
