//! What is said to a person: in the language of the screen, or as it is. Not where it stands.

use crate::lang::{Lang, Message};

/// What a word to the person is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    /// A text of this program's, in whatever language the screen speaks.
    Message(Message),
    /// A text from elsewhere, as it is.
    Text(String),
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

impl Says {
    /// The text, in the words of `lang`.
    pub fn text<'a>(&'a self, lang: &'a Lang) -> std::borrow::Cow<'a, str> {
        match self {
            Self::Message(message) => lang.message(message),
            Self::Text(text) => text.as_str().into(),
        }
    }
}
