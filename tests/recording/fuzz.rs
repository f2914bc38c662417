//! Recordings mutated by chance, in bytes and in lines, with hashes that fit again or do not, packed or not: an answer,
//! never a panic.
//!
//! `GAMEDAY_FUZZ_SECONDS=600 cargo test --release -- --ignored fuzz` goes on for so long; `GAMEDAY_FUZZ_SEED` begins elsewhere.

use std::path::Path;
use std::time::{Duration, Instant};

use gameday::cli::pack::run as pack;
use gameday::cli::report::{Format, run as report};
use gameday::exercise::wire::encode;
use gameday::lang::Language;
use gameday::port::tape::Tape as _;
use gameday::recording::chain::Chain;
use gameday::recording::pack::Way;
use gameday::recording::read::{Trust, read};
use gameday::recording::tape::RecordedTape;
use gameday::recording::verify::verify;
use oorandom::Rand64;

use super::{long, story};

/// What stands in for a number or a text now and then.
const ODD: [&str; 16] = [
    "-1",
    "0",
    "null",
    "1e308",
    "-1e308",
    "18446744073709551615",
    "9223372036854775807",
    "-9223372036854775808",
    "99999999999999999999999999",
    "4294967296",
    "0.1",
    "[]",
    "{}",
    "\"\"",
    "\"\\u0000\\u001b[2J\"",
    "true",
];

fn below(random: &mut Rand64, end: usize) -> usize {
    random.rand_range(0..end.max(1) as u64) as usize
}

/// Good recordings to begin with, each as its lines without hashes.
fn seeds() -> Vec<Vec<String>> {
    let of = |header: String, envelopes: Vec<_>| -> Vec<String> {
        std::iter::once(header).chain(envelopes.iter().map(|one| encode(one).unwrap())).collect()
    };
    let header = serde_json::to_string(&story::header()).unwrap();
    vec![
        of(header.clone(), story::beginning()),
        of(header.clone(), story::envelopes()),
        of(serde_json::to_string(&long::header(200)).unwrap(), long::envelopes(200)),
        of(header, Vec::new()),
    ]
}

/// Changes a line within its JSON: a number or a text becomes another.
fn odd_value(line: &mut String, random: &mut Rand64) {
    let starts: Vec<usize> = line
        .char_indices()
        .filter(|(at, one)| *one == ':' && !line[..*at].ends_with('\\'))
        .map(|(at, _)| at + 1)
        .collect();
    let Some(start) = starts.get(below(random, starts.len())).copied() else { return };
    let length = line[start..].find([',', '}', ']']).unwrap_or(0);
    line.replace_range(start..start + length, ODD[below(random, ODD.len())]);
}

fn mutate_lines(lines: &mut Vec<String>, random: &mut Rand64) {
    for _ in 0..=below(random, 4) {
        let at = below(random, lines.len());
        let other = below(random, lines.len());
        match below(random, 8) {
            0 if lines.len() > 1 => drop(lines.remove(at)),
            1 => lines.insert(other, lines[at].clone()),
            2 => lines.swap(at, other),
            3 => lines[at] = lines[at].chars().take(below(random, 400)).collect(),
            _ => odd_value(&mut lines[at], random),
        }
    }
}

/// Events numbered in order again, so that more than their numbers is looked at.
fn renumber(lines: &mut [String]) {
    for (seq, line) in lines.iter_mut().enumerate().skip(1) {
        let rest = line.find(",\"t\":").map(|at| line[at..].to_owned());
        if let Some(rest) = rest.filter(|_| line.starts_with("{\"seq\":")) {
            *line = format!("{{\"seq\":{seq}{rest}");
        }
    }
}

