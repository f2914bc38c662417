//! What is wrong with a file, where, why, and how it is mended. Not the finding of it (see `gameday::read`).

use std::fmt;

pub mod show;

/// A stretch of one line of a file. Lines and columns count from 1, in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The first character.
    pub column: usize,
    /// How many characters; at least 1 is shown.
    pub width: usize,
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The game day cannot be run.
    Error,
    /// It can be run, but probably does not show what it should.
    Warning,
}

/// One thing that is wrong. Its texts may hold words of the file, already made printable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How bad.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub what: String,
    /// Why that is a problem; empty where it needs no word.
    pub why: String,
    /// How to mend it; empty where nobody can know.
    pub mend: String,
}

/// Everything that is wrong with one file, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// Every problem, in the order of the file once [`Problems::sorted`].
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }

    /// The first problem, errors before warnings.
    pub fn first(&self) -> Option<&Problem> {
        self.0.iter().min_by_key(|problem| problem.severity)
    }

    /// How many problems of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.0.iter().filter(|problem| problem.severity == severity).count()
    }

    /// Whether the game day cannot be run.
    pub fn is_fatal(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same problems in the order of the file.
    pub fn sorted(mut self) -> Self {
        self.0.sort_by_key(|problem| (problem.place, problem.severity));
        self.0.dedup();
        self
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// One line: `12:9: error: what is wrong`.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { line, column, .. } = self.place;
        write!(f, "{line}:{column}: {}: {}", self.severity, self.what)
    }
}

/// The candidate that was probably meant, if one is near enough.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: String = word.chars().take(64).collect::<String>().to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance * 3 <= candidate.chars().count().max(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `did you mean "latency"?`, or the list of what is possible where nothing is near.
pub fn suggestion(word: &str, candidates: &[&str]) -> String {
    match nearest(word, candidates.iter().copied()) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None if candidates.is_empty() => String::new(),
        None => format!("write one of: {}", candidates.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_offered_and_far_ones_are_not() {
        let kinds = ["pod-failure", "network-chaos", "duration", "to"];
        assert_eq!(nearest("pod-failur", kinds), Some("pod-failure"));
        assert_eq!(nearest("durration", kinds), Some("duration"));
        assert_eq!(nearest("zebra", kinds), None);
        assert_eq!(suggestion("x", &["lab", "kubernetes"]), "write one of: lab, kubernetes");
    }
}
