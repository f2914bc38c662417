//! Alerts of Alertmanager and of Prometheus, and silences: what is understood, what is asked, and that a silence that is ended
//! is looked at.

use std::sync::{Arc, Mutex};

use gameday::exercise::alert::{AlertState, Alerts, SilenceOrder, SilenceState};
use gameday::exercise::found::{Dot, Found, Labels, Track, Value};
use gameday::gameday::matcher::{How, Matcher};
use gameday::gameday::text::is_plain;
use gameday::metrics::alertmanager::Alertmanager;
use gameday::metrics::alerts::{alertmanager, prometheus, silence, standing};
use gameday::metrics::prometheus::Prometheus;
use gameday::port::alerts::{AlertSource as _, Silencer as _};
use gameday::port::trouble::Trouble;
use proptest::prelude::*;
use serde_json::{Value as Json, json as value};

use super::client::access;
use super::fake::{Answer, Fake, Seen, fake, json};

/// As Debian's Alertmanager said it.
const TWO: &str = r#"[{"annotations":{"description":"d","summary":"too many\u001b[2J"},
    "endsAt":"2026-11-29T07:54:11.180Z","fingerprint":"f3b592e75fbcbb9a","receivers":[{"name":"none"}],
    "startsAt":"2026-11-29T07:49:11.180Z","status":{"inhibitedBy":[],"silencedBy":["a0193f5a"],"state":"suppressed"},
    "updatedAt":"2026-11-29T07:49:11.180Z","generatorURL":"http://prom/graph?g0=1",
    "labels":{"alertname":"HighErrors","job":"shop","severity":"page"}},
    {"annotations":{},"endsAt":"2026-11-29T07:54:11.180Z","fingerprint":"fb4cff4c004f5214",
    "receivers":[{"name":"none"}],"startsAt":"2026-11-29T07:49:11.180Z",
    "status":{"inhibitedBy":[],"silencedBy":[],"state":"active"},"updatedAt":"2026-11-29T07:49:11.180Z",
    "generatorURL":"javascript:alert(1)","labels":{"alertname":"Other"}}]"#;

#[test]
fn alerts_of_an_alertmanager_are_understood_and_harmless() {
    let alerts = alertmanager(TWO.as_bytes()).unwrap();
    let [other, errors] = alerts.all.as_slice() else { panic!("{alerts:?}") };
    assert_eq!((other.name.as_str(), other.state), ("Other", AlertState::Firing));
    assert_eq!((other.summary.as_deref(), other.link.as_deref()), (None, None));
    assert_eq!((errors.name.as_str(), errors.state), ("HighErrors", AlertState::Suppressed));
    assert_eq!(errors.id, "f3b592e75fbcbb9a");
    assert_eq!(errors.since, Some(1_795_938_551_180));
    assert_eq!(errors.labels.to_string(), "{job=\"shop\", severity=\"page\"}");
    assert_eq!(errors.summary.as_deref(), Some("too many\u{fffd}[2J"));
    assert_eq!(errors.link.as_deref(), Some("http://prom/graph?g0=1"));
    assert_eq!(alertmanager(b"[]").unwrap(), Alerts::default());
    for bad in ["", "{}", "[{}]", "[1]", "<html>", "[] []"] {
        alertmanager(bad.as_bytes()).unwrap_err();
    }
}

#[test]
fn of_very_many_alerts_the_gravest_are_kept() {
    let one = |n: usize, state: &str| {
        value!({ "labels": { "alertname": "A", "n": n.to_string() }, "fingerprint": format!("{n:x}"),
            "startsAt": "2026-11-29T07:49:11Z", "status": { "state": state } })
    };
    let mut all: Vec<Json> = (0..900).map(|n| one(n, "suppressed")).collect();
    all.push(one(900, "active"));
    let alerts = alertmanager(Json::Array(all).to_string().as_bytes()).unwrap();
    assert_eq!((alerts.all.len(), alerts.left_off), (200, 701));
    assert_eq!(alerts.all[0].labels.get("n"), Some("900"));
}

