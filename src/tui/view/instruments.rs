//! What the target's instruments say: breakers, cache, replica, queue, degraded answers, security, failovers, data.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span as Piece};

use super::cluster;
use crate::exercise::reading::{BreakerReading, Reading, TableComparison};
use crate::gameday::instrument::Instrument;
use crate::gameday::metric::{Metric, grouped};
use crate::gameday::query::Query;
use crate::tui::scene::{Scene, put};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::totals::Totals;

/// What is counted for security, and the words for it.
const SECURITY: [(Instrument, &str); 8] = [
    (Instrument::AuthFailures, "inside-auth-failures"),
    (Instrument::CachedAuth, "inside-cached-auth"),
    (Instrument::Forbidden, "inside-forbidden"),
    (Instrument::Escalations, "inside-escalations"),
    (Instrument::TlsErrors, "inside-tls-errors"),
    (Instrument::RenewalAttempts, "inside-renewal-attempts"),
    (Instrument::RateLimited, "inside-rate-limited"),
    (Instrument::Shed, "inside-shed"),
];

/// Draws it.
pub fn draw(scene: &Scene<'_>, area: Rect, boxed: bool, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let frame = u16::from(boxed) * 2;
    let room = usize::from(area.height.saturating_sub(frame.max(1)));
    let lines = lines(scene, usize::from(area.width - frame.min(area.width)));
    let more = lines.len().saturating_sub(room);
    let rest =
        if more > 0 { scene.tell("inside-more", &[("count", more.into())]) } else { String::new() };
    let inner = scene.panel(area, scene.title_of("pane-instruments", rest), boxed, buf);
    for (row, line) in lines.iter().enumerate() {
        put(inner, u16::try_from(row).unwrap_or(u16::MAX), line, buf);
    }
}

/// Everything there is to say, what is wrong before everything else.
fn lines<'a>(scene: &Scene<'a>, width: usize) -> Vec<Line<'a>> {
    let readings = &scene.state.readings;
    let mut lines = cluster::lines(scene, width);
    let Some(last) = readings.last() else {
        if !lines.is_empty() {
            return lines;
        }
        let says = format!("– {}", scene.say("no-data"));
        return vec![Line::from(scene.piece(Role::Warn, says))];
    };
    let totals = scene.ui.totals.current(readings);
    let (open, others) = breakers(scene, last, &totals, width);
    lines.extend(open);
    let mut figures = answers(scene, last);
    figures.extend(data(scene, last));
    figures.extend(spared(scene, last));
    figures.extend(asked(scene, last));
    lines.extend(flow(figures, width));
    lines.extend(handovers(scene, width));
    lines.extend(security(scene, &totals, width));
    lines.extend(others);
    lines
}

/// What belongs together, a name and its value for example.
type Group<'a> = Vec<Piece<'a>>;

/// Groups beside each other, and below each other where `width` cells do not suffice.
fn flow(groups: Vec<Group<'_>>, width: usize) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for group in groups {
        let wide: usize = group.iter().map(Piece::width).sum();
        match lines.last_mut() {
            Some(line) if line.width() + 2 + wide <= width => {
                line.push_span("  ");
                line.spans.extend(group);
            }
            _ => lines.push(Line::from(group)),
        }
    }
    lines
}

/// A text of one colour, in as many rows as it takes.
fn told<'a>(scene: &Scene<'a>, role: Role, says: &str, width: usize) -> Vec<Line<'a>> {
    let rows = text::wrap(&text::clean(says), width);
    rows.into_iter().map(|row| Line::from(scene.piece(role, row))).collect()
}

/// A value of the last second with its name; or that there is none.
fn value<'a>(
    scene: &Scene<'a>,
    last: &Reading,
    (name, instrument): (&'static str, Instrument),
    bad: bool,
) -> Group<'a> {
    let value = last.values.get(&instrument);
    let role = if bad && value.is_some_and(|value| *value > 0.0) { Role::Warn } else { Role::Text };
    named(scene, name, value.map(|value| (role, instrument.unit().show(*value))))
}

/// A name and what stands behind it; `None`: no data.
fn named<'a>(scene: &Scene<'a>, name: &'static str, value: Option<(Role, String)>) -> Group<'a> {
    let (role, value) = value.unwrap_or_else(|| (Role::Warn, scene.say("no-data").into_owned()));
    vec![scene.piece(Role::Dim, format!("{} ", scene.say(name))), scene.piece(role, value)]
}

/// Degraded against failed answers, and the cache.
fn answers<'a>(scene: &Scene<'a>, last: &Reading) -> Vec<Group<'a>> {
    let point = scene.state.series.points().last();
    let failed = point.and_then(|point| point.value(Metric::Failures)).map(|failed| {
        let sign = if failed > 0.0 { "✗ " } else { "" };
        let role = if failed > 0.0 { Role::Bad } else { Role::Good };
        (role, format!("{sign}{}/s", grouped(failed)))
    });
    let count = |instrument| last.values.get(&instrument).copied();
    let found = count(Instrument::CacheHits).zip(count(Instrument::CacheMisses));
    let rate = found.filter(|(hits, misses)| hits + misses > 0.0).map(|(hits, misses)| {
        (Role::Text, Metric::CacheHitRate.unit().show(hits / (hits + misses)))
    });
    vec![
        named(scene, "inside-failed", failed),
        value(scene, last, ("inside-degraded", Instrument::Degraded), true),
        named(scene, "inside-cache", rate),
    ]
}

