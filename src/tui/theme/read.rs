//! Theme files: text to a [`Sheet`], or everything that is wrong with it. Reads no file itself.

mod draft;
mod fields;

use self::draft::{Draft, Entry, Wanted};
use super::colour::{Ink, Rgb, ansi, names};
use super::role::{ROLES, Role};
use super::sheet::Sheet;
use crate::gameday::node::{self, Kind, Node};
use crate::gameday::problem::{Place as Spot, Problem, Problems, Severity, suggestion};
use crate::gameday::text::printable;
use ratatui::style::Modifier;

/// What a role can be given besides its colour.
const MODIFIERS: [(&str, Modifier); 4] = [
    ("bold", Modifier::BOLD),
    ("italic", Modifier::ITALIC),
    ("underlined", Modifier::UNDERLINED),
    ("reversed", Modifier::REVERSED),
];

/// Themes by name, each with its text; of equal names the first counts.
pub type Shelf = [(String, String)];

/// Reads the theme `name` from its text. There is one exactly when no problem is an error.
pub fn read(name: &str, text: &str, shelf: &Shelf) -> (Option<Sheet>, Problems) {
    // A theme of the same name on the shelf is this one, and a parent of that name is the next one.
    let own = shelf.iter().position(|(one, other)| one == name && other == text);
    let mut reader =
        Reader { shelf, open: own.into_iter().collect(), problems: Problems::default() };
    let draft = reader.whole(text);
    let sheet = reader.finish(name, &draft);
    let problems = reader.problems.sorted();
    ((!problems.is_fatal()).then_some(sheet), problems)
}

struct Reader<'a> {
    shelf: &'a Shelf,
    /// The themes of the shelf that are being read: a theme does not inherit from itself.
    open: Vec<usize>,
    problems: Problems,
}

