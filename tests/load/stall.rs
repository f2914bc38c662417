//! A server that stalls: the wait of everybody who came meanwhile must be seen.

use std::time::{Duration, Instant};

use super::rig::{Run, assert_complete, latencies, order, server, text};

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_stall_of_two_seconds_makes_two_thousand_late_requests() {
    let begin = Instant::now();
    let (from, until) = (begin + Duration::from_secs(1), begin + Duration::from_secs(3));
    let address = server(move |_| async move {
        if Instant::now() >= from {
            // Passed at once when the stall is over.
            tokio::time::sleep_until(until.into()).await;
        }
        text(200, "late")
    })
    .await;
    let mut run = Run::at(order(address), 1_000.0);
    run.seconds(4).await;
    let samples = run.finish().await;
    assert_complete(&samples);
    for sample in &samples[1..4] {
        // Pacing waits for no answer.
        assert!((990..=1_010).contains(&sample.attempted), "{sample:?}");
    }
    // Everything that was under way in the stall ended in the second after it.
    let window = latencies(&samples[1..4]);
    let p99 = window.quantile_millis(990).unwrap();
    assert!((1_850.0..2_100.0).contains(&p99), "p99 {p99} ms");
    let max = window.max_millis().unwrap();
    assert!((1_950.0..2_300.0).contains(&max), "max {max} ms");
    // Of about 4,000 requests half met the stall and waited evenly from 0 to 2 s: 1,900 of them above 100 ms.
    // On a busy machine those that come while 2,000 answers are taken in are late as well.
    let all = latencies(&samples);
    let late = (0..=1_000_u16)
        .find(|&share| all.quantile_millis(share).unwrap() > 100.0)
        .map(|share| all.count() as f64 * f64::from(1_000 - share) / 1_000.0)
        .unwrap();
    assert!((1_850.0..=2_350.0).contains(&late), "{late} late");
    let mean = all.mean_millis().unwrap();
    assert!((450.0..650.0).contains(&mean), "mean {mean} ms");
}
