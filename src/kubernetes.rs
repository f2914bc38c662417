//! A Kubernetes cluster as a target: seeing it, breaking it by Chaos Mesh or by its own API, and letting go of it whatever
//! happens. It knows no exercise but by ports.
//!
//! `connect` is the way to the API server · `name` says what everything of ours is called and how it is found again ·
//! `trouble` puts the client's errors in words.

pub mod connect;
pub mod name;
pub mod trouble;
