//! The undo ledger in the cluster itself, for whoever has only the cluster.
