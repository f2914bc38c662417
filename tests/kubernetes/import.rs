//! Manifests and experiments of other tools as game days.
