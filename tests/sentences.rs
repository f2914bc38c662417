//! Every sentence that the exercise says has a text in the other languages, with the same places, and no text is left over.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The places of a text: `{name}` in the source, `{ $name }` in a catalogue.
fn places(text: &str) -> BTreeSet<String> {
    let inside = text.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    inside.map(|name| name.trim().trim_start_matches('$').to_owned()).collect()
}

fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            // What tests of a file say is no sentence of the program.
            found.push(text.split("#[cfg(test)]").next().unwrap().to_owned());
        }
    }
}

/// The text of a literal, and what follows it.
fn literal(rest: &str) -> Option<(String, &str)> {
    let rest = rest.trim_start().strip_prefix('"')?;
    let mut text = String::new();
    let mut escaped = false;
    for (at, one) in rest.char_indices() {
        match one {
            '"' if !escaped => return Some((text, &rest[at + 1..])),
            '\\' if !escaped => escaped = true,
            other => {
                escaped = false;
                text.push(other);
            }
        }
    }
    None
}

/// Key and English text of every `said!`.
fn said() -> BTreeMap<String, String> {
    let mut texts = Vec::new();
    sources(Path::new("src"), &mut texts);
    let mut found = BTreeMap::new();
    for text in &texts {
        for rest in text.split("said!(").skip(1) {
            let Some((key, rest)) = literal(rest) else { continue };
            let Some((english, _)) = rest.strip_prefix(',').and_then(literal) else { continue };
            if let Some(other) = found.insert(key.clone(), english.clone()) {
                assert_eq!(other, english, "{key} is said in two ways");
            }
        }
    }
    // The example in the documentation of the macro.
    found.remove("key");
    found
}

fn catalogue(file: &str) -> BTreeMap<String, String> {
    let text = fs::read_to_string(format!("src/lang/ja/{file}")).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with([' ', '#']));
    let entries = lines.filter_map(|line| line.split_once(" = "));
    entries.map(|(key, text)| (key.to_owned(), text.to_owned())).collect()
}

#[test]
fn every_sentence_of_the_exercise_is_said_in_japanese_too() {
    let (english, japanese) = (said(), catalogue("said.ftl"));
    assert!(english.len() > 300, "only {} sentences were found", english.len());
    let keys = |texts: &BTreeMap<String, String>| texts.keys().cloned().collect::<BTreeSet<_>>();
    let (ours, theirs) = (keys(&english), keys(&japanese));
    let lacking: Vec<_> = ours.difference(&theirs).collect();
    let left_over: Vec<_> = theirs.difference(&ours).collect();
    assert!(lacking.is_empty() && left_over.is_empty(), "lacking {lacking:?}, over {left_over:?}");
    for (key, text) in &english {
        assert_eq!(places(text), places(&japanese[key]), "{key}: {text} / {}", japanese[key]);
    }
}

#[test]
fn a_sentence_has_a_key_of_its_own() {
    for entry in fs::read_dir("src/lang/ja").unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        if file != "said.ftl" {
            let both = catalogue(&file);
            let both: Vec<_> = said().into_keys().filter(|key| both.contains_key(key)).collect();
            assert!(both.is_empty(), "{file} has {both:?} too");
        }
    }
}
