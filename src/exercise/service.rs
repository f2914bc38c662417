//! The account of a promise over a longer period, as its monitoring tells it: what is spent of the budget, how fast it
//! burns, and when it is gone. Not the asking.
//!
//! The burn rate over a window is the bad share of it ÷ what may be bad (1 − objective). What is spent of the budget is the
//! burn rate over the whole period. The pairs of windows are those of the SRE workbook, chapter 5: for a page 2 % of the
//! budget in 1 h and 5 % in 6 h, for a ticket 10 % in 1 d and 10 % in 3 d, each with a short window of a twelfth.

use std::collections::BTreeMap;

use super::stamp::Stamp;
use crate::gameday::service::Service;
use crate::gameday::span::Span;

/// Over what a share is asked for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Over {
    /// The time of this length up to now.
    Last(Span),
    /// Since the watch began.
    Session,
}

/// How urgent it is when a pair burns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Somebody must come now.
    Page,
    /// It must be looked at in the next days.
    Ticket,
}

/// Two windows of a period and the rate at which both together raise the alarm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LongPair {
    /// The window that ends the alarm.
    pub short: Span,
    /// The window that raises it.
    pub long: Span,
    /// So much of the budget is gone after the long window.
    pub spends: f64,
    /// How urgent it is.
    pub urgency: Urgency,
}

const fn minutes(count: u64) -> Span {
    Span::from_secs(count * 60)
}

/// The pairs, the fastest first.
pub const PAIRS: [LongPair; 4] = [
    LongPair { short: minutes(5), long: minutes(60), spends: 0.02, urgency: Urgency::Page },
    LongPair { short: minutes(30), long: minutes(360), spends: 0.05, urgency: Urgency::Page },
    LongPair { short: minutes(120), long: minutes(1_440), spends: 0.1, urgency: Urgency::Ticket },
    LongPair { short: minutes(360), long: minutes(4_320), spends: 0.1, urgency: Urgency::Ticket },
];

/// The windows of the pairs, each once, the shortest first.
pub const WINDOWS: [Span; 7] = [
    minutes(5),
    minutes(30),
    minutes(60),
    minutes(120),
    minutes(360),
    minutes(1_440),
    minutes(4_320),
];

impl LongPair {
    /// The burn rate from which on it alarms, for a budget over `period`: 14.4 for the first one and 30 days.
    pub fn factor(&self, period: Span) -> f64 {
        self.spends * period.as_secs_f64() / self.long.as_secs_f64()
    }
}

/// What a pair says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// One of the windows has no data.
    NoData,
    /// Not even a window in which everything is bad reaches its rate.
    Impossible,
    /// Below its rate in one of the windows.
    Quiet,
    /// At its rate or above it in both.
    Burning,
}

/// The bad share of a window as it was last heard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heard {
    /// 0 to 1; `None`: no traffic, or no answer.
    pub share: Option<f64>,
    /// When.
    pub at: Stamp,
}

/// The account of one service.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    allowed: f64,
    period: Span,
    shares: BTreeMap<Over, Heard>,
}

impl Account {
    /// Nothing is known yet.
    pub fn new(service: &Service) -> Self {
        Self { allowed: service.allowed(), period: service.period, shares: BTreeMap::new() }
    }

    /// Takes in a share.
    pub fn take(&mut self, over: Over, share: Option<f64>, at: Stamp) {
        self.shares.insert(over, Heard { share, at });
    }

    /// What was last heard of a window.
    pub fn heard(&self, over: Over) -> Option<Heard> {
        self.shares.get(&over).copied()
    }

    /// The burn rate over a window, in multiples of what may be bad; `None`: no data.
    pub fn rate(&self, over: Over) -> Option<f64> {
        Some(self.heard(over)?.share? / self.allowed)
    }

    /// The highest rate there can be: everything is bad.
    pub fn ceiling(&self) -> f64 {
        1.0 / self.allowed
    }

    /// What is spent of the budget of the period: 1 is all of it. `None`: no data.
    pub fn spent(&self) -> Option<f64> {
        self.rate(Over::Last(self.period))
    }

    /// What of the budget of the period was spent in a session of the length `session`. `None`: no data.
    pub fn spent_in(&self, session: Span) -> Option<f64> {
        let part = session.as_secs_f64() / self.period.as_secs_f64();
        (part > 0.0).then_some(())?;
        self.rate(Over::Session).map(|rate| rate * part)
    }

