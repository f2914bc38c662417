//! Chaos Mesh experiments: what is written, what is refused, and what is injected and let go of.

mod life;
mod rules;
mod scenery;
mod schema;
mod stuck;
mod trip;
mod written;
