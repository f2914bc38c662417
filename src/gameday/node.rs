//! YAML as a tree in which every node knows its place, within limits that no file can talk its way out of. Not the
//! meaning: nothing here knows a key.

use std::collections::HashMap;

use serde_yaml::granit_parser::{self, Event, Marker, Parser, ScalarStyle, ScanError};

use super::problem::{Place, Problem, Severity};
use super::text::printable;

/// The largest file in bytes.
pub const MOST_BYTES: usize = 1_000_000;
/// The most values of a file, aliases counted as often as they are used.
pub const MOST_NODES: usize = 20_000;
/// The deepest nesting.
pub const DEEPEST: usize = 100;

/// A value of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub kind: Kind,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Nothing: `key:` without a value, `null`, `~`.
    Empty,
    /// Words or a figure, as written; `quoted` figures are words.
    Text { text: String, quoted: bool },
    /// A list.
    List(Vec<Node>),
    /// Keys with values, in the order of the file; keys may repeat.
    Map(Vec<(Key, Node)>),
}

/// A key of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// Where it stands.
    pub place: Place,
    /// As written.
    pub text: String,
}

impl Node {
    /// What kind of thing this is, for people.
    pub const fn noun(&self) -> &'static str {
        match self.kind {
            Kind::Empty => "nothing",
            Kind::Text { .. } => "a single value",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a set of keys",
        }
    }

    /// The value of the first key with this name, where this is a map.
    pub fn get(&self, name: &str) -> Option<&Node> {
        let Kind::Map(entries) = &self.kind else { return None };
        entries.iter().find(|(key, _)| key.text == name).map(|(_, value)| value)
    }
}

/// Reads one YAML document.
///
/// # Errors
/// The first thing that is no YAML, or goes beyond a limit.
pub fn parse(text: &str) -> Result<Node, Problem> {
    let first = Place { line: 1, column: 1, width: 1 };
    built(text, false)?.pop().ok_or_else(|| {
        problem(
            first,
            "the file is empty".into(),
            "",
            "`gameday new NAME` writes one to begin with",
        )
    })
}

/// Reads every YAML document of a text; those with nothing in them are left out.
///
/// # Errors
/// The first thing that is no YAML, or goes beyond a limit.
pub fn parse_all(text: &str) -> Result<Vec<Node>, Problem> {
    let mut documents = built(text, true)?;
    documents.retain(|document| document.kind != Kind::Empty);
    Ok(documents)
}

fn built(text: &str, several: bool) -> Result<Vec<Node>, Problem> {
    if text.len() > MOST_BYTES {
        let what = format!("the file has {} bytes, more than {MOST_BYTES}", text.len());
        let why = "a game day of this size is a mistake, or an attempt to fill the memory";
        return Err(problem(Place { line: 1, column: 1, width: 1 }, what, why, "make it smaller"));
    }
    let mut options = granit_parser::options! {
        flow_nesting_limit: DEEPEST,
        block_nesting_limit: DEEPEST,
        emit_unresolved_aliases: true,
        disallow_directives: true,
    };
    options.set_emit_comments(false);
    let mut builder = Builder { several, ..Builder::default() };
    for next in Parser::new_from_str_with_options(text, options) {
        let (event, span) = next.map_err(|error| unreadable(&error))?;
        builder.take(event, place(&span.start, &span.end))?;
    }
    Ok(builder.documents)
}

/// The stretch between two marks; of a stretch over several lines only its beginning.
fn place(start: &Marker, end: &Marker) -> Place {
    let width = if end.line() == start.line() { end.col().saturating_sub(start.col()) } else { 1 };
    Place { line: start.line().max(1), column: start.col() + 1, width }
}

fn problem(place: Place, what: String, why: &str, mend: &str) -> Problem {
    Problem { severity: Severity::Error, place, what, why: why.into(), mend: mend.into() }
}

/// A failure of the parser, in words.
fn unreadable(error: &ScanError) -> Problem {
    let place = place(error.marker(), error.marker());
    let said = error.info();
    if said.contains("nesting") || said.contains("recursion") {
        let what = format!("nested deeper than {DEEPEST} levels");
        return problem(place, what, "no game day is that deep", "flatten it");
    }
    let tab = said.contains("tab");
    let mend = if tab { "indent with spaces" } else { "look at indentation, quotes and brackets" };
    problem(place, format!("this is no YAML: {}", printable(&said, 200)), "", mend)
}

/// A list or map that is not closed yet.
struct Open {
    place: Place,
    anchor: usize,
    size: usize,
    kind: Kind,
    key: Option<Key>,
}

