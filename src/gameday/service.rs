//! A service's promise over a period, and the question to its monitoring that tells how much of it is used. Not the answer,
//! and not how a promise is kept during an exercise (see `plan`).

use serde::{Deserialize, Serialize};

use super::span::Span;

/// Stands in a query for the window it is asked over.
pub const WINDOW: &str = "{window}";

/// The period where nobody says another.
pub const USUAL_PERIOD: Span = Span::from_secs(30 * 24 * 60 * 60);

/// A promise about a service over a period, that its monitoring can be asked about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Service {
    /// Its name, by which it is told from others: lower-case letters, digits, dashes.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// The share that has to be good: above 0, below 1.
    pub objective: f64,
    /// Over how long.
    pub period: Span,
    /// How the bad share is asked for.
    pub share: Share,
}

/// How the bad share is asked for, in PromQL; `{window}` stands for the window (`5m`, `1h`, `3d`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Share {
    /// By what is bad, of all.
    Events { bad: String, all: String },
    /// By what is good, of all.
    Good { good: String, all: String },
    /// The bad share itself.
    Ratio(String),
}

impl Service {
    /// PromQL of the bad share over `window`. Without traffic it has no value. Where there is traffic and not one series of
    /// what is counted, as before the first error, nothing of it is counted; but series that do not fit together are no data.
    pub fn share_over(&self, window: Span) -> String {
        self.share.over(window)
    }

    /// The share that may be bad.
    pub fn allowed(&self) -> f64 {
        1.0 - self.objective
    }
}

impl Share {
    /// PromQL of the bad share over `window`.
    pub fn over(&self, window: Span) -> String {
        self.with(&promql(window))
    }

    /// The same with something else in the place of the window.
    pub(super) fn with(&self, window: &str) -> String {
        let filled = |query: &str| closed(&query.replace(WINDOW, window));
        // Without labels to match on, what stands behind `or` counts only where nothing at all stands before it.
        let part = |of: &str, all: &str| {
            let (of, all) = (filled(of), filled(all));
            format!("({of} or on() 0 * {all}) / {all}")
        };
        match self {
            Self::Events { bad, all } => part(bad, all),
            Self::Good { good, all } => format!("1 - {}", part(good, all)),
            Self::Ratio(ratio) => filled(ratio),
        }
    }
}

/// A query in brackets. A comment at its end would swallow the last of them.
pub(super) fn closed(query: &str) -> String {
    let query = query.trim();
    if query.contains('#') { format!("({query}\n)") } else { format!("({query})") }
}

/// A window in the notation of Prometheus: `5m`, `1h30m`, `30d`. None is shorter than a millisecond.
pub fn promql(window: Span) -> String {
    let mut rest = window.as_millis().max(1);
    let mut out = String::new();
    for (unit, size) in
        [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)]
    {
        if rest >= size {
            out.push_str(&format!("{}{unit}", rest / size));
            rest %= size;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_written_as_prometheus_reads_them() {
        for (millis, written) in [
            (300_000, "5m"),
            (5_400_000, "1h30m"),
            (86_400_000 * 30, "30d"),
            (90_061_001, "1d1h1m1s1ms"),
            (0, "1ms"),
        ] {
            assert_eq!(promql(Span::from_millis(millis)), written);
        }
    }

    #[test]
    fn a_share_is_asked_for_over_its_window() {
        let bad = "sum(rate(e{code=~\"5..\"}[{window}]))".to_owned();
        let all = "sum(rate(e[{window}]))".to_owned();
        for (share, asked) in [
            (
                Share::Events { bad: bad.clone(), all: all.clone() },
                "((sum(rate(e{code=~\"5..\"}[1h]))) or on() 0 * (sum(rate(e[1h])))) / (sum(rate(e[1h])))",
            ),
            (
                Share::Good { good: "a".to_owned(), all },
                "1 - ((a) or on() 0 * (sum(rate(e[1h])))) / (sum(rate(e[1h])))",
            ),
            (Share::Ratio("\n1 - up # now\n".to_owned()), "(1 - up # now\n)"),
        ] {
            assert_eq!(share.over(Span::from_secs(3_600)), asked);
        }
        let share = Share::Ratio(bad);
        let service = Service {
            name: "shop".to_owned(),
            title: "Shop".to_owned(),
            objective: 0.75,
            period: USUAL_PERIOD,
            share,
        };
        assert_eq!(service.share_over(Span::from_secs(1)), "(sum(rate(e{code=~\"5..\"}[1s])))");
        assert_eq!(service.allowed(), 0.25);
    }
}
