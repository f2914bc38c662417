//! Reports from recordings.

mod figures;
mod hostile;
mod judged;

pub use gameday::exercise::fold::folded;
