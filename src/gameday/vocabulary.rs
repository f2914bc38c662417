//! The metrics that a game day may speak of: those there always are, and what it asks a source of metrics for by names of its
//! own. Not the places where they may stand.

use super::metric::Metric;
use super::query::Query;

/// The metrics that may be named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    queries: Vec<Query>,
}

impl Vocabulary {
    /// Those there always are, and these queries.
    pub fn with(queries: impl IntoIterator<Item = Query>) -> Self {
        Self { queries: queries.into_iter().collect() }
    }

    /// The metric of this name.
    pub fn metric(&self, name: &str) -> Option<Metric> {
        let asked = self.queries.iter().find(|query| query.name() == name);
        asked.map(|query| Metric::Asked(*query)).or_else(|| name.parse().ok())
    }

    /// Every name, in the order the help shows them.
    pub fn names(&self) -> Vec<String> {
        let asked = self.queries.iter().map(|query| query.name().to_owned());
        Metric::all().map(|metric| metric.to_string()).chain(asked).collect()
    }
}
