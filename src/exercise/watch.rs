//! Watching a real system: what is asked of its monitoring, how far the answers can be trusted, its alerts, and the budgets
//! of its services. An exercise, too, may ask a monitoring. Plain facts, folded from events; not the asking.

use serde::{Deserialize, Serialize};

use super::alert::{Alert, Alerts};
use super::panel::Panel;
use super::said::{Said, said};
use super::service::{Account, Alarm, PAIRS};
use super::stamp::Stamp;
use super::standing::Standing;
use crate::gameday::query::Query;
use crate::gameday::service::{Service, promql};
use crate::gameday::span::Span;

/// What a watch watches; it stays the same for as long as the watch lasts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    /// The server that is asked, without anything secret.
    pub source: String,
    /// Where alerts come from; `None`: nobody is asked for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alerts: Option<String>,
    /// What is asked again and again.
    pub panels: Vec<Watched>,
    /// Promises over a longer period, with their budgets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<Service>,
    /// Services whose period is longer than what their monitoring knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub short: Vec<Short>,
}

/// What is known of a service goes back less than its period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Short {
    /// The service, by its place.
    pub service: usize,
    /// The server keeps no more, as it says itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keeps: Option<Span>,
    /// Nothing older was found than from then on, in milliseconds since 1970-01-01 UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<i64>,
}

impl Short {
    /// How far back it goes at `now`, in words; `None`: it has grown long enough for `period`.
    pub fn said(&self, period: Span, now: i64) -> Option<Said> {
        if let Some(keeps) = self.keeps.filter(|keeps| *keeps < period) {
            let keeps = promql(keeps);
            return Some(said!("budget-keeps", "the server keeps only {keeps}", keeps = keeps));
        }
        let age = u64::try_from(now.saturating_sub(self.since?)).unwrap_or_default();
        let age = Span::from_millis(age / 60_000 * 60_000);
        (age < period)
            .then(|| said!("budget-since", "nothing older than {age} is known", age = promql(age)))
    }
}

impl Watch {
    /// How far back a service is known at `now`, where that is less than its period.
    pub fn short_of(&self, service: usize, now: i64) -> Option<Said> {
        let short = self.short.iter().find(|one| one.service == service)?;
        short.said(self.services.get(service)?.period, now)
    }
}

/// A panel, and the query that its values go by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Watched {
    /// What is asked, and how it is called.
    pub panel: Panel,
    /// The name of its values.
    pub query: Query,
}

/// How it stands with the answers to one query.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Asking {
    /// Since when there has been no current data, in milliseconds since 1970-01-01 UTC; `None`: it is current.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silent: Option<i64>,
    /// Whether data ever came.
    #[serde(default)]
    pub came: bool,
    /// What went wrong the last time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Said>,
    /// Answers come with nothing in them.
    #[serde(default)]
    pub empty: bool,
    /// What is odd about the answers although they come: several series, warnings, something missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Said>,
}

impl Asking {
    /// How it stands at `now`.
    pub fn standing(&self, now: Stamp) -> Standing {
        let since = |at: i64| Span::from_millis(u64::try_from(now.wall - at).unwrap_or_default());
        let silent = self.silent.map(since);
        Standing {
            data: silent.filter(|_| self.came),
            silent,
            why: self.why.clone(),
            empty: self.empty,
        }
    }
}

/// An alert for as long as it fired.
#[derive(Clone, Debug, PartialEq)]
pub struct Fired {
    /// The alert as it was last seen.
    pub alert: Alert,
    /// When it was first seen here.
    pub from: Stamp,
    /// When it was seen no more; `None`: it fires.
    pub to: Option<Stamp>,
}

/// A time without current data from a query.
#[derive(Clone, Debug, PartialEq)]
pub struct Silence {
    /// The query, by its place.
    pub query: usize,
    /// Since when.
    pub from: Stamp,
    /// Until when; `None`: still.
    pub to: Option<Stamp>,
    /// What went wrong the last time; `None`: nothing did, and nothing came.
    pub why: Option<Said>,
}