fn found(all: &[(&[(&str, &str)], f64)]) -> Found {
    let track = |(labels, value): &(&[(&str, &str)], f64)| Track {
        labels: Labels::new(labels.iter().copied()),
        dots: vec![Dot { at: 7, value: Value::from(*value) }],
    };
    Found { tracks: all.iter().map(track).collect(), ..Found::default() }
}

#[test]
fn alerts_that_prometheus_keeps_as_series_are_the_same() {
    let alerts = found(&[
        (
            &[("__name__", "ALERTS"), ("alertname", "A"), ("alertstate", "firing"), ("job", "x")],
            1.0,
        ),
        (
            &[("__name__", "ALERTS"), ("alertname", "A"), ("alertstate", "pending"), ("job", "y")],
            1.0,
        ),
        (
            &[("__name__", "ALERTS"), ("alertname", "A"), ("alertstate", "firing"), ("job", "z")],
            0.0,
        ),
        (&[("__name__", "ALERTS"), ("alertname", "A"), ("job", "no state")], 1.0),
    ]);
    let since = found(&[
        (&[("__name__", "ALERTS_FOR_STATE"), ("alertname", "A"), ("job", "y")], 1_795_932_538.0),
        (&[("__name__", "ALERTS_FOR_STATE"), ("alertname", "A"), ("job", "x")], f64::NAN),
    ]);
    let alerts = prometheus(&alerts, &since);
    let [firing, pending] = alerts.all.as_slice() else { panic!("{alerts:?}") };
    assert_eq!((firing.state, firing.since), (AlertState::Firing, None));
    assert_eq!((pending.state, pending.since), (AlertState::Pending, Some(1_795_932_538_000)));
    assert_eq!(firing.labels.to_string(), "{job=\"x\"}");
    assert!(firing.id.len() == 16 && firing.id != pending.id);
    // It stays the same alert when it begins to fire.
    let later = found(&[(&[("alertname", "A"), ("alertstate", "firing"), ("job", "y")], 1.0)]);
    assert_eq!(prometheus(&later, &Found::default()).all[0].id, pending.id);
}

proptest! {
    #[test]
    fn any_bytes_and_any_changed_answer_get_an_answer(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        end in any::<prop::sample::Index>(),
    ) {
        let _ = (alertmanager(&bytes), standing(&bytes, "k"), silence(&bytes).is_ok());
        let mut changed = TWO.as_bytes().to_vec();
        let at = at.index(changed.len());
        changed[at] = byte;
        for body in [&changed[..], &changed[..end.index(changed.len())]] {
            if let Ok(alerts) = alertmanager(body) {
                for one in &alerts.all {
                    let texts = [Some(&one.name), one.summary.as_ref(), one.link.as_ref(), Some(&one.id)];
                    let words: String = texts.into_iter().flatten().map(String::as_str).collect();
                    prop_assert!(words.chars().all(is_plain), "{words:?}");
                }
            }
        }
    }
}

/// An Alertmanager as far as silences go.
#[derive(Clone, Default)]
pub struct Kept(Arc<Mutex<Vec<Json>>>);

impl Kept {
    fn says(&self, seen: &Seen) -> Answer {
        let mut all = self.0.lock().unwrap();
        match (seen.method.as_str(), seen.path.as_str()) {
            ("POST", "/api/v2/silences") => {
                let mut new: Json = serde_json::from_str(&seen.body).unwrap();
                if new["matchers"].as_array().unwrap().is_empty() {
                    let why =
                        r#"{"code":612,"message":"matchers in body should have at least 1 items"}"#;
                    return json(422, why);
                }
                let id = format!("a0193f5a-{}", all.len());
                new["id"] = id.clone().into();
                new["status"] = value!({ "state": "active" });
                all.push(new);
                json(200, &value!({ "silenceID": id }).to_string())
            }
            ("GET", "/api/v2/silences") => json(200, &Json::Array(all.clone()).to_string()),
            (method, path) => {
                let id = path.strip_prefix("/api/v2/silence/").unwrap();
                let Some(one) = all.iter_mut().find(|one| one["id"] == *id) else {
                    return json(404, "");
                };
                if method == "DELETE" {
                    one["status"] = value!({ "state": "expired" });
                }
                json(200, &one.to_string())
            }
        }
    }

