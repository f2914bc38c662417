//! The load generator against real servers.
