//! Reports from recordings.

mod asked;
mod export;
mod figures;
mod hostile;
mod inside;
mod judged;
mod long;
mod proposals;

pub use gameday::exercise::fold::folded;
