//! Notes that were added to a recording afterwards: a small YAML file beside it, never the recording itself. Strict where
//! people may have written in it. Not their showing.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::exercise::note::{Note, put};
use crate::gameday::node::{self, Kind, Node};
use crate::gameday::problem::show::render;
use crate::gameday::problem::{Place, Problem, Problems, Severity, suggestion};
use crate::gameday::text::printable;

/// What the file is called after the name of the recording.
const ENDING: &str = "notes.yaml";
/// No file of notes is longer.
const MOST_BYTES: u64 = 1_000_000;
/// No note is longer, in characters.
pub const LONGEST: usize = 2_000;

#[derive(Serialize)]
struct Written<'a> {
    gameday_notes: &'static str,
    exercise: &'a str,
    notes: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    event: u64,
    text: &'a str,
}

/// Where the notes of the recording at `path` are.
pub fn path_of(recording: &Path) -> PathBuf {
    recording.with_extension(ENDING)
}

/// The notes of a recording of `exercise` with events up to `last`; no file: no notes.
///
/// # Errors
/// What is wrong with the file and where, for people.
pub fn load(path: &Path, exercise: &str, last: u64) -> Result<Vec<Note>, String> {
    let name = path.display().to_string();
    let io =
        |error: io::Error| format!("{}: cannot read the notes: {error}", printable(&name, 400));
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(io(error)),
        Ok(about) if !about.is_file() || about.len() > MOST_BYTES => {
            let why = if about.is_file() { "it is too long" } else { "it is not a plain file" };
            return Err(io(io::Error::other(why)));
        }
        Ok(_) => {}
    }
    let text = fs::read_to_string(path).map_err(io)?;
    read(&text, exercise, last).map_err(|problems| render(&problems, &text, &name))
}

/// Writes the notes of a recording of `exercise` to `path`, whole or not at all; without notes the file goes.
///
/// # Errors
/// When it cannot be written.
pub fn save(path: &Path, exercise: &str, notes: &[Note]) -> io::Result<()> {
    if notes.is_empty() {
        return match fs::remove_file(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        };
    }
    let line = |note: &'_ Note| (note.seq, note.text.clone());
    let lines: Vec<(u64, String)> = notes.iter().map(line).collect();
    let notes = lines.iter().map(|(event, text)| Line { event: *event, text }).collect();
    let text = serde_yaml::to_string(&Written { gameday_notes: "v1", exercise, notes })
        .map_err(|error| io::Error::other(error.to_string()))?;
    let aside = path.with_extension("part");
    let written = File::create(&aside)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&aside, path));
    if written.is_err() {
        drop(fs::remove_file(&aside));
    }
    written
}

/// Reads a file of notes.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(text: &str, exercise: &str, last: u64) -> Result<Vec<Note>, Problems> {
    let mut problems = Problems::default();
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(Vec::new());
    }
    let notes = match node::parse(text) {
        Ok(root) => whole(&root, exercise, last, &mut problems),
        Err(problem) => {
            problems.push(problem);
            Vec::new()
        }
    };
    if problems.is_fatal() { Err(problems.sorted()) } else { Ok(notes) }
}

fn wrong(problems: &mut Problems, place: Place, what: String, why: &str, mend: &str) {
    let (why, mend) = (why.to_owned(), mend.to_owned());
    problems.push(Problem { severity: Severity::Error, place, what, why, mend });
}

/// The values of the keys `names` of a map, each of which must be there once and no other may.
fn fields<'n, const N: usize>(
    node: &'n Node,
    names: [&str; N],
    problems: &mut Problems,
) -> Option<[&'n Node; N]> {
    let Kind::Map(entries) = &node.kind else {
        let what = format!("this is {}, and a set of keys belongs here", node.noun());
        wrong(problems, node.place, what, "", &format!("write: {}: …", names.join(": …, ")));
        return None;
    };
    for (index, (key, _)) in entries.iter().enumerate() {
        let shown = printable(&key.text, 40);
        if !names.contains(&key.text.as_str()) {
            let mend = suggestion(&key.text, &names);
            wrong(problems, key.place, format!("\"{shown}\" means nothing here"), "", &mend);
        } else if entries.iter().take(index).any(|(before, _)| before.text == key.text) {
            let what = format!("\"{shown}\" stands here a second time");
            wrong(problems, key.place, what, "", "leave one of them");
        }
    }
    let found = names.map(|name| node.get(name));
    for (name, _) in names.iter().zip(&found).filter(|(_, found)| found.is_none()) {
        let what = format!("the key \"{name}\" is missing");
        wrong(problems, node.place, what, "", &format!("write: {name}: …"));
    }
    let found: Vec<&Node> = found.into_iter().flatten().collect();
    found.try_into().ok()
}

fn word<'n>(node: &'n Node, problems: &mut Problems) -> Option<&'n str> {
    match &node.kind {
        Kind::Text { text, .. } => Some(text),
        Kind::Empty => Some(""),
        _ => {
            let what = format!("this is {}, and words belong here", node.noun());
            wrong(problems, node.place, what, "", "write the words behind the colon");
            None
        }
    }
}

