//! The smallest parts of a line: wide characters, words, numbers, names, times ago. Not what they mean together.

use crate::gameday::span::Span;

/// What stands between the beginning of a line and a text that is taken as it is.
pub(super) const LITERALLY: &str = "--";

/// What stands before the numbers of the events that a line rests on; screens write it, hardly a person.
pub(super) const FROM: &str = "from:";

/// The narrow form of a full-width letter, digit or sign.
pub(super) fn narrow(wide: char) -> char {
    match wide {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(wide) - 0xfee0).unwrap_or(wide),
        '\u{2212}' => '-',
        other => other,
    }
}

/// A word in narrow, small letters: how words are compared.
pub fn plain(word: &str) -> String {
    word.chars().map(narrow).collect::<String>().to_lowercase()
}

/// The first word, and what follows it.
pub(super) fn split_word(text: &str) -> (&str, &str) {
    text.split_once(char::is_whitespace).map_or((text, ""), |(word, rest)| (word, rest.trim()))
}

/// The last word, and what stands before it.
pub(super) fn split_last(text: &str) -> (&str, &str) {
    text.rsplit_once(char::is_whitespace).map_or(("", text), |(rest, word)| (rest.trim(), word))
}

/// What follows `sign`, narrow or wide.
pub(super) fn behind(text: &str, sign: char) -> Option<&str> {
    text.strip_prefix(|first: char| narrow(first) == sign)
}

/// A number in digits, narrow or wide; a colon behind it does not matter.
pub(super) fn number(word: &str) -> Option<u32> {
    let plain = plain(word);
    let digits = plain.trim_end_matches(':');
    let all = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| digits.parse().ok()).flatten()
}

/// The number of an incident: `#1`, and where that is clear `1`.
pub(super) fn incident(word: &str, bare: bool) -> Option<u32> {
    match behind(word, '#') {
        Some(digits) => number(digits),
        None if bare => number(word),
        None => None,
    }
}

/// How long ago a word says: `-3m`, `-90s`, `-1h5m`, `-3分`.
pub fn ago(word: &str) -> Option<Span> {
    let plain: String = word.chars().map(narrow).collect();
    // The long vowel sign is on the key of the minus where Japanese is typed.
    let mut rest = plain.strip_prefix(['-', '\u{30fc}'])?;
    let mut span = Span::ZERO;
    let mut units = [("h", 3_600), ("時間", 3_600), ("m", 60), ("分", 60), ("s", 1), ("秒", 1)]
        .into_iter()
        .peekable();
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        // Nobody was awake so long.
        if digits > 6 {
            return None;
        }
        let (count, behind) = rest.split_at_checked(digits)?;
        let count: u64 = count.parse().ok()?;
        let (unit, seconds) = units.find(|(unit, _)| behind.starts_with(unit))?;
        // Each unit once, the longest first.
        while units.next_if(|(_, same)| *same == seconds).is_some() {}
        span += Span::from_secs(count * seconds);
        rest = behind.get(unit.len()..)?;
    }
    Some(span).filter(|_| plain.chars().count() > 1)
}

/// The numbers of events that a line rests on: `from:12,18`.
pub(super) fn evidence(word: &str) -> Option<Vec<u64>> {
    let numbers = word.strip_prefix(FROM)?.split(',');
    let digits = |one: &str| one.bytes().all(|byte| byte.is_ascii_digit());
    numbers.map(|one| one.parse().ok().filter(|_| digits(one))).collect()
}

/// What follows `sign` as a name or a tag: letters of any script, digits, `-`, `_`, `.`, with something besides digits in
/// it. Marks behind it belong to the sentence.
pub(super) fn named(word: &str, sign: char) -> Option<String> {
    let word = behind(word, sign)?;
    let name = word.trim_end_matches([
        '.', ',', ';', ':', '!', '?', ')', '。', '、', '，', '：', '！', '？', '）',
    ]);
    (is_name(name) && number(name).is_none()).then(|| name.to_owned())
}

/// Whether it can stand behind `@` or `#`.
pub(super) fn is_name(name: &str) -> bool {
    let fits = |one: char| one.is_alphanumeric() || matches!(one, '-' | '_' | '.');
    !name.is_empty() && name.chars().all(fits) && !name.ends_with('.')
}

/// The beginning of what follows a verb.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Head<'a> {
    /// How long ago.
    pub(super) ago: Option<Span>,
    /// The number of an incident.
    pub(super) incident: Option<u32>,
    /// What follows.
    pub(super) text: &'a str,
    /// It is taken as it is.
    pub(super) literal: bool,
}

impl<'a> Head<'a> {
    /// Reads a time ago, an incident and `--` at the beginning, and, where there is none, a time ago at the end.
    pub(super) fn of(text: &'a str, bare: bool) -> Self {
        let mut head = Self { text: text.trim(), ..Self::default() };
        head.read(bare);
        head
    }

    /// Reads on in what is left.
    pub(super) fn read(&mut self, bare: bool) {
        while !self.literal {
            let (word, rest) = split_word(self.text);
            if word == LITERALLY {
                self.literal = true;
            } else if self.ago.is_none() && ago(word).is_some() {
                self.ago = ago(word);
            } else if self.incident.is_none() && incident(word, bare).is_some() {
                self.incident = incident(word, bare);
            } else {
                break;
            }
            self.text = rest;
        }
    }

    /// The events it rests on, behind all else that comes before the text but `--`.
    pub(super) fn take_evidence(&mut self) -> Vec<u64> {
        let (word, rest) = split_word(self.text);
        let Some(numbers) = evidence(word).filter(|_| !self.literal) else { return Vec::new() };
        self.text = rest;
        self.read(false);
        numbers
    }

    /// The time ago, which may also be the last word.
    pub(super) fn take_ago(&mut self) -> Span {
        if self.ago.is_none() && !self.literal {
            let (rest, word) = split_last(self.text);
            if let Some(span) = ago(word) {
                (self.ago, self.text) = (Some(span), rest);
            }
        }
        self.ago.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_where_the_sentence_goes_on() {
        assert_eq!(named("@aiko,", '@'), Some("aiko".to_owned()));
        assert_eq!(named("＠あいこ。", '@'), Some("あいこ".to_owned()));
        assert_eq!(named("#12", '#'), None);
        assert_eq!(named("@", '@'), None);
    }

    #[test]
    fn times_ago_are_read_and_nothing_else_is() {
        for (word, want) in [
            ("-3m", Some(180)),
            ("-90s", Some(90)),
            ("-1h5m", Some(3_900)),
            ("－３ｍ", Some(180)),
            ("ー３分", Some(180)),
            ("-1時間5分", Some(3_900)),
            ("−2m", Some(120)),
            ("-0s", Some(0)),
            ("-", None),
            ("-3", None),
            ("3m", None),
            ("-m", None),
            ("-3m5h", None),
            ("-3m5m", None),
            ("-3ms", None),
            ("-9999999h", None),
            ("-3mx", None),
            ("--3m", None),
        ] {
            assert_eq!(ago(word), want.map(Span::from_secs), "{word}");
        }
    }
}
