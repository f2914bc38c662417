//! Whole screens at three sizes, and keys in, commands out.

mod keys;
mod looks;
mod pty;
mod scenes;
mod whole;
