//! Looks at a cluster once, whole.
