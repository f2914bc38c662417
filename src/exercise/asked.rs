//! How it stands with every query that is asked of a source of metrics, in a watch or in an exercise. Not the asking.

use super::state::State;
use super::watch::Asking;
use crate::gameday::query::Query;

/// Every query with how it stands.
pub fn all(state: &State) -> impl Iterator<Item = (Query, &Asking)> {
    state.header.queries().into_iter().zip(&state.watching.asking)
}