fn whole(root: &Node, exercise: &str, last: u64, problems: &mut Problems) -> Vec<Note> {
    let names = ["gameday_notes", "exercise", "notes"];
    let Some([version, whose, list]) = fields(root, names, problems) else { return Vec::new() };
    if word(version, problems).is_some_and(|text| text != "v1") {
        let what = "this version of notes is not known".to_owned();
        wrong(problems, version.place, what, "", "write: gameday_notes: v1");
    }
    if let Some(other) = word(whose, problems).filter(|text| *text != exercise) {
        let what = format!("these notes are about the exercise {}", printable(other, 80));
        let why = format!("the recording is of {}", printable(exercise, 80));
        wrong(problems, whose.place, what, &why, "put the file beside its own recording");
    }
    let items = match &list.kind {
        Kind::List(items) => items.as_slice(),
        Kind::Empty => &[],
        _ => {
            let what = format!("this is {}, and a list of notes belongs here", list.noun());
            wrong(problems, list.place, what, "", "write: - { event: 12, text: … }");
            &[]
        }
    };
    let mut notes: Vec<Note> = Vec::with_capacity(items.len());
    for item in items {
        let Some(note) = note(item, last, problems) else { continue };
        if crate::exercise::note::at(&notes, note.seq).is_some() {
            let what = format!("event {} has a note already", note.seq);
            wrong(problems, item.place, what, "", "put both texts into one");
        }
        put(&mut notes, note);
    }
    notes
}

fn note(item: &Node, last: u64, problems: &mut Problems) -> Option<Note> {
    let [event, text] = fields(item, ["event", "text"], problems)?;
    let seq = word(event, problems)?.parse::<u64>().ok().filter(|seq| *seq <= last);
    if seq.is_none() {
        let what = format!("this is no event of the recording, which has {last}");
        wrong(problems, event.place, what, "", &format!("write a number from 0 to {last}"));
    }
    let said = word(text, problems)?;
    if said.chars().count() > LONGEST {
        let what = format!("the text is longer than {LONGEST} characters");
        wrong(problems, text.place, what, "", "make it shorter");
    }
    Some(Note { seq: seq?, text: said.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(seq: u64, text: &str) -> Note {
        Note { seq, text: text.to_owned() }
    }

    #[test]
    fn what_is_written_is_read_again_whatever_it_says() {
        let folder = tempfile::tempdir().unwrap();
        let recording = folder.path().join("20261122T160500Z-a.jsonl");
        let path = path_of(&recording);
        assert!(path.ends_with("20261122T160500Z-a.notes.yaml"), "{}", path.display());
        assert_eq!(load(&path, "one", 9), Ok(Vec::new()));
        let notes = vec![
            note(0, ""),
            note(3, "二行\nand: \"more\" # no comment"),
            note(5, "yes"),
            note(7, "- [x] \u{1b}[31m"),
            note(9, "  12 "),
        ];
        save(&path, "one", &notes).unwrap();
        assert_eq!(load(&path, "one", 9), Ok(notes));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left aside");
        save(&path, "one", &[]).unwrap();
        assert!(!path.exists());
        save(&path, "one", &[]).unwrap();
    }

    #[test]
    fn what_people_wrote_wrong_is_said_with_its_place() {
        let good = "gameday_notes: v1\nexercise: one\nnotes:\n- event: 3\n  text: a\n";
        assert_eq!(read(good, "one", 9).unwrap(), [note(3, "a")]);
        assert_eq!(read("# nothing\n", "one", 9).unwrap(), []);
        for (text, line, column, what) in [
            (good.replace("v1", "v2"), 1, 16, "this version of notes is not known"),
            (good.replace(": one", ": two"), 2, 11, "these notes are about the exercise two"),
            (
                good.replace("event: 3", "event: 10"),
                4,
                10,
                "no event of the recording, which has 9",
            ),
            (good.replace("event: 3", "event: -1"), 4, 10, "no event of the recording"),
            (good.replace("event", "evnt"), 4, 3, "\"evnt\" means nothing here"),
            (good.replace("  text: a\n", ""), 4, 3, "the key \"text\" is missing"),
            (format!("{good}- event: 3\n  text: b\n"), 6, 3, "event 3 has a note already"),
            (format!("{good}more: 1\n"), 6, 1, "\"more\" means nothing here"),
            (good.replace("text: a", "text: [a]"), 5, 9, "words belong here"),
            ("- a\n".to_owned(), 1, 1, "a set of keys belongs here"),
            ("a: [\n".to_owned(), 1, 4, "this is no YAML"),
        ] {
            let problems = read(&text, "one", 9).unwrap_err();
            let found = problems.iter().find(|problem| problem.what.contains(what));
            let first = found.unwrap_or_else(|| panic!("{text}: {problems:?}"));
            assert_eq!((first.place.line, first.place.column), (line, column), "{text}");
        }
    }
}
