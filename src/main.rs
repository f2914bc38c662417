//! The `gameday` program.
fn main() {}
