//! Whether one figure is better than another. Not where the figures come from.
//!
//! A difference counts only beyond noise, which depends on what was measured:
//!
//! | unit | within this, two figures are the same |
//! |---|---|
//! | length of time | 5 s or a tenth of the larger, whichever is more |
//! | latency | 5 ms or a tenth of the larger |
//! | availability | 0.01 points, a tenth of the larger share of failures, or two standard errors of the difference |
//! | budget used | 1 point or a tenth of the larger |
//! | rate | a fiftieth of the larger |
//! | count | nothing |

use super::model::{Cell, Change, Figure};

/// What is measured, and which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) what: &'static str,
    pub(super) noise: Noise,
    /// `higher`, `lower`, `neither`.
    pub(super) better: &'static str,
    /// Whether it hangs on the load, so that it says nothing where that differs.
    pub(super) by_load: bool,
    /// Whether it hangs on the length of the exercise.
    pub(super) by_length: bool,
}

/// What of a difference is only noise, and the unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Noise {
    Word,
    Count,
    Length,
    Latency,
    Lag,
    Availability,
    Budget,
    Rate,
}

impl Noise {
    /// The name of its unit.
    pub(in crate::report) const fn unit(self) -> &'static str {
        match self {
            Self::Word => "word",
            Self::Count => "count",
            Self::Length => "length",
            Self::Latency => "ms",
            Self::Lag => "us",
            Self::Availability | Self::Budget => "share",
            Self::Rate => "rate",
        }
    }

    /// By so much two figures may differ and be the same.
    pub(in crate::report) fn within(self, a: &Cell, b: &Cell) -> f64 {
        let number = |cell: &Cell| cell.value.map_or(0.0, Figure::number);
        let (x, y) = (number(a), number(b));
        let larger = x.abs().max(y.abs());
        match self {
            Self::Word | Self::Count => 0.0,
            Self::Length => (larger / 10.0).max(5_000.0),
            Self::Latency => (larger / 10.0).max(5.0),
            Self::Lag => (larger / 10.0).max(1_000.0),
            Self::Budget => (larger / 10.0).max(0.01),
            Self::Rate => larger / 50.0,
            Self::Availability => {
                let failed = (1.0 - x).max(1.0 - y).abs();
                (failed / 10.0).max(0.000_1).max(2.0 * standard_error((x, a), (y, b)))
            }
        }
    }
}

/// Of the difference of two shares, by the requests they rest on; 0 where those are not known.
fn standard_error((x, a): (f64, &Cell), (y, b): (f64, &Cell)) -> f64 {
    let (Some(n), Some(m)) = (a.requests, b.requests) else { return 0.0 };
    if n == 0 || m == 0 {
        return 0.0;
    }
    let (n, m) = (n as f64, m as f64);
    let both = ((x * n + y * m) / (n + m)).clamp(0.0, 1.0);
    (both * (1.0 - both) * (1.0 / n + 1.0 / m)).sqrt()
}

/// From `first` to `this`; `hindered`: why they may not be compared.
pub(super) fn change(
    kind: Kind,
    first: &Cell,
    this: &Cell,
    hindered: Option<&'static str>,
) -> Change {
    let not = |by, why| Change { by, answer: "not comparable", why: Some(why) };
    if !first.there || !this.there {
        return not(None, "only in one");
    }
    if kind.noise == Noise::Word {
        return words(kind, first, this);
    }
    // An SLO that was never violated has no worst value, and that is better than any.
    match (first.word, this.word) {
        (Some("kept"), Some("kept")) => return Change { by: None, answer: "same", why: None },
        (Some("kept"), None) if this.value.is_some() && hindered.is_none() => {
            return Change { by: None, answer: "worse", why: None };
        }
        (None, Some("kept")) if first.value.is_some() && hindered.is_none() => {
            return Change { by: None, answer: "better", why: None };
        }
        _ => {}
    }
    let (Some(a), Some(b)) = (first.value, this.value) else {
        let said = first.word.is_some() || this.word.is_some();
        return not(None, if said { "no value" } else { "no data" });
    };
    let by = Some(difference(a, b));
    if let Some(why) = hindered {
        return not(by, why);
    }
    let delta = b.number() - a.number();
    if !delta.is_finite() {
        return not(None, "no data");
    }
    // What floating point makes of a difference right at the edge is no difference.
    if delta.abs() <= kind.noise.within(first, this) * (1.0 + 1e-9) {
        return Change { by, answer: "same", why: None };
    }
    let answer = match (kind.better, delta > 0.0) {
        ("higher", true) | ("lower", false) => "better",
        ("higher", false) | ("lower", true) => "worse",
        _ => "different",
    };
    Change { by, answer, why: None }
}

fn difference(a: Figure, b: Figure) -> Figure {
    match (a, b) {
        (Figure::Whole(a), Figure::Whole(b)) => {
            let whole = i128::from(b) - i128::from(a);
            Figure::Signed(i64::try_from(whole).unwrap_or(i64::MAX))
        }
        _ => Figure::Real(b.number() - a.number()),
    }
}

