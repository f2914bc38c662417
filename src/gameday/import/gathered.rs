//! What files of others say, on its way to a game day. Plain data.

use crate::gameday::fault::Experiment;
use crate::gameday::span::Span;
use crate::gameday::text::printable;

/// What the files do not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wishes {
    /// The title of the game day; `None`: made of the files.
    pub title: Option<String>,
    /// Where the pods are; `None`: where the files say.
    pub namespace: Option<String>,
    /// Where customers go, as seen from this machine.
    pub url: Option<String>,
    /// The server that measures.
    pub prometheus: Option<String>,
    /// Time to recover after each experiment.
    pub recovery: Span,
}

/// What a Prometheus is asked, and where the answer must stay.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) name: String,
    pub(super) query: String,
    pub(super) min: Option<f64>,
    pub(super) max: Option<f64>,
}

impl Asked {
    /// Whether the same is asked, and must stay in the same place.
    fn is_like(&self, other: &Self) -> bool {
        (&self.query, self.min, self.max) == (&other.query, other.min, other.max)
    }
}

/// One stretch: what stood in a file, or a part of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    /// What its phase is called.
    pub(super) name: String,
    /// Its injections, by their offset.
    pub(super) faults: Vec<Planned>,
    /// The file, where its name says something else.
    pub(super) from: Option<String>,
    /// How long everything takes, without the time to recover.
    pub(super) length: Span,
    /// Comments above it.
    pub(super) notes: Vec<String>,
}

/// One injection.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    pub(super) offset: Span,
    pub(super) name: String,
    pub(super) experiment: Experiment,
    pub(super) notes: Vec<String>,
}

/// Everything that files say.
#[derive(Clone, Debug, Default)]
pub(super) struct Gathered {
    pub(super) title: Option<String>,
    pub(super) hypothesis: Option<String>,
    pub(super) namespace: Option<String>,
    pub(super) url: Option<String>,
    /// Paths that are asked for.
    pub(super) paths: Vec<String>,
    pub(super) queries: Vec<Asked>,
    pub(super) parts: Vec<Part>,
    /// Of the whole.
    pub(super) notes: Vec<String>,
}

impl Gathered {
    /// One more figure to ask for. Each has a name of its own; what is asked for already is not asked for twice.
    pub(super) fn ask(&mut self, mut wanted: Asked) {
        if self.queries.iter().any(|one| one.is_like(&wanted)) {
            return;
        }
        let base = wanted.name.clone();
        let mut number = 1;
        while self.queries.iter().any(|one| one.name == wanted.name) {
            number += 1;
            wanted.name = format!("{base}-{number}");
        }
        self.queries.push(wanted);
    }

    /// Something that people have to know of a file.
    pub(super) fn note(&mut self, file: &str, what: impl std::fmt::Display) {
        self.notes.push(format!("{}: {what}", printable(file, 120)));
    }
}
