//! Queries of a game day: what they mean, what is shown of them before anything starts, and the schema that editors use.

use std::path::Path;

use gameday::cli::check::check;
use gameday::cli::plan::plan;
use gameday::cli::schema::schema_value;
use gameday::gameday::metric::{Metric, Unit};
use gameday::gameday::plan::GameDay;

use super::good::good;

fn day() -> GameDay {
    good("tests/files/good/queries.yaml")
}

#[test]
fn a_name_stands_for_its_query_wherever_a_metric_may_stand() {
    let day = day();
    assert_eq!(day.prometheus.as_deref(), Some("http://127.0.0.1:9090"));
    let asked: Vec<(&str, Unit, &str)> = day
        .queries
        .iter()
        .map(|one| (one.query.name(), one.query.unit(), one.promql.as_str()))
        .collect();
    let latency = "1000 * (histogram_quantile(0.99, sum by (le) (rate(checkout_seconds_bucket{job=\"shop\"}[1m]))))";
    assert_eq!(
        asked,
        [
            ("checkout_latency", Unit::Millis, latency),
            ("paid-orders", Unit::PerSecond, "sum(rate(orders_total{state=\"paid\"}[1m]))"),
            ("stuck", Unit::Count, "sum(orders_stuck)"),
            ("cart_errors", Unit::Share, "1 - avg(cart_ok)"),
        ]
    );
    let [latency, paid, stuck, cart] = day.queries.as_slice() else { panic!() };
    let slos: Vec<_> = day.slos.iter().map(|slo| (slo.limit.metric, slo.limit.max)).collect();
    assert_eq!(
        slos,
        [(Metric::Asked(latency.query), Some(300.0)), (Metric::Asked(cart.query), Some(0.01))]
    );
    assert_eq!(day.steady_state[0].metric, Metric::Asked(stuck.query));
    let rules: Vec<_> =
        day.guardrails.iter().map(|rule| (rule.when.metric, rule.when.bound)).collect();
    assert_eq!(rules, [(Metric::Asked(latency.query), 800.0), (Metric::Asked(paid.query), 5.0)]);
    let measures = day.objectives.iter().map(|one| &one.measure);
    let expected = day.injections().map(|(_, one)| &one.expected.measure);
    let said: Vec<String> = measures
        .chain(expected)
        .map(|measure| measure.as_ref().unwrap().condition.to_string())
        .collect();
    assert_eq!(
        said,
        [
            "max(checkout_latency) < 500ms",
            "max(stuck) == 0 and mean(paid-orders) > 10 in storm",
            "max(checkout_latency) < 400ms during database-slowdown",
        ]
    );
}

#[test]
fn what_is_asked_is_shown_before_anything_starts() {
    let text = plan(&day());
    for words in [
        "queries, asked of http://127.0.0.1:9090\n",
        "  stuck (count): sum(orders_stuck)\n",
        "  paid-orders (per second): sum(rate(orders_total",
        "  checkout_latency > 800ms for 30s -> halt",
    ] {
        assert!(text.contains(words), "{words:?} is not in:\n{text}");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/good/queries.yaml");
    let read = std::fs::read_to_string(path).unwrap();
    let checked = check(&[Ok((read, "queries.yaml".into()))]);
    assert!(checked.ok && checked.text.contains(", 4 queries"), "{}", checked.text);
}

#[test]
fn the_schema_knows_queries_and_their_names() {
    let schema = schema_value();
    let properties = &schema["properties"];
    assert_eq!(properties["queries"]["additionalProperties"]["$ref"], "#/$defs/query");
    assert_eq!(properties["prometheus"]["type"], "string");
    let query = &schema["$defs"]["query"];
    assert_eq!(query["required"][0], "query");
    assert_eq!(query["additionalProperties"], false);
}
