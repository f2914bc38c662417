//! Chaos Mesh experiments.
