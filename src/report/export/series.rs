//! Everything that was measured, second by second: as a table (RFC 4180) and as OpenMetrics text. Not the judging of it.
//!
//! A second is one of the load generator; what the instruments said stands in the second that their window lies in, or in
//! one of its own. What nobody measured is an empty cell, or no sample: never zero.

mod asked;
mod column;
mod figure;
mod openmetrics;
mod second;
mod table;

pub use column::{COLUMNS, Column};
pub use openmetrics::openmetrics;
pub use second::{Second, is_empty, seconds};
pub use table::table;
