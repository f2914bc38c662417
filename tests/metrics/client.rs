//! The client against servers that behave: what is asked and how, who asks, packed answers, redirects of the house.

use gameday::exercise::found::Found;
use gameday::gameday::span::Span;
use gameday::metrics::access::Access;
use gameday::metrics::prometheus::Prometheus;
use gameday::metrics::secret::{Auth, Credential, Secret};
use gameday::port::source::{Ask, Over, Source as _};
use gameday::port::trouble::{SourceError, Trouble};
use hyper::Response;

use super::fake::{Fake, body, fake, json, one};

pub fn access(fake: &Fake) -> Access {
    Access::to(&fake.url()).unwrap()
}

pub fn up() -> Ask {
    Ask { query: "up".to_owned(), over: Over::At(1_795_932_545_250) }
}

pub async fn ask(access: &Access) -> Result<Found, SourceError> {
    Prometheus::new(access).unwrap().ask(&up()).await
}

#[tokio::test]
async fn queries_go_where_they_belong_with_what_belongs_to_them() {
    let server = fake(|_| one()).await;
    let mut access = Access::to(&format!("{}/team a/prometheus/", server.url())).unwrap();
    access.headers = vec![("X-Scope-OrgID".to_owned(), Secret::new("tenant-1".to_owned()))];
    access.limit = Span::from_millis(4_500);
    let prometheus = Prometheus::new(&access).unwrap();
    let found = prometheus.ask(&up()).await.unwrap();
    assert_eq!(found.figure(), Some(1.0));
    assert_eq!(found.tracks[0].dots[0].at, 1_795_932_545_250);
    let seen = server.last();
    assert_eq!(
        (seen.method.as_str(), seen.path.as_str()),
        ("GET", "/team%20a/prometheus/api/v1/query")
    );
    let query: Vec<_> = seen.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(query, ["query=up", "timeout=4500ms", "time=1795932545.250"]);
    assert_eq!(seen.header("x-scope-orgid"), Some("tenant-1"));
    assert_eq!(seen.header("authorization"), None);
    assert_eq!(seen.header("accept-encoding"), Some("gzip"));
    assert!(seen.header("user-agent").unwrap().starts_with("gameday/"));

    let query = "sum by (le) (rate(x{a=\"b&c=d#+%\"}[1m]))".to_owned();
    let over = Over::range(1_000_000, 1_060_500, Span::from_millis(15_500));
    prometheus.ask(&Ask { query: query.clone(), over }).await.unwrap();
    let seen = server.last();
    assert_eq!(seen.path, "/team%20a/prometheus/api/v1/query_range");
    assert_eq!(seen.value("query"), Some(query.as_str()));
    assert_eq!((seen.value("start"), seen.value("end")), (Some("992.000"), Some("1060.500")));
    assert_eq!(seen.value("step"), Some("15.500"));
}

#[tokio::test]
async fn a_query_too_long_for_an_address_goes_as_a_form() {
    let server = fake(|_| one()).await;
    let prometheus = Prometheus::new(&access(&server)).unwrap();
    for (length, method) in [(1_900, "GET"), (2_100, "POST"), (60_000, "POST")] {
        let query = "x".repeat(length);
        prometheus.ask(&Ask { query: query.clone(), over: Over::At(0) }).await.unwrap();
        let seen = server.last();
        assert_eq!((seen.method.as_str(), seen.value("query")), (method, Some(query.as_str())));
        assert_eq!((seen.path.as_str(), seen.value("time")), ("/api/v1/query", Some("0.000")));
    }
}

