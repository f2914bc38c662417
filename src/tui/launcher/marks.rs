//! Recordings that are marked to be compared, by their paths and the oldest first: it is what the others are compared with.
//! Not the comparing.

use crate::report::compare::MOST;
use crate::report::compare::side::letter;

/// The marked recordings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// When each began, and its path; in this order.
    marked: Vec<(i64, String)>,
    /// Whether the chosen recording is one of them.
    here: bool,
}

impl Marks {
    /// Their paths.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.marked.iter().map(|(_, path)| path.as_str())
    }

    /// How many they are.
    pub const fn count(&self) -> usize {
        self.marked.len()
    }

    /// The letter that a recording has among them; `None`: it is not marked.
    pub fn letter(&self, path: &str) -> Option<&'static str> {
        self.paths().position(|one| one == path).map(letter)
    }

    /// Whether the chosen recording is marked.
    pub const fn is_here(&self) -> bool {
        self.here
    }

    /// Whether no more would fit beside each other.
    pub const fn is_full(&self) -> bool {
        self.count() >= MOST
    }

    /// Whether there is something to compare.
    pub const fn is_enough(&self) -> bool {
        self.count() >= 2
    }

    /// Marks a recording, or takes its mark away.
    pub fn toggle(&mut self, path: &str, began: i64) {
        if self.letter(path).is_some() {
            self.marked.retain(|(_, one)| one != path);
        } else if !self.is_full() {
            self.marked.push((began, path.to_owned()));
            self.marked.sort_unstable();
        }
    }

    /// Forgets what is no longer there.
    pub fn keep(&mut self, there: impl Fn(&str) -> bool) {
        self.marked.retain(|(_, path)| there(path));
    }

    /// Says which recording is chosen.
    pub fn choose(&mut self, path: Option<&str>) {
        self.here = path.is_some_and(|path| self.letter(path).is_some());
    }
}