/// Puts events together, without recursion.
#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    anchors: HashMap<usize, (Node, usize)>,
    nodes: usize,
    /// Whether one document may follow another.
    several: bool,
    documents: Vec<Node>,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, place: Place) -> Result<(), Problem> {
        if let Some(tag) = event.tag()
            && !tag.is_yaml_core_schema()
        {
            let what = format!("the tag {} means nothing here", printable(&tag.original(), 60));
            return Err(problem(
                place,
                what,
                "tags could make a value into something else",
                "remove it",
            ));
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let quoted = style != ScalarStyle::Plain || tag.is_some();
                let empty = !quoted && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                let text = text.into_owned();
                let kind = if empty { Kind::Empty } else { Kind::Text { text, quoted } };
                self.count(1, place)?;
                self.add(Node { place, kind }, anchor, 1)
            }
            Event::SequenceStart(_, anchor, _) => self.begin(place, anchor, Kind::List(Vec::new())),
            Event::MappingStart(_, anchor, _) => self.begin(place, anchor, Kind::Map(Vec::new())),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(done) => {
                    let Open { place, anchor, size, kind, .. } = done;
                    self.add(Node { place, kind }, anchor, size)
                }
                None => Ok(()),
            },
            Event::Alias(id) => {
                let Some((node, size)) = self.anchors.get(&id).cloned() else {
                    let what = "this alias stands inside what it repeats".to_owned();
                    return Err(problem(
                        place,
                        what,
                        "it would have no end",
                        "write the value out",
                    ));
                };
                self.count(size, place)?;
                let node = Node { place, kind: node.kind };
                self.add(node, 0, size)
            }
            Event::UnresolvedAlias(name) => {
                let what = format!("nothing is named &{}", printable(&name, 60));
                Err(problem(
                    place,
                    what,
                    "an alias repeats a value named earlier",
                    "quote a text that begins with *",
                ))
            }
            Event::DocumentStart(..) if !self.several && !self.documents.is_empty() => {
                let what = "a second document begins here".to_owned();
                Err(problem(
                    place,
                    what,
                    "a file holds one game day",
                    "remove the line ---, or make two files",
                ))
            }
            Event::DocumentEnd => {
                // What is named in one document is not known in the next.
                self.anchors.clear();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self, place: Place, anchor: usize, kind: Kind) -> Result<(), Problem> {
        self.count(1, place)?;
        if self.open.len() >= DEEPEST {
            let what = format!("nested deeper than {DEEPEST} levels");
            return Err(problem(place, what, "no game day is that deep", "flatten it"));
        }
        self.open.push(Open { place, anchor, size: 1, kind, key: None });
        Ok(())
    }

    fn count(&mut self, more: usize, place: Place) -> Result<(), Problem> {
        self.nodes = self.nodes.saturating_add(more);
        if self.nodes <= MOST_NODES {
            return Ok(());
        }
        let what = format!("the file grows beyond {MOST_NODES} values here");
        let why = "aliases are counted as often as they are used, so that a small file cannot fill the memory";
        Err(problem(place, what, why, "make it smaller"))
    }

    fn add(&mut self, node: Node, anchor: usize, size: usize) -> Result<(), Problem> {
        if anchor != 0 {
            self.count(size, node.place)?;
            self.anchors.insert(anchor, (node.clone(), size));
        }
        let Some(parent) = self.open.last_mut() else {
            self.documents.push(node);
            return Ok(());
        };
        parent.size += size;
        match &mut parent.kind {
            Kind::List(items) => items.push(node),
            Kind::Map(entries) => match parent.key.take() {
                Some(key) => entries.push((key, node)),
                None => match node.kind {
                    Kind::Text { text, .. } => {
                        parent.key = Some(Key { place: node.place, text });
                    }
                    Kind::Empty => {
                        parent.key = Some(Key { place: node.place, text: String::new() });
                    }
                    Kind::List(_) | Kind::Map(_) => {
                        let what = format!("{} cannot be a key", node.noun());
                        let mend = "quote a text that begins with a bracket or brace";
                        return Err(problem(node.place, what, "keys are words", mend));
                    }
                },
            },
            Kind::Empty | Kind::Text { .. } => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(node: &Node) -> &str {
        match &node.kind {
            Kind::Text { text, .. } => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_value_knows_its_place() {
        let root = parse("名: 注文\nphases:\n  - { name: \"a b\", at: +5m }\n").unwrap();
        assert_eq!(root.get("名").unwrap().place, Place { line: 1, column: 4, width: 2 });
        let Kind::List(phases) = &root.get("phases").unwrap().kind else { panic!() };
        let name = phases[0].get("name").unwrap();
        assert_eq!((name.place, text_of(name)), (Place { line: 3, column: 13, width: 5 }, "a b"));
        assert_eq!(text_of(phases[0].get("at").unwrap()), "+5m");
    }

    #[test]
    fn several_documents_are_read_where_they_are_wanted() {
        let text = "---\na: &x 1\n---\n# nothing\n---\n- b\n...\n";
        let all = parse_all(text).unwrap();
        assert_eq!(all.iter().map(Node::noun).collect::<Vec<_>>(), ["a set of keys", "a list"]);
        let Kind::List(items) = &all[1].kind else { panic!() };
        assert_eq!((text_of(&items[0]), items[0].place.line), ("b", 6));
        assert!(parse(text).unwrap_err().what.contains("second document"));
        assert_eq!(parse_all("# nothing\n"), Ok(Vec::new()));
        assert!(parse_all("a: &x 1\n---\nb: *x\n").unwrap_err().what.contains("named &x"));
    }

    #[test]
    fn aliases_repeat_values_but_never_themselves() {
        let root = parse("a: &x {k: v}\nb: *x\n").unwrap();
        assert_eq!(text_of(root.get("b").unwrap().get("k").unwrap()), "v");
        assert!(parse("a: &x [*x]\n").unwrap_err().what.contains("inside what it repeats"));
        assert!(parse("a: *nobody\n").unwrap_err().what.contains("nothing is named &nobody"));
    }
}
