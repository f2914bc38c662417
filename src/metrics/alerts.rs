//! What servers say of alerts and silences, understood. Pure: not the asking.

use chrono::{DateTime, SecondsFormat};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::answer::{Labelled, Unusable, some};
use crate::exercise::alert::{Alert, AlertState, Alerts, Silence, SilenceOrder, SilenceState};
use crate::exercise::found::{Found, Labels, NAME, Value};
use crate::gameday::matcher::{How, Matcher};
use crate::gameday::text::printable;

/// No more alerts are kept.
pub(super) const MOST: usize = 200;

/// No more alerts or silences are looked at.
const MOST_READ: usize = 20_000;

/// No text of an alert or a silence is kept longer.
const LONGEST: usize = 1_000;

/// The labels in which Prometheus keeps what an alert is called and how it stands.
const ALERT_NAME: &str = "alertname";
const ALERT_STATE: &str = "alertstate";

#[derive(Deserialize)]
#[serde(expecting = "an alert")]
struct WrittenAlert {
    labels: Labelled,
    #[serde(default)]
    annotations: Labelled,
    #[serde(default)]
    fingerprint: String,
    #[serde(rename = "startsAt", default)]
    starts: String,
    #[serde(rename = "generatorURL", default)]
    link: String,
    status: WrittenStatus,
}

#[derive(Deserialize)]
#[serde(expecting = "a state")]
struct WrittenStatus {
    state: String,
}

/// Understands the alerts of an Alertmanager.
///
/// # Errors
/// When it is something else.
pub fn alertmanager(body: &[u8]) -> Result<Alerts, Unusable> {
    let written = some::<WrittenAlert>(body, MOST_READ)?;
    let all = written.all.into_iter().map(|one| {
        let state = match one.status.state.as_str() {
            "suppressed" => AlertState::Suppressed,
            // What is not worked off yet fires already.
            _ => AlertState::Firing,
        };
        let mut alert = alert(&one.labels.0, state);
        if !one.fingerprint.is_empty() {
            alert.id = printable(&one.fingerprint, 64);
        }
        alert.since = instant(&one.starts);
        let said = |name: &str| one.annotations.0.get(name).map(|text| printable(text, LONGEST));
        alert.summary = said("summary").or_else(|| said("message"));
        alert.description = said("description");
        alert.link = link(&one.link);
        alert
    });
    Ok(Alerts::of(all.collect(), MOST))
}

/// Understands what Prometheus keeps of its alerts as series: `ALERTS`, and `ALERTS_FOR_STATE` for since when.
pub fn prometheus(alerts: &Found, since: &Found) -> Alerts {
    let mut begun: Vec<(Labels, i64)> = Vec::new();
    for track in &since.tracks {
        let secs = track.last().and_then(|dot| dot.value.figure()).filter(|secs| *secs > 0.0);
        if let Some(secs) = secs {
            begun.push((track.labels.without(&[NAME]), (secs * 1_000.0) as i64));
        }
    }
    begun.sort();
    let all = alerts.tracks.iter().filter_map(|track| {
        // The value says whether there is one.
        if !matches!(track.last()?.value, Value::Number(value) if value > 0.0) {
            return None;
        }
        let state = match track.labels.get(ALERT_STATE) {
            Some("firing") => AlertState::Firing,
            Some("pending") => AlertState::Pending,
            _ => return None,
        };
        let mut alert = alert(&track.labels, state);
        let labels = track.labels.without(&[NAME, ALERT_STATE]);
        let place = begun.binary_search_by(|(other, _)| other.cmp(&labels));
        alert.since = place.ok().and_then(|at| begun.get(at)).map(|(_, since)| *since);
        Some(alert)
    });
    let mut all = Alerts::of(all.collect(), MOST);
    all.left_off += alerts.left_off;
    all
}

fn alert(labels: &Labels, state: AlertState) -> Alert {
    let own = labels.without(&[NAME, ALERT_STATE]);
    let id = Sha256::digest(own.to_string());
    let id = id.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let name = labels.get(ALERT_NAME).filter(|name| !name.is_empty()).unwrap_or("…").to_owned();
    let labels = own.without(&[ALERT_NAME]);
    Alert { id, name, state, since: None, labels, summary: None, description: None, link: None }
}

fn link(text: &str) -> Option<String> {
    let goes = text.starts_with("http://") || text.starts_with("https://");
    (goes && text.len() <= LONGEST).then(|| printable(text, LONGEST))
}

fn instant(text: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(text).ok().map(|at| at.timestamp_millis())
}

