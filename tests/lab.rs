//! The lab as real processes, from outside: what customers, `/metrics`, `/proc` and the database files show.

mod data;
mod down;
mod failover;
mod faults;
mod levers;
mod life;
mod replica;
mod seats;
mod security;
mod stage;
mod traffic;
mod traffic_faults;
mod weather;
mod workloads;
