//! Objectives written as plain sentences that have one clear meaning. Whatever is not understood is left to people.

/// The measure that `sentence` stands for: `Maintain 99.9% availability` is `availability >= 99.9%`. `None`: a person has to
/// judge.
pub fn measure_of(sentence: &str) -> Option<String> {
    let lower = sentence.trim().trim_end_matches('.').to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    match words.as_slice() {
        ["maintain" | "keep", share, "availability"] => {
            is_share(share).then(|| format!("availability >= {share}"))
        }
        ["keep" | "maintain", quantile, "latency", "under" | "below", limit] => {
            let known = ["p50", "p90", "p95", "p99", "p999"].contains(quantile);
            let fits = known && humantime::parse_duration(limit).is_ok();
            fits.then(|| format!("latency_{quantile} < {limit}"))
        }
        ["scale", "to", factor, "normal", "load"] => {
            let factor = factor.strip_suffix('x')?;
            let value: f64 = factor.parse().ok()?;
            (value.is_finite() && value > 0.0)
                .then(|| format!("peak(throughput) >= {value} * baseline(throughput)"))
        }
        ["coordinate", "incident", "response"] => {
            Some("incidents.total > 0 and incidents.resolved == incidents.total".to_owned())
        }
        _ => None,
    }
}

fn is_share(word: &str) -> bool {
    word.strip_suffix('%')
        .and_then(|number| number.parse::<f64>().ok())
        .is_some_and(|percent| (0.0..=100.0).contains(&percent))
}
