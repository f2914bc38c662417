//! The cluster as a target that can be broken: chooses between Chaos Mesh and native actions.
