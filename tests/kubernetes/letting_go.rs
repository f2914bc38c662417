//! It lets go.
