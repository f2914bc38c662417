//! Whole screens at three sizes, and keys in, commands out.

mod keys;
mod scenes;
mod whole;
