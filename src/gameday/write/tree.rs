//! A tree of YAML and how it is written: blocks, short sets of keys on one line, comments, and what is left out as a comment
//! too. Not what is in it.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::Value;

use crate::gameday::manifest::is_more_than_text;
use crate::gameday::text::{SHOWN_INSTEAD, is_plain};
use crate::gameday::unit::Unit;

/// The longest line that a set of keys is written on.
const WIDEST: usize = 100;

/// A part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tree {
    /// A single value.
    One(String),
    /// Words, whatever they look like: in quotes where they would mean something else without.
    Words(String),
    /// Keys with values, in this order.
    Map(Vec<(String, Tree)>),
    /// Items.
    List(Vec<Tree>),
    /// A part that can be left out, and comments above it.
    May(Box<Tree>, May),
}

/// What is said of a part that can be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct May {
    /// Comments above it, one line each.
    pub(super) notes: Vec<String>,
    /// It is a comment itself.
    pub(super) out: bool,
}

/// A single value.
pub(super) fn one(value: impl ToString) -> Tree {
    Tree::One(value.to_string())
}

/// The same tree of JSON; what is nothing is left out.
pub(super) fn json(value: &Value) -> Tree {
    match value {
        Value::Null => Tree::Words(String::new()),
        Value::Bool(truth) => one(truth),
        Value::Number(number) => one(number),
        Value::String(text) => Tree::Words(text.clone()),
        Value::Array(items) => {
            Tree::List(items.iter().filter(|it| !it.is_null()).map(json).collect())
        }
        Value::Object(map) => {
            let entries = map.iter().filter(|(_, value)| !value.is_null());
            Tree::Map(entries.map(|(key, value)| (key.clone(), json(value))).collect())
        }
    }
}

/// Keys with values.
pub(super) fn map(entries: impl IntoIterator<Item = (&'static str, Tree)>) -> Tree {
    Tree::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// A part without which the rest still makes sense.
pub(super) fn may(tree: Tree) -> Tree {
    Tree::May(Box::new(tree), May::default())
}

/// Parts that can be left out, by number, with the reason.
pub(super) type Out = BTreeMap<usize, String>;

/// A tree as text.
pub(super) struct Written {
    lines: Vec<String>,
    /// Parts that can still be left out, the outer before the inner: number, lines.
    parts: Vec<(usize, Range<usize>)>,
}

impl Written {
    /// The tree without what is in `out`.
    pub(super) fn new(tree: &Tree, out: &Out) -> Self {
        let mut pen = Pen { out, next: 0, parts: Vec::new(), lines: Vec::new() };
        pen.below(tree, 0);
        Self { lines: pen.lines, parts: pen.parts }
    }

    /// The text.
    pub(super) fn text(&self) -> String {
        self.lines.iter().map(|line| format!("{line}\n")).collect()
    }

    /// The smallest part at `line`, counted from 1, that can be left out.
    pub(super) fn part_at(&self, line: usize) -> Option<usize> {
        let at = line.checked_sub(1)?;
        self.parts.iter().rev().find(|(_, lines)| lines.contains(&at)).map(|(number, _)| *number)
    }
}

struct Pen<'o> {
    out: &'o Out,
    /// The number of the next part that can be left out.
    next: usize,
    parts: Vec<(usize, Range<usize>)>,
    lines: Vec<String>,
}

impl Pen<'_> {
    /// The entries of a map or the items of a list, each on lines of its own.
    fn below(&mut self, tree: &Tree, depth: usize) {
        match tree {
            Tree::Map(entries) => {
                for (key, value) in entries {
                    self.entry(key, value, depth);
                }
            }
            Tree::List(items) => {
                for item in items {
                    self.item(item, depth);
                }
            }
            Tree::One(value) => self.line(depth, &scalar(value)),
            Tree::Words(value) => self.line(depth, &words(value)),
            Tree::May(tree, _) => self.below(tree, depth),
        }
    }

    fn line(&mut self, depth: usize, text: &str) {
        self.lines.push(format!("{}{text}", " ".repeat(depth)));
    }

    fn entry(&mut self, key: &str, value: &Tree, depth: usize) {
        if let Tree::May(value, said) = value {
            return self.part(said, depth, |pen| pen.entry(key, value, depth));
        }
        let key = scalar(key);
        let fits = |flow: &String| {
            matches!(value, Tree::One(_) | Tree::Words(_))
                || depth + key.len() + flow.len() < WIDEST
        };
        if let Some(flow) = flow(value).filter(fits) {
            return self.line(depth, &format!("{key}: {flow}"));
        }
        let at = self.lines.len();
        self.line(depth, &format!("{key}:"));
        self.below(value, depth + 2);
        // A key of nothing but comments is one.
        if !self.lives(at + 1)
            && let Some(line) = self.lines.get_mut(at)
        {
            *line = commented(line, depth);
        }
    }

    fn item(&mut self, item: &Tree, depth: usize) {
        if let Tree::May(item, said) = item {
            return self.part(said, depth, |pen| pen.item(item, depth));
        }
        let width = depth + 2;
        if let Some(flow) = flow(item).filter(|flow| width + flow.len() < WIDEST) {
            return self.line(depth, &format!("- {flow}"));
        }
        let at = self.lines.len();
        self.below(item, width);
        // The dash stands before its first line that is no comment.
        let lines = self.lines.get_mut(at..).unwrap_or_default();
        if let Some(first) = lines.iter_mut().find(|line| is_live(line)) {
            first.replace_range(depth..width, "- ");
        }
    }

    /// A part that can be left out: with its comments, and as one where it is.
    fn part(&mut self, said: &May, depth: usize, write: impl FnOnce(&mut Self)) {
        let number = self.next;
        self.next += 1;
        let notes = said.notes.iter().chain(self.out.get(&number));
        self.lines.extend(notes.map(|note| comment(note, depth)));
        let out = said.out || self.out.contains_key(&number);
        let (begin, place) = (self.lines.len(), self.parts.len());
        self.parts.push((number, begin..begin));
        write(self);
        if out {
            self.parts.truncate(place);
            let lines = self.lines.get_mut(begin..).unwrap_or_default();
            lines.iter_mut().for_each(|line| *line = commented(line, depth));
        } else if let Some((_, lines)) = self.parts.get_mut(place) {
            lines.end = self.lines.len();
        }
    }

    /// Whether there is anything from here on that is no comment.
    fn lives(&self, from: usize) -> bool {
        self.lines.iter().skip(from).any(|line| is_live(line))
    }
}

