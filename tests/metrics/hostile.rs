//! The client against servers that are slow, broken, lying or hostile: each time it ends, within its bounds, with words that
//! say what is wrong.

use std::time::Duration;

use gameday::gameday::span::Span;
use gameday::gameday::text::is_plain;
use gameday::metrics::access::Access;
use gameday::metrics::answer::Bounds;
use gameday::port::trouble::{Remedy, SourceError, TlsTrouble, Trouble};
use hyper::Response;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::mpsc;

use super::client::{access, ask};
use super::fake::{Then, body, fake, json, listen, one, raw};
use crate::load::rig::streams;

/// Asks a server that only knows bytes.
async fn asked(says: impl Into<Vec<u8>>, then: Then) -> SourceError {
    let address = raw(says, then).await;
    let mut access = Access::to(&format!("http://{address}")).unwrap();
    access.bounds = Bounds { bytes: 100_000, ..Bounds::default() };
    let error = ask(&access).await.unwrap_err();
    let words = error.to_string();
    assert!(words.chars().all(is_plain), "{words:?}");
    assert!(words.starts_with(&format!("http://{address}: ")), "{words}");
    error
}

fn http(head: &str, body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n{body}")
}

#[tokio::test(start_paused = true)]
async fn who_says_nothing_or_not_enough_in_time_is_not_waited_for() {
    let limit = Span::from_secs(10);
    for says in [
        String::new(),
        "HTTP/1.1 200 OK\r\ncontent-le".to_owned(),
        http("content-length: 500", "{\"status\":"),
    ] {
        let before = tokio::time::Instant::now();
        let error = asked(says, Then::Hang).await;
        assert_eq!(error.trouble, Trouble::Timeout { limit });
        assert_eq!(before.elapsed(), Duration::from_secs(10));
        assert_eq!(error.trouble.remedy(), Remedy::Time);
    }
}

#[tokio::test(start_paused = true)]
async fn who_trickles_is_not_waited_for_either() {
    let address = streams(|mut stream| async move {
        listen(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await;
        while stream.write_all(b"1\r\n \r\n").await.is_ok() {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    })
    .await;
    let access = Access::to(&format!("http://{address}")).unwrap();
    let error = ask(&access).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::Timeout { limit: Span::from_secs(10) });
}

#[tokio::test]
async fn where_nobody_listens_it_is_said() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = ask(&Access::to(&format!("http://{address}")).unwrap()).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::Refused);
    assert_eq!(
        error.to_string(),
        format!(
            "http://{address}: nothing listens there: look at host and port, and whether the server runs"
        )
    );
}

#[tokio::test]
async fn statuses_are_told_apart_and_patience_is_understood() {
    for (status, retry, text, trouble) in [
        (
            500,
            "",
            "boom\u{1b}[31m\n",
            Trouble::Status { code: 500, body: "boom\u{fffd}[31m".to_owned() },
        ),
        (
            502,
            "",
            "<html><title>Bad\u{202e} Gateway</title>",
            Trouble::Status { code: 502, body: "Bad\u{fffd} Gateway".to_owned() },
        ),
        (429, "7", "", Trouble::Busy { code: 429, wait: Some(Span::from_secs(7)) }),
        (429, "", "", Trouble::Busy { code: 429, wait: None }),
        (503, "2", "", Trouble::Busy { code: 503, wait: Some(Span::from_secs(2)) }),
        (503, "", "down", Trouble::Status { code: 503, body: "down".to_owned() }),
        (
            204,
            "",
            "",
            Trouble::Garbage {
                why: "it is cut off (EOF while parsing a value at line 1 column 0)".to_owned(),
                begins: "…".to_owned(),
            },
        ),
        (418, "", "tea", Trouble::Status { code: 418, body: "tea".to_owned() }),
    ] {
        let server = fake(move |_| {
            let mut builder = Response::builder().status(status);
            if !retry.is_empty() {
                builder = builder.header("retry-after", retry);
            }
            builder.body(body(text)).unwrap()
        })
        .await;
        assert_eq!(ask(&access(&server)).await.unwrap_err().trouble, trouble);
    }
}

#[tokio::test]
async fn the_words_of_the_api_are_told_with_the_query() {
    let server = fake(|_| {
        json(
            400,
            r#"{"status":"error","errorType":"bad_data","error":"1:3: parse\u001b[2J error"}"#,
        )
    })
    .await;
    let error = ask(&access(&server)).await.unwrap_err();
    assert_eq!(error.trouble.remedy(), Remedy::Query);
    let words = "it refuses the query: 1:3: parse\u{fffd}[2J error; the query is up";
    assert_eq!(error.to_string(), format!("{}: {words}", server.url()));
}

#[tokio::test]
async fn labels_and_warnings_cannot_steer_a_terminal() {
    let text = std::fs::read_to_string("tests/metrics/answers/escapes.json").unwrap();
    let server = fake(move |_| json(200, &text)).await;
    let found = ask(&access(&server)).await.unwrap();
    let words = [found.tracks[0].labels.to_string(), found.warnings.concat(), found.infos.concat()];
    let words = words.concat();
    assert!(words.contains("owned") && words.contains("warned") && words.contains("hidden"));
    assert!(words.chars().all(is_plain), "{words:?}");
    assert!(found.partial);
}

