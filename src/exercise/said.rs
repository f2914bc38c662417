//! Sentences of the program itself, as they stand in logs, recordings and reports: in English, and with what it takes to say
//! them in another language. Not what people write, and not the saying in other languages.
//!
//! The catalogues of the other languages have a text for each key; a test compares the keys and places of every
//! `said!` with them. What has no key (an error of the system, a line of an older recording) stays as it is.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use super::id::{IncidentId, InjectionId};
use crate::gameday::span::Span;

/// Makes a [`Said`]: `said!("log-held", "Held by {by}", by = who(by))`. Every place is named.
macro_rules! said {
    ($key:literal, $english:literal $(,)?) => {
        $crate::exercise::said::Said::new($key, ($english).to_owned(), Vec::new())
    };
    ($key:literal, $english:literal, $($name:ident = $value:expr),+ $(,)?) => {
        match ($($crate::exercise::said::Place::from($value),)+) {
            ($($name,)+) => {
                let english = format!($english);
                let places = vec![$((::std::borrow::Cow::Borrowed(stringify!($name)), $name)),+];
                $crate::exercise::said::Said::new($key, english, places)
            }
        }
    };
}
pub(crate) use said;

/// A sentence, or a part of one. It is its English text; the rest is for other languages.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Said {
    english: String,
    key: Cow<'static, str>,
    places: Vec<(Cow<'static, str>, Place)>,
}

/// What stands in a place of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Place {
    /// A name, a figure, a text from outside: the same in every language.
    Text(String),
    /// A part that is itself said differently in other languages.
    Said(Said),
}

impl Said {
    /// A sentence with its key and places; written with `said!`.
    pub fn new(
        key: &'static str,
        english: String,
        places: Vec<(Cow<'static, str>, Place)>,
    ) -> Self {
        Self { english, key: Cow::Borrowed(key), places }
    }

    /// In English.
    pub fn english(&self) -> &str {
        &self.english
    }

    /// The key of the sentence in the catalogues of other languages; empty where it is the same in all.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The sentence with this key: it, or a part of it; `None`: it says no such thing.
    pub fn part(&self, key: &str) -> Option<&Self> {
        if self.key == key {
            return Some(self);
        }
        self.places.iter().find_map(|(_, place)| match place {
            Place::Said(said) => said.part(key),
            Place::Text(_) => None,
        })
    }

    /// What stands in its places, by name.
    pub fn places(&self) -> impl Iterator<Item = (&str, &Place)> {
        self.places.iter().map(|(name, place)| (name.as_ref(), place))
    }

    /// What stands in the place `name`; `None`: it has no such place.
    pub fn place(&self, name: &str) -> Option<&str> {
        self.places().find(|(one, _)| *one == name).map(|(_, place)| place.english())
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.english.is_empty() && self.key.is_empty()
    }

    /// All of them in one; empty if there are none.
    pub fn all(parts: impl IntoIterator<Item = Self>, between: Between) -> Self {
        let mut parts: Vec<Self> = parts.into_iter().collect();
        // Two and two, again and again: one after the other they would be nested deeper than recordings can be read.
        while parts.len() > 1 {
            let mut rest = parts.into_iter();
            parts = Vec::new();
            while let Some(first) = rest.next() {
                parts.push(match rest.next() {
                    Some(next) => between.joins(first, next),
                    None => first,
                });
            }
        }
        parts.pop().unwrap_or_default()
    }
}

/// How sentences hang together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Between {
    /// Each is true.
    And,
    /// One of them is true.
    Or,
    /// One comes after the other.
    Then,
    /// They are items of a list.
    Comma,
}

impl Between {
    fn joins(self, first: Said, next: Said) -> Said {
        match self {
            Self::And => said!("said-and", "{first}; and {next}", first = first, next = next),
            Self::Or => said!("said-or", "{first}; or {next}", first = first, next = next),
            Self::Then => said!("said-then", "{first}; {next}", first = first, next = next),
            Self::Comma => said!("said-comma", "{first}, {next}", first = first, next = next),
        }
    }
}

impl Place {
    /// In English.
    pub fn english(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Said(said) => said.english(),
        }
    }
}

impl Deref for Said {
    type Target = str;

    fn deref(&self) -> &str {
        &self.english
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.english)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.english())
    }
}