fn written(at: i64) -> String {
    let at = DateTime::from_timestamp_millis(at).unwrap_or_default();
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A matcher as Alertmanager writes it.
#[derive(Deserialize, Serialize)]
#[serde(expecting = "a matcher")]
struct WrittenMatcher {
    name: String,
    value: String,
    #[serde(rename = "isRegex")]
    pattern: bool,
    /// Older ones know only what is equal, and do not say it.
    #[serde(rename = "isEqual", default = "yes")]
    equal: bool,
}

const fn yes() -> bool {
    true
}

impl From<&Matcher> for WrittenMatcher {
    fn from(matcher: &Matcher) -> Self {
        Self {
            name: matcher.name.clone(),
            value: matcher.value.clone(),
            pattern: matches!(matcher.how, How::Fits | How::FitsNot),
            equal: matches!(matcher.how, How::Is | How::Fits),
        }
    }
}

impl From<WrittenMatcher> for Matcher {
    fn from(written: WrittenMatcher) -> Self {
        let how = match (written.pattern, written.equal) {
            (false, true) => How::Is,
            (false, false) => How::IsNot,
            (true, true) => How::Fits,
            (true, false) => How::FitsNot,
        };
        let (name, value) = (printable(&written.name, LONGEST), printable(&written.value, LONGEST));
        Self { name, how, value }
    }
}

#[derive(Serialize)]
struct Wanted {
    matchers: Vec<WrittenMatcher>,
    #[serde(rename = "startsAt")]
    from: String,
    #[serde(rename = "endsAt")]
    until: String,
    #[serde(rename = "createdBy")]
    by: String,
    comment: String,
}

/// A silence as Alertmanager wants it told; its key stands at the end of the comment.
///
/// # Errors
/// When it cannot be written.
pub(super) fn wanted(order: &SilenceOrder) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::to_vec(&Wanted {
        matchers: order.matchers.iter().map(WrittenMatcher::from).collect(),
        from: written(order.from),
        until: written(order.until),
        by: order.by.clone(),
        comment: format!("{} {}", order.comment, mark(&order.key)).trim().to_owned(),
    })
}

/// How a key is known again.
pub(super) fn mark(key: &str) -> String {
    format!("[gameday {key}]")
}

#[derive(Deserialize)]
#[serde(expecting = "a silence")]
struct WrittenSilence {
    id: String,
    status: WrittenStatus,
    #[serde(default)]
    matchers: Vec<WrittenMatcher>,
    #[serde(rename = "endsAt", default)]
    until: String,
    #[serde(rename = "createdBy", default)]
    by: String,
    #[serde(default)]
    comment: String,
}

impl From<WrittenSilence> for Silence {
    fn from(written: WrittenSilence) -> Self {
        Self {
            id: printable(&written.id, 64),
            state: match written.status.state.as_str() {
                "expired" => SilenceState::Expired,
                "pending" => SilenceState::Pending,
                _ => SilenceState::Active,
            },
            matchers: written.matchers.into_iter().map(Matcher::from).collect(),
            until: instant(&written.until).unwrap_or_default(),
            by: printable(&written.by, LONGEST),
            comment: printable(&written.comment, LONGEST),
        }
    }
}

/// Understands a list of silences: those with the key that are not over.
///
/// # Errors
/// When it is something else.
pub fn standing(body: &[u8], key: &str) -> Result<Vec<Silence>, Unusable> {
    let all = some::<WrittenSilence>(body, MOST_READ)?;
    let all = all.all.into_iter().filter(|one| one.comment.ends_with(&mark(key)));
    Ok(all.map(Silence::from).filter(|one| one.state != SilenceState::Expired).collect())
}

/// Understands one silence.
///
/// # Errors
/// When it is something else.
pub fn silence(body: &[u8]) -> Result<Silence, Unusable> {
    Ok(Silence::from(serde_json::from_slice::<WrittenSilence>(body)?))
}

#[derive(Deserialize)]
#[serde(expecting = "the name of a silence")]
struct Created {
    #[serde(rename = "silenceID")]
    id: String,
}

/// Understands what a new silence is called. It goes into an address again: nothing but letters, digits and dashes.
///
/// # Errors
/// When it is something else.
pub(super) fn created(body: &[u8]) -> Result<String, Unusable> {
    let Created { id } = serde_json::from_slice(body)?;
    if is_id(&id) {
        Ok(id)
    } else {
        Err(Unusable::Garbage("it is no name of a silence".to_owned()))
    }
}

/// Whether it can be the name of a silence.
pub(super) fn is_id(id: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
    !id.is_empty() && id.len() <= 64 && id.chars().all(fits)
}
