//! Everything that is tested from outside, in one binary: linking once is enough.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::disallowed_methods,
    unreachable_pub,
    reason = "tests stop at the first surprise and say so"
)]

mod engine;
mod exercise;
mod files;
mod lab;
mod load;
mod metrics;
mod participants;
mod play;
mod recording;
mod report;
mod screens;
mod sentences;
mod settings;
mod tidy;
