//! Chaos Mesh: verdict.
