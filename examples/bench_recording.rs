//! Writes the recording that benchmarks of the replay open: so many hours of a made-up exercise, a sample and a reading each
//! second. `scripts/bench-screen` runs it. Not a benchmark itself.
//!
//!     cargo run --example bench_recording -- FILE HOURS
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the recordings are those of the tests, which use more of them and stop at the first surprise"
)]

use std::path::Path;

use gameday::port::recording::Recording;
use gameday::recording::file::FileRecording;

#[path = "../tests/recording/long.rs"]
mod long;
#[path = "../tests/recording/story.rs"]
mod story;

fn main() {
    let mut asked = std::env::args().skip(1);
    let (file, hours) = asked.next().zip(asked.next()).expect("give a new file and how many hours");
    let seconds = hours.parse::<u64>().expect("hours are a number") * 3_600;
    let mut recording = FileRecording::create(Path::new(&file), &long::header(seconds)).unwrap();
    recording.append(&long::envelopes(seconds)).unwrap();
}