/// The database, its replica, and what waits to reach them.
fn data<'a>(scene: &Scene<'a>, last: &Reading) -> Vec<Group<'a>> {
    vec![
        value(scene, last, ("inside-replica", Instrument::ReplicaLag), false),
        value(scene, last, ("inside-connections", Instrument::DatabaseConnections), false),
        value(scene, last, ("inside-queue", Instrument::QueueDepth), true),
    ]
}

/// What defences did in place of failing.
fn spared<'a>(scene: &Scene<'a>, last: &Reading) -> Vec<Group<'a>> {
    vec![
        value(scene, last, ("inside-stand-ins", Instrument::StandIns), true),
        value(scene, last, ("inside-retries", Instrument::Retries), true),
    ]
}

/// What a source of metrics answers to the queries of the game day.
fn asked<'a>(scene: &Scene<'a>, last: &Reading) -> Vec<Group<'a>> {
    let queries = scene.state.header.queries().into_iter();
    let one = |query: Query| {
        let value = last.asked.get(&query).map(|value| (Role::Text, query.unit().show(*value)));
        let (role, value) =
            value.unwrap_or_else(|| (Role::Warn, scene.say("no-data").into_owned()));
        vec![scene.piece(Role::Dim, format!("{} ", query.name())), scene.piece(role, value)]
    };
    queries.map(one).collect()
}

/// The last failover, and what became of the data.
fn handovers<'a>(scene: &Scene<'a>, width: usize) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    if let Some((_, last)) = scene.state.failovers.last() {
        let took = last.took.to_string();
        let args = [
            ("count", scene.state.failovers.len().into()),
            ("to", last.to.as_str().into()),
            ("took", took.as_str().into()),
        ];
        lines.extend(told(scene, Role::Warn, &scene.tell("inside-failover", &args), width));
    }
    match &scene.state.integrity {
        None => {}
        Some(Err(why)) => {
            let says =
                scene.tell("inside-not-compared", &[("why", (&*scene.lang.said(why)).into())]);
            lines.extend(told(scene, Role::Bad, &says, width));
        }
        Some(Ok(check)) => {
            let sum = |of: fn(&TableComparison) -> u64| check.tables.iter().map(of).sum::<u64>();
            let (missing, extra, changed) =
                (sum(|one| one.missing), sum(|one| one.extra), sum(|one| one.changed));
            let wrong = missing + extra + changed + check.lost;
            let (role, sign) = if wrong == 0 { (Role::Good, "✓") } else { (Role::Bad, "✗") };
            let counts = [missing, extra, changed, check.lost, check.acknowledged];
            let counts = counts.map(|count| count.to_string());
            let names = ["missing", "extra", "changed", "lost", "all"];
            let mut args = vec![("sign", sign.into())];
            args.extend(
                names.into_iter().zip(&counts).map(|(name, one)| (name, one.as_str().into())),
            );
            lines.extend(told(scene, role, &scene.tell("inside-data", &args), width));
        }
    }
    lines
}

/// Security counters that are not zero.
fn security<'a>(scene: &Scene<'a>, totals: &Totals, width: usize) -> Vec<Line<'a>> {
    let said: Vec<String> = SECURITY
        .into_iter()
        .filter_map(|(instrument, key)| {
            let count = totals.count(instrument).filter(|count| *count > 0.0)?;
            Some(scene.tell(key, &[("count", grouped(count).as_str().into())]))
        })
        .collect();
    if said.is_empty() {
        return Vec::new();
    }
    told(scene, Role::Warn, &format!("▲ {}", said.join(" · ")), width)
}

/// The breakers that are open, and every other ever seen: those that opened first.
fn breakers<'a>(
    scene: &Scene<'a>,
    last: &Reading,
    totals: &Totals,
    width: usize,
) -> (Vec<Line<'a>>, Vec<Line<'a>>) {
    let (mut open, mut opened, mut closed) = (Vec::new(), Vec::new(), Vec::new());
    for ((owner, guards), times) in totals.breakers() {
        let now = last.breakers.iter().find(|one| one.owner == *owner && one.guards == *guards);
        let lines = flow(breaker(scene, (owner, guards), now, times), width);
        match now {
            Some(one) if one.open > 0 => open.extend(lines),
            _ if times > 0 => opened.extend(lines),
            _ => closed.extend(lines),
        }
    }
    opened.append(&mut closed);
    (open, opened)
}

fn breaker<'a>(
    scene: &Scene<'a>,
    (owner, guards): (&str, &str),
    state: Option<&BreakerReading>,
    opened: u32,
) -> Vec<Group<'a>> {
    let count = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
    let (role, word) = match state {
        Some(one) if one.open > 0 => {
            let args = [("open", count(one.open).into()), ("count", count(one.count).into())];
            (Role::Bad, scene.tell("inside-breaker-open", &args))
        }
        Some(_) => (Role::Good, scene.say("inside-breaker-closed").into_owned()),
        None => (Role::Warn, scene.say("inside-breaker-silent").into_owned()),
    };
    let mut groups = vec![vec![
        scene.piece(role, text::pad(&word, 11)),
        scene.piece(Role::Text, format!(" {} → {}", text::clean(owner), text::clean(guards))),
    ]];
    if opened > 0 {
        let says = scene.tell("inside-breaker-opened", &[("count", count(opened).into())]);
        groups.push(vec![scene.piece(Role::Warn, says)]);
    }
    groups
}
