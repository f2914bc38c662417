//! The look from outside, against real servers: those that answer well, badly, elsewhere, for ever, or not at all.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use gameday::exercise::found::Found;
use gameday::gameday::span::Span;
use gameday::metrics::probe::{DURATION, MOST_BYTES, Probe, SUCCESS};
use gameday::port::source::{Ask, Over, Source as _};
use gameday::port::trouble::{Remedy, SourceError, Trouble};
use hyper::Response;

use super::fake::{Answer, Then, body, fake, json, raw};
use super::secure::{authority, certificate, file, server};
use crate::load::rig::RealClock;

fn probe(authority: Option<&Path>, limit: Span) -> Probe {
    Probe::new(authority, limit, Arc::new(RealClock(Instant::now()))).unwrap()
}

async fn ask(query: &str) -> Result<Found, SourceError> {
    let ask = Ask { query: query.to_owned(), over: Over::At(0) };
    probe(None, Span::from_secs(30)).ask(&ask).await
}

/// Success and duration of what was seen.
fn seen(found: &Found) -> (Option<f64>, Option<f64>) {
    let figure = |name| {
        let mut tracks = found.tracks.iter().filter(|track| track.labels.name() == Some(name));
        tracks.next().and_then(|track| track.last()?.value.figure())
    };
    (figure(SUCCESS), figure(DURATION))
}

async fn nobody() -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap()
}

#[tokio::test]
async fn a_good_answer_is_success_and_has_a_duration() {
    let server = fake(|_| json(204, "")).await;
    let found = ask(&format!("{}/health?of=all", server.url())).await.unwrap();
    let (success, duration) = seen(&found);
    assert_eq!(success, Some(1.0));
    assert!(duration.is_some_and(|took| took > 0.0 && took < 30_000.0), "{duration:?}");
    assert!(found.warnings.is_empty() && found.tracks.len() == 2, "{found:?}");
    let asked = server.last();
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("GET", "/health"));
    assert_eq!(asked.value("of"), Some("all"));
    assert_eq!(server.seen().len(), 1);
    // Each look is that of a new customer, and either figure can be had alone.
    assert_eq!(ask(&format!("{} success", server.url())).await.unwrap().figure(), Some(1.0));
    let duration = ask(&format!(" {}  duration ", server.url())).await.unwrap();
    assert!(duration.figure().is_some() && duration.tracks.len() == 1, "{duration:?}");
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn of_a_stretch_only_the_present_is_known() {
    let server = fake(|_| json(200, "")).await;
    let over = Over::range(0, 60_000, Span::from_secs(1));
    let question = Ask { query: server.url(), over };
    let found = probe(None, Span::from_secs(30)).ask(&question).await.unwrap();
    for track in &found.tracks {
        assert!(track.dots.len() == 1 && track.dots[0].at > 1_700_000_000_000, "{track:?}");
    }
}

#[tokio::test]
async fn a_bad_answer_is_an_answer_with_its_reason() {
    for (status, text, words) in [
        (503, "down\u{1b}[31m", "HTTP 503: down\u{fffd}[31m"),
        (404, "<html><title>Gone</title>", "HTTP 404: Gone"),
        (401, "", "HTTP 401: …"),
    ] {
        let server = fake(move |_| json(status, text)).await;
        let found = ask(&format!("{}/?token=s3cret", server.url())).await.unwrap();
        let (success, duration) = seen(&found);
        assert!(success == Some(0.0) && duration.is_some(), "{found:?}");
        let [warning] = found.warnings.as_slice() else { panic!("{found:?}") };
        assert_eq!(*warning, format!("{}/?…: {words}", server.url()));
    }
}

#[tokio::test]
async fn no_answer_is_one_too_but_has_no_duration() {
    let closed = nobody().await;
    let cut = raw("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", Then::Close).await;
    let words = raw("SSH-2.0-OpenSSH_9.6\r\n", Then::Close).await;
    for (address, why) in [
        (closed.to_string(), "nothing listens there"),
        (cut.to_string(), "the connection broke"),
        (words.to_string(), "cannot be understood"),
    ] {
        let found = ask(&format!("http://{address}/")).await.unwrap();
        assert_eq!(seen(&found), (Some(0.0), None), "{address}: {found:?}");
        assert!(found.warnings[0].contains(why), "{found:?}");
        let duration = ask(&format!("http://{address}/ duration")).await.unwrap();
        assert!(!duration.has_data() && !duration.warnings.is_empty(), "{duration:?}");
    }
}

