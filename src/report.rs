//! The report: what was learned, as a pure function of the recording. The same recording gives the same bytes.

pub mod again;
pub mod build;
pub mod chart;
pub mod compare;
pub mod earlier;
pub mod export;
pub mod handover;
pub mod history;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod markup;
pub mod model;
pub mod parts;
pub mod path;
pub mod proposal;
pub mod rehearsal;
pub mod seen;
mod sheet;
pub mod suggest;
pub mod template;
mod time;
pub mod unit;
pub mod update;
pub mod words;
