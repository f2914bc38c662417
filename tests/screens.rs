//! Whole screens at three sizes, and keys in, commands out.

mod actions;
mod cluster;
mod compare;
mod debrief;
mod japanese;
mod keymaps;
mod keys;
mod lines;
mod live;
mod looks;
mod marks;
mod mono;
mod pages;
mod people;
mod pictures;
mod pty;
mod queries;
mod relay;
mod replay;
mod scenes;
mod still;
mod toasts;
mod watch;
mod way;
pub mod whole;
