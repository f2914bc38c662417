//! The seams: traits between the domain and everything that has effects. No implementation stands here.

pub mod alerts;
pub mod clock;
pub mod feed;
pub mod instruments;
pub mod levers;
pub mod load;
pub mod permissions;
pub mod recording;
pub mod source;
pub mod tape;
pub mod target;
pub mod trouble;
