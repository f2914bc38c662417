//! The recording on disk: one JSON Lines file, durable, chained by hashes. An adapter.