fn words(kind: Kind, first: &Cell, this: &Cell) -> Change {
    let rank = |cell: &Cell| cell.word.and_then(rank);
    let answer = match (rank(first), rank(this)) {
        _ if kind.better == "neither" && first.word == this.word => "same",
        _ if kind.better == "neither" => "different",
        (Some(a), Some(b)) if a == b => "same",
        (Some(a), Some(b)) if b > a => "better",
        (Some(_), Some(_)) => "worse",
        _ => {
            let empty = |cell: &Cell| matches!(cell.word, None | Some("no data"));
            let why = if empty(first) || empty(this) { "no data" } else { "words" };
            return Change { by: None, answer: "not comparable", why: Some(why) };
        }
    };
    Change { by: None, answer, why: None }
}

/// Words that say how well it went, the worst 0; others say nothing of that.
fn rank(word: &str) -> Option<u8> {
    match word {
        "not met" | "not detected" | "not mitigated" | "not recovered" => Some(0),
        "met" | "detected" | "mitigated" | "recovered" => Some(1),
        "no SLO was violated" | "never left the steady state" => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(value: f64, requests: Option<u64>) -> Cell {
        Cell { there: true, value: Some(Figure::Real(value)), requests, ..Cell::default() }
    }

    fn kind(noise: Noise, better: &'static str) -> Kind {
        Kind { what: "x", noise, better, by_load: false, by_length: false }
    }

    #[test]
    fn only_what_is_beyond_noise_is_better_or_worse() {
        let many = Some(1_000_000);
        for (noise, better, a, b, requests, answer) in [
            // 5 s, or a tenth of a minute and a half: 9 s.
            (Noise::Length, "lower", 20_000.0, 25_000.0, None, "same"),
            (Noise::Length, "lower", 20_000.0, 25_001.0, None, "worse"),
            (Noise::Length, "lower", 90_000.0, 81_000.0, None, "same"),
            (Noise::Length, "lower", 90_000.0, 80_000.0, None, "better"),
            (Noise::Latency, "lower", 20.0, 24.9, None, "same"),
            (Noise::Latency, "lower", 200.0, 179.0, None, "better"),
            (Noise::Availability, "higher", 1.0, 0.999_91, many, "same"),
            (Noise::Availability, "higher", 0.999, 0.998, many, "worse"),
            // One request of a hundred: 2 × √(0.005 × 0.995 × 0.02) = 2 %.
            (Noise::Availability, "higher", 1.0, 0.99, Some(100), "same"),
            (Noise::Availability, "higher", 1.0, 0.99, None, "worse"),
            (Noise::Count, "lower", 2.0, 1.0, None, "better"),
            (Noise::Count, "lower", 0.0, 0.0, None, "same"),
            (Noise::Budget, "lower", 0.5, 0.54, None, "same"),
            (Noise::Budget, "lower", 0.5, 0.4, None, "better"),
            (Noise::Rate, "neither", 100.0, 101.9, None, "same"),
            (Noise::Rate, "neither", 100.0, 110.0, None, "different"),
        ] {
            let found = change(kind(noise, better), &cell(a, requests), &cell(b, requests), None);
            assert_eq!(found.answer, answer, "{noise:?} {a} {b}");
        }
    }

    #[test]
    fn no_data_is_neither_better_nor_worse() {
        let none = Cell { there: true, ..Cell::default() };
        let lower = kind(Noise::Length, "lower");
        let some = cell(9.0, None);
        assert_eq!(change(lower, &none, &some, None).why, Some("no data"));
        assert_eq!(change(lower, &some, &none, None).answer, "not comparable");
        assert_eq!(change(lower, &some, &Cell::default(), None).why, Some("only in one"));
        let hindered = change(lower, &cell(0.0, None), &cell(60_000.0, None), Some("load"));
        assert_eq!((hindered.answer, hindered.why), ("not comparable", Some("load")));
        assert_eq!(hindered.by, Some(Figure::Real(60_000.0)), "the figures are shown all the same");
    }

    #[test]
    fn words_have_an_order_where_they_have_one() {
        let word = |word| Cell { there: true, word: Some(word), ..Cell::default() };
        let higher = kind(Noise::Word, "higher");
        for (a, b, answer, why) in [
            ("not met", "met", "better", None),
            ("met", "not met", "worse", None),
            ("met", "met", "same", None),
            ("no data", "met", "not comparable", Some("no data")),
            ("not scored", "met", "not comparable", Some("words")),
            ("not in effect", "not detected", "not comparable", Some("words")),
            ("recovered", "never left the steady state", "better", None),
        ] {
            let found = change(higher, &word(a), &word(b), None);
            assert_eq!((found.answer, found.why), (answer, why), "{a} {b}");
        }
    }
}
