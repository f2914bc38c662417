//! People at the live screen: what is listed over it, what can be done there, and what comes of it. Not the drawing.

pub mod act;
pub mod can;
pub mod items;