fn mutate_bytes(bytes: &mut Vec<u8>, random: &mut Rand64) {
    for _ in 0..=below(random, 6) {
        let at = below(random, bytes.len());
        let to = (at + below(random, 60)).min(bytes.len());
        match below(random, 5) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..to)),
            2 => {
                let some = bytes[at..to].to_vec();
                let place = below(random, bytes.len());
                drop(bytes.splice(place..place, some));
            }
            3 => bytes.insert(at, random.rand_u64() as u8),
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = random.rand_u64() as u8;
                }
            }
        }
    }
}

fn mutated(seeds: &[Vec<String>], random: &mut Rand64) -> Vec<u8> {
    let mut lines = seeds[below(random, seeds.len())].clone();
    let how = below(random, 8);
    if how > 1 {
        mutate_lines(&mut lines, random);
    }
    if how > 3 {
        renumber(&mut lines);
    }
    let mut chain = Chain::new();
    let mut bytes: Vec<u8> = lines.iter().flat_map(|line| chain.seal(line).into_bytes()).collect();
    if how == 0 || how == 2 {
        mutate_bytes(&mut bytes, random);
    }
    if below(random, 4) == 0 {
        bytes = zstd::stream::encode_all(&bytes[..], 1).unwrap();
        if below(random, 2) == 0 {
            mutate_bytes(&mut bytes, random);
        }
    }
    bytes
}

/// Whether it could be opened.
fn tried(path: &Path, bytes: &[u8], random: &mut Rand64) -> bool {
    std::fs::write(path, bytes).unwrap();
    let whole = read(path);
    assert_eq!(verify(path).is_ok(), whole.is_ok());
    let opened = RecordedTape::open(path, Trust::Anyway);
    assert!(opened.is_ok() || whole.is_err(), "{:?}", opened.map(drop));
    let out = path.with_extension("out");
    if below(random, 4) == 0 {
        let way = if below(random, 2) == 0 { Way::Pack } else { Way::Unpack };
        if pack(path, way, Some(&out)).success {
            assert_eq!(read(&out), whole);
        }
        drop(std::fs::remove_file(&out));
    }
    let Ok(mut tape) = opened else { return false };
    let last = tape.last();
    for _ in 0..3 {
        let seq = below(random, last as usize + 2) as u64;
        assert_eq!(tape.state(seq).is_ok(), seq <= last);
        assert_eq!(tape.event(seq).unwrap().is_some(), (1..=last).contains(&seq));
        assert!(tape.at(tape.stamp(seq.min(last)).elapsed) <= last);
    }
    let formats = [Format::Markdown, Format::Html, Format::Json, Format::Junit];
    if below(random, 4) == 0 {
        let format = formats[below(random, formats.len())];
        assert!(report(path, format, Language::English, true).success);
    }
    true
}

fn run(seed: u64, mut more: impl FnMut(u64) -> bool) -> (u64, u64) {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("a.jsonl");
    let (seeds, mut count, mut opened) = (seeds(), 0, 0);
    while more(count) {
        // Each by itself, so that one that fails can be tried again.
        let mut random = Rand64::new(u128::from(seed + count));
        let bytes = mutated(&seeds, &mut random);
        let answer = std::panic::catch_unwind(|| tried(&path, &bytes, &mut random.clone()));
        opened +=
            u64::from(answer.unwrap_or_else(|_| panic!("GAMEDAY_FUZZ_SEED={}", seed + count)));
        count += 1;
    }
    (count, opened)
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn mutated_recordings_are_answered() {
    let (count, opened) = run(1, |count| count < 80);
    assert!(opened > 10 && opened < count, "{opened} of {count} open: both ways must be tried");
}

#[test]
#[ignore = "goes on for GAMEDAY_FUZZ_SECONDS, else for a minute"]
fn fuzz_recordings() {
    let length = Duration::from_secs(number("GAMEDAY_FUZZ_SECONDS").unwrap_or(60));
    let begun = Instant::now();
    let seed = number("GAMEDAY_FUZZ_SEED").unwrap_or(1_000_000);
    let (count, opened) = run(seed, |_| begun.elapsed() < length);
    println!("{count} recordings from seed {seed}, {opened} of them open");
}
