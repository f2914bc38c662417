//! What the target's instruments say: breakers, cache, replica, queue, degraded answers, security, failovers, data.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span as Piece};

use crate::exercise::reading::{BreakerReading, Reading};
use crate::gameday::instrument::Instrument;
use crate::gameday::metric::{Metric, grouped};
use crate::tui::scene::{Scene, put};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::totals::Totals;

/// What is counted for security, and the words for it.
const SECURITY: [(Instrument, &str); 8] = [
    (Instrument::AuthFailures, "authentication failures"),
    (Instrument::CachedAuth, "cached authentications"),
    (Instrument::Forbidden, "forbidden"),
    (Instrument::Escalations, "ESCALATIONS"),
    (Instrument::TlsErrors, "TLS errors"),
    (Instrument::RenewalAttempts, "renewal attempts"),
    (Instrument::RateLimited, "rate-limited"),
    (Instrument::Shed, "shed"),
];

/// Draws it.
pub fn draw(scene: &Scene<'_>, area: Rect, boxed: bool, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let inner = scene.panel(area, scene.title("instruments", ""), boxed, buf);
    let readings = &scene.state.readings;
    let Some(last) = readings.last() else {
        put(inner, 0, &Line::from(scene.piece(Role::Warn, "– no data")), buf);
        return;
    };
    let mut totals = scene.ui.totals.clone();
    totals.catch_up(readings);
    let width = usize::from(inner.width);
    let mut lines = flow(answers(scene, last), width);
    lines.extend(flow(data(scene, last), width));
    // What is wrong is what must be seen.
    let (open, others) = breakers(scene, last, &totals, width);
    lines.extend(open);
    lines.extend(handovers(scene, width));
    lines.extend(security(scene, &totals, width));
    lines.extend(flow(spared(scene, last), width));
    lines.extend(others);
    for (row, line) in lines.iter().enumerate() {
        put(inner, u16::try_from(row).unwrap_or(u16::MAX), line, buf);
    }
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

/// A value of the last second, or that there is none.
fn value<'a>(scene: &Scene<'a>, last: &Reading, instrument: Instrument, bad: bool) -> Piece<'a> {
    match last.values.get(&instrument) {
        Some(value) => {
            let role = if bad && *value > 0.0 { Role::Warn } else { Role::Text };
            scene.piece(role, instrument.unit().show(*value))
        }
        None => scene.piece(Role::Warn, "no data"),
    }
}

/// Degraded against failed answers, and the cache.
fn answers<'a>(scene: &Scene<'a>, last: &Reading) -> Vec<Group<'a>> {
    let dim = |says| scene.piece(Role::Dim, says);
    let point = scene.state.series.points().last();
    let failed = match point.and_then(|point| point.value(Metric::Failures)) {
        Some(failed) if failed > 0.0 => scene.piece(Role::Bad, format!("✗ {}/s", grouped(failed))),
        Some(_) => scene.piece(Role::Good, "0/s"),
        None => scene.piece(Role::Warn, "no data"),
    };
    let count = |instrument| last.values.get(&instrument).copied();
    let found = count(Instrument::CacheHits).zip(count(Instrument::CacheMisses));
    let rate = match found {
        Some((hits, misses)) if hits + misses > 0.0 => {
            let rate = hits / (hits + misses);
            scene.piece(Role::Text, Metric::CacheHitRate.unit().show(rate))
        }
        _ => scene.piece(Role::Warn, "no data"),
    };
    vec![
        vec![dim("degraded "), value(scene, last, Instrument::Degraded, true)],
        vec![dim("failed "), failed],
        vec![dim("cache hits "), rate],
    ]
}

/// The database, its replica, and what waits to reach them.
fn data<'a>(scene: &Scene<'a>, last: &Reading) -> Vec<Group<'a>> {
    let dim = |says| scene.piece(Role::Dim, says);
    vec![
        vec![dim("replica lag "), value(scene, last, Instrument::ReplicaLag, false)],
        vec![dim("connections "), value(scene, last, Instrument::DatabaseConnections, false)],
        vec![dim("queue "), value(scene, last, Instrument::QueueDepth, true)],
    ]
}

/// What defences did in place of failing.
fn spared<'a>(scene: &Scene<'a>, last: &Reading) -> Vec<Group<'a>> {
    let dim = |says| scene.piece(Role::Dim, says);
    vec![
        vec![dim("stand-ins "), value(scene, last, Instrument::StandIns, true)],
        vec![dim("second tries "), value(scene, last, Instrument::Retries, true)],
    ]
}

/// The last failover, and what became of the data.
fn handovers<'a>(scene: &Scene<'a>, width: usize) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    if let Some((_, last)) = scene.state.failovers.last() {
        let count = scene.state.failovers.len();
        let says = format!("⇄ {count} failover, last to {} in {}", last.to, last.took);
        lines.extend(told(scene, Role::Warn, &says, width));
    }
    match &scene.state.integrity {
        None => {}
        Some(Err(why)) => {
            lines.extend(told(scene, Role::Bad, &format!("✗ data not compared: {why}"), width));
        }
        Some(Ok(check)) => {
            let sum = |of: fn(&crate::exercise::reading::TableComparison) -> u64| {
                check.tables.iter().map(of).sum::<u64>()
            };
            let missing = sum(|one| one.missing);
            let (extra, changed) = (sum(|one| one.extra), sum(|one| one.changed));
            let wrong = missing + extra + changed + check.lost;
            let (role, sign) = if wrong == 0 { (Role::Good, "✓") } else { (Role::Bad, "✗") };
            let says = format!(
                "{sign} data: {missing} missing, {extra} extra, {changed} changed; {} of {} orders lost",
                check.lost, check.acknowledged
            );
            lines.extend(told(scene, role, &says, width));
        }
    }
    lines
}

/// Security counters that are not zero.
fn security<'a>(scene: &Scene<'a>, totals: &Totals, width: usize) -> Vec<Line<'a>> {
    let said: Vec<String> = SECURITY
        .into_iter()
        .filter_map(|(instrument, words)| {
            let count = totals.count(instrument).filter(|count| *count > 0.0)?;
            Some(format!("{} {words}", grouped(count)))
        })
        .collect();
    if said.is_empty() {
        return Vec::new();
    }
    told(scene, Role::Warn, &format!("▲ {}", said.join(", ")), width)
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
    let (role, word) = match state {
        Some(one) if one.open > 0 => (Role::Bad, format!("○ OPEN {}/{}", one.open, one.count)),
        Some(_) => (Role::Good, "● closed".to_owned()),
        None => (Role::Warn, "– no data".to_owned()),
    };
    let mut groups = vec![vec![
        scene.piece(role, text::pad(&word, 11)),
        scene.piece(Role::Text, format!("{} → {}", text::clean(owner), text::clean(guards))),
    ]];
    if opened > 0 {
        groups.push(vec![scene.piece(Role::Warn, format!("opened {opened}×"))]);
    }
    groups
}