fn is_live(line: &str) -> bool {
    !line.trim_start().starts_with('#')
}

/// One line of a comment. What could end it is neutralised.
pub(super) fn comment(note: &str, depth: usize) -> String {
    let note: String = note.chars().map(|c| if takes(c) { c } else { SHOWN_INSTEAD }).collect();
    format!("{}# {note}", " ".repeat(depth))
}

/// A line as a comment; one that is a comment already stays as it is.
fn commented(line: &str, depth: usize) -> String {
    match (is_live(line), line.get(depth..)) {
        (true, Some(rest)) => format!("{}# {rest}", " ".repeat(depth)),
        _ => line.to_owned(),
    }
}

/// On one line: a single value, or a short set of those. `None`: it needs more.
fn flow(tree: &Tree) -> Option<String> {
    let inner = |tree: &Tree| match tree {
        Tree::May(..) => None,
        other => flow(other),
    };
    match tree {
        Tree::One(value) => Some(scalar(value)),
        Tree::Words(value) => Some(words(value)),
        Tree::Map(entries) => {
            let each = entries
                .iter()
                .map(|(key, value)| Some(format!("{}: {}", scalar(key), inner(value)?)));
            let all = each.collect::<Option<Vec<_>>>()?.join(", ");
            Some(if all.is_empty() { "{}".to_owned() } else { format!("{{ {all} }}") })
        }
        Tree::List(items) => {
            let all = items.iter().map(inner).collect::<Option<Vec<_>>>()?.join(", ");
            Some(format!("[{all}]"))
        }
        Tree::May(..) => None,
    }
}

/// As it is, or in quotes with escapes.
fn scalar(value: &str) -> String {
    let simple =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+' | '/' | '%');
    let begins = value.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '+');
    if begins && value.chars().all(simple) && !value.eq_ignore_ascii_case("null") {
        return value.to_owned();
    }
    quoted(value)
}

/// Words as they are, or in quotes where they would be a figure or a truth.
fn words(value: &str) -> String {
    if is_more_than_text(value) { quoted(value) } else { scalar(value) }
}

fn quoted(value: &str) -> String {
    let mut quoted = String::from("\"");
    for c in value.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if takes(c) => quoted.push(c),
            c if u32::from(c) <= 0xffff => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push_str(&format!("\\U{:08X}", u32::from(c))),
        }
    }
    quoted.push('"');
    quoted
}

/// Whether a character only shows itself, and YAML takes it as it is.
const fn takes(c: char) -> bool {
    is_plain(c) && !matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// A unit as files name it.
pub(super) const fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Share => "share",
        Unit::Millis => "ms",
        Unit::PerSecond => "per_second",
        Unit::Count => "count",
    }
}
