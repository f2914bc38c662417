//! A game day on the lab that asks a Prometheus, which here is one of the test: a guardrail on a query halts it, and a server
//! that cannot be asked, or a query that it refuses, keeps it from beginning.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU64, Ordering};

use gameday::exercise::event::{Event, Outcome};
use gameday::recording::read::read;

use super::program::{gameday, lab_processes, printed, recording};
use crate::metrics::fake::{Answer, Fake, fake, json};
use crate::metrics::real::free_port;

fn vector(values: &[f64]) -> Answer {
    let series = values.iter().enumerate().map(|(nth, value)| {
        format!(r#"{{"metric":{{"nth":"{nth}"}},"value":[1795932545.25,"{value}"]}}"#)
    });
    let series: Vec<String> = series.collect();
    let series = series.join(",");
    json(
        200,
        &format!(r#"{{"status":"success","data":{{"resultType":"vector","result":[{series}]}}}}"#),
    )
}

/// Checkout becomes slow when it was looked at a few times.
fn shop(runtime: &tokio::runtime::Runtime) -> Fake {
    let looks = AtomicU64::new(0);
    runtime.block_on(fake(move |seen| match seen.value("query") {
        Some("checkout_p99") if looks.fetch_add(1, Ordering::SeqCst) < 4 => vector(&[120.0]),
        Some("checkout_p99") => vector(&[900.0]),
        Some("per_pod") => vector(&[1.0, 2.0]),
        Some("nothing") => vector(&[]),
        // More than any recording takes.
        Some("vast") => vector(&[1e300]),
        _ => json(400, r#"{"status":"error","errorType":"bad_data","error":"unknown function"}"#),
    }))
}

fn file(folder: &Path, prometheus: &str, query: &str) -> PathBuf {
    let path = folder.join("asks.yaml");
    let server = match prometheus {
        "" => String::new(),
        url => format!("prometheus: {url}\n"),
    };
    let text = format!(
        "gameday: v1
{server}queries:
  checkout_latency: {{ query: {query}, unit: ms }}
  empty: {{ query: nothing }}
  vast: {{ query: vast }}
slos: {{ checkout_latency: {{ max: 300ms }} }}
guardrails:
  - {{ when: checkout_latency > 800ms for 2s, then: halt }}
  - {{ when: empty < 1, then: halt }}
objectives: [ {{ title: Checkout stays fast, measure: max(checkout_latency) < 500ms }} ]
phases: [ {{ name: one, duration: 60s, load: {{ rps: 20 }} }} ]
"
    );
    std::fs::write(&path, text).unwrap();
    path
}

fn run(data: &Path, file: &Path) -> Command {
    let mut command = gameday(data);
    command.args(["run", "--headless"]).arg(file);
    command.env_remove("PROMETHEUS_URL").env("PROMETHEUS_TOKEN", "t0ken");
    command
}

fn ran(command: &mut Command) -> (i32, String) {
    let output: Output = command.output().unwrap();
    (output.status.code().unwrap(), printed(&output))
}

#[test]
fn a_guardrail_on_a_query_halts_a_game_day_on_the_lab() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = shop(&runtime);
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let (code, said) = ran(&mut run(data, &file(data, &server.url(), "checkout_p99")));
    assert_eq!(code, 2, "halted\n{said}");
    assert_eq!(lab_processes(data), Vec::<String>::new());
    for words in [
        "empty: nothing: no data now",
        "SLO checkout_latency outside <= 300ms: 900ms",
        "Guardrail: checkout_latency > 800ms for 2s (now 900ms)",
        "max(checkout_latency) 900ms",
    ] {
        assert!(said.contains(words), "{words} is not said:\n{said}");
    }
    let recorded = read(&recording(data)).unwrap();
    assert_eq!(recorded.header.plan.prometheus.as_deref(), Some(server.url().as_str()));
    let mut both = 0;
    let mut seconds = Vec::new();
    for envelope in &recorded.envelopes {
        let Event::Observed(reading) = &envelope.event else { continue };
        seconds.push(reading.start);
        both += u32::from(!reading.asked.is_empty() && !reading.values.is_empty());
        let named = |name| reading.asked.keys().any(|query| query.name() == name);
        assert!(!named("empty") && !named("vast"), "no data is no nought");
    }
    assert!(both >= 3, "{both} readings hold what instruments and the server said");
    assert!(seconds.is_sorted_by(|one, next| one < next), "one reading a second: {seconds:?}");
    let ended = recorded.envelopes.iter().rev().find_map(|envelope| match &envelope.event {
        Event::Ended { outcome, .. } => Some(*outcome),
        _ => None,
    });
    assert_eq!(ended, Some(Outcome::Halted));
    // A file that came from somewhere does not get the token of the environment for its server.
    assert!(server.seen().iter().all(|seen| seen.header("authorization").is_none()));
}

#[test]
fn what_cannot_be_asked_keeps_an_exercise_from_beginning() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = shop(&runtime);
    let nobody = format!("http://127.0.0.1:{}", free_port());
    for (prometheus, query, words) in [
        (server.url(), "frobnicate(x)", ["checkout_latency: frobnicate(x)", "unknown function"]),
        (server.url(), "per_pod", ["checkout_latency: per_pod", "2 series come where one"]),
        (nobody, "checkout_p99", ["checkout_latency: checkout_p99", "nothing listens there"]),
        (String::new(), "checkout_p99", ["asks has queries", "--prometheus"]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path();
        let (code, said) = ran(&mut run(data, &file(data, &prometheus, query)));
        assert_eq!(code, 3, "{said}");
        for words in words {
            assert!(said.contains(words), "{words} is not said:\n{said}");
        }
        assert!(!data.join("recordings").exists(), "nothing was begun");
    }
}

/// What is typed goes before a profile that is named, that before what the file says, that before the environment, and that
/// before the usual profile.
#[test]
fn the_server_is_the_one_that_is_meant() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let refuse = |_: &crate::metrics::fake::Seen| {
        json(400, r#"{"status":"error","errorType":"bad_data","error":"no"}"#)
    };
    let servers: Vec<Fake> = (0..5).map(|_| runtime.block_on(fake(refuse))).collect();
    let [typed, named, environment, profile, other] = servers.as_slice() else { panic!() };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let settings = data.join("settings");
    std::fs::create_dir(&settings).unwrap();
    let text = format!(
        "default_profile: shop\nprofiles:\n  shop: {{ prometheus: {} }}\n  other: {{ prometheus: {} }}\n  \
         none: {{ alertmanager: {} }}\n",
        profile.url(),
        other.url(),
        other.url()
    );
    std::fs::write(settings.join("config.yaml"), text).unwrap();
    for (arguments, in_file, variable, asked, token) in [
        (vec!["--prometheus", &*typed.url()], named.url(), environment.url(), typed, true),
        (vec![], named.url(), environment.url(), named, false),
        (vec![], named.url(), named.url() + "/", named, true),
        (vec![], String::new(), environment.url(), environment, true),
        (vec![], String::new(), String::new(), profile, false),
        (vec!["--profile", "other"], named.url(), environment.url(), other, false),
        (
            vec!["--profile", "other", "--prometheus", &*typed.url()],
            named.url(),
            String::new(),
            typed,
            true,
        ),
        (vec!["--profile", "none"], named.url(), environment.url(), named, false),
        (vec!["--profile", "none"], String::new(), environment.url(), environment, true),
    ] {
        let before: Vec<usize> = servers.iter().map(|server| server.seen().len()).collect();
        let mut command = run(data, &file(data, &in_file, "x"));
        command.args(&arguments).env("PROMETHEUS_URL", &variable).env("GAMEDAY_CONFIG", &settings);
        let (code, said) = ran(&mut command);
        assert_eq!(code, 3, "{said}");
        for (server, before) in servers.iter().zip(before) {
            assert_eq!(server.seen().len() > before, server.address == asked.address, "{said}");
        }
        let shown = asked.last().header("authorization").map(str::to_owned);
        assert_eq!(shown.as_deref(), token.then_some("Bearer t0ken"), "{arguments:?} {in_file}");
    }
    let mut command = run(data, &file(data, &named.url(), "x"));
    let (code, said) = ran(command.args(["--profile", "othre"]).env("GAMEDAY_CONFIG", &settings));
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("there is no profile \"othre\": did you mean \"other\"?"), "{said}");
}
