//! The recording on disk.

pub mod arbitrary;
mod damage;
mod disk;
mod earlier;
mod files;
mod folder;
mod fuzz;
pub mod long;
mod pack;
pub mod story;
mod tape;
mod wire;

use std::path::Path;

use gameday::exercise::event::Envelope;
use gameday::exercise::header::Header;
use gameday::port::recording::Recording;
use gameday::recording::file::FileRecording;

/// Writes a whole recording and lets go of it.
pub fn written(path: &Path, header: &Header, envelopes: &[Envelope]) {
    let mut recording = FileRecording::create(path, header).unwrap();
    recording.append(envelopes).unwrap();
}
