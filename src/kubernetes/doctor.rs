//! Looks, before anything is done, whether a game day can run on a cluster and be undone there.
