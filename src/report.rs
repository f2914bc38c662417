//! The report: what was learned, as a pure function of the recording. The same recording gives the same bytes.

pub mod build;
pub mod earlier;
pub mod export;
pub mod json;
pub mod markdown;
pub mod model;
pub mod proposal;
pub mod words;
