//! The engine: one task that owns the state and the recording, and drives the ports.
