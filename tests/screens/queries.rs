//! What the screen of an exercise says of queries without current data: in their panel, and in the line of what is broken.

use std::sync::Arc;

use gameday::exercise::header::Header;
use gameday::exercise::reading::Reading;
use gameday::exercise::said::Said;
use gameday::exercise::state::{SloRun, State};
use gameday::exercise::watch::{Asking, Watching};
use gameday::gameday::metric::{Metric, Unit};
use gameday::gameday::plan::{AskedFor, Limit, Slo};
use gameday::gameday::query::Query;
use gameday::gameday::span::Span;
use gameday::lang::Language;

use super::scenes::{at, running};
use super::whole::{SIZES, facilitator, screen, screen_in};

/// One query with a promise on it, and one that only a guardrail waits for.
fn asking(silent: bool) -> State {
    let mut state = running(30);
    let asked = |name: &str, unit| {
        let query = Query::new(name, unit).unwrap();
        AskedFor { query, promql: format!("sum({name})") }
    };
    let queries = vec![asked("checkout", Unit::Millis), asked("stuck-orders", Unit::Count)];
    let metric = Metric::Asked(queries[0].query);
    let slos =
        vec![Slo { name: "checkout".into(), limit: Limit { metric, min: None, max: Some(300.0) } }];
    let mut header = Header { watch: None, ..(*state.header).clone() };
    (header.plan.queries, header.plan.slos) = (queries, slos);
    state.header = Arc::new(header);
    state.slos = vec![SloRun::default()];
    state.watching = Watching::new(None, 2);
    for one in state.watching.asking.iter_mut().filter(|_| silent) {
        let why = Said::from("http://127.0.0.1:9090: nothing listens there");
        *one =
            Asking { silent: Some(at(20).wall), came: true, why: Some(why), ..Asking::default() };
    }
    if !silent {
        state.slos[0].value = Some(120.0);
    }
    state
}

#[test]
fn a_query_that_is_silent_is_named_and_one_that_is_heard_is_not() {
    let shown = screen(&asking(true), &facilitator(), (120, 40));
    for words in ["– checkout no data", "– stuck-orders no data", "no data for 20s: http://127"]
    {
        assert!(shown.contains(words), "{words}\n{shown}");
    }
    let shown = screen(&asking(false), &facilitator(), (120, 40));
    assert!(!shown.contains("checkout no data"), "{shown}");
    assert!(shown.contains("nothing is broken"), "{shown}");
    // Also what no promise stands on is shown, beside what instruments say.
    let mut state = asking(false);
    let asked = state.header.queries().into_iter().zip([120.0, 7.0]).collect();
    let (start, length) = (state.now.elapsed, Span::from_secs(1));
    state.readings.push(Reading { start, length, asked, ..Reading::default() });
    let shown = screen(&state, &facilitator(), (120, 40));
    assert!(shown.contains("checkout 120ms  stuck-orders 7"), "{shown}");
    for size in SIZES {
        let shown = screen_in(Language::Japanese, &asking(true), &facilitator(), size);
        assert!(shown.contains("stuck-orders"), "{shown}");
    }
}