#[tokio::test]
async fn what_lies_outside_of_the_range_was_not_asked_for() {
    let text = r#"{"status":"success","data":{"resultType":"matrix","result":[
        {"metric":{},"values":[[9,"9"],[10,"10"],[20,"20"],[21,"21"],[99999999999,"1"]]}]}}"#;
    let server = fake(move |_| json(200, text)).await;
    let over = Over::range(10_000, 20_000, Span::from_secs(1));
    let prometheus = Prometheus::new(&access(&server)).unwrap();
    let found = prometheus.ask(&Ask { query: "x".to_owned(), over }).await.unwrap();
    let at: Vec<i64> = found.tracks[0].dots.iter().map(|dot| dot.at).collect();
    assert_eq!(at, [10_000, 20_000]);
}

#[tokio::test]
async fn packed_answers_are_unpacked_and_the_type_of_an_answer_does_not_matter() {
    let packed = |text: &str| {
        use std::io::Write as _;
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packer.write_all(text.as_bytes()).unwrap();
        packer.finish().unwrap()
    };
    let bytes = packed(super::fake::ONE);
    let server = fake(move |_| {
        let builder = Response::builder().header("content-encoding", "gzip");
        builder.header("content-type", "text/plain").body(body(bytes.clone())).unwrap()
    })
    .await;
    assert_eq!(ask(&access(&server)).await.unwrap().figure(), Some(1.0));
}

#[tokio::test]
async fn who_asks_is_shown_to_the_server_and_to_nobody_else() {
    let server = fake(|seen| match seen.header("authorization") {
        Some(_) => one(),
        None => json(401, "no org id"),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "s3cret-1\n").unwrap();
    let secret = Credential::looked_up("PASSWORD", |_| Some("s3cret:é".to_owned())).unwrap();
    for (auth, header) in [
        (Auth::Bearer(Credential::in_file(&file)), "Bearer s3cret-1"),
        (
            Auth::Basic { user: "aiko".to_owned(), password: secret },
            // aiko:s3cret:é
            "Basic YWlrbzpzM2NyZXQ6w6k=",
        ),
    ] {
        let mut access = access(&server);
        access.auth = auth;
        ask(&access).await.unwrap();
        assert_eq!(server.last().header("authorization"), Some(header));
        let seen = format!("{access:?}");
        assert!(!seen.contains("s3cret"), "{seen}");
    }
    // A user and a password out of the address.
    let url = server.url().replace("http://", "http://aiko:s3cret@");
    ask(&Access::to(&url).unwrap()).await.unwrap();
    assert_eq!(server.last().header("authorization"), Some("Basic YWlrbzpzM2NyZXQ="));
    // A token that is replaced while the program runs.
    let mut access = access(&server);
    access.auth = Auth::Bearer(Credential::in_file(&file));
    let prometheus = Prometheus::new(&access).unwrap();
    prometheus.ask(&up()).await.unwrap();
    std::fs::write(&file, "s3cret-2").unwrap();
    prometheus.ask(&up()).await.unwrap();
    assert_eq!(server.last().header("authorization"), Some("Bearer s3cret-2"));
    // One that cannot be read: nothing is asked without it.
    let asked = server.seen().len();
    std::fs::write(&file, "s3cret\nX-Evil: 1").unwrap();
    let words = prometheus.ask(&up()).await.unwrap_err().to_string();
    assert!(words.contains("more than one line") && !words.contains("s3cret"), "{words}");
    std::fs::remove_file(&file).unwrap();
    let words = prometheus.ask(&up()).await.unwrap_err().to_string();
    assert!(words.contains("token") && words.contains("No such file"), "{words}");
    assert_eq!(server.seen().len(), asked);
}

#[tokio::test]
async fn who_is_not_let_in_is_told_with_what_and_not_the_secret() {
    let server = fake(|_| json(403, "you\u{1b}[2J may not")).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "s3cret").unwrap();
    let mut access = access(&server);
    access.auth = Auth::Bearer(Credential::in_file(&file));
    access.headers = vec![("X-Scope-OrgID".to_owned(), Secret::new("s3cret".to_owned()))];
    let error = ask(&access).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "{}: it does not let us in (HTTP 403; we showed as token what is in {}): you\u{fffd}[2J may not; \
             look at the token, the user, or the tenant",
            server.url(),
            file.display()
        )
    );
    assert!(!format!("{error:?}").contains("s3cret"));
}

