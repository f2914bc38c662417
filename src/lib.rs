//! Game days from a terminal: load in phases, real faults, live SLOs, an incident log, and a report.

pub mod cli;
pub mod config;
pub mod engine;
pub mod exercise;
pub mod gameday;
pub mod kubernetes;
pub mod lab;
pub mod lang;
pub mod load;
pub mod metrics;
pub mod port;
pub mod recording;
pub mod report;
pub mod tui;
