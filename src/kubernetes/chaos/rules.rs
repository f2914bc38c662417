//! Chaos Mesh: rules.
