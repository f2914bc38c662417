//! The game day: the plan and its meaning. Pure; reads no file and knows no run of itself.

pub mod catalog;
pub mod defence;
pub mod fault;
pub mod instrument;
pub mod load;
pub mod matcher;
pub mod measure;
pub mod metric;
pub mod node;
pub mod people;
pub mod plan;
pub mod problem;
pub mod query;
pub mod read;
pub mod rehearse;
pub mod scale;
pub mod service;
pub mod silence;
pub mod span;
pub mod text;
pub mod unit;
pub mod vocabulary;
pub mod watch;
pub mod write;
