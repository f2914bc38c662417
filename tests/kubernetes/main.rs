//! Kubernetes from outside: against an API server in this process, or, with `KUBECONFIG` and `GAMEDAY_E2E=1`, against a real one, in
//! namespaces of our own only.
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

mod api;
mod chaos;
mod doctor;
mod fake;
mod import;
mod letting_go;
mod load;
mod native;
#[allow(dead_code, reason = "a test uses what it needs")]
mod player;
mod port;
#[allow(dead_code, reason = "a test uses what it needs")]
mod proxy;
mod shop;
#[allow(dead_code, reason = "a test uses what it needs")]
mod stage;
mod target;
#[allow(dead_code, reason = "a test uses what it needs")]
#[path = "../play/terminal.rs"]
mod terminal;