    pub async fn serve(&self) -> Fake {
        let kept = self.clone();
        fake(move |seen| kept.says(seen)).await
    }

    pub fn states(&self) -> Vec<String> {
        let all = self.0.lock().unwrap();
        all.iter().map(|one| one["status"]["state"].as_str().unwrap().to_owned()).collect()
    }
}

fn order(key: &str) -> SilenceOrder {
    let matcher = |name: &str, how, value: &str| Matcher {
        name: name.to_owned(),
        how,
        value: value.to_owned(),
    };
    SilenceOrder {
        key: key.to_owned(),
        matchers: vec![
            matcher("job", How::Fits, "shop|cart"),
            matcher("alertname", How::Is, "HighErrors"),
            matcher("severity", How::IsNot, "info"),
            matcher("team", How::FitsNot, "x.*"),
        ],
        from: 1_795_938_551_180,
        until: 1_795_942_151_000,
        by: "aiko".to_owned(),
        comment: "Game day Black Friday".to_owned(),
    }
}

#[tokio::test]
async fn a_silence_is_made_looked_at_found_by_its_key_and_lifted() {
    let kept = Kept::default();
    let server = kept.serve().await;
    let alertmanager = Alertmanager::new(&access(&server)).unwrap();
    let silence = alertmanager.silence(&order("day-1/s1")).await.unwrap();
    assert_eq!((silence.state, silence.by.as_str()), (SilenceState::Active, "aiko"));
    assert_eq!(silence.until, 1_795_942_151_000);
    let sent: Json = serde_json::from_str(&server.seen()[0].body).unwrap();
    let wanted = value!({
        "matchers": [
            { "name": "job", "value": "shop|cart", "isRegex": true, "isEqual": true },
            { "name": "alertname", "value": "HighErrors", "isRegex": false, "isEqual": true },
            { "name": "severity", "value": "info", "isRegex": false, "isEqual": false },
            { "name": "team", "value": "x.*", "isRegex": true, "isEqual": false },
        ],
        "startsAt": "2026-11-29T07:49:11.180Z",
        "endsAt": "2026-11-29T08:49:11.000Z",
        "createdBy": "aiko",
        "comment": "Game day Black Friday [gameday day-1/s1]",
    });
    assert_eq!(sent, wanted);
    assert_eq!(server.seen()[0].header("content-type"), Some("application/json"));
    // Twice the same: somebody was not sure whether it worked. And one of another exercise.
    alertmanager.silence(&order("day-1/s1")).await.unwrap();
    alertmanager.silence(&order("day-1/s10")).await.unwrap();
    assert_eq!(alertmanager.standing("day-1/s1").await.unwrap().len(), 2);
    assert_eq!(alertmanager.lift("day-1/s1").await, Ok(2));
    assert_eq!(kept.states(), ["expired", "expired", "active"]);
    assert_eq!(alertmanager.lift("day-1/s1").await, Ok(0));
    assert_eq!(alertmanager.lift("never").await, Ok(0));
}

#[tokio::test]
async fn what_an_alertmanager_refuses_is_told() {
    let server = Kept::default().serve().await;
    let alertmanager = Alertmanager::new(&access(&server)).unwrap();
    let empty = SilenceOrder { matchers: Vec::new(), ..order("k") };
    let error = alertmanager.silence(&empty).await.unwrap_err();
    assert!(error.nothing, "it was refused");
    let words = "HTTP 422: matchers in body should have at least 1 items";
    assert_eq!(error.to_string(), format!("{}: {words}", server.url()));
}

