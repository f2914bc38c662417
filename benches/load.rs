//! The hot path of the load generator: what every request and every second cost. Opens no socket.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use gameday::exercise::histogram::{LatencyHistogram, PackedHistogram};
use gameday::gameday::load::{LoadPattern, RateCurve};
use gameday::gameday::span::Span;
use gameday::load::pacer::Pacer;

/// Latencies as a busy second has them: 10,000, spread over three decades.
fn busy_second() -> LatencyHistogram {
    let mut histogram = LatencyHistogram::new();
    for index in 0..10_000_u64 {
        histogram.record(100 + (index * index) % 100_000);
    }
    histogram
}

fn histogram(criterion: &mut Criterion) {
    let mut counted = LatencyHistogram::new();
    let mut value = 1_u64;
    criterion.bench_function("histogram: record one latency", |bencher| {
        bencher.iter(|| {
            value = value.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            counted.record(black_box(value >> 44));
        });
    });
    let full = busy_second();
    criterion.bench_function("histogram: pack a busy second", |bencher| {
        bencher.iter(|| PackedHistogram::pack(black_box(&full)));
    });
    let packed = PackedHistogram::pack(&full);
    criterion.bench_function("histogram: unpack a busy second", |bencher| {
        bencher.iter(|| black_box(&packed).unpack());
    });
    let mut sum = LatencyHistogram::new();
    criterion.bench_function("histogram: merge a busy second", |bencher| {
        bencher.iter(|| sum.merge(black_box(&full)));
    });
    criterion.bench_function("histogram: clear", |bencher| bencher.iter(|| sum.clear()));
}

fn pacer(criterion: &mut Criterion) {
    let patterns = [
        ("constant", LoadPattern::Constant { rps: 10_000.0 }),
        ("linear", LoadPattern::Linear { start: 9_000.0, end: 11_000.0 }),
    ];
    for (name, pattern) in patterns {
        criterion.bench_function(&format!("pacer: one second at 10,000 rps, {name}"), |bencher| {
            bencher.iter(|| {
                let mut pacer = Pacer::new(Duration::ZERO);
                let duration = Span::from_secs(1);
                let curve = RateCurve { pattern, duration, position: Span::ZERO };
                pacer.follow(curve, Duration::ZERO);
                let mut count = 0_u32;
                for tick in 1..=2_500 {
                    while pacer.pop(Duration::from_micros(400) * tick).is_some() {
                        count += 1;
                    }
                    black_box(pacer.peek(Duration::from_secs(1)));
                }
                count
            });
        });
    }
}

criterion_group!(benches, histogram, pacer);
criterion_main!(benches);
