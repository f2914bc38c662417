//! A cluster as the target of an exercise: seen through whatever happens to the connection, and exercised with the real program.

mod customers;
mod fences;
mod program;
mod reaper;
mod recovering;
mod running;
mod seeing;
mod storage;
mod workloads;