    /// What a pair says.
    pub fn alarm(&self, pair: &LongPair) -> Alarm {
        let factor = pair.factor(self.period);
        // What is exactly at the rate is so in spite of floating point.
        let reaches = |rate: f64| rate * (1.0 + 1e-9) >= factor;
        if !reaches(self.ceiling()) {
            return Alarm::Impossible;
        }
        match (self.rate(Over::Last(pair.short)), self.rate(Over::Last(pair.long))) {
            (Some(short), Some(long)) if reaches(short) && reaches(long) => Alarm::Burning,
            (Some(_), Some(_)) => Alarm::Quiet,
            _ => Alarm::NoData,
        }
    }

    /// The most urgent pair that burns.
    pub fn burning(&self) -> Option<&'static LongPair> {
        PAIRS.iter().find(|pair| self.alarm(pair) == Alarm::Burning)
    }

    /// After how long the budget of the period is gone if it goes on as in the shortest window that has data; `None`: it is
    /// not known, gone already, or does not burn faster than it grows back.
    pub fn gone_in(&self) -> Option<Span> {
        let left = 1.0 - self.spent()?;
        let rate = WINDOWS.iter().find_map(|window| self.rate(Over::Last(*window)))?;
        if left <= 0.0 || rate <= 1.0 {
            return None;
        }
        let seconds = left * self.period.as_secs_f64() / rate;
        Some(Span::from_secs(seconds as u64))
    }

    /// The period that the budget is for.
    pub const fn period(&self) -> Span {
        self.period
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gameday::service::Share;

    fn account(objective: f64, shares: &[(Over, f64)]) -> Account {
        let mut account = Account::new(&Service {
            name: "checkout".to_owned(),
            title: "Checkout".to_owned(),
            objective,
            period: Span::from_secs(30 * 86_400),
            share: Share::Ratio("x".to_owned()),
        });
        for (over, share) in shares {
            account.take(*over, Some(*share), Stamp::default());
        }
        account
    }

    const fn last(count: u64) -> Over {
        Over::Last(minutes(count))
    }

    #[test]
    fn the_rates_of_the_pairs_are_those_of_the_workbook() {
        let factors = PAIRS.map(|pair| pair.factor(Span::from_secs(30 * 86_400)));
        for (factor, want) in factors.into_iter().zip([14.4, 6.0, 3.0, 1.0]) {
            assert!((factor - want).abs() < 1e-9, "{factor} {want}");
        }
        let mut windows: Vec<_> = PAIRS.iter().flat_map(|pair| [pair.short, pair.long]).collect();
        windows.sort();
        windows.dedup();
        assert_eq!(windows, WINDOWS);
    }

    #[test]
    fn both_windows_must_burn_and_what_is_left_says_when_it_is_gone() {
        // 0.1 % may be bad; 1.44 % is: exactly 14.4×.
        let burning = account(0.999, &[(last(5), 0.0144), (last(60), 0.0144)]);
        assert_eq!(burning.alarm(&PAIRS[0]), Alarm::Burning);
        assert_eq!(burning.burning().map(|pair| pair.urgency), Some(Urgency::Page));
        assert_eq!(burning.alarm(&PAIRS[1]), Alarm::NoData);
        assert_eq!((burning.spent(), burning.gone_in()), (None, None), "nobody knows the month");
        let over = account(0.999, &[(last(5), 0.0), (last(60), 0.05)]);
        assert_eq!(over.alarm(&PAIRS[0]), Alarm::Quiet);
        // Half of the month's budget is gone, and it burns at 120×: 15 days ÷ 120 = 3 h.
        let gone = account(0.999, &[(last(5), 0.12), (last(43_200), 0.0005)]);
        assert_eq!(gone.gone_in(), Some(Span::from_secs(3 * 3_600)));
        let calm = account(0.999, &[(last(5), 0.0009), (last(43_200), 0.0005)]);
        assert_eq!(calm.gone_in(), None, "it grows back faster than it burns");
        let spent = account(0.999, &[(last(5), 0.12), (last(43_200), 0.002)]);
        assert_eq!(spent.gone_in(), None, "it is gone already");
        // A tenth may be bad: more than 10× cannot be.
        let loose = account(0.9, &[(last(5), 1.0), (last(60), 1.0)]);
        assert_eq!(loose.alarm(&PAIRS[0]), Alarm::Impossible);
    }

    #[test]
    fn a_session_spends_its_part_of_the_month() {
        // An hour in which 3.6 % fail where 0.1 % may: 36× for 1 of 720 hours.
        let account = account(0.999, &[(Over::Session, 0.036)]);
        let spent = account.spent_in(Span::from_secs(3_600)).unwrap();
        assert!((spent - 0.05).abs() < 1e-9, "{spent}");
        assert_eq!(account.spent_in(Span::ZERO), None);
    }
}
