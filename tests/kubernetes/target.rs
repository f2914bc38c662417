//! Seeing the cluster, blast radius, and whole exercises.
