//! What earlier exercises of the same game day taught, and what became of it since. Pure; not the reading of their
//! recordings.
//!
//! A lesson or an improvement that was written again in a later exercise (the same words, however they are spaced and
//! capitalised) is *repeated*, and stands once, with its latest words. It is done where the last word on it says so and it
//! was not written again after that: what comes back was not done.

use std::collections::BTreeMap;

use crate::exercise::event::Event;
use crate::exercise::improvement::Category;
use crate::exercise::log::EntryKind;
use crate::exercise::stamp::Stamp;
use crate::exercise::state::State;
use chrono::NaiveDate;

/// What an exercise taught.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taught {
    /// The event of its recording in which it was first written.
    pub entry: u64,
    /// When.
    pub at: Stamp,
    /// What kind of improvement; `None`: a lesson.
    pub category: Option<Category>,
    /// In the words of who wrote it. Text from outside: neutralise before showing.
    pub text: String,
    /// Who does it.
    pub owner: Option<String>,
    /// Until when.
    pub due: Option<NaiveDate>,
}

/// What was said in an exercise of something that one before it had taught.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Of which exercise.
    pub exercise: String,
    /// The event of its recording.
    pub entry: u64,
    /// It is done; or open again.
    pub done: bool,
    /// Who said so.
    pub by: String,
    /// When.
    pub at: Stamp,
}

/// One exercise, as far as it matters to later ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exercise {
    /// Its name.
    pub name: String,
    /// When it began, milliseconds since 1970-01-01 UTC.
    pub began: i64,
    /// What it taught.
    pub taught: Vec<Taught>,
    /// What was said of earlier ones in it.
    pub words: Vec<Word>,
}

impl Exercise {
    /// What of an exercise matters.
    pub fn from_state(state: &State) -> Self {
        let lessons = state.log.iter().filter(|entry| entry.kind == EntryKind::Lesson);
        let lessons = lessons.map(|entry| Taught {
            entry: entry.seq,
            at: entry.recorded,
            category: None,
            text: entry.text.to_string(),
            owner: None,
            due: None,
        });
        let wanted = state.people.improvements.iter().filter(|one| one.dropped.is_none());
        let wanted = wanted.map(|one| Taught {
            entry: one.seq,
            at: one.noted,
            category: Some(one.says.category),
            text: one.says.text.clone(),
            owner: one.says.owner.clone(),
            due: one.says.due,
        });
        let words = state.people.settled.iter().map(|one| Word {
            exercise: one.exercise.clone(),
            entry: one.entry,
            done: one.done,
            by: one.by.clone(),
            at: one.at,
        });
        Self {
            name: state.header.exercise.clone(),
            began: state.header.began,
            taught: lessons.chain(wanted).collect(),
            words: words.collect(),
        }
    }
}

/// Whether an event matters to later exercises: the others need not be folded for this.
pub const fn matters(event: &Event) -> bool {
    matches!(
        event,
        Event::Logged { .. }
            | Event::EntryEdited { .. }
            | Event::ImprovementNoted { .. }
            | Event::ImprovementDropped { .. }
            | Event::EarlierSettled { .. }
    )
}

/// Something an earlier exercise taught, as it stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The latest exercise before this one that taught it.
    pub exercise: String,
    /// When that began, milliseconds since 1970-01-01 UTC.
    pub began: i64,
    /// What it taught, in its words.
    pub taught: Taught,
    /// In how many earlier exercises it was written.
    pub times: usize,
    /// It was written in the exercise that runs, too.
    pub again: bool,
    /// Who said that it is done; `None`: it is open.
    pub done: Option<String>,
}

impl Known {
    /// Whether it was learned more than once.
    pub const fn is_repeated(&self) -> bool {
        self.times > 1 || self.again
    }
}

/// The same words, however they are spaced, capitalised and ended.
fn normal(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ").trim_end_matches(['.', '!', '。', '\u{ff01}']).to_owned()
}

