//! How far back a server can be asked about a service: what it keeps, where it says so, and else how old the oldest data is
//! that it finds. Not what is made of it.

use super::prometheus::Prometheus;
use crate::exercise::watch::Short;
use crate::gameday::service::Service;
use crate::gameday::span::Span;
use crate::port::source::{Ask, Over, Source as _};

/// So many looks into a period.
const LOOKS: f64 = 100.0;

/// Each of them looks at no more.
const LONGEST_LOOK: Span = Span::from_secs(3_600);

/// How far back it goes with each service, where that is less than its period; what nobody knows is not said.
pub async fn short(prometheus: &Prometheus, services: &[Service], now: i64) -> Vec<Short> {
    let keeps = prometheus.retention().await.ok().flatten();
    let mut all = Vec::new();
    for (service, one) in services.iter().enumerate() {
        let keeps = keeps.filter(|keeps| *keeps < one.period);
        let since = match keeps {
            Some(_) => None,
            None => oldest(prometheus, one, now).await,
        };
        if keeps.is_some() || since.is_some() {
            all.push(Short { service, keeps, since });
        }
    }
    all
}

/// When the data begins that a period would need, where it begins within it; `None`: before it, or nobody knows.
async fn oldest(prometheus: &Prometheus, service: &Service, now: i64) -> Option<i64> {
    let step = service.period.scaled(1.0 / LOOKS).max(Span::from_secs(60));
    let from = now.saturating_sub_unsigned(service.period.as_millis());
    let query = service.share_over(step.min(LONGEST_LOOK));
    let found = prometheus.ask(&Ask { query, over: Over::range(from, now, step) }).await.ok()?;
    let [track] = found.tracks.as_slice() else { return None };
    let first = track.dots.iter().find(|dot| dot.value.figure().is_some())?.at;
    // A look or two may have missed it.
    let late = from.saturating_add_unsigned(step.as_millis().saturating_mul(3));
    (first > late).then_some(first)
}
