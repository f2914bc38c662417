//! The load generator against real servers.

mod errors;
mod plan;
mod rig;
mod routes;
mod secure;
mod stall;
