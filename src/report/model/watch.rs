//! What a report says of a watch over a real system: what was asked, its alerts, its error budgets, and every query. Plain
//! data.

use serde::Serialize;

use super::time::Moment;

/// Everything that only a watch has.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Watch {
    /// The server that was asked, without anything secret.
    pub source: String,
    /// Where alerts came from; `None`: nobody asked for them.
    pub alert_source: Option<String>,
    /// Since when somebody watched; `None`: it never began.
    pub since: Option<Moment>,
    /// How long somebody watched.
    pub watched_ms: u64,
    /// The recording has so much of the time before; `None`: nothing of it.
    pub before_ms: Option<u64>,
    /// Times in which nobody watched.
    pub away: Vec<Away>,
    pub budgets: Vec<Budget>,
    /// How many alerts fired.
    pub fired: usize,
    /// Each of them.
    pub alerts: Vec<Fired>,
    /// Since when and why nobody knows what alerts there are; `None`: it is known.
    pub alerts_unknown: Option<Unknown>,
    pub queries: Vec<Asked>,
}

/// A time in which nobody watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Away {
    pub from: Moment,
    pub to: Moment,
    pub lasted_ms: u64,
}

/// The alerts are not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unknown {
    pub since: Moment,
    pub why: String,
}

/// How an SLO went in a watch.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Kept {
    /// At the end; `None`: no data.
    pub last: Option<f64>,
    pub last_words: String,
    /// How long there was data.
    pub measured_ms: u64,
    /// How long of that it was outside; `None`: it has no limit, or there was no data.
    pub outside_ms: Option<u64>,
    /// The worst value; `None`: it has no limit, or there was no data.
    pub worst: Option<f64>,
    pub worst_words: String,
}

/// The error budget of a service.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Budget {
    pub service: String,
    pub title: String,
    pub objective: f64,
    pub period_ms: u64,
    /// `30d`.
    pub period: String,
    /// What is spent of the budget of the period, 1 is all of it; `None`: no data.
    pub spent: Option<f64>,
    /// What is left of it.
    pub left: Option<f64>,
    /// What is spent beyond all of it; `None`: nothing is, or there is no data.
    pub beyond: Option<f64>,
    /// What this watch spent of it.
    pub spent_here: Option<f64>,
    /// After how long it is gone at the rate of the end; `None`: not known, gone already, or it does not burn so fast.
    pub gone_in_ms: Option<u64>,
    /// The same in words: `12d3h`.
    pub gone_in: Option<String>,
    pub pairs: Vec<Pair>,
    /// Times in which a pair alarmed.
    pub burns: Vec<Burnt>,
}

/// Two windows of a budget and how fast it burns in them at the end.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pair {
    /// `5m / 1h`.
    pub windows: String,
    pub short_ms: u64,
    pub long_ms: u64,
    /// `page` or `ticket`.
    pub urgency: &'static str,
    /// Both windows at this rate or above it alarm.
    pub factor: f64,
    /// In multiples of what may be bad; `None`: no data.
    pub short_rate: Option<f64>,
    pub long_rate: Option<f64>,
    /// `burning`, `quiet`, `no data`, `cannot burn so fast`.
    pub answer: &'static str,
}

/// A time in which a pair alarmed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Burnt {
    pub windows: String,
    pub urgency: &'static str,
    pub from: Moment,
    /// `None`: still at the end.
    pub to: Option<Moment>,
    pub lasted_ms: Option<u64>,
}

/// An alert for as long as it fired.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fired {
    pub name: String,
    /// Its label of that name.
    pub severity: Option<String>,
    /// What it is about: `app=shop, zone=a`.
    pub labels: String,
    pub summary: Option<String>,
    /// Since when, as it says itself, or as it was seen.
    pub from: Moment,
    /// `None`: it fires at the end.
    pub to: Option<Moment>,
    /// To its end, or to that of the recording.
    pub lasted_ms: u64,
    /// Incidents that were opened for it.
    pub incidents: Vec<u32>,
}

/// A query, its values, and when it had none.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Asked {
    pub name: String,
    pub title: String,
    pub group: String,
    pub query: String,
    /// The unit of its values: `share`, `ms`, `rate`, `count`.
    pub unit: &'static str,
    /// At the end; `None`: no data.
    pub last: Option<f64>,
    pub last_words: String,
    pub least: Option<f64>,
    pub least_words: String,
    pub most: Option<f64>,
    pub most_words: String,
    /// The SLOs that go by it, by name.
    pub slos: Vec<String>,
    /// Times without current data.
    pub silences: Vec<Silence>,
    pub series: Vec<AskedStretch>,
}

/// A time without current data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Silence {
    pub from: Moment,
    /// `None`: still at the end.
    pub to: Option<Moment>,
    /// To its end, or to that of the recording.
    pub lasted_ms: u64,
    /// `None`: answers came, and nothing was in them.
    pub why: Option<String>,
}

/// What a query answered in a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AskedStretch {
    /// Since the recording began.
    pub from_ms: u64,
    pub to_ms: u64,
    /// The last answer in it.
    pub value: Option<f64>,
    pub least: Option<f64>,
    pub most: Option<f64>,
}
