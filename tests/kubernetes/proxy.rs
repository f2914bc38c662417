//! A proxy that makes trouble on demand.
