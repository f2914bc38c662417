//! The load generator against real servers.

mod errors;
mod plan;
pub mod rig;
mod routes;
mod secure;
mod stall;
