//! A key press as plain data. Not where it comes from: the shell translates.

use std::fmt;

/// What was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// A character.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift-Tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Cursor left.
    Left,
    /// Cursor right.
    Right,
    /// Cursor up.
    Up,
    /// Cursor down.
    Down,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key, from 1.
    F(u8),
}

/// A key with what was held down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The key.
    pub code: Code,
    /// Control.
    pub ctrl: bool,
    /// Alt or Meta.
    pub alt: bool,
}

impl Key {
    /// A key alone.
    pub const fn plain(code: Code) -> Self {
        Self { code, ctrl: false, alt: false }
    }

    /// A character alone.
    pub const fn char(one: char) -> Self {
        Self::plain(Code::Char(one))
    }

    /// A character with Control.
    pub const fn ctrl(one: char) -> Self {
        Self { code: Code::Char(one), ctrl: true, alt: false }
    }

    /// Whether it types `one`.
    pub fn is_char(self, one: char) -> bool {
        self == Self::char(one)
    }
}

/// As people call it: `x`, `space`, `Ctrl-X`, `Enter`.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl-")?;
        }
        if self.alt {
            f.write_str("Alt-")?;
        }
        f.write_str(match self.code {
            Code::Char(' ') => "space",
            Code::Char(one) if self.ctrl => return write!(f, "{}", one.to_ascii_uppercase()),
            Code::Char(one) => return write!(f, "{one}"),
            Code::Enter => "Enter",
            Code::Esc => "Esc",
            Code::Tab => "Tab",
            Code::BackTab => "Shift-Tab",
            Code::Backspace => "Backspace",
            Code::Delete => "Del",
            Code::Left => "←",
            Code::Right => "→",
            Code::Up => "↑",
            Code::Down => "↓",
            Code::Home => "Home",
            Code::End => "End",
            Code::PageUp => "PgUp",
            Code::PageDown => "PgDn",
            Code::F(number) => return write!(f, "F{number}"),
        })
    }
}

/// Keys by name, as files may write them besides the way they are shown.
const NAMES: [(&str, Code); 27] = [
    ("space", Code::Char(' ')),
    ("enter", Code::Enter),
    ("return", Code::Enter),
    ("cr", Code::Enter),
    ("esc", Code::Esc),
    ("escape", Code::Esc),
    ("tab", Code::Tab),
    ("shift-tab", Code::BackTab),
    ("s-tab", Code::BackTab),
    ("backtab", Code::BackTab),
    ("backspace", Code::Backspace),
    ("bs", Code::Backspace),
    ("del", Code::Delete),
    ("delete", Code::Delete),
    ("left", Code::Left),
    ("←", Code::Left),
    ("right", Code::Right),
    ("→", Code::Right),
    ("up", Code::Up),
    ("↑", Code::Up),
    ("down", Code::Down),
    ("↓", Code::Down),
    ("home", Code::Home),
    ("end", Code::End),
    ("pgup", Code::PageUp),
    ("pgdn", Code::PageDown),
    ("lt", Code::Char('<')),
];

impl Key {
    /// The key that `text` names: `x`, `space`, `<space>`, `Ctrl-X`, `<C-x>`, `F5`; `None`: no key.
    pub fn parse(text: &str) -> Option<Self> {
        let inner = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
        let mut rest = inner.filter(|inner| !inner.is_empty()).unwrap_or(text);
        let mut key = Self::plain(Code::Esc);
        loop {
            let held = |name: &str| {
                let (head, tail) = rest.split_at_checked(name.len())?;
                (head.eq_ignore_ascii_case(name) && !tail.is_empty()).then_some(tail)
            };
            if let Some(tail) = held("Ctrl-").or_else(|| held("C-")) {
                (key.ctrl, rest) = (true, tail);
            } else if let Some(tail) = held("Alt-").or_else(|| held("A-")).or_else(|| held("M-")) {
                (key.alt, rest) = (true, tail);
            } else {
                break;
            }
        }
        key.code = code(rest, key.ctrl)?;
        Some(key)
    }

    /// Whether a line that is typed takes it as text.
    pub const fn types(self) -> bool {
        matches!(self.code, Code::Char(_)) && !self.ctrl && !self.alt
    }
}

fn code(name: &str, ctrl: bool) -> Option<Code> {
    if let Some((_, code)) = NAMES.iter().find(|(one, _)| one.eq_ignore_ascii_case(name)) {
        return Some(*code);
    }
    let mut letters = name.chars();
    if let (Some(one), None) = (letters.next(), letters.next()) {
        let one = if ctrl { one.to_ascii_lowercase() } else { one };
        return (!one.is_control()).then_some(Code::Char(one));
    }
    let number = name.strip_prefix(['F', 'f'])?.parse().ok()?;
    (1..=24).contains(&number).then_some(Code::F(number))
}

/// Keys pressed one after the other that mean something together; most often one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Chord(Vec<Key>);

/// The longest chord.
const LONGEST: usize = 4;

impl Chord {
    /// A chord of one key.
    pub fn of(key: Key) -> Self {
        Self(vec![key])
    }

    /// Its keys; never none.
    pub fn keys(&self) -> &[Key] {
        &self.0
    }

    /// Keys with blanks between them: `g g`, `<space> h`.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let keys = text
            .split_whitespace()
            .map(|word| Key::parse(word).ok_or_else(|| word.to_owned()))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|word| {
                format!("\"{}\" is no key", crate::gameday::text::printable(&word, 40))
            })?;
        match keys.len() {
            0 => Err("there is no key".to_owned()),
            1..=LONGEST => Ok(Self(keys)),
            many => Err(format!("{many} keys one after the other are too many")),
        }
    }

    /// Whether one of the two begins with the other, so that both cannot be told apart.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0) || other.0.starts_with(&self.0)
    }
}

/// Its keys with blanks between them.
impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, key) in self.0.iter().enumerate() {
            let blank = if index == 0 { "" } else { " " };
            write!(f, "{blank}{key}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_can_be_written_as_it_is_shown() {
        let mut codes: Vec<Code> = NAMES.iter().map(|(_, code)| *code).collect();
        codes.extend(('!'..='~').map(Code::Char));
        codes.extend(['日', 'é'].map(Code::Char));
        codes.extend((1..=24).map(Code::F));
        for code in codes {
            for (ctrl, alt) in [(false, false), (true, false), (false, true), (true, true)] {
                let code = match code {
                    Code::Char(one) if ctrl => Code::Char(one.to_ascii_lowercase()),
                    code => code,
                };
                let key = Key { code, ctrl, alt };
                assert_eq!(Key::parse(&key.to_string()), Some(key), "{key}");
            }
        }
        let both = |text: &str| Chord::parse(text).map(|chord| chord.to_string());
        for (text, want) in [
            ("g g", Ok("g g")),
            ("<space> h", Ok("space h")),
            ("<C-X>", Ok("Ctrl-X")),
            ("<M-x>", Ok("Alt-x")),
            ("<", Ok("<")),
            ("<lt>", Ok("<")),
            ("-", Ok("-")),
            ("C--", Ok("Ctrl--")),
            ("<f5>", Ok("F5")),
            ("G", Ok("G")),
            ("", Err("there is no key")),
            ("gg", Err("\"gg\" is no key")),
            ("<hyper-x>", Err("\"<hyper-x>\" is no key")),
            ("F25", Err("\"F25\" is no key")),
            ("a b c d e", Err("5 keys one after the other are too many")),
        ] {
            assert_eq!(both(text), want.map(str::to_owned).map_err(str::to_owned), "{text}");
        }
    }
}
