//! The keys in force as a table for documents, in Markdown. Nothing is written anywhere.

use super::action::Action;
use super::bindings::Bindings;
use super::keymap::at;
use super::layer::{LAYERS, Layer};
use super::place::{PLACES, Place};
use crate::lang::Lang;

/// Every action with its keys, layer by layer.
pub fn markdown(bindings: &Bindings, lang: &Lang) -> String {
    let mut out = String::new();
    for layer in LAYERS {
        if !out.is_empty() {
            out.push('\n');
        }
        let title = format!("layer-{}", layer.slug());
        let heads = ["table-keys", "table-action", "table-does", "table-where"];
        let heads = heads.map(|key| lang.say(key).into_owned()).join(" | ");
        out.push_str(&format!("## {} (`{}`)\n\n", lang.say(&title), layer.slug()));
        out.push_str(&format!("| {heads} |\n|---|---|---|---|\n"));
        for action in actions(layer) {
            let keys = keys(bindings, layer, action);
            let help = action.help_key();
            let help = lang.say(&help);
            let does = if action.asks {
                lang.tell("action-asks-first", &[("help", (&*help).into())])
            } else {
                help
            };
            let places = places(action, lang);
            out.push_str(&format!("| {keys} | `{}` | {does} | {places} |\n", action.slug));
        }
    }
    out
}

/// The actions of a layer wherever one is, each once.
fn actions(layer: Layer) -> Vec<&'static Action> {
    let mut found: Vec<&'static Action> = Vec::new();
    for place in PLACES {
        for action in at(layer, place) {
            if !found.iter().any(|one| one.id == action.id) {
                found.push(action);
            }
        }
    }
    found
}

fn keys(bindings: &Bindings, layer: Layer, action: &Action) -> String {
    let mut keys: Vec<String> = Vec::new();
    for place in action.places {
        for chord in bindings.chords(layer, *place, action.id) {
            let shown = chord.to_string().replace('|', "\\|");
            let shown =
                if shown.contains('`') { format!("`` {shown} ``") } else { format!("`{shown}`") };
            if !keys.contains(&shown) {
                keys.push(shown);
            }
        }
    }
    keys.join(" ")
}

fn places(action: &Action, lang: &Lang) -> String {
    if action.places.len() == PLACES.len() {
        return lang.say("place-all").into_owned();
    }
    let name = |place: &Place| {
        let key = match place {
            Place::Launcher => "place-launcher",
            Place::Briefing => "place-briefing",
            Place::Live => "place-live",
            Place::Debrief => "place-debrief",
            Place::Report => "place-report",
            Place::Replay => "place-replay",
            Place::Compare => "place-compare",
        };
        lang.say(key).into_owned()
    };
    action.places.iter().map(name).collect::<Vec<_>>().join(", ")
}
