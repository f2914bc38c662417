//! What the screen and the report say, in the language of who reads it. The texts are in `lang/<language>/*.ftl`
//! (Project Fluent). Not the words of files and recordings, and not the text people typed: those stay as they are.

use std::borrow::Cow;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::exercise::said::{Place, Said};

/// A language of screen and report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English, which also stands in for a text another language lacks.
    #[default]
    English,
    /// Japanese.
    Japanese,
}

/// Every language.
pub const LANGUAGES: [Language; 2] = [Language::English, Language::Japanese];

impl Language {
    /// Its code: `en`, `ja`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Japanese => "ja",
        }
    }

    /// The language of a code or of a locale such as `ja_JP.UTF-8`; `None`: not one of ours.
    pub fn named(locale: &str) -> Option<Self> {
        let code = locale.split(['_', '-', '.', '@']).next().unwrap_or_default();
        LANGUAGES.into_iter().find(|one| one.code().eq_ignore_ascii_case(code))
    }

    /// The language that the environment speaks: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set.
    pub fn detect(lookup: impl Fn(&str) -> Option<String>) -> Self {
        ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .find_map(|name| lookup(name).filter(|value| !value.is_empty()))
            .and_then(|locale| Self::named(&locale))
            .unwrap_or_default()
    }

    /// What the exercise says, for who does not read English.
    const fn sentences(self) -> Option<&'static str> {
        match self {
            Self::English => None,
            Self::Japanese => Some(JAPANESE_SENTENCES),
        }
    }

    const fn texts(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::English => ENGLISH,
            Self::Japanese => JAPANESE,
        }
    }
}

/// The files of both languages: each language has all of them.
macro_rules! texts {
    ($($file:literal),* $(,)?) => {
        const ENGLISH: &[(&str, &str)] =
            &[$(($file, include_str!(concat!("lang/en/", $file, ".ftl")))),*];
        const JAPANESE: &[(&str, &str)] =
            &[$(($file, include_str!(concat!("lang/ja/", $file, ".ftl")))),*];
    };
}

texts!(
    "common",
    "actions",
    "header",
    "timeline",
    "faults",
    "levers",
    "panels",
    "charts",
    "people",
    "crew",
    "log-line",
    "questions",
    "journey",
    "participants",
    "looks",
    "manners",
    "toasts",
    "debrief",
    "report",
    "report-watch",
    "compare",
    "history",
    "replay",
    "watch",
    "relay",
    "handover",
);

/// What sentences of the exercise are in languages other than English; their English stands where they are made.
const JAPANESE_SENTENCES: &str = include_str!("lang/ja/said.ftl");

/// A text that is not yet in any language: its key and its figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The key in the catalogues.
    pub key: &'static str,
    /// What stands in its places.
    pub args: Vec<(&'static str, Part)>,
}

/// What stands in a place of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A text as it is.
    Text(String),
    /// The text of another key.
    Key(Cow<'static, str>),
    /// A count, which chooses the plural form.
    Count(usize),
    /// Another message.
    Message(Box<Message>),
    /// A sentence of the exercise.
    Said(Said),
}

impl Message {
    /// A message without places.
    pub const fn plain(key: &'static str) -> Self {
        Self { key, args: Vec::new() }
    }

    /// With `value` in the place `name`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.args.push((name, Part::Text(value.into())));
        self
    }

    /// With the text of `key` in the place `name`.
    #[must_use]
    pub fn naming(mut self, name: &'static str, key: impl Into<Cow<'static, str>>) -> Self {
        self.args.push((name, Part::Key(key.into())));
        self
    }

    /// With a count in the place `name`.
    #[must_use]
    pub fn counting(mut self, name: &'static str, count: usize) -> Self {
        self.args.push((name, Part::Count(count)));
        self
    }

    /// With a sentence of the exercise in the place `name`.
    #[must_use]
    pub fn told(mut self, name: &'static str, said: impl Into<Said>) -> Self {
        self.args.push((name, Part::Said(said.into())));
        self
    }

    /// With another message in the place `name`.
    #[must_use]
    pub fn saying(mut self, name: &'static str, message: Self) -> Self {
        self.args.push((name, Part::Message(Box::new(message))));
        self
    }
}

/// The texts of one language.
pub struct Lang {
    language: Language,
    bundle: FluentBundle<FluentResource>,
    fallback: Option<Box<Self>>,
}