/// A time in which the budget of a service burnt so fast that a pair of windows alarmed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Burn {
    /// The service, by its place.
    pub service: usize,
    /// The pair, by its place in [`PAIRS`].
    pub pair: usize,
    /// Since when.
    pub from: Stamp,
    /// Until when; `None`: still.
    pub to: Option<Stamp>,
}

/// The alerts as they are known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlertBoard {
    /// Those there are; `None`: nobody knows.
    pub now: Option<Alerts>,
    /// Since when and why nobody knows.
    pub unknown: Option<(Stamp, Said)>,
    /// Every alert that fired, in order.
    pub fired: Vec<Fired>,
}

impl AlertBoard {
    /// Takes in what there is now.
    pub fn take(&mut self, alerts: &Alerts, now: Stamp) {
        self.unknown = None;
        for one in self.fired.iter_mut().filter(|one| one.to.is_none()) {
            match alerts.firing().find(|alert| alert.id == one.alert.id) {
                Some(still) => one.alert = still.clone(),
                // What did not fit on the list may fire still.
                None if alerts.left_off > 0 => {}
                None => one.to = Some(now),
            }
        }
        for alert in alerts.firing() {
            let known = |one: &Fired| one.to.is_none() && one.alert.id == alert.id;
            if !self.fired.iter().any(known) {
                self.fired.push(Fired { alert: alert.clone(), from: now, to: None });
            }
        }
        self.now = Some(alerts.clone());
    }
}

/// What is known from watching.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Watching {
    /// When it began.
    pub since: Option<Stamp>,
    /// Of each panel, or of each query of a game day.
    pub asking: Vec<Asking>,
    /// The alerts.
    pub alerts: AlertBoard,
    /// Of each service.
    pub accounts: Vec<Account>,
    /// Times in which nobody watched, in order.
    pub away: Vec<(Stamp, Stamp)>,
    /// Times without current data, in order.
    pub silences: Vec<Silence>,
    /// Times in which budgets burnt, in order.
    pub burns: Vec<Burn>,
}

impl Watching {
    /// Before anything is known of so many queries.
    pub fn new(watch: Option<&Watch>, queries: usize) -> Self {
        let services = watch.map_or(&[][..], |watch| &watch.services);
        Self {
            since: None,
            asking: vec![Asking::default(); queries],
            alerts: AlertBoard::default(),
            accounts: services.iter().map(Account::new).collect(),
            ..Self::default()
        }
    }

    /// Remembers since when a query has had no current data, or that it has some again.
    pub fn remember_silence(&mut self, query: usize, now: Stamp) {
        let Some(asking) = self.asking.get(query) else { return };
        let open = self.silences.iter_mut().rfind(|one| one.query == query && one.to.is_none());
        match (asking.silent, open) {
            (Some(_), Some(open)) => open.why = asking.why.clone().or_else(|| open.why.take()),
            (Some(since), None) => {
                let why = asking.why.clone();
                self.silences.push(Silence { query, from: now.back_at(since), to: None, why });
            }
            (None, Some(open)) => open.to = Some(now),
            (None, None) => {}
        }
    }

    /// Remembers which pairs of a service alarm. One that nobody knows of goes on as it was.
    pub fn remember_burns(&mut self, service: usize, now: Stamp) {
        let Some(account) = self.accounts.get(service) else { return };
        for (pair, windows) in PAIRS.iter().enumerate() {
            let mut ours = self.burns.iter_mut().rev();
            let open =
                ours.find(|one| one.service == service && one.pair == pair && one.to.is_none());
            match (account.alarm(windows), open) {
                (Alarm::Burning, None) => {
                    self.burns.push(Burn { service, pair, from: now, to: None });
                }
                (Alarm::Quiet, Some(open)) => open.to = Some(now),
                _ => {}
            }
        }
    }
}
