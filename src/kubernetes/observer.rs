//! The cluster as a target that can be looked at.