impl Reader<'_> {
    fn error(&mut self, place: Spot, what: impl Into<String>, why: &str, mend: impl Into<String>) {
        let (what, mend) = (what.into(), mend.into());
        let severity = Severity::Error;
        self.problems.push(Problem { severity, place, what, why: why.to_owned(), mend });
    }

    fn whole(&mut self, text: &str) -> Draft {
        let empty = text.lines().all(|line| {
            let line = line.trim();
            line.is_empty() || line.starts_with('#')
        });
        let first = Spot { line: 1, column: 1, width: 1 };
        if empty {
            self.error(first, "the file is empty", "", "begin with: theme: v1");
            return Draft::default();
        }
        let root = match node::parse(text) {
            Ok(root) => root,
            Err(problem) => {
                self.problems.push(problem);
                return Draft::default();
            }
        };
        let known = ["theme", "parent", "backgrounds", "paint", "palette", "roles"];
        let Some(entries) = self.keys(&root, "a theme", &known) else { return Draft::default() };
        match root.get("theme") {
            None => {
                let why = "the version says how the rest is to be understood";
                self.error(
                    root.place,
                    "the key \"theme\" is missing",
                    why,
                    "begin with: theme: v1",
                );
            }
            Some(version) if fields::word(version) == Some("v1") => {}
            Some(version) => {
                let what = "this version of themes is not known";
                self.error(version.place, what, "", "write: theme: v1");
            }
        }
        let mut draft = root.get("parent").and_then(|node| self.parent(node)).unwrap_or_default();
        for (key, value) in entries {
            match key.text.as_str() {
                "backgrounds" => draft.backgrounds = self.backgrounds(value),
                "paint" => draft.paints = self.switch(value).unwrap_or_default(),
                "palette" => self.palette(value, &mut draft),
                "roles" => self.roles(value, &mut draft),
                _ => {}
            }
        }
        draft
    }

    /// The theme that this one builds on.
    fn parent(&mut self, node: &Node) -> Option<Draft> {
        let name = fields::word(node).unwrap_or_default();
        let all = self.shelf.iter().enumerate();
        let mut of_that_name = all.filter(|(_, (one, _))| one == name).map(|(index, _)| index);
        let Some(index) = of_that_name.find(|index| !self.open.contains(index)) else {
            let known: Vec<&str> = self.shelf.iter().map(|(one, _)| one.as_str()).collect();
            if known.contains(&name) {
                let why = "it would have no end";
                let what = "themes inherit from each other in a circle";
                self.error(node.place, what, why, "take one of the parents away");
            } else {
                let what = format!("there is no theme \"{}\"", printable(name, 40));
                self.error(node.place, what, "", suggestion(name, &known));
            }
            return None;
        };
        let text = self.shelf.get(index).map(|(_, text)| text.clone()).unwrap_or_default();
        self.open.push(index);
        let before = std::mem::take(&mut self.problems);
        let mut draft = self.whole(&text);
        let _ = self.finish(name, &draft);
        let own = std::mem::replace(&mut self.problems, before);
        self.open.pop();
        if let Some(first) = own.first() {
            let what = format!("the theme \"{}\" is wrong itself: {first}", printable(name, 40));
            self.error(node.place, what, "", "mend that theme first, or take another parent");
        }
        // What is wrong in it is said here, at the place that names it.
        draft.moved(node.place);
        Some(draft)
    }

    fn backgrounds(&mut self, node: &Node) -> Vec<Rgb> {
        let nodes = match &node.kind {
            Kind::List(nodes) => nodes.as_slice(),
            _ => std::slice::from_ref(node),
        };
        let mut found = Vec::new();
        for node in nodes {
            match fields::word(node).and_then(Rgb::parse) {
                Some(rgb) => found.push(rgb),
                None => {
                    let what = "this is no background";
                    self.error(node.place, what, "", "write #rrggbb, for example \"#1e1e1e\"");
                }
            }
        }
        found
    }

    fn switch(&mut self, node: &Node) -> Option<bool> {
        let found = match fields::word(node) {
            Some("true") => Some(true),
            Some("false") => Some(false),
            _ => None,
        };
        if found.is_none() {
            self.error(node.place, "this is neither true nor false", "", "write true or false");
        }
        found
    }

    fn palette(&mut self, node: &Node, draft: &mut Draft) {
        let Some(entries) = fields::entries(node) else {
            let what = format!("this is {}, and names with colours belong here", node.noun());
            self.error(node.place, what, "", "write, for example: red: \"#ff7b72\"");
            return;
        };
        for (key, value) in entries {
            let ink = match &value.kind {
                Kind::Map(_) => self.pair(value),
                _ => self.ink(value),
            };
            if let Some(ink) = ink {
                draft.palette.insert(key.text.clone(), ink);
            }
        }
    }

    /// A full colour, and which of the sixteen stands for it.
    fn pair(&mut self, node: &Node) -> Option<Ink> {
        self.keys(node, "a colour", &["rgb", "ansi"])?;
        let Some(rgb) = node.get("rgb") else {
            self.error(node.place, "the colour needs \"rgb\"", "", "add rgb: \"#ff7b72\"");
            return None;
        };
        let Some(full) = fields::word(rgb).and_then(Rgb::parse) else {
            self.error(rgb.place, "this is no colour", "", "write #rrggbb, with quotes around it");
            return None;
        };
        let Some(named) = node.get("ansi") else { return Some(Ink::full(full)) };
        let name = fields::word(named).unwrap_or_default();
        let Some(colour) = ansi(name) else {
            let what = format!("\"{}\" is none of the sixteen colours", printable(name, 40));
            self.error(named.place, what, "", suggestion(name, &names().collect::<Vec<_>>()));
            return None;
        };
        Some(Ink::Full(full, colour))
    }

    fn ink(&mut self, node: &Node) -> Option<Ink> {
        let name = fields::word(node).unwrap_or_default();
        let ink = Ink::parse(name);
        if ink.is_none() {
            let what = format!("\"{}\" is no colour", printable(name, 40));
            let mend = if name.starts_with('#') || name.is_empty() {
                "write #rrggbb, with quotes around it".to_owned()
            } else {
                let near = suggestion(name, &names().collect::<Vec<_>>());
                format!("{near}, or #rrggbb with quotes around it")
            };
            self.error(node.place, what, "", mend);
        }
        ink
    }

    fn roles(&mut self, node: &Node, draft: &mut Draft) {
        let known: Vec<&str> = ROLES.iter().map(|role| role.slug()).collect();
        let Some(entries) = self.keys(node, "roles", &known) else { return };
        for (key, value) in entries {
            let Some(role) = Role::named(&key.text) else { continue };
            let entry = draft.roles.entry(role).or_default();
            match &value.kind {
                Kind::Text { text, .. } => entry.colour = Some(Wanted::new(text, value.place)),
                _ => self.role(value, entry),
            }
        }
    }

    fn role(&mut self, node: &Node, entry: &mut Entry) {
        let mut known = vec!["parent", "colour"];
        known.extend(MODIFIERS.map(|(name, _)| name));
        let Some(entries) = self.keys(node, "a role", &known) else { return };
        for (key, value) in entries {
            let word = fields::word(value).unwrap_or_default();
            match key.text.as_str() {
                "parent" => match Role::named(word) {
                    Some(role) => entry.parent = Some((role, value.place)),
                    None => {
                        let what = format!("there is no role \"{}\"", printable(word, 40));
                        let roles: Vec<_> = ROLES.iter().map(|role| role.slug()).collect();
                        self.error(value.place, what, "", suggestion(word, &roles));
                    }
                },
                "colour" => entry.colour = Some(Wanted::new(word, value.place)),
                name => {
                    let modifier = MODIFIERS.iter().find(|(one, _)| *one == name);
                    if let Some((_, modifier)) = modifier
                        && let Some(on) = self.switch(value)
                    {
                        entry.switch(*modifier, on);
                    }
                }
            }
        }
    }

    /// The keys of a map, each of which must be known and stand there once.
    fn keys<'n>(
        &mut self,
        node: &'n Node,
        owner: &str,
        known: &[&str],
    ) -> Option<&'n [(node::Key, Node)]> {
        let Some(entries) = fields::entries(node) else {
            let what = format!("{owner} is expected here, and this is {}", node.noun());
            let mend = format!("write one or more of: {}", known.join(", "));
            self.error(node.place, what, "", mend);
            return None;
        };
        for (index, (key, _)) in entries.iter().enumerate() {
            if !known.contains(&key.text.as_str()) {
                let what = format!("\"{}\" means nothing here", printable(&key.text, 40));
                self.error(key.place, what, "", suggestion(&key.text, known));
            }
            if entries.iter().take(index).any(|(before, _)| before.text == key.text) {
                let what = format!("\"{}\" stands here a second time", printable(&key.text, 40));
                self.error(key.place, what, "only one can count", "remove one of them");
            }
        }
        Some(entries)
    }

    /// Gives every role its colour and its modifiers, from its parents where it says nothing itself.
    fn finish(&mut self, name: &str, draft: &Draft) -> Sheet {
        for (role, entry) in &draft.roles {
            if let Some(spot) = draft.circle(*role) {
                let what = format!("\"{}\" inherits from itself", role.slug());
                self.error(spot, what, "it would have no end", "take one of the parents away");
            }
            if let Some(wanted) = &entry.colour
                && draft.ink(wanted).is_none()
            {
                let what = format!("\"{}\" is no colour", printable(&wanted.name, 40));
                let own = draft.palette.keys().cloned();
                let known: Vec<String> = own.chain(names().map(str::to_owned)).collect();
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                let mend = match suggestion(&wanted.name, &known) {
                    near if near.starts_with("did you mean") => near,
                    _ => {
                        "name a colour of the palette, one of the sixteen, or write #rrggbb".into()
                    }
                };
                self.error(wanted.spot, what, "", mend);
            }
        }
        let paints = draft.paints && !draft.backgrounds.is_empty();
        Sheet::new(name.to_owned(), draft.backgrounds.clone(), paints, |role| draft.look(*role))
    }
}
