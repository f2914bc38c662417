//! Finds and ends everything that runs of this program left in a cluster.