/// What `earlier` exercises taught, the latest exercise first; `now` is the one that runs.
pub fn known(earlier: &[Exercise], now: &Exercise) -> Vec<Known> {
    let mut earlier: Vec<&Exercise> = earlier.iter().filter(|one| one.name != now.name).collect();
    earlier.sort_by(|a, b| (a.began, &a.name).cmp(&(b.began, &b.name)));
    let mut found: BTreeMap<(bool, String), Known> = BTreeMap::new();
    // Which line of which exercise is which of these.
    let mut places: BTreeMap<(&str, u64), (bool, String)> = BTreeMap::new();
    for exercise in earlier.into_iter().chain([now]) {
        let is_now = exercise.name == now.name;
        // In the order in which they were said.
        let mut said: Vec<(Stamp, Said<'_>)> = Vec::new();
        said.extend(exercise.taught.iter().map(|one| (one.at, Said::Taught(one))));
        said.extend(exercise.words.iter().map(|one| (one.at, Said::Word(one))));
        said.sort_by_key(|(at, _)| at.elapsed);
        for (_, said) in said {
            match said {
                Said::Taught(taught) => {
                    let key = (taught.category.is_some(), normal(&taught.text));
                    if is_now {
                        if let Some(known) = found.get_mut(&key) {
                            known.again = true;
                            known.done = None;
                        }
                        continue;
                    }
                    places.insert((&exercise.name, taught.entry), key.clone());
                    let before = found.get(&key);
                    let same = before.is_some_and(|known| known.exercise == exercise.name);
                    let times = before.map_or(0, |known| known.times) + usize::from(!same);
                    let known = Known {
                        exercise: exercise.name.clone(),
                        began: exercise.began,
                        taught: taught.clone(),
                        times,
                        again: false,
                        done: None,
                    };
                    found.insert(key, known);
                }
                Said::Word(word) => {
                    let key = places.get(&(word.exercise.as_str(), word.entry));
                    if let Some(known) = key.and_then(|key| found.get_mut(key)) {
                        known.done = word.done.then(|| word.by.clone());
                    }
                }
            }
        }
    }
    let mut all: Vec<Known> = found.into_values().collect();
    // What is done stays where it was: the next key must not fall on its neighbour.
    all.sort_by(|a, b| b.began.cmp(&a.began).then(a.taught.entry.cmp(&b.taught.entry)));
    all
}

enum Said<'a> {
    Taught(&'a Taught),
    Word(&'a Word),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gameday::span::Span;

    fn at(secs: u64) -> Stamp {
        Stamp::new(Span::from_secs(secs), 0)
    }

    fn lesson(entry: u64, text: &str) -> Taught {
        let text = text.to_owned();
        Taught { entry, at: at(entry), category: None, text, owner: None, due: None }
    }

    fn word(exercise: &str, entry: u64, done: bool, secs: u64) -> Word {
        let (exercise, by) = (exercise.to_owned(), "ada".to_owned());
        Word { exercise, entry, done, by, at: at(secs) }
    }

    fn exercise(name: &str, taught: Vec<Taught>, words: Vec<Word>) -> Exercise {
        let began = name.bytes().map(i64::from).sum();
        Exercise { name: name.to_owned(), began, taught, words }
    }

    #[test]
    fn what_was_said_last_counts_whatever_the_order_of_the_files() {
        let a = exercise("a", vec![lesson(3, "Warm the cache."), lesson(4, "call early")], vec![]);
        let b = exercise("b", vec![], vec![word("a", 3, true, 5), word("a", 4, true, 6)]);
        let c = exercise("c", vec![], vec![word("a", 4, false, 2)]);
        let now = exercise("z", vec![], vec![]);
        let known = known(&[c, a, b], &now);
        let states: Vec<_> =
            known.iter().map(|one| (one.taught.entry, one.done.is_some(), one.times)).collect();
        assert_eq!(states, [(3, true, 1), (4, false, 1)]);
    }

    #[test]
    fn the_same_words_again_are_repeated_and_open_again() {
        let a = exercise("a", vec![lesson(3, "Warm the  cache")], vec![]);
        let b = exercise("b", vec![lesson(9, "warm the cache.")], vec![word("a", 3, true, 1)]);
        let now = exercise("z", vec![], vec![]);
        let all = known(&[a.clone(), b.clone()], &now);
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].exercise.as_str(), all[0].times, &all[0].done), ("b", 2, &None));
        assert!(all[0].is_repeated());
        // Done in this exercise, by the place of either; and then written once more.
        for (exercise_name, entry) in [("a", 3), ("b", 9)] {
            let words = vec![word(exercise_name, entry, true, 4)];
            let now = exercise("z", vec![], words.clone());
            assert_eq!(known(&[a.clone(), b.clone()], &now)[0].done.as_deref(), Some("ada"));
            let now = exercise("z", vec![lesson(7, "warm the cache")], words);
            let again = &known(&[a.clone(), b.clone()], &now)[0];
            assert!(again.again && again.done.is_none());
        }
        // An improvement is no lesson.
        let improve = Taught { category: Some(Category::Process), ..lesson(5, "warm the cache") };
        assert_eq!(known(&[a, exercise("b", vec![improve], vec![])], &now).len(), 2);
    }

    #[test]
    fn a_word_on_what_nobody_taught_is_left_alone_and_this_exercise_is_not_earlier() {
        let now = exercise("z", vec![lesson(1, "new")], vec![word("gone", 1, true, 1)]);
        assert_eq!(known(&[], &now), []);
        assert_eq!(known(std::slice::from_ref(&now), &now), []);
    }
}
