//! What the report says of a watch: who was asked from when to when, alerts, budgets, queries. Not of its SLOs.

use super::address::without_user;
use super::promises::words;
use crate::exercise::service::{Account, Alarm, LongPair, Over, PAIRS, Urgency};
use crate::exercise::signal::Signal;
use crate::exercise::stamp::Stamp;
use crate::exercise::state::State;
use crate::exercise::watch;
use crate::gameday::metric::{Metric, Unit};
use crate::gameday::query::Query;
use crate::gameday::service::{Service, promql};
use crate::gameday::span::Span;
use crate::lang::Lang;
use crate::report::model::{
    Asked, AskedStretch, Away, Budget, Burnt, Fired, Pair, Silence, Unknown, Watch,
};
use crate::report::time::moment;

/// So many stretches make a chart at most.
const STRETCHES: u64 = 160;

/// Everything that only a watch has; `None`: it is none.
pub(super) fn watch(state: &State, lang: &Lang) -> Option<Watch> {
    let what = state.header.watch.as_ref()?;
    let watching = &state.watching;
    let away = watching.away.iter().map(|(from, to)| Away {
        from: moment(state, *from),
        to: moment(state, *to),
        lasted_ms: to.since(*from).as_millis(),
    });
    let accounts = what.services.iter().zip(&watching.accounts).enumerate();
    let unknown = watching.alerts.unknown.as_ref();
    Some(Watch {
        source: without_user(&what.source),
        alert_source: what.alerts.as_deref().map(without_user),
        since: watching.since.map(|at| moment(state, at)),
        watched_ms: watched(state).as_millis(),
        before_ms: before(state).map(|span| span.as_millis()),
        away: away.collect(),
        budgets: accounts
            .map(|(index, (service, account))| budget(state, index, service, account))
            .collect(),
        fired: watching.alerts.fired.len(),
        alerts: alerts(state),
        alerts_unknown: unknown.map(|(since, why)| Unknown {
            since: moment(state, *since),
            why: lang.said(why).into_owned(),
        }),
        queries: (0..what.panels.len())
            .filter_map(|index| asked(state, what, index, lang))
            .collect(),
    })
}

/// How long somebody watched.
pub(super) fn watched(state: &State) -> Span {
    let Some(since) = state.watching.since else { return Span::ZERO };
    let away = state.watching.away.iter().fold(Span::ZERO, |sum, (from, to)| sum + to.since(*from));
    state.now.since(since) - away
}

/// How much of the time before there is in the recording.
fn before(state: &State) -> Option<Span> {
    let (since, first) = (state.watching.since?, state.readings.iter().next()?);
    let before = since.elapsed - first.start;
    // The first answer may be of the second in which it began.
    (before > Span::from_secs(1)).then_some(before)
}

fn budget(state: &State, index: usize, service: &Service, account: &Account) -> Budget {
    let session = state.watching.since.map(|since| state.now.since(since));
    let spent = account.spent();
    let gone = account.gone_in();
    let minute = |span: Span| Span::from_secs(span.as_millis() / 60_000 * 60);
    let ours = state.watching.burns.iter().filter(|one| one.service == index);
    let burns = ours.filter_map(|one| {
        let pair = PAIRS.get(one.pair)?;
        Some(Burnt {
            windows: windows(pair),
            urgency: urgency(pair),
            from: moment(state, one.from),
            to: one.to.map(|to| moment(state, to)),
            lasted_ms: one.to.map(|to| to.since(one.from).as_millis()),
        })
    });
    Budget {
        service: service.name.clone(),
        title: service.title.clone(),
        objective: service.objective,
        period_ms: service.period.as_millis(),
        period: promql(service.period),
        spent,
        left: spent.map(|spent| (1.0 - spent).max(0.0)),
        beyond: spent.map(|spent| spent - 1.0).filter(|beyond| *beyond > 0.0),
        spent_here: session.and_then(|session| account.spent_in(session)),
        gone_in_ms: gone.map(|span| span.as_millis()),
        gone_in: gone.map(|span| promql(minute(span).max(Span::from_secs(60)))),
        pairs: PAIRS.iter().map(|one| pair(account, one)).collect(),
        burns: burns.collect(),
    }
}

fn pair(account: &Account, one: &LongPair) -> Pair {
    Pair {
        windows: windows(one),
        short_ms: one.short.as_millis(),
        long_ms: one.long.as_millis(),
        urgency: urgency(one),
        factor: one.factor(account.period()),
        short_rate: account.rate(Over::Last(one.short)),
        long_rate: account.rate(Over::Last(one.long)),
        answer: match account.alarm(one) {
            Alarm::NoData => "no data",
            Alarm::Impossible => "cannot burn so fast",
            Alarm::Quiet => "quiet",
            Alarm::Burning => "burning",
        },
    }
}