#[tokio::test]
async fn garbage_is_called_so() {
    let page = http(
        "content-type: text/html\r\ncontent-length: 58",
        "<!doctype html><html><title>Sign in to continue</title>...",
    );
    assert_eq!(
        asked(page, Then::Close).await.trouble,
        Trouble::WebPage { title: "Sign in to continue".to_owned() }
    );
    for (says, word) in [
        (http("content-length: 9", "\u{1b}[2Jpwned"), "begins with \u{fffd}[2Jpwned"),
        ("SSH-2.0-OpenSSH_9.2\r\n".to_owned(), "cannot be understood"),
        ("\u{0}\u{1}\u{2}\u{3}\r\n\r\n".to_owned(), "cannot be understood"),
        (http("content-length: 2\r\ncontent-encoding: gzip", "no"), "cannot be understood"),
        (format!("HTTP/1.1 200 OK\r\n{}\r\n", "x: y\r\n".repeat(5_000)), "cannot be understood"),
        (http("transfer-encoding: chunked", "zz\r\n"), "cannot be understood"),
        (http("content-length: 500", "{\"status\":"), "broke in the middle"),
        (String::new(), "broke in the middle"),
    ] {
        let error = asked(says.clone(), Then::Close).await;
        assert!(error.to_string().contains(word), "{says:.40} {error}");
        assert_eq!(error.trouble.remedy(), Remedy::Time);
    }
}

/// How many bytes a server got rid of before its only guest left.
async fn got_rid_of(
    head: &'static [u8],
    chunk: &'static [u8],
    bytes: usize,
) -> (SourceError, usize) {
    let (told, mut tell) = mpsc::unbounded_channel();
    let address = streams(move |mut stream| {
        let told = told.clone();
        async move {
            listen(&mut stream).await;
            let mut sent = 0;
            let mut next = head;
            while let Ok(some) = stream.write(next).await {
                sent += some;
                next = chunk;
            }
            told.send(sent).unwrap();
        }
    })
    .await;
    let mut access = Access::to(&format!("http://{address}")).unwrap();
    access.bounds = Bounds { bytes, ..Bounds::default() };
    let error = ask(&access).await.unwrap_err();
    (error, tell.recv().await.unwrap())
}

#[tokio::test]
async fn an_endless_answer_ends_at_its_bound() {
    static SPACES: [u8; 16_384] = [b' '; 16_384];
    let bytes = 1_000_000;
    let head = b"HTTP/1.1 200 OK\r\n\r\n";
    let (error, sent) = got_rid_of(head, &SPACES, bytes).await;
    assert_eq!(error.trouble, Trouble::TooLarge { bytes });
    // What lay in buffers on the way was sent in vain.
    assert!(sent < 20 * bytes, "{sent}");
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 1000001\r\n\r\n";
    let (error, _) = got_rid_of(head, &SPACES, bytes).await;
    assert_eq!(error.trouble, Trouble::TooLarge { bytes });
    // Of an error no more is read than is told.
    let head = b"HTTP/1.1 500 No\r\n\r\n";
    let (error, sent) = got_rid_of(head, &SPACES, bytes).await;
    assert_eq!(error.trouble, Trouble::Status { code: 500, body: "…".to_owned() });
    assert!(sent < 20 * bytes, "{sent}");
    let again = Then::Again(b"20\r\n{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{\r\n");
    let error = asked("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", again).await;
    assert_eq!(error.trouble, Trouble::TooLarge { bytes: 100_000 });
}

#[tokio::test]
async fn a_little_that_unpacks_to_very_much_ends_at_its_bound() {
    use std::io::Write as _;
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..24 {
        packer.write_all(&[b' '; 1 << 20]).unwrap();
    }
    let bomb = packer.finish().unwrap();
    assert!(bomb.len() < 60_000, "{}", bomb.len());
    let server = fake(move |_| {
        Response::builder().header("content-encoding", "gzip").body(body(bomb.clone())).unwrap()
    })
    .await;
    let access = access(&server);
    let error = ask(&access).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::TooLarge { bytes: access.bounds.bytes });
}

#[tokio::test]
async fn after_all_that_the_next_question_is_answered() {
    let server = fake(|seen| match seen.value("query") {
        Some("up") => one(),
        _ => json(500, "no"),
    })
    .await;
    let prometheus = gameday::metrics::prometheus::Prometheus::new(&access(&server)).unwrap();
    use gameday::port::source::{Ask, Over, Source as _};
    let bad = Ask { query: "bad".to_owned(), over: Over::At(0) };
    for _ in 0..3 {
        prometheus.ask(&bad).await.unwrap_err();
        prometheus.ask(&super::client::up()).await.unwrap();
    }
}

#[tokio::test]
async fn tls_to_who_speaks_none_is_told() {
    let server = fake(|_| one()).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, super::secure::authority().pem()).unwrap();
    let mut access = Access::to(&format!("https://{}", server.address)).unwrap();
    access.authority = Some(file);
    let error = ask(&access).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::Tls(TlsTrouble::NoTls));
}
