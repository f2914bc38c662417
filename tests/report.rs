//! Reports from recordings.

mod asked;
mod figures;
mod hostile;
mod inside;
mod judged;
mod long;

pub use gameday::exercise::fold::folded;
