//! A word about an exercise that was added to its recording afterwards, beside it. Never a part of what happened.

/// A place somebody marked afterwards, with or without words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The event it stands behind; 0: before the first.
    pub seq: u64,
    /// What it says; empty: it only marks the place. Text from outside: neutralise before showing.
    pub text: String,
}

/// Puts a note in its place, instead of one that is there.
pub fn put(notes: &mut Vec<Note>, note: Note) {
    match notes.binary_search_by_key(&note.seq, |one| one.seq) {
        Ok(at) => {
            if let Some(one) = notes.get_mut(at) {
                *one = note;
            }
        }
        Err(at) => notes.insert(at, note),
    }
}

/// The note behind an event.
pub fn at(notes: &[Note], seq: u64) -> Option<&Note> {
    notes.iter().find(|note| note.seq == seq)
}
