//! The load generator: open loop, one thread, plain hyper connections. An adapter: it knows nothing of
//! phases, faults or screens.
//!
//! The thread runs a current-thread runtime. One driver task hands out arrivals as the curve makes them due
//! (`pacer`), one task per keep-alive connection exchanges requests for answers (`connection`), and
//! everything they share is the `desk`. There is no task and no timer per request.

pub mod address;
pub mod alarm;
pub mod connection;
pub mod deadline;
pub mod desk;
pub mod dial;
pub mod driver;
pub mod flood;
pub mod generator;
pub mod hush;
pub mod idle;
pub mod outcome;
pub mod pacer;
pub mod request;
pub mod seat;
pub mod secure;
pub mod tally;
