//! Keymap files: which keys a person wants, before those of the list of actions. Reads no file itself.

use super::action::{self, Action, ActionId};
use super::bindings::Bindings;
use super::key::{Chord, Key};
use super::keymap::BUILT_IN;
use super::layer::{LAYERS, Layer};
use super::place::{PLACES, Place};
use crate::gameday::node::{self, Kind, Node};
use crate::gameday::problem::{Place as Spot, Problem, Problems, Severity, nearest, suggestion};
use crate::gameday::text::printable;

/// Keymaps inside the program, by name.
pub const PRESETS: [(&str, &str); 2] =
    [("vim", include_str!("keyfile/vim.yaml")), ("arrows", include_str!("keyfile/arrows.yaml"))];

/// What is written in place of an action to take a chord away.
const NOTHING: &str = "none";
/// The emergency stop.
const HALT: Key = Key::ctrl('x');

/// A chord that a file speaks of.
struct Wanted {
    layer: Layer,
    chord: Chord,
    spot: Spot,
    /// What it shall ask for, in places of their own; none: nothing.
    actions: Vec<&'static Action>,
}

/// The keymap `name` inside the program; `None`: there is none.
pub fn preset(name: &str) -> Option<Bindings> {
    let (_, text) = PRESETS.iter().find(|(one, _)| *one == name)?;
    read(text).0
}

/// Reads a keymap. There are bindings exactly when no problem is an error.
pub fn read(text: &str) -> (Option<Bindings>, Problems) {
    let mut problems = Problems::default();
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return (Some(BUILT_IN.clone()), problems);
    }
    let bindings = match node::parse(text) {
        Ok(root) => whole(&root, &mut problems),
        Err(problem) => {
            problems.push(problem);
            BUILT_IN.clone()
        }
    };
    let bindings = (!problems.is_fatal()).then_some(bindings);
    (bindings, problems.sorted())
}

fn error(problems: &mut Problems, spot: Spot, what: String, why: &str, mend: String) {
    let (severity, why) = (Severity::Error, why.to_owned());
    problems.push(Problem { severity, place: spot, what, why, mend });
}

fn whole(root: &Node, problems: &mut Problems) -> Bindings {
    let mut bindings = BUILT_IN.clone();
    let Kind::Map(entries) = &root.kind else {
        let what = format!("this is {}, and a keymap is a set of keys", root.noun());
        error(problems, root.place, what, "", "begin with: keymap: v1".into());
        return bindings;
    };
    if root.get("keymap").is_none() {
        let why = "the version says how the rest is to be understood";
        let mend = "begin with: keymap: v1".to_owned();
        error(problems, root.place, "the key \"keymap\" is missing".into(), why, mend);
    }
    let mut wanted = Vec::new();
    let mut names: Vec<&str> = vec!["keymap", "preset"];
    names.extend(LAYERS.iter().map(|layer| layer.slug()));
    for (index, (key, value)) in entries.iter().enumerate() {
        if entries.iter().take(index).any(|(before, _)| before.text == key.text) {
            let what = format!("\"{}\" stands here a second time", printable(&key.text, 40));
            error(problems, key.place, what, "", "put both together".into());
        }
        match key.text.as_str() {
            "keymap" if word(value) == Some("v1") => {}
            "keymap" => {
                let what = "this version of keymaps is not known".to_owned();
                error(problems, value.place, what, "", "write: keymap: v1".into());
            }
            "preset" => match word(value).and_then(preset) {
                Some(preset) => bindings = preset,
                None => {
                    let what = "there is no such preset".to_owned();
                    let mend =
                        suggestion(word(value).unwrap_or_default(), &PRESETS.map(|(name, _)| name));
                    error(problems, value.place, what, "", mend);
                }
            },
            name => match LAYERS.into_iter().find(|layer| layer.slug() == name) {
                Some(layer) => layered(layer, value, &mut wanted, problems),
                None => {
                    let what = format!("\"{}\" means nothing here", printable(name, 40));
                    error(problems, key.place, what, "", suggestion(name, &names));
                }
            },
        }
    }
    conflicts(&wanted, problems);
    if !problems.is_fatal() {
        apply(&wanted, &mut bindings, problems);
    }
    bindings
}

fn word(node: &Node) -> Option<&str> {
    match &node.kind {
        Kind::Text { text, .. } => Some(text),
        _ => None,
    }
}

/// The chords of one layer.
fn layered(layer: Layer, node: &Node, wanted: &mut Vec<Wanted>, problems: &mut Problems) {
    let entries = match &node.kind {
        Kind::Map(entries) => entries.as_slice(),
        Kind::Empty => &[],
        _ => {
            let what = format!("this is {}, and keys with actions belong here", node.noun());
            error(problems, node.place, what, "", "write, for example: \"g g\": log-back".into());
            return;
        }
    };
    for (key, value) in entries {
        let chord = match Chord::parse(&key.text) {
            Ok(chord) => chord,
            Err(what) => {
                let mend = "write keys with blanks between them: x, G, <C-d>, <space> h, F5, \"?\"";
                error(problems, key.place, what, "", mend.into());
                continue;
            }
        };
        let Some(actions) = actions(layer, value, problems) else { continue };
        if allowed(layer, &chord, &actions, key.place, problems) {
            wanted.push(Wanted { layer, chord, spot: key.place, actions });
        }
    }
}

