//! What Prometheus answered, understood: bounded, and whatever was sent, without a panic. Not the asking.
//!
//! The form of the answers is that of Prometheus' HTTP API; others say a little more or less around it, which is
//! overlooked or, where it matters (`isPartial` of VictoriaMetrics), understood.

mod bounds;
mod element;
mod envelope;
mod few;
mod known;
mod query;
mod unusable;

pub use bounds::Bounds;
pub(super) use element::Written as Labelled;
pub use envelope::refusal;
pub(super) use known::some;
pub use known::{Kind, Listed, kinds, names, retention, series};
pub use query::found;
pub use unusable::{Refusal, Unusable};