impl AsRef<str> for Said {
    fn as_ref(&self) -> &str {
        &self.english
    }
}

/// Two sentences are the same where they read the same in English, whatever is known of other languages.
impl PartialEq for Said {
    fn eq(&self, other: &Self) -> bool {
        self.english == other.english
    }
}

impl Eq for Said {}

impl PartialEq<String> for Said {
    fn eq(&self, other: &String) -> bool {
        self.english == *other
    }
}

impl PartialEq<str> for Said {
    fn eq(&self, other: &str) -> bool {
        self.english == other
    }
}

impl PartialEq<&str> for Said {
    fn eq(&self, other: &&str) -> bool {
        self.english == *other
    }
}

/// A text that is the same in every language.
impl From<String> for Said {
    fn from(english: String) -> Self {
        Self { english, ..Self::default() }
    }
}

/// In English.
impl From<Said> for String {
    fn from(said: Said) -> Self {
        said.english
    }
}

impl From<&str> for Said {
    fn from(english: &str) -> Self {
        Self::from(english.to_owned())
    }
}

/// What a place can be made of.
macro_rules! places {
    ($($kind:ty),+) => {
        $(impl From<$kind> for Place {
            fn from(value: $kind) -> Self {
                Self::Text(value.to_string())
            }
        })+
    };
}

places!(&str, &String, i64, u128, u64, u32, u16, usize, Span, &Span, IncidentId, InjectionId);

impl From<String> for Place {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Said> for Place {
    fn from(said: Said) -> Self {
        // What is the same in every language needs no more than its text.
        if said.key.is_empty() { Self::Text(said.english) } else { Self::Said(said) }
    }
}

impl From<&Said> for Place {
    fn from(said: &Said) -> Self {
        Self::from(said.clone())
    }
}

/// As it is written: a bare text where there is nothing more to it, as in recordings of earlier versions.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Said {
        said: String,
        key: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        with: Vec<(String, Place)>,
    },
}

impl From<Written> for Said {
    fn from(written: Written) -> Self {
        match written {
            Written::Text(english) => Self::from(english),
            Written::Said { said, key, with } => Self {
                english: said,
                key: Cow::Owned(key),
                places: with.into_iter().map(|(name, place)| (Cow::Owned(name), place)).collect(),
            },
        }
    }
}

impl From<Said> for Written {
    fn from(said: Said) -> Self {
        if said.key.is_empty() {
            return Self::Text(said.english);
        }
        let with = said.places.into_iter().map(|(name, place)| (name.into_owned(), place));
        Self::Said { said: said.english, key: said.key.into_owned(), with: with.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_its_english_text_and_keeps_its_places() {
        let inner = said!("inner", "no data: {why}", why = "nobody looked");
        let said = said!("outer", "{by}: {what}", by = "aiko", what = &inner);
        assert_eq!(said, "aiko: no data: nobody looked");
        assert!(said.contains("no data"));
        assert_eq!((said.key(), said.place("by"), said.place("x")), ("outer", Some("aiko"), None));
        assert_eq!(said.place("what"), Some("no data: nobody looked"));
    }

    #[test]
    fn many_sentences_in_one_keep_their_order_and_can_be_read_again() {
        let parts: Vec<Said> = (0..200_u32).map(|n| said!("one", "pod {n}", n = n)).collect();
        let texts: Vec<String> = parts.iter().map(ToString::to_string).collect();
        let all = Said::all(parts, Between::Comma);
        assert_eq!(all, texts.join(", "));
        let text = serde_json::to_string(&all).unwrap();
        assert_eq!(serde_json::from_str::<Said>(&text).unwrap(), all);
        assert!(Said::all([], Between::Then).is_empty());
    }

    #[test]
    fn it_is_written_as_it_is_read_and_a_bare_text_stays_one() {
        let inner = said!("inner", "its time is over");
        let said = said!("outer", "Undoing {name}: {why}", name = "kill", why = inner);
        let text = serde_json::to_string(&said).unwrap();
        let read: Said = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
        assert_eq!((read.key(), read.place("why")), ("outer", Some("its time is over")));
        let bare = Said::from("its time is over");
        assert_eq!(serde_json::to_string(&bare).unwrap(), "\"its time is over\"");
        assert_eq!(serde_json::from_str::<Said>("\"its time is over\"").unwrap(), bare);
    }
}
