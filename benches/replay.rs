//! What it costs to open a recording and to go anywhere in it: two hours and a day, a sample and a reading each second.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "the recordings are those of the tests, which use more of them and stop at the first surprise"
)]

use std::hint::black_box;
use std::path::Path;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use gameday::port::recording::Recording;
use gameday::port::tape::Tape;
use gameday::recording::file::FileRecording;
use gameday::recording::pack::{Way, pack};
use gameday::recording::read::Trust;
use gameday::recording::tape::RecordedTape;

#[path = "../tests/recording/long.rs"]
mod long;
#[path = "../tests/recording/story.rs"]
mod story;

fn opened(path: &Path) -> RecordedTape {
    RecordedTape::open(path, Trust::Anyway).unwrap()
}

fn tape(criterion: &mut Criterion, name: &str, hours: u64) {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("a.jsonl");
    let mut recording = FileRecording::create(&path, &long::header(hours * 3_600)).unwrap();
    recording.append(&long::envelopes(hours * 3_600)).unwrap();
    drop(recording);
    let packed = pack(&path, Way::Pack, None).unwrap().path;

    criterion.bench_function(&format!("replay: open {name}"), |bencher| {
        bencher.iter_batched(|| (), |()| opened(black_box(&path)), BatchSize::PerIteration);
    });
    criterion.bench_function(&format!("replay: open {name}, packed"), |bencher| {
        bencher.iter_batched(|| (), |()| opened(black_box(&packed)), BatchSize::PerIteration);
    });
    let mut tape = opened(&path);
    let last = tape.last();
    let mut nth = 0;
    criterion.bench_function(&format!("replay: seek anywhere in {name}"), |bencher| {
        bencher.iter(|| {
            nth += 1;
            tape.state(nth * 7_919 % (last + 1)).unwrap()
        });
    });
    let mut seq = last;
    criterion.bench_function(&format!("replay: one event back in {name}"), |bencher| {
        bencher.iter(|| {
            seq = seq.checked_sub(1).unwrap_or(last);
            tape.state(seq).unwrap()
        });
    });
    let mut seq = 0;
    criterion.bench_function(&format!("replay: one event on in {name}"), |bencher| {
        bencher.iter(|| {
            seq = (seq + 1) % (last + 1);
            tape.state(seq).unwrap()
        });
    });
}

fn tapes(criterion: &mut Criterion) {
    tape(criterion, "two hours", 2);
    tape(criterion, "a day", 24);
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = tapes
}
criterion_main!(benches);
