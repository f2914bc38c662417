//! Chaos Mesh: manifest.
