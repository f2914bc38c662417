//! Whole screens at three sizes, and keys in, commands out.

mod actions;
mod japanese;
mod keymaps;
mod keys;
mod live;
mod looks;
mod pty;
mod scenes;
mod way;
mod whole;
