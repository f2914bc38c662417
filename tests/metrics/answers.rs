//! Answers to queries, recorded from servers of several kinds and made up by liars: beside each stands what it is understood
//! as. And answers by chance: never a panic, never more than the bounds.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use gameday::exercise::found::{Found, Value};
use gameday::metrics::answer::{Bounds, Unusable, found, kinds, names, refusal, series};
use proptest::prelude::*;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/metrics/answers")
}

/// What an answer was understood as, in lines.
fn told(answer: &Result<Found, Unusable>) -> String {
    let mut out = String::new();
    let found = match answer {
        Ok(found) => found,
        Err(Unusable::Refused(refusal)) => {
            return format!("refused: {}: {}\n", refusal.kind, refusal.why);
        }
        Err(Unusable::TooMany(most)) => return format!("more than {most} values\n"),
        Err(Unusable::Garbage(why)) => return format!("garbage: {why}\n"),
    };
    for track in &found.tracks {
        writeln!(out, "{}", track.labels).unwrap();
        for dot in &track.dots {
            let value = match &dot.value {
                Value::Number(number) => number.to_string(),
                Value::NotANumber => "not a number".to_owned(),
                Value::Histogram(spread) => {
                    let buckets = spread.buckets.iter();
                    let buckets: Vec<String> = buckets
                        .map(|one| format!("{}..{}: {}", one.lower, one.upper, one.count))
                        .collect();
                    format!("{} adding up to {} [{}]", spread.count, spread.sum, buckets.join(", "))
                }
            };
            writeln!(out, "  {} {value}", dot.at).unwrap();
        }
    }
    if let Some(text) = &found.text {
        writeln!(out, "text: {text}").unwrap();
    }
    if found.left_off > 0 {
        writeln!(out, "left off: {}", found.left_off).unwrap();
    }
    found.warnings.iter().for_each(|one| writeln!(out, "warning: {one}").unwrap());
    found.infos.iter().for_each(|one| writeln!(out, "info: {one}").unwrap());
    writeln!(out, "partial: {}, data: {}", found.partial, found.has_data()).unwrap();
    out
}

#[test]
fn every_answer_is_understood_as_is_written_beside_it() {
    let (mut wrong, mut seen) = (String::new(), 0);
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "json") {
            continue;
        }
        seen += 1;
        let told = told(&found(&fs::read(&path).unwrap(), Bounds::default()));
        let beside = path.with_extension("txt");
        if std::env::var_os("ANSWERS_UPDATE").is_some() {
            fs::write(&beside, &told).unwrap();
        }
        let wanted = fs::read_to_string(&beside).unwrap_or_default();
        if told != wanted {
            writeln!(wrong, "{}:\n{told}", path.display()).unwrap();
        }
        let act = told.chars().filter(|c| *c != '\n' && !gameday::gameday::text::is_plain(*c));
        assert_eq!(act.count(), 0, "{}: {told:?}", path.display());
    }
    assert!(seen >= 35, "only {seen} answers");
    assert!(wrong.is_empty(), "these are understood in another way:\n{wrong}");
}

#[test]
fn of_too_many_series_the_first_are_kept_and_too_many_values_are_refused() {
    let element = |n: usize| {
        format!("{{\"metric\":{{\"n\":\"{n}\"}},\"values\":[[1,\"1\"],[2,\"2\"],[3,\"3\"]]}}")
    };
    let elements: Vec<String> = (0..10).map(element).collect();
    let body = format!(
        "{{\"status\":\"success\",\"data\":{{\"resultType\":\"matrix\",\"result\":[{}]}}}}",
        elements.join(",")
    );
    let bounds = Bounds { tracks: 4, dots: 12, ..Bounds::default() };
    let kept = found(body.as_bytes(), bounds).unwrap();
    assert_eq!((kept.tracks.len(), kept.left_off), (4, 6));
    assert_eq!(kept.tracks[3].labels.get("n"), Some("3"));
    let bounds = Bounds { tracks: 5, dots: 14, ..Bounds::default() };
    assert_eq!(found(body.as_bytes(), bounds), Err(Unusable::TooMany(14)));
    let many: Vec<String> =
        (0..100).map(|n| format!("\"warned {n} {}\"", "x".repeat(5_000))).collect();
    let body = format!(
        "{{\"status\":\"success\",\"data\":{{\"resultType\":\"vector\",\"result\":[]}},\"warnings\":[{}]}}",
        many.join(",")
    );
    let warned = found(body.as_bytes(), Bounds::default()).unwrap();
    assert_eq!(warned.warnings.len(), 20);
    assert!(warned.warnings.iter().all(|one| one.chars().count() == 1_001));
}