fn windows(pair: &LongPair) -> String {
    format!("{} / {}", promql(pair.short), promql(pair.long))
}

const fn urgency(pair: &LongPair) -> &'static str {
    match pair.urgency {
        Urgency::Page => "page",
        Urgency::Ticket => "ticket",
    }
}

fn alerts(state: &State) -> Vec<Fired> {
    let fired = &state.watching.alerts.fired;
    let each = fired.iter().enumerate().map(|(nth, one)| {
        let from = began(fired.get(..nth).unwrap_or_default(), one);
        let to = one.to.unwrap_or(state.now);
        let lasted = u64::try_from(to.wall.saturating_sub(from.wall)).unwrap_or_default();
        let labels = one.alert.labels.iter().map(|(name, value)| format!("{name}={value}"));
        let opened = state.incidents.iter();
        let opened = opened.filter(|it| it.signal == Some(Signal::Alert { nth }));
        Fired {
            name: one.alert.name.clone(),
            severity: one.alert.labels.get("severity").map(str::to_owned),
            labels: labels.collect::<Vec<_>>().join(", "),
            summary: one.alert.summary.clone(),
            from: moment(state, from),
            to: one.to.map(|to| moment(state, to)),
            lasted_ms: lasted,
            incidents: opened.map(|it| it.id.0).collect(),
        }
    });
    each.collect()
}

/// Since when an alert fired, as it says itself; but no time of it is counted twice.
fn began(before: &[watch::Fired], one: &watch::Fired) -> Stamp {
    let said = one.alert.since.map_or(one.from, |since| one.from.back_at(since));
    let last = before.iter().rfind(|other| other.alert.id == one.alert.id);
    last.and_then(|other| other.to).map_or(said, |to| said.max(to))
}

fn asked(state: &State, what: &watch::Watch, index: usize, lang: &Lang) -> Option<Asked> {
    let one = what.panels.get(index)?;
    let metric = Metric::Asked(one.query);
    let values = || state.readings.iter().filter_map(|reading| reading.value(metric));
    // What was not current at the end is no last value.
    let current = state.watching.asking.get(index).is_none_or(|one| one.silent.is_none());
    let last = state.readings.last().and_then(|reading| reading.value(metric));
    let last = last.filter(|_| current);
    let (least, most) = (values().reduce(f64::min), values().reduce(f64::max));
    let unit = one.query.unit();
    let slos = state.plan().slos.iter().filter(|slo| slo.limit.metric == metric);
    let silences = state.watching.silences.iter().filter(|silence| silence.query == index);
    Some(Asked {
        name: one.panel.name.clone(),
        title: lang.said(&one.panel.title).into_owned(),
        group: one.panel.group.clone(),
        query: one.panel.query.clone(),
        unit: match unit {
            Unit::Share => "share",
            Unit::Millis => "ms",
            Unit::PerSecond => "rate",
            Unit::Count => "count",
        },
        last,
        last_words: words(unit, last),
        least,
        least_words: words(unit, least),
        most,
        most_words: words(unit, most),
        slos: slos.map(|slo| slo.name.clone()).collect(),
        silences: silences
            .map(|one| Silence {
                from: moment(state, one.from),
                to: one.to.map(|to| moment(state, to)),
                lasted_ms: one.to.unwrap_or(state.now).since(one.from).as_millis(),
                why: one.why.as_ref().map(|why| lang.said(why).into_owned()),
            })
            .collect(),
        series: series(state, one.query),
    })
}

/// Its answers from the first to the last, in equal stretches of whole seconds.
fn series(state: &State, query: Query) -> Vec<AskedStretch> {
    let metric = Metric::Asked(query);
    let (Some(first), Some(last)) = (state.readings.iter().next(), state.readings.last()) else {
        return Vec::new();
    };
    let begin = first.start.as_millis();
    let all = last.end().as_millis().saturating_sub(begin);
    let width = (all.div_ceil(STRETCHES).div_ceil(1_000) * 1_000).max(1_000);
    let stretch = |index: u64| {
        let from = begin.saturating_add(index.saturating_mul(width));
        let to = from.saturating_add(width);
        let here = state.figures().touching(Span::from_millis(from), Span::from_millis(to));
        let values = here.seconds(metric);
        AskedStretch {
            from_ms: from,
            to_ms: to,
            value: values.last().copied(),
            least: values.iter().copied().reduce(f64::min),
            most: values.iter().copied().reduce(f64::max),
        }
    };
    (0..all.div_ceil(width)).map(stretch).collect()
}