#[tokio::test]
async fn an_old_alertmanager_that_understands_the_contrary_silences_nothing() {
    let kept = Kept::default();
    let inner = kept.clone();
    let server = fake(move |seen| {
        let answer = inner.says(seen);
        // It knows no `isEqual`, and forgets it.
        for one in inner.0.lock().unwrap().iter_mut() {
            for matcher in one["matchers"].as_array_mut().unwrap() {
                matcher.as_object_mut().unwrap().remove("isEqual");
            }
        }
        answer
    })
    .await;
    let alertmanager = Alertmanager::new(&access(&server)).unwrap();
    let error = alertmanager.silence(&order("k")).await.unwrap_err();
    assert!(error.to_string().contains("not the one that was asked for"), "{error}");
    assert!(!error.nothing, "it was there");
    assert_eq!(kept.states(), ["expired"]);
    // What it can understand, it is asked for.
    let plain = SilenceOrder { matchers: vec![Matcher::is("job", "shop")], ..order("k") };
    alertmanager.silence(&plain).await.unwrap();
    assert_eq!(kept.states(), ["expired", "active"]);
}

#[tokio::test]
async fn a_silence_that_does_not_end_is_not_said_to_have() {
    let kept = Kept::default();
    let inner = kept.clone();
    let server = fake(move |seen| match seen.method.as_str() {
        "DELETE" => json(200, ""),
        _ => inner.says(seen),
    })
    .await;
    let alertmanager = Alertmanager::new(&access(&server)).unwrap();
    alertmanager.silence(&order("k")).await.unwrap();
    let error = alertmanager.lift("k").await.unwrap_err();
    assert!(error.to_string().contains("a0193f5a-0 is still there"), "{error}");
    let broken = fake(move |seen| match seen.method.as_str() {
        "DELETE" => json(500, "\"no\""),
        _ => kept.says(seen),
    })
    .await;
    let alertmanager = Alertmanager::new(&access(&broken)).unwrap();
    let error = alertmanager.lift("k").await.unwrap_err();
    assert_eq!(error.trouble, Trouble::Status { code: 500, body: "no".to_owned() });
}

#[tokio::test]
async fn names_of_silences_cannot_lead_elsewhere() {
    let server = fake(|seen| match seen.path.as_str() {
        "/api/v2/silences" => json(200, r#"{"silenceID":"../../admin?x="}"#),
        other => panic!("{other} was asked"),
    })
    .await;
    let alertmanager = Alertmanager::new(&access(&server)).unwrap();
    let error = alertmanager.silence(&order("k")).await.unwrap_err();
    assert!(error.to_string().contains("no name of a silence"), "{error}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn alerts_are_asked_of_both() {
    let server = fake(|seen| match (seen.path.as_str(), seen.value("query")) {
        ("/api/v2/alerts", _) => json(200, TWO),
        (_, Some("ALERTS")) => json(
            200,
            &std::fs::read_to_string("tests/metrics/answers/prometheus-alerts.json").unwrap(),
        ),
        _ => json(422, r#"{"status":"error","errorType":"execution","error":"no"}"#),
    })
    .await;
    let alerts = Alertmanager::new(&access(&server)).unwrap().alerts(0).await.unwrap();
    assert_eq!(alerts.all.len(), 2);
    for name in ["active", "silenced", "inhibited", "unprocessed"] {
        assert_eq!(server.last().value(name), Some("true"));
    }
    let alerts = Prometheus::new(&access(&server)).unwrap().alerts(5_000).await.unwrap();
    assert_eq!((alerts.all[0].name.as_str(), alerts.all[0].since), ("Always", None));
    assert_eq!(server.last().value("time"), Some("5.000"));
}
