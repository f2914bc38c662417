//! The script that k6 runs: arrivals on a schedule that never waits for answers, requests as the traffic says. Pure.

use serde_json::{Value, json};

use super::legs::{Legs, TIME_UNIT};
use crate::gameday::plan::{Route, Traffic};
use crate::gameday::span::Span;

/// More lines would be a script that nobody can place.
const MOST_LINES: usize = 4_000;
/// So long a virtual user is thought to be busy with one request, until k6 finds that it needs more of them.
const BUSY: f64 = 0.25;

/// What becomes of it in the end.
#[derive(Clone, Copy, Debug)]
pub struct Load<'a> {
    /// The name of the game day.
    pub game_day: &'a str,
    /// Where customers go, as seen from inside the cluster.
    pub url: &'a str,
    /// What they ask for.
    pub traffic: &'a Traffic,
    /// How much of it.
    pub legs: &'a Legs,
    /// How many runners share it.
    pub runners: u32,
}

/// The script.
///
/// # Errors
/// When it would be too long, or asks for nothing; for people.
pub fn script(load: &Load<'_>) -> Result<String, String> {
    let routes: Vec<Value> = load.traffic.routes.iter().map(route).collect();
    let total: u64 = load.traffic.routes.iter().map(|route| u64::from(route.weight)).sum();
    if total == 0 {
        return Err("no route has a weight above 0: nothing to send".to_owned());
    }
    let options = serde_json::to_string_pretty(&options(load)?).map_err(|why| why.to_string())?;
    let base = json!(load.url.trim_end_matches('/'));
    let timeout = json!(format!("{}ms", load.traffic.timeout.as_millis()));
    let routes = serde_json::to_string_pretty(&routes).map_err(|why| why.to_string())?;
    let name = json!(load.game_day);
    Ok(format!(
        r#"// Made by gameday of the phases of a game day: {name}.
import http from "k6/http";

export const options = {options};

const base = {base};
const timeout = {timeout};
const total = {total};
const routes = {routes};

// As our own generator counts: an answer is good from 200 to 399.
http.setResponseCallback(http.expectedStatuses({{ min: 200, max: 399 }}));

function chosen() {{
  let point = Math.floor(Math.random() * total);
  for (const route of routes) {{
    if (point < route.weight) return route;
    point -= route.weight;
  }}
  return routes[routes.length - 1];
}}

export default function () {{
  const route = chosen();
  const number = String(1 + Math.floor(Math.random() * route.spread));
  const numbered = (text) => text.replaceAll("{{n}}", number);
  const headers = {{}};
  for (const [name, value] of route.headers) headers[name] = numbered(value);
  const body = route.body === null ? null : numbered(route.body);
  const tags = {{ name: route.name }};
  http.request(route.method, base + numbered(route.path), body, {{ headers, timeout, tags, redirects: 0 }});
}}
"#
    ))
}

fn route(route: &Route) -> Value {
    json!({
        "name": route.name,
        "method": route.method,
        "path": route.path,
        "weight": route.weight,
        "spread": route.spread.max(1),
        "headers": route.headers,
        "body": route.body,
    })
}

fn options(load: &Load<'_>) -> Result<Value, String> {
    let (begin, lines) = load.legs.lines();
    if lines.len() > MOST_LINES {
        return Err(format!(
            "the load has {} corners, and k6 is told at most {MOST_LINES}: make waves longer",
            lines.len()
        ));
    }
    let stages: Vec<Value> = lines
        .iter()
        .map(|line| json!({ "duration": millis(line.lasts), "target": per_unit(line.rate) }))
        .collect();
    // Fewer than one for each runner are refused by the operator.
    let most = load.traffic.max_in_flight.max(load.runners);
    let ready = ((load.legs.peak() * BUSY).ceil() as u32).clamp(load.runners.min(most), most);
    Ok(json!({
        "discardResponseBodies": true,
        "userAgent": concat!("gameday/", env!("CARGO_PKG_VERSION")),
        "scenarios": { "gameday": {
            "executor": "ramping-arrival-rate",
            "startRate": per_unit(begin),
            "timeUnit": millis(TIME_UNIT),
            "stages": stages,
            "preAllocatedVUs": ready,
            "maxVUs": most,
            "gracefulStop": millis(load.traffic.timeout),
        } },
    }))
}

fn per_unit(rate: f64) -> u64 {
    (rate.max(0.0) * TIME_UNIT.as_secs_f64()).round() as u64
}

fn millis(span: Span) -> String {
    format!("{}ms", span.as_millis())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gameday::load::{LoadPattern, RateCurve};

    fn traffic() -> Traffic {
        let route = Route {
            name: "buy".to_owned(),
            method: "POST".to_owned(),
            path: "/orders/{n}".to_owned(),
            weight: 3,
            spread: 50,
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: Some("{\"product\": {n}, \"x\": \"</script>\"}".to_owned()),
        };
        let look = Route { name: "look".to_owned(), path: "/".to_owned(), ..route.clone() };
        let look = Route { method: "GET".to_owned(), weight: 7, spread: 1, body: None, ..look };
        Traffic {
            routes: vec![route, look],
            timeout: Span::from_secs(5),
            max_in_flight: 300,
            tls: false,
        }
    }

    #[test]
    fn the_script_of_a_ramp() {
        let pattern = LoadPattern::Linear { start: 10.0, end: 250.5 };
        let curve = RateCurve { pattern, duration: Span::from_secs(60), position: Span::ZERO };
        let (legs, _) = Legs::of(&curve, &[], 0);
        let traffic = traffic();
        let url = "http://api-gateway.shop:8080/";
        let load =
            Load { game_day: "black-friday", url, traffic: &traffic, legs: &legs, runners: 8 };
        insta::assert_snapshot!(script(&load).unwrap());
        let none = Traffic { routes: Vec::new(), ..traffic.clone() };
        assert!(script(&Load { traffic: &none, ..load }).is_err());
    }
}
