//! What is sent against what was asked for.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use gameday::exercise::sample::Sample;
use gameday::gameday::load::{LoadPattern, RateCurve};
use gameday::gameday::metric::Metric;
use gameday::gameday::span::Span;
use gameday::port::load::{LoadError, LoadGenerator as _};

use super::rig::{Run, assert_complete, order, server, streams, sum, text};

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn every_second_of_a_ramp_is_within_one_percent_of_the_plan() {
    let address = server(|_| async { text(200, "hello") }).await;
    let mut run = Run::start(order(address)).unwrap();
    let pattern = LoadPattern::Linear { start: 500.0, end: 3_000.0 };
    run.generator.follow(RateCurve { pattern, duration: Span::from_secs(3), position: Span::ZERO });
    run.seconds(3).await;
    let samples = run.finish().await;
    assert_complete(&samples);
    for (second, sample) in samples[..3].iter().enumerate() {
        let ideal = 500.0 + 2_500.0 / 3.0 * (second as f64 + 0.5);
        // The curve was handed over some milliseconds after the clock began.
        assert!((sample.planned - ideal).abs() < ideal * 0.03, "{second}: {}", sample.planned);
        let off = (sample.attempted as f64 - sample.planned).abs();
        assert!(
            off <= sample.planned * 0.01,
            "{second}: {} of {}",
            sample.attempted,
            sample.planned
        );
        assert_eq!(sample.dropped, 0);
        assert!(sample.lag_p50_us > 0 && sample.lag_p50_us < 20_000, "{}", sample.lag_p50_us);
    }
    assert_eq!(sum(&samples, |sample| sample.ok), sum(&samples, |sample| sample.attempted));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_rate_is_changed_while_it_runs_and_no_traffic_is_no_data() {
    let address = server(|_| async { text(200, "") }).await;
    let mut run = Run::at(order(address), 200.0);
    run.seconds(1).await;
    run.generator.follow(RateCurve::flat(1_000.0));
    run.seconds(1).await;
    run.generator.follow(RateCurve::flat(0.0));
    run.seconds(2).await;
    let samples = run.finish().await;
    assert_complete(&samples);
    for (sample, ideal) in samples.iter().zip([200.0, 1_000.0, 0.0, 0.0]) {
        assert!((sample.attempted as f64 - ideal).abs() <= 20.0 + ideal * 0.02, "{sample:?}");
    }
    let idle = &samples[3];
    assert_eq!((idle.settled(), idle.planned), (0, 0.0));
    assert_eq!(idle.value(Metric::Availability), None);
    assert_eq!(idle.value(Metric::Latency(990)), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_is_beyond_the_bound_is_dropped_and_counted() {
    // Takes requests and never answers.
    let address = streams(|stream| async move {
        let mut rest = Vec::new();
        let (mut reader, _writer) = stream.into_split();
        let _ = tokio::io::AsyncReadExt::read_to_end(&mut reader, &mut rest).await;
    })
    .await;
    let mut order = order(address);
    order.traffic.max_in_flight = 50;
    order.traffic.timeout = Span::from_millis(400);
    let mut run = Run::at(order, 1_000.0);
    run.seconds(1).await;
    let samples = run.finish().await;
    assert_complete(&samples);
    assert!(samples.iter().all(|sample| sample.in_flight <= 50), "{samples:?}");
    let first = &samples[0];
    // 50 at once, and 50 more each time those have timed out: at 0.45 s and at 0.85 s.
    let sent = first.attempted - first.dropped;
    assert!((100..=150).contains(&sent), "{sent} sent");
    assert!(first.dropped > 800, "{first:?}");
    let timeouts: u64 = samples.iter().map(|sample| sample.errors.timeout).sum();
    assert_eq!(timeouts, sum(&samples, |sample| sample.attempted - sample.dropped));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn after_stop_nothing_is_sent_and_another_run_may_begin() {
    let seen = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&seen);
    let address = server(move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        async { text(200, "") }
    })
    .await;
    let mut run = Run::at(order(address), 500.0);
    assert_eq!(
        run.generator.start(order(address)).unwrap_err(),
        LoadError::Invalid("load is being sent already".to_owned())
    );
    run.seconds(1).await;
    run.generator.stop();
    let mut again = run.generator.start(order(address)).unwrap();
    run.generator.stop();
    while again.recv().await.is_some() {}
    let samples = run.finish().await;
    assert_complete(&samples);
    assert_eq!(
        seen.load(Ordering::Relaxed) as u64,
        sum(&samples, |sample: &Sample| sample.attempted)
    );
}
