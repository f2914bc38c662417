//! The least Role that a game day needs. Pure.
