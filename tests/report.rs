//! Reports from recordings.

mod again;
mod asked;
mod browser;
mod ci;
pub mod compare;
mod export;
mod figures;
mod handover;
mod history;
mod hostile;
mod inside;
mod judged;
mod long;
mod page;
mod proposals;
mod series;
mod suggest;
mod told;
mod updates;
mod watch;

use gameday::lang::{Lang, Language};

pub use gameday::exercise::fold::folded;

/// The texts of a report in English.
fn english() -> Lang {
    Lang::new(Language::English)
}