#[tokio::test]
async fn nobody_is_waited_for_longer_than_the_limit() {
    let slow = raw("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", Then::Hang).await;
    let limit = Span::from_millis(50);
    let question = Ask { query: format!("http://{slow}/"), over: Over::At(0) };
    let found = probe(None, limit).ask(&question).await.unwrap();
    assert_eq!(seen(&found), (Some(0.0), None));
    assert!(found.warnings[0].contains("no whole answer came within 50ms"), "{found:?}");
}

#[tokio::test]
async fn an_answer_without_end_is_read_no_further() {
    let endless = raw("HTTP/1.1 200 OK\r\n\r\n", Then::Again(&[b'x'; 8_192])).await;
    let found = ask(&format!("http://{endless}/")).await.unwrap();
    assert_eq!(seen(&found).0, Some(1.0));
    assert!(found.infos[0].contains(&MOST_BYTES.to_string()), "{:?}", found.infos);
}

fn to(place: &str) -> Answer {
    Response::builder().status(302).header("location", place).body(body("")).unwrap()
}

#[tokio::test]
async fn it_goes_along_in_the_house_and_to_no_other() {
    let other = fake(|_| json(200, "")).await;
    let elsewhere = format!("http://localhost:{}/login?next=s3cret", other.address.port());
    let server = fake(move |seen| match seen.path.as_str() {
        "/old" => to("/new"),
        "/new" => json(200, ""),
        "/round" => to("/round"),
        _ => to(&elsewhere),
    })
    .await;
    let old = ask(&format!("{}/old", server.url())).await.unwrap();
    assert_eq!(seen(&old).0, Some(1.0));
    assert_eq!(server.last().path, "/new");
    for path in ["/away", "/round"] {
        let found = ask(&format!("{}{path}", server.url())).await.unwrap();
        assert_eq!(seen(&found).0, Some(0.0), "{path}");
        let warning = &found.warnings[0];
        assert!(warning.contains("is not followed") && !warning.contains("s3cret"), "{warning}");
    }
    assert!(other.seen().is_empty());
}

#[tokio::test]
async fn a_password_is_shown_to_the_server_and_to_nobody_else() {
    let server = fake(|_| json(403, "no")).await;
    let query = format!("http://aiko:s3cret@{}/a", server.address);
    let found = ask(&query).await.unwrap();
    assert!(server.last().header("authorization").unwrap().starts_with("Basic "));
    assert!(!format!("{found:?}").contains("s3cret"), "{found:?}");
}

#[tokio::test]
async fn what_is_no_address_is_refused() {
    for (query, why) in [
        ("shop.example", "it is no address"),
        ("ftp://shop.example/", "does not begin with http"),
        ("http://shop.example/ availability", "something else than success or duration"),
        ("http://aiko:s3cret@/", "it is no address"),
        ("", "it is no address"),
    ] {
        let error = ask(query).await.unwrap_err();
        assert!(matches!(error.trouble, Trouble::Query { .. }), "{query}: {error:?}");
        assert_eq!(error.trouble.remedy(), Remedy::Query);
        let said = error.to_string();
        assert!(said.contains(why) && !said.contains("s3cret"), "{said}");
    }
}

#[tokio::test]
async fn a_certificate_that_is_not_right_is_an_answer() {
    let ours = authority();
    let folder = tempfile::tempdir().unwrap();
    let trusted = file(folder.path(), "ours.pem", &ours.pem());
    let good = server(certificate(&ours, "127.0.0.1", 4000), None).await;
    let ended = server(certificate(&ours, "127.0.0.1", 2002), None).await;
    let probe = probe(Some(&trusted), Span::from_secs(30));
    for (address, success, words) in [(good, 1.0, ""), (ended, 0.0, "not valid at this time")] {
        let question = Ask { query: format!("https://{address}/"), over: Over::At(0) };
        let found = probe.ask(&question).await.unwrap();
        assert_eq!(seen(&found).0, Some(success), "{found:?}");
        assert!(found.warnings.concat().contains(words), "{found:?}");
    }
    let why = Probe::new(
        Some(&folder.path().join("none.pem")),
        Span::from_secs(1),
        Arc::new(RealClock(Instant::now())),
    );
    assert!(why.err().unwrap().0.contains("none.pem"));
}
