//! The load generator: open loop, one thread, plain hyper connections. An adapter.
