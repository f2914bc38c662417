//! Watching a real system: what is asked of its monitoring, how far the answers can be trusted, its alerts, and the budgets
//! of its services. An exercise, too, may ask a monitoring. Plain facts, folded from events; not the asking.

use serde::{Deserialize, Serialize};

use super::alert::{Alert, Alerts};
use super::panel::Panel;
use super::said::Said;
use super::service::Account;
use super::stamp::Stamp;
use super::standing::Standing;
use crate::gameday::query::Query;
use crate::gameday::service::Service;
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
        }
    }
}
