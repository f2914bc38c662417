//! Drawing that knows no exercise: charts. Not the views that use it.

pub mod bars;
pub mod grid;
pub mod markdown;
pub mod scale;
