//! A word to the person: a text of this program's, or one from elsewhere. Not where it is shown.

use std::borrow::Cow;

use crate::exercise::said::Said;
use crate::lang::{Lang, Language, Message};

/// What a word to the person is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    /// A text of this program's, in whatever language the screen speaks.
    Message(Message),
    /// A sentence of the exercise.
    Said(Said),
    /// A text from elsewhere, as it is.
    Text(String),
    /// A text that was recorded in English, with what other languages say instead.
    Recorded { recorded: String, message: Message },
}

impl Says {
    /// The text in a language. From outside or not: neutralise before showing.
    pub fn in_words<'a>(&'a self, lang: &'a Lang) -> Cow<'a, str> {
        match self {
            Self::Message(message) => lang.message(message),
            Self::Said(said) => lang.said(said),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Recorded { recorded, .. } if lang.language() == Language::English => {
                Cow::Borrowed(recorded)
            }
            Self::Recorded { message, .. } => lang.message(message),
        }
    }
}

impl From<Said> for Says {
    fn from(said: Said) -> Self {
        Self::Said(said)
    }
}

impl From<Message> for Says {
    fn from(message: Message) -> Self {
        Self::Message(message)
    }
}

impl From<String> for Says {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
