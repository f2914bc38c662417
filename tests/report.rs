//! Reports from recordings.
