//! Whole screens at three sizes, and keys in, commands out.

mod keys;
mod pty;
mod scenes;
mod way;
mod whole;