/// The actions that a value names; none where it says so; `None`: it is wrong, which is said.
fn actions(layer: Layer, node: &Node, problems: &mut Problems) -> Option<Vec<&'static Action>> {
    let nodes = match &node.kind {
        Kind::Empty => return Some(Vec::new()),
        Kind::Text { text, .. } if text == NOTHING => return Some(Vec::new()),
        Kind::List(nodes) => nodes.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let mut found: Vec<&'static Action> = Vec::new();
    for node in nodes {
        let name = word(node).unwrap_or_default();
        let Some(action) = action::all().find(|action| action.slug == name) else {
            let what = format!("there is no action \"{}\"", printable(name, 40));
            let mend = match nearest(name, action::all().map(|action| action.slug)) {
                Some(near) => format!("did you mean \"{near}\"?"),
                None => "`gameday keys` lists all of them; \"none\" takes the key away".to_owned(),
            };
            error(problems, node.place, what, "", mend);
            return None;
        };
        if !action.is_in(layer) {
            let layers: Vec<_> = action.layers().map(|(layer, _)| layer.slug()).collect();
            let what = format!("\"{name}\" is no action of \"{}\"", layer.slug());
            let mend = format!("it can have a key in: {}", layers.join(", "));
            error(problems, node.place, what, "", mend);
            return None;
        }
        let shares = |one: &&&Action| one.places.iter().any(|place| action.places.contains(place));
        if let Some(other) = found.iter().find(shares) {
            let what = format!("one key for both \"{}\" and \"{name}\"", other.slug);
            let why = "both can be done in the same place, and a key means one thing there";
            error(problems, node.place, what, why, "give each a key of its own".into());
            return None;
        }
        found.push(action);
    }
    Some(found)
}

/// What no keymap may do.
fn allowed(
    layer: Layer,
    chord: &Chord,
    actions: &[&'static Action],
    spot: Spot,
    problems: &mut Problems,
) -> bool {
    let halts = if layer == Layer::Halting { ActionId::ConfirmHalt } else { ActionId::Halt };
    let first = chord.keys().first().copied().unwrap_or(HALT);
    let is_halt = chord.keys() == [HALT] && actions.iter().all(|action| action.id == halts);
    if chord.keys().contains(&HALT) && (!is_halt || actions.is_empty()) {
        let why =
            "it is the emergency stop, everywhere and for everyone, whatever keymap is in force";
        error(problems, spot, format!("{HALT} cannot be changed"), why, "use another key".into());
        return false;
    }
    if layer.types() && first.types() {
        let what = format!("\"{chord}\" is text in \"{}\"", layer.slug());
        let mend = "begin with a key that types nothing, such as <C-t> or F5".to_owned();
        error(problems, spot, what, "what is typed here would not arrive", mend);
        return false;
    }
    true
}

/// Chords of the file that cannot be told apart.
fn conflicts(wanted: &[Wanted], problems: &mut Problems) {
    for (index, one) in wanted.iter().enumerate() {
        let meets = |other: &&Wanted| {
            let free = one.actions.is_empty() || other.actions.is_empty();
            let same = PLACES.iter().any(|place| one.is_in(*place) && other.is_in(*place));
            one.layer == other.layer && one.chord.overlaps(&other.chord) && (free || same)
        };
        // To take away what one then binds anew is said once too often, but clear.
        let Some(other) = wanted.iter().take(index).find(meets) else { continue };
        let line = other.spot.line;
        let (what, why) = if one.chord == other.chord {
            (format!("\"{}\" stands here twice, first in line {line}", one.chord), "")
        } else {
            let what = format!("\"{}\" and \"{}\" in line {line}", one.chord, other.chord);
            (what, "one begins with the other: after it nobody can tell which is meant")
        };
        error(problems, one.spot, what, why, "keep one of them".into());
    }
}

impl Wanted {
    fn is_in(&self, place: Place) -> bool {
        self.actions.iter().any(|action| action.places.contains(&place))
    }
}

/// Puts the chords of the file before those that are there, and looks what is left without a key.
fn apply(wanted: &[Wanted], bindings: &mut Bindings, problems: &mut Problems) {
    let mut taken: Vec<(Layer, Place, ActionId, &Wanted)> = Vec::new();
    for one in wanted {
        for place in PLACES.into_iter().filter(|place| one.actions.is_empty() || one.is_in(*place))
        {
            let ids = bindings.take(one.layer, place, &one.chord);
            taken.extend(ids.into_iter().map(|id| (one.layer, place, id, one)));
        }
    }
    for one in wanted.iter().rev() {
        for action in &one.actions {
            for place in action.places {
                bindings.put_first(one.layer, *place, one.chord.clone(), action.id);
            }
        }
    }
    let mut said: Vec<(Layer, ActionId)> = Vec::new();
    for (layer, place, id, by) in taken {
        let left = bindings.chords(layer, place, id).next().is_some();
        if left || said.contains(&(layer, id)) {
            continue;
        }
        said.push((layer, id));
        let Some(action) = action::find(id) else { continue };
        let what = format!("no key is left for \"{}\" in \"{}\"", action.slug, layer.slug());
        let mend = format!("bind another key to \"{}\"", action.slug);
        if action.needed {
            error(problems, by.spot, what, "nobody could go on from there", mend);
        } else if !by.actions.is_empty() {
            let (severity, why) = (Severity::Warning, "only the palette finds it now".to_owned());
            problems.push(Problem { severity, place: by.spot, what, why, mend });
        }
    }
}