impl Lang {
    /// The texts of `language`.
    pub fn new(language: Language) -> Self {
        let id = language.code().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // Marks of writing direction around figures are for text that mixes directions; ours does not.
        bundle.set_use_isolating(false);
        let texts = language.texts().iter().map(|(_, text)| *text);
        for text in texts.chain(language.sentences()) {
            // A broken entry is left out, and a test finds it.
            let resource = match FluentResource::try_new(text.to_owned()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            bundle.add_resource_overriding(resource);
        }
        let fallback =
            (language != Language::English).then(|| Box::new(Self::new(Language::English)));
        Self { language, bundle, fallback }
    }

    /// Whether this language says the sentence of `key` itself; English has none of them here.
    pub fn has_sentence(&self, key: &str) -> bool {
        self.fallback.is_some() && self.bundle.has_message(key)
    }

    /// The language.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// The text of `key`; the key itself where no catalogue has it.
    pub fn say<'a>(&'a self, key: &'a str) -> Cow<'a, str> {
        self.pattern(key, None)
    }

    /// The text of `key` with its places filled. A number chooses the plural form where the text has one.
    pub fn tell<'a>(&'a self, key: &'a str, args: &[(&'static str, Arg<'a>)]) -> Cow<'a, str> {
        let args: FluentArgs<'_> =
            args.iter().map(|(name, value)| (*name, FluentValue::from(value))).collect();
        self.pattern(key, Some(&args))
    }

    /// The text of a message made elsewhere.
    pub fn message<'a>(&'a self, message: &'a Message) -> Cow<'a, str> {
        if message.args.is_empty() {
            return self.say(message.key);
        }
        let args: FluentArgs<'_> = message
            .args
            .iter()
            .map(|(name, place)| {
                let value = match place {
                    Part::Text(text) => FluentValue::from(text.as_str()),
                    Part::Key(key) => FluentValue::from(self.say(key)),
                    Part::Count(count) => FluentValue::from(*count),
                    Part::Message(message) => FluentValue::from(self.message(message)),
                    Part::Said(said) => FluentValue::from(self.said(said)),
                };
                (*name, value)
            })
            .collect();
        self.pattern(message.key, Some(&args))
    }

    /// A sentence of the exercise. Where this language has no text for it, it stays as it was said.
    pub fn said<'a>(&'a self, said: &'a Said) -> Cow<'a, str> {
        if !self.has_sentence(said.key()) {
            return Cow::Borrowed(said.english());
        }
        let args: FluentArgs<'_> = said
            .places()
            .map(|(name, place)| {
                let value = match place {
                    Place::Text(text) => FluentValue::from(text.as_str()),
                    Place::Said(said) => FluentValue::from(self.said(said)),
                };
                (name.to_owned(), value)
            })
            .collect();
        self.pattern(said.key(), Some(&args))
    }

    fn pattern<'a>(&'a self, key: &'a str, args: Option<&FluentArgs<'_>>) -> Cow<'a, str> {
        let Some(pattern) = self.bundle.get_message(key).and_then(|found| found.value()) else {
            return match &self.fallback {
                Some(fallback) => fallback.pattern(key, args),
                None => Cow::Borrowed(key),
            };
        };
        let mut out = String::new();
        // What a place lacks shows as its name in braces; nothing else can go wrong when writing to memory.
        let mut lacking = Vec::new();
        match self.bundle.write_pattern(&mut out, pattern, args, &mut lacking) {
            Ok(()) => Cow::Owned(out),
            Err(_) => Cow::Borrowed(key),
        }
    }
}

/// What stands in a place of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Arg<'a> {
    /// A text as it is.
    Text(&'a str),
    /// A count, which chooses the plural form.
    Count(usize),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl From<usize> for Arg<'_> {
    fn from(count: usize) -> Self {
        Self::Count(count)
    }
}

impl<'a> From<&Arg<'a>> for FluentValue<'a> {
    fn from(arg: &Arg<'a>) -> Self {
        match *arg {
            Arg::Text(text) => FluentValue::from(text),
            Arg::Count(count) => FluentValue::from(count),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// The keys of a catalogue with the places each text has.
    fn keys(language: Language) -> BTreeMap<String, Vec<String>> {
        let mut keys = BTreeMap::new();
        for (file, text) in language.texts() {
            if let Err((_, wrong)) = FluentResource::try_new((*text).to_owned()) {
                panic!("{}/{file}.ftl: {wrong:?}", language.code());
            }
            let mut current = None;
            for line in text.lines() {
                let entry = line.split_once(" =").filter(|_| !line.starts_with([' ', '#']));
                if let Some((key, _)) = entry {
                    assert!(
                        keys.insert(key.to_owned(), Vec::new()).is_none(),
                        "{}/{file}.ftl has {key} twice",
                        language.code()
                    );
                    current = Some(key.to_owned());
                }
                let Some(places) = current.as_ref().and_then(|key| keys.get_mut(key)) else {
                    continue;
                };
                for rest in line.split('$').skip(1) {
                    let name = rest.split(|one: char| !one.is_alphanumeric()).next().unwrap();
                    places.push(name.to_owned());
                }
                places.sort();
                places.dedup();
            }
        }
        keys
    }

    #[test]
    fn no_language_lacks_a_text_or_a_place_of_one() {
        assert_eq!(keys(Language::English), keys(Language::Japanese));
    }

    #[test]
    fn the_environment_chooses_the_language() {
        for (pairs, want) in [
            (&[("LANG", "ja_JP.UTF-8")][..], Language::Japanese),
            (&[("LANG", "ja_JP.UTF-8"), ("LC_ALL", "C")], Language::English),
            (&[("LANG", "ja"), ("LC_ALL", "")], Language::Japanese),
            (&[("LANG", "de_DE.UTF-8")], Language::English),
            (&[], Language::English),
        ] {
            let found = Language::detect(|name| {
                pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            });
            assert_eq!(found, want, "{pairs:?}");
        }
    }

    #[test]
    fn places_are_filled_and_numbers_choose_the_form() {
        let english = Lang::new(Language::English);
        assert_eq!(english.tell("faults-left", &[("count", 1.into())]), "1 fault is left");
        assert_eq!(english.tell("faults-left", &[("count", 3.into())]), "3 faults are left");
        assert_eq!(english.say("no-such-text"), "no-such-text");
        let japanese = Lang::new(Language::Japanese);
        assert_eq!(japanese.tell("faults-left", &[("count", 3.into())]), "残り 3 件の障害");
    }
}
