//! The lab as real processes.