#[test]
fn names_kinds_and_label_sets_are_bounded_and_odd_ones_left_out() {
    let body =
        br#"{"status":"success","data":["up","a\u001b[2J","","http.server","z"],"warnings":["x"]}"#;
    let listed = names(body, 10).unwrap();
    assert_eq!(listed.all, ["up", "http.server", "z"]);
    assert!(!listed.more);
    assert!(names(body, 2).unwrap().more);
    let body = br#"{"status":"success","data":{"a":[{"type":"counter","help":"x","unit":""}],
        "b":[{"type":"histogram"},{"type":"gauge"}],"c":[{"type":"gaugehistogram"}],"d":[],"e":[{"type":"summary"}]}}"#;
    let found = kinds(body, 4).unwrap();
    let told: Vec<String> = found.iter().map(|(name, kind)| format!("{name} {kind:?}")).collect();
    assert_eq!(told, ["a Counter", "b Other", "c Other", "d Other"]);
    let body =
        br#"{"status":"success","data":[{"__name__":"up","job":"a"},{"__name__":"up","job":"b"}]}"#;
    let listed = series(body, 1).unwrap();
    assert_eq!(listed.all[0].to_string(), "up{job=\"a\"}");
    assert!(listed.more);
    let error =
        br#"{"status":"error","errorType":"bad_data","error":"no match[] parameter provided"}"#;
    assert!(matches!(names(error, 9), Err(Unusable::Refused(_))));
    assert_eq!(refusal(error).unwrap().why, "no match[] parameter provided");
    assert_eq!(refusal(b"404 page not found"), None);
    assert_eq!(refusal(body), None);
}

/// A value as an answer writes it.
fn written() -> impl Strategy<Value = (String, Value)> {
    prop_oneof![
        any::<f64>().prop_map(|number| {
            let text = if number.is_infinite() {
                if number > 0.0 { "+Inf" } else { "-Inf" }.to_owned()
            } else if number.is_nan() {
                "NaN".to_owned()
            } else {
                format!("{number:e}")
            };
            (text, Value::from(number))
        }),
        any::<i32>().prop_map(|number| (number.to_string(), Value::Number(f64::from(number)))),
    ]
}

proptest! {
    #[test]
    fn what_was_written_is_what_is_read(
        values in prop::collection::vec(written(), 0..20),
        labels in prop::collection::btree_map("[a-z_]{1,8}", "\\PC{0,12}", 0..6),
    ) {
        let result: Vec<_> = values
            .iter()
            .enumerate()
            .map(|(at, (text, _))| serde_json::json!([at as f64 + 0.25, text]))
            .collect();
        let body = serde_json::json!({
            "data": {"result": [{"values": result, "metric": labels}], "resultType": "matrix"},
            "status": "success",
        });
        let read = found(body.to_string().as_bytes(), Bounds::default()).unwrap();
        let track = &read.tracks[0];
        let dots: Vec<_> = track.dots.iter().map(|dot| (dot.at, dot.value.clone())).collect();
        let wanted: Vec<_> =
            values.into_iter().enumerate().map(|(at, (_, value))| (at as i64 * 1_000 + 250, value)).collect();
        prop_assert_eq!(dots, wanted);
        for (name, value) in labels.iter().filter(|(_, value)| value.chars().all(gameday::gameday::text::is_plain)) {
            if name != "__name__" {
                prop_assert_eq!(track.labels.get(name), Some(value.as_str()));
            }
        }
    }

    #[test]
    fn any_bytes_get_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = found(&bytes, Bounds::default());
        let _ = (names(&bytes, 5), kinds(&bytes, 5), series(&bytes, 5), refusal(&bytes));
    }

    #[test]
    fn answers_that_were_changed_by_chance_get_an_answer(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        end in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut files: Vec<PathBuf> = fs::read_dir(folder())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|end| end == "json"))
            .collect();
        files.sort();
        let mut body = fs::read(which.get(&files)).unwrap();
        if body.is_empty() || body.len() > 10_000 {
            return Ok(());
        }
        for (at, byte) in changes {
            let at = at.index(body.len());
            body[at] = byte;
        }
        if let Some(end) = end {
            body.truncate(end.index(body.len()));
        }
        let bounds = Bounds { tracks: 3, dots: 10, ..Bounds::default() };
        if let Ok(found) = found(&body, bounds) {
            prop_assert!(found.tracks.len() <= 3);
            prop_assert!(found.tracks.iter().map(|track| track.dots.len()).sum::<usize>() <= 10);
            for track in &found.tracks {
                prop_assert!(track.dots.windows(2).all(|pair| pair[0].at < pair[1].at));
            }
        }
    }
}
