//! Who serves requests, recognised by the table of conventions. Not the panels themselves (see `requests`).

use super::convention::{ALL, Convention};
use super::family::Family;
use super::promql::both;
use super::requests::{Count, Made, Times, View, times};
use crate::gameday::matcher::Matcher;
use crate::gameday::span::Span;
use crate::metrics::catalogue::Catalogue;

/// The panels of a family, from the first of its conventions that fits.
pub(super) fn panels(
    family: Family,
    catalogue: &Catalogue,
    window: Span,
    narrow: &[Matcher],
) -> Vec<Made> {
    let conventions = ALL.iter().filter(|one| one.family == family);
    let mut made = conventions.map(|one| fitting(one, catalogue, window, narrow));
    made.find(|made| !made.is_empty()).unwrap_or_default()
}

fn fitting(
    convention: &Convention,
    catalogue: &Catalogue,
    window: Span,
    narrow: &[Matcher],
) -> Vec<Made> {
    let latency = convention.latency.iter();
    let latency =
        latency.filter_map(|(stem, factor)| Some((times(stem, catalogue)?, stem, *factor)));
    let latency: Option<(Times, &&str, f64)> = { latency }.next();
    let counter = convention.counts.iter().find(|name| catalogue.has(name));
    let count = match (counter, &latency) {
        (Some(name), _) => Count::Counter((*name).to_owned()),
        // A histogram counts too.
        (None, Some((Times::Native(name), ..))) => Count::Native(name.clone()),
        (None, Some((_, stem, _))) => Count::Counter(format!("{stem}_count")),
        (None, None) => return Vec::new(),
    };
    let only = |metric: &str| match once(convention, catalogue, metric) {
        Some(once) => both(narrow, &[once]),
        None => narrow.to_vec(),
    };
    let counted = only(count.metric());
    let view = View { family: convention.family, window, only: &counted };
    let mut made = Vec::new();
    if let Some(label) = outcome(convention, catalogue, count.metric()) {
        made.extend(view.outcomes(&count, Matcher::fits(label, convention.failed)));
    }
    if let Some((times, _, factor)) = &latency {
        let timed = match times {
            Times::Classic(name) | Times::Native(name) => only(name),
            Times::Sums(stem) => only(&format!("{stem}_count")),
        };
        made.extend(View { only: &timed, ..view }.latency(times, *factor));
    }
    made.push(view.throughput(&count));
    made
}

/// The label that tells how a request ended; `None`: there is none that does.
fn outcome<'a>(convention: &'a Convention, catalogue: &Catalogue, metric: &str) -> Option<&'a str> {
    let tells = |label: &&&str| match catalogue.has_label(metric, label) {
        // Nobody knows its labels: what is usual is there.
        None => true,
        Some(false) => false,
        Some(true) if !convention.by_code => true,
        Some(true) => {
            let mut values = catalogue.values(metric, label).peekable();
            values.peek().is_none() || values.any(is_code)
        }
    };
    convention.outcome.iter().find(tells).copied()
}

/// Whether it is a status code, or the class of one: `503`, `5xx`, `5`.
fn is_code(value: &str) -> bool {
    let mut chars = value.chars();
    let first = chars.next().is_some_and(|c| matches!(c, '1'..='5'));
    let rest: Vec<char> = chars.collect();
    let all = |fits: fn(&char) -> bool| rest.len() == 2 && rest.iter().all(fits);
    first && (rest.is_empty() || all(char::is_ascii_digit) || all(|c| matches!(c, 'x' | 'X')))
}

/// What picks one of several who count the same request.
fn once(convention: &Convention, catalogue: &Catalogue, metric: &str) -> Option<Matcher> {
    let (label, value) = convention.once?;
    let known: Vec<&str> = catalogue.values(metric, label).collect();
    match known.first() {
        // Nobody knows, or it is as usual.
        None if catalogue.has_label(metric, label) == Some(false) => None,
        None => Some(Matcher::is(label, value)),
        Some(_) if known.contains(&value) => Some(Matcher::is(label, value)),
        Some(first) => Some(Matcher::is(label, first)),
    }
}
