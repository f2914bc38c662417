//! Chaos Mesh: carry.
