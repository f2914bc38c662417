//! What the queries of promises give, by the real engine: a share with errors and without, without traffic, without anything,
//! and of series that do not fit together. Skipped, loudly, where there is no `promtool`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use gameday::gameday::read::inspect_watch;
use gameday::gameday::service::{Service, Share, USUAL_PERIOD};
use gameday::gameday::span::Span;
use gameday::gameday::watch::Inspected;
use serde_json::json;

use super::real::program;

/// What has to come.
#[derive(Clone, Copy)]
enum Comes {
    Share(f64),
    /// What a division by no traffic gives.
    NotANumber,
    Nothing,
}

fn service(share: Share) -> Service {
    Service {
        name: "shop".to_owned(),
        title: "Shop".to_owned(),
        objective: 0.9,
        period: USUAL_PERIOD,
        share,
    }
}

fn rate(selector: &str) -> String {
    format!("sum(rate({selector}[{{window}}]))")
}

fn events(bad: &str, all: &str) -> Service {
    service(Share::Events { bad: bad.to_owned(), all: all.to_owned() })
}

fn good(good: &str, all: &str) -> Service {
    service(Share::Good { good: good.to_owned(), all: all.to_owned() })
}

/// The only promise of an OpenSLO document with this ratio and these keys.
fn openslo(ratio: &str, rest: &str) -> Service {
    let text = format!(
        "apiVersion: openslo/v1\nkind: SLO\nmetadata: {{ name: x }}\nspec:\n  service: x\n  \
         indicator: {{ spec: {{ ratioMetric: {{ {ratio} }} }} }}\n  {rest}\n"
    );
    match inspect_watch("x.yaml", &text) {
        (Some(Inspected::Watch(mut watch)), problems) if problems.is_empty() => {
            watch.services.pop().unwrap()
        }
        (found, problems) => panic!("{found:?} {problems:?}\n{text}"),
    }
}

fn side(name: &str, query: &str) -> String {
    format!("{name}: {{ metricSource: {{ type: Prometheus, spec: {{ query: '{query}' }} }} }}")
}

fn cases() -> Vec<(&'static str, Service, Comes)> {
    let both = |bad: &str, all: &str| format!("{}, {}", side("bad", bad), side("total", all));
    let target = "objectives: [{ target: 0.9 }]";
    let slices = "budgetingMethod: Timeslices\n  objectives: [{ target: 0.9, timeSliceTarget: 0.9, timeSliceWindow: 5m }]";
    let counter = |bad: &str, all: &str| format!("counter: true, {}", both(bad, all));
    vec![
        ("errors", events(&rate("r{code=\"500\"}"), &rate("r")), Comes::Share(0.25)),
        (
            "a comment",
            events(&rate("r{code=\"500\"}"), "sum(rate(r[{window}])) # all"),
            Comes::Share(0.25),
        ),
        ("no error yet", events(&rate("ok{code=\"500\"}"), &rate("ok")), Comes::Share(0.0)),
        ("no traffic", events(&rate("flat{code=\"500\"}"), &rate("flat")), Comes::NotANumber),
        (
            "no traffic and no good",
            good(&rate("flat{code=\"201\"}"), &rate("flat")),
            Comes::NotANumber,
        ),
        ("nothing at all", events(&rate("none{code=\"500\"}"), &rate("none")), Comes::Nothing),
        ("good", good(&rate("r{code=\"200\"}"), &rate("r")), Comes::Share(0.25)),
        ("nothing good", good(&rate("ok{code=\"201\"}"), &rate("ok")), Comes::Share(1.0)),
        // There are errors, and nobody can tell of what: that is not zero.
        (
            "labels that do not fit",
            events("sum by (code) (rate(r{code=\"500\"}[{window}]))", &rate("r")),
            Comes::Nothing,
        ),
        (
            "raw",
            service(Share::Ratio("1 - avg_over_time(half[{window}])".to_owned())),
            Comes::Share(0.5),
        ),
        ("counters", openslo(&counter("sum(r{code=\"500\"})", "r"), target), Comes::Share(0.25)),
        ("gauges", openslo(&both("g{kind=\"bad\"}", "sum(g)"), target), Comes::Share(0.25)),
        (
            "a rate of its own",
            openslo(&both("sum(rate(r{code=\"500\"}[5m]))", "sum(rate(r[1h]))"), target),
            Comes::Share(0.25),
        ),
        ("slices", openslo(&counter("r{code=\"500\"}", "r"), slices), Comes::Share(1.0)),
        ("good slices", openslo(&counter("ok{code=\"500\"}", "ok"), slices), Comes::Share(0.0)),
        ("no slices", openslo(&counter("flat{code=\"500\"}", "flat"), slices), Comes::Nothing),
    ]
}

fn promtool() -> Option<PathBuf> {
    let found = program("PROMTOOL", &["promtool"]);
    if found.is_none() {
        // Not by the macro: what that prints is shown only of tests that fail.
        let why = "LOUD: SKIPPED: no promtool: install Prometheus, or set PROMTOOL; .ci/run does";
        let mut stderr = std::io::stderr();
        writeln!(stderr, "{why}").unwrap();
    }
    found
}

/// What `promtool` makes of a file of tests.
fn passes(promtool: &Path, folder: &Path, file: &serde_json::Value) {
    let path = folder.join("tests.yaml");
    std::fs::write(&path, serde_json::to_string_pretty(file).unwrap()).unwrap();
    let ran = Command::new(promtool).args(["test", "rules"]).arg(&path).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stderr) + String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said}");
}

