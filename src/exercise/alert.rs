//! Alerts of a monitoring, and silences over them: plain facts. Not the asking, and not what people make of them.

use serde::{Deserialize, Serialize};

use super::found::Labels;
use crate::gameday::matcher::Matcher;

/// How it stands with an alert; the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AlertState {
    /// It fires.
    Firing,
    /// It will fire if it goes on so.
    Pending,
    /// It fires, and nobody is told: it is silenced, or another one stands for it.
    Suppressed,
}

/// One alert. All of its texts are from outside, and harmless.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// The same for as long as it is the same alert.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// How it stands.
    pub state: AlertState,
    /// Since when, in milliseconds since 1970-01-01 UTC; `None`: nobody said.
    pub since: Option<i64>,
    /// What it is about, without its name.
    pub labels: Labels,
    /// What it says, in a line.
    pub summary: Option<String>,
    /// What it says at length.
    pub description: Option<String>,
    /// Where more is to be read; only `http` and `https`.
    pub link: Option<String>,
}

/// Alerts, the gravest first and of those the oldest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alerts {
    /// Those that are kept.
    pub all: Vec<Alert>,
    /// How many more there were.
    #[serde(default)]
    pub left_off: usize,
}

impl Alerts {
    /// Puts alerts in order and keeps at most `most`.
    pub fn of(mut all: Vec<Alert>, most: usize) -> Self {
        all.sort_by(|a, b| {
            // Whose beginning nobody knows comes last.
            let key = |one: &Alert| (one.state, one.since.unwrap_or(i64::MAX));
            key(a).cmp(&key(b)).then_with(|| (&a.name, &a.id).cmp(&(&b.name, &b.id)))
        });
        all.dedup_by(|next, one| next.id == one.id && next.state == one.state);
        let left_off = all.len().saturating_sub(most);
        all.truncate(most);
        Self { all, left_off }
    }

    /// Those that fire and are told.
    pub fn firing(&self) -> impl Iterator<Item = &Alert> {
        self.all.iter().filter(|one| one.state == AlertState::Firing)
    }
}

/// A silence that somebody wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SilenceOrder {
    /// Names it for good: it is found and lifted by this, also by a later process.
    pub key: String,
    /// Which alerts; all of these must fit.
    pub matchers: Vec<Matcher>,
    /// From when, in milliseconds since 1970-01-01 UTC.
    pub from: i64,
    /// Until when. Whatever happens to us, then it is over.
    pub until: i64,
    /// Who wants it.
    pub by: String,
    /// Why, for those who see it.
    pub comment: String,
}

/// How it stands with a silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SilenceState {
    /// It will begin.
    Pending,
    /// It silences.
    Active,
    /// It is over.
    Expired,
}

/// A silence that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silence {
    /// What its server calls it.
    pub id: String,
    /// How it stands.
    pub state: SilenceState,
    /// Which alerts.
    pub matchers: Vec<Matcher>,
    /// Until when, in milliseconds since 1970-01-01 UTC.
    pub until: i64,
    /// Who wanted it.
    pub by: String,
    /// Why.
    pub comment: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_come_first_and_none_twice() {
        let alert = |id: &str, state, since| Alert {
            id: id.to_owned(),
            name: "n".to_owned(),
            state,
            since,
            labels: Labels::default(),
            summary: None,
            description: None,
            link: None,
        };
        use AlertState::{Firing, Pending, Suppressed};
        let all = vec![
            alert("e", Suppressed, Some(1)),
            alert("d", Pending, Some(1)),
            alert("c", Firing, None),
            alert("b", Firing, Some(9)),
            alert("a", Firing, Some(2)),
            alert("a", Firing, Some(2)),
        ];
        let kept = Alerts::of(all, 4);
        let ids: Vec<&str> = kept.all.iter().map(|one| one.id.as_str()).collect();
        assert_eq!((ids.as_slice(), kept.left_off), (["a", "b", "c", "d"].as_slice(), 1));
        assert_eq!(kept.firing().count(), 3);
    }
}
