//! The measures of a history: what each is in every exercise. Not where they go.

use super::model::{Entry, Measure, Value};
use super::past::Past;
use super::trend::trend;
use crate::report::compare::change::Noise;
use crate::report::compare::model::Figure;
use crate::report::compare::side::Side;
use crate::report::earlier::{Exercise, known};
use crate::report::model::{Report, Times};

/// Kinds of times, with the names of their measures.
const TIMES: [(&str, &str, &str); 4] = [
    ("TTD", "TTD-median", "TTD-mean"),
    ("TTA", "TTA-median", "TTA-mean"),
    ("TTM", "TTM-median", "TTM-mean"),
    ("TTR", "TTR-median", "TTR-mean"),
];

/// Every measure of `past`, which is in order of time; trends are over those that are counted.
pub(super) fn measures(past: &[Past], entries: &[Entry], latest: Option<&Past>) -> Vec<Measure> {
    let all = All { past, entries, latest };
    let mut found = vec![all.of("objectives-met", Noise::Budget, "higher", "objectives", |one| {
        let all = one.objectives.len();
        (all > 0).then(|| Figure::Real(one.overall.met as f64 / all as f64))
    })];
    for (kind, median, mean) in TIMES {
        for (what, is_mean) in [(median, false), (mean, true)] {
            let values = past.iter().map(|one| time(&one.side.report, kind, is_mean)).collect();
            found.push(all.measure(what, Noise::Length, "lower", None, values));
        }
    }
    let board = |of: fn(&Report) -> Option<usize>| {
        move |one: &Report| of(one).map(|count| Figure::Whole(count as u64))
    };
    found.push(all.of(
        "undetected",
        Noise::Count,
        "lower",
        "",
        board(|one| {
            // Nobody injects anything in a watch.
            one.watch.is_none().then_some(())?;
            one.people
                .board
                .teams
                .iter()
                .find(|team| team.team.is_none())
                .map(|team| team.undetected)
        }),
    ));
    let count = |value: usize| Some(Figure::Whole(value as u64));
    found.push(
        all.of("false-alarms", Noise::Count, "lower", "", |one| count(one.totals.false_alarms)),
    );
    found.push(all.of("violations", Noise::Count, "lower", "slos", |one| {
        (!one.slos.is_empty()).then_some(Figure::Whole(one.totals.violations as u64))
    }));
    let outside = |one: &Report| one.outside_ms.map(Figure::Whole);
    found.push(all.of("outside-slos", Noise::Length, "lower", "slos", outside));
    // Of several SLOs, the one that came nearest to its end.
    found.push(all.of("budget-used", Noise::Budget, "lower", "slos", |one| {
        let used = one.slos.iter().filter_map(|slo| slo.budget_used);
        used.filter(|used| used.is_finite()).reduce(f64::max).map(Figure::Real)
    }));
    let [open, repeated] = improvements(past);
    for (what, counts) in [("improvements-open", open), ("improvements-repeated", repeated)] {
        let value = |count: usize| Value { value: count_of(count), ..Value::default() };
        let values = counts.into_iter().map(value).collect();
        found.push(all.measure(what, Noise::Count, "lower", None, values));
    }
    found
}

fn count_of(count: usize) -> Option<Figure> {
    Some(Figure::Whole(count as u64))
}

/// Without holds, as everywhere where exercises are put beside each other.
fn time(report: &Report, kind: &str, mean: bool) -> Value {
    let times: Option<&Times> =
        report.times.iter().find(|one| one.kind == kind && one.team.is_none());
    times.map_or_else(Value::default, |times| Value {
        value: if mean { times.mean } else { times.median }
            .map(|length| Figure::Whole(length.running_ms)),
        of: Some(times.values.len()),
        missing: Some(times.missing),
    })
}

/// Improvements that are open after each exercise, and those of each that an earlier one had written already.
fn improvements(past: &[Past]) -> [Vec<usize>; 2] {
    let taught: Vec<Exercise> = past.iter().map(|one| one.taught.clone()).collect();
    let nothing = Exercise::default();
    let mut counts = [Vec::new(), Vec::new()];
    for (nth, this) in taught.iter().enumerate() {
        let (before, so_far) = (taught.get(..nth), taught.get(..=nth));
        let open = known(so_far.unwrap_or_default(), &nothing);
        let open = open.iter().filter(|one| one.taught.category.is_some() && one.done.is_none());
        let again = known(before.unwrap_or_default(), this);
        let again = again.iter().filter(|one| one.taught.category.is_some() && one.again);
        counts[0].push(open.count());
        counts[1].push(again.count());
    }
    counts
}

struct All<'a> {
    past: &'a [Past],
    entries: &'a [Entry],
    latest: Option<&'a Past>,
}

impl All<'_> {
    /// A measure of the report, which hangs on a `part` of the plan besides what every one hangs on.
    fn of(
        &self,
        what: &'static str,
        noise: Noise,
        better: &'static str,
        part: &'static str,
        of: impl Fn(&Report) -> Option<Figure>,
    ) -> Measure {
        let value = |one: &Past| Value { value: of(&one.side.report), ..Value::default() };
        let values = self.past.iter().map(value).collect();
        self.measure(what, noise, better, (!part.is_empty()).then_some(part), values)
    }

    fn measure(
        &self,
        what: &'static str,
        noise: Noise,
        better: &'static str,
        part: Option<&str>,
        values: Vec<Value>,
    ) -> Measure {
        let same = |side: &Side| {
            part.is_none_or(|part| {
                self.latest.is_some_and(|last| last.side.part(part) == side.part(part))
            })
        };
        let each = self.past.iter().zip(self.entries).zip(&values);
        let counted = each.filter(|((one, entry), _)| entry.counted && same(&one.side));
        let counted: Vec<f64> =
            counted.filter_map(|(_, value)| value.value.map(Figure::number)).collect();
        Measure { what, unit: noise.unit(), better, values, trend: trend(&counted, noise, better) }
    }
}