/// The recording rules that Sloth makes of events (a ratio for each window, and over the period the mean of the shortest),
/// and those of Pyrra (burn rates, and increases over the period), on the same data: what we ask is the same to within 0.1 %.
#[test]
fn shares_are_those_of_the_rules_of_sloth_and_pyrra() {
    let Some(promtool) = promtool() else { return };
    let windows = [
        (5, "5m"),
        (30, "30m"),
        (60, "1h"),
        (120, "2h"),
        (360, "6h"),
        (1_440, "1d"),
        (4_320, "3d"),
    ];
    let (bad, all) = (rate("r{code=\"500\"}"), rate("r"));
    let service = events(&bad, &all);
    let filled = |query: &str, window: &str| query.replace("{window}", window);
    let mut rules = Vec::new();
    for (_, window) in windows {
        let (bad, all) = (filled(&bad, window), filled(&all, window));
        rules.push(json!({
            "record": format!("slo:sli_error:ratio_rate{window}"),
            "expr": format!("({bad}) / ({all})"),
            "labels": { "sloth_slo": "shop", "sloth_window": window },
        }));
        rules.push(json!({
            "record": format!("r:burnrate{window}"),
            "expr": format!("{bad} / {all}"),
            "labels": { "slo": "shop" },
        }));
    }
    let steady = rate("c{code=\"500\"}").replace("{window}", "5m");
    let steady_all = rate("c").replace("{window}", "5m");
    rules.push(
        json!({ "record": "c:ratio_rate5m", "expr": format!("({steady}) / ({steady_all})") }),
    );
    let folder = tempfile::tempdir().unwrap();
    let group = json!({ "groups": [{ "name": "slo", "interval": "1m", "rules": rules }] });
    std::fs::write(folder.path().join("rules.yaml"), group.to_string()).unwrap();
    // Busy and quiet by turns, with a burst of errors an hour before the end; and the same load for ever.
    let series = json!([
        { "series": "r{code=\"200\"}", "values": "0+75x1500 112500+8x1500 124500+300x1500" },
        { "series": "r{code=\"500\"}", "values": "0+1x1500 1500+0x2750 1500+60x251" },
        { "series": "c{code=\"200\"}", "values": "0+90x4501" },
        { "series": "c{code=\"500\"}", "values": "0+10x4501" },
    ]);
    let same = |ours: &str, theirs: &str| {
        let expr = format!("abs(({ours}) / on() ({theirs}) - 1) <= bool 0.001");
        let samples = [json!({ "labels": "{}", "value": 1 })];
        json!({ "expr": expr, "eval_time": "4500m", "exp_samples": samples })
    };
    let mut asked: Vec<_> = windows
        .into_iter()
        .flat_map(|(minutes, window)| {
            let ours = service.share_over(Span::from_secs(minutes * 60));
            let sloth = format!("sum(slo:sli_error:ratio_rate{window}{{sloth_slo=\"shop\"}})");
            [same(&ours, &sloth), same(&ours, &format!("sum(r:burnrate{window})"))]
        })
        .collect();
    let period = Span::from_secs(28 * 86_400);
    let increases = "sum(increase(r{code=\"500\"}[4w])) / sum(increase(r[4w]))";
    asked.push(same(&service.share_over(period), increases));
    let constant = events(&rate("c{code=\"500\"}"), &rate("c"));
    let mean = "sum_over_time(c:ratio_rate5m[4w]) / count_over_time(c:ratio_rate5m[4w])";
    asked.push(same(&constant.share_over(period), mean));
    let file = json!({
        "rule_files": ["rules.yaml"],
        "evaluation_interval": "1m",
        "tests": [{ "interval": "1m", "input_series": series, "promql_expr_test": asked }],
    });
    passes(&promtool, folder.path(), &file);
}

#[test]
fn shares_are_what_the_engine_makes_of_them() {
    let Some(promtool) = promtool() else { return };
    let tests: Vec<_> = cases()
        .into_iter()
        .map(|(name, service, comes)| {
            let share = service.share_over(Span::from_secs(30 * 60));
            let (share, value) = match comes {
                // Without what floating point adds.
                Comes::Share(value) => (format!("round({share}, 0.001)"), Some(value)),
                Comes::NotANumber => (format!("count(({share}) != ({share}))"), Some(1.0)),
                Comes::Nothing => (share, None),
            };
            let samples: Vec<_> =
                value.iter().map(|value| json!({ "labels": "{}", "value": value })).collect();
            let series = [
                ("r{code=\"200\"}", "0+75x120"),
                ("r{code=\"500\"}", "0+25x120"),
                ("ok{code=\"200\"}", "0+90x120"),
                ("flat{code=\"200\"}", "5+0x120"),
                ("half", "0.5+0x120"),
                ("g{kind=\"bad\"}", "1+0x120"),
                ("g{kind=\"good\"}", "3+0x120"),
            ];
            let series: Vec<_> = series
                .iter()
                .map(|(series, values)| json!({ "series": series, "values": values }))
                .collect();
            json!({
                "name": name,
                "interval": "1m",
                "input_series": series,
                "promql_expr_test":
                    [{ "expr": share, "eval_time": "60m", "exp_samples": samples }],
            })
        })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let file = json!({ "evaluation_interval": "1m", "tests": tests });
    passes(&promtool, folder.path(), &file);
}
