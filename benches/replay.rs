//! What it costs to open a recording and to go anywhere in it: two hours and a day, a sample and a reading each second.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "the recordings are those of the tests, which use more of them and stop at the first surprise"
)]

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use gameday::exercise::event::Envelope;
use gameday::exercise::event::Event;
use gameday::exercise::fold::apply;
use gameday::exercise::header::Header;
use gameday::exercise::series::Point;
use gameday::exercise::state::State;
use gameday::port::recording::Recording;
use gameday::recording::file::FileRecording;
use gameday::recording::read::read;
use gameday::recording::verify::verify;
use std::sync::Arc;

#[path = "../tests/recording/long.rs"]
mod long;
#[path = "../tests/recording/story.rs"]
mod story;

fn written(path: &Path, header: &Header, envelopes: &[Envelope]) {
    let mut recording = FileRecording::create(path, header).unwrap();
    recording.append(envelopes).unwrap();
}

fn main() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("two.jsonl");
    written(&path, &long::header(7_200), &long::envelopes(7_200));
    println!("size {}", std::fs::metadata(&path).unwrap().len());
    for _ in 0..3 {
        let t = Instant::now();
        let text = std::fs::read(&path).unwrap();
        println!("read file {:?}", t.elapsed());
        let t = Instant::now();
        let n = text.iter().filter(|b| **b == b'\n').count();
        println!("lines {n} {:?}", t.elapsed());
        let mut chain = gameday::recording::chain::Chain::new();
        let t = Instant::now();
        for line in text.split(|b| *b == b'\n') {
            black_box(chain.check(line));
        }
        println!("chain {:?}", t.elapsed());
        let t = Instant::now();
        for line in text.split(|b| *b == b'\n').filter(|l| !l.is_empty()) {
            black_box(serde_json::from_slice::<serde_json::Value>(line).unwrap());
        }
        println!("json to Value {:?}", t.elapsed());
        let t = Instant::now();
        for line in text.split(|b| *b == b'\n').filter(|l| !l.is_empty()) {
            black_box(serde_json::from_slice::<serde::de::IgnoredAny>(line).unwrap());
        }
        println!("json ignored {:?}", t.elapsed());
        let t = Instant::now();
        verify(&path).unwrap();
        println!("verify {:?}", t.elapsed());
        let t = Instant::now();
        let recorded = read(&path).unwrap();
        println!("read {:?}", t.elapsed());
        let t = Instant::now();
        let points: Vec<Point> = recorded
            .envelopes
            .iter()
            .filter_map(|e| match &e.event {
                Event::Sampled(s) => Some(Point::from(s.clone())),
                _ => None,
            })
            .collect();
        println!("points {} {:?}", points.len(), t.elapsed());
        let t = Instant::now();
        let mut state = State::new(Arc::new(recorded.header.clone()));
        for one in &recorded.envelopes {
            apply(&mut state, one);
        }
        println!("fold {:?}", t.elapsed());
        let t = Instant::now();
        let again = state.clone();
        println!("clone {:?}", t.elapsed());
        let t = Instant::now();
        drop(again);
        println!("drop {:?}", t.elapsed());
        use gameday::port::tape::Tape as _;
        let t = Instant::now();
        let mut tape = gameday::recording::tape::RecordedTape::open(
            &path,
            gameday::recording::read::Trust::Anyway,
        )
        .unwrap();
        println!("TAPE open {:?}", t.elapsed());
        let last = tape.last();
        let mut worst = std::time::Duration::ZERO;
        let mut sum = worst;
        for n in 0..200u64 {
            let seq = n * 7919 % (last + 1);
            let t = Instant::now();
            black_box(tape.state(seq).unwrap());
            let e = t.elapsed();
            worst = worst.max(e);
            sum += e;
        }
        println!("TAPE seek mean {:?} worst {:?}", sum / 200, worst);
    }
}
