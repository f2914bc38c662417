//! Load from the cluster.