#[tokio::test]
async fn a_server_may_lead_to_another_path_of_its_own() {
    let server = fake(|seen| match seen.path.as_str() {
        "/api/v1/query" => Response::builder()
            .status(307)
            .header("location", "/moved/api/v1/query?query=up")
            .body(body(""))
            .unwrap(),
        _ => one(),
    })
    .await;
    let mut access = access(&server);
    let secret = Credential::looked_up("T", |_| Some("s3cret".to_owned())).unwrap();
    access.auth = Auth::Bearer(secret);
    assert_eq!(ask(&access).await.unwrap().figure(), Some(1.0));
    assert_eq!(server.last().path, "/moved/api/v1/query");
    assert_eq!(server.last().header("authorization"), Some("Bearer s3cret"));
}

#[tokio::test]
async fn a_server_is_not_followed_to_another_host_nor_for_ever() {
    let other = fake(|_| one()).await;
    let to = format!("{}/api/v1/query?token=s3cret", other.url());
    for status in [301, 302, 303, 307, 308] {
        let to = to.clone();
        let server = fake(move |_| {
            Response::builder().status(status).header("location", &to).body(body("")).unwrap()
        })
        .await;
        let error = ask(&access(&server)).await.unwrap_err();
        let place = format!("{}/api/v1/query", other.url());
        assert_eq!(error.trouble, Trouble::Redirect { to: place });
        assert_eq!(error.server, server.url());
    }
    assert!(other.seen().is_empty(), "the other host was asked");
    let round = fake(|_| {
        Response::builder().status(302).header("location", "/round").body(body("")).unwrap()
    })
    .await;
    let error = ask(&access(&round)).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::Redirect { to: "/round".to_owned() });
    assert!(round.seen().len() < 10, "{}", round.seen().len());
}

#[tokio::test]
async fn what_a_server_knows_of_its_metrics_is_asked_within_bounds() {
    let server = fake(|seen| match seen.path.as_str() {
        "/api/v1/label/__name__/values" => json(200, r#"{"status":"success","data":["up","x"]}"#),
        "/api/v1/labels" => json(200, r#"{"status":"success","data":["__name__","code"]}"#),
        "/api/v1/series" => json(
            200,
            r#"{"status":"success","data":[{"__name__":"x","code":"1"},{"__name__":"x","code":"2"}]}"#,
        ),
        "/api/v1/metadata" => json(200, r#"{"status":"success","data":{"x":[{"type":"counter"}]}}"#),
        _ => json(404, "404 page not found"),
    })
    .await;
    let prometheus = Prometheus::new(&access(&server)).unwrap();
    assert_eq!(prometheus.values("__name__", None, 5_000).await.unwrap().all, ["up", "x"]);
    let seen = server.last();
    assert_eq!((seen.value("start"), seen.value("limit")), (Some("5.000"), Some("50000")));
    assert_eq!(prometheus.labels("x", 0).await.unwrap().all, ["__name__", "code"]);
    assert_eq!(server.last().value("match[]"), Some("x"));
    let series = prometheus.series("{__name__=~\"x|y\"}", 0, 1).await.unwrap();
    assert_eq!((series.all.len(), series.more), (1, true));
    let seen = server.last();
    assert_eq!(
        (seen.value("match[]"), seen.value("limit")),
        (Some("{__name__=~\"x|y\"}"), Some("1"))
    );
    assert_eq!(prometheus.kinds("x").await.unwrap().len(), 1);
    let error = prometheus.values("a b/c", Some("x"), 0).await.unwrap_err();
    assert_eq!(
        error.trouble,
        Trouble::NotFound { path: "/api/v1/label/a%20b%2Fc/values".to_owned() }
    );
}
