//! What is left of the error budgets of the services that are watched, how fast they burn, and when they are gone.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span as Piece};

use crate::exercise::service::{Account, Alarm, Over, PAIRS, Urgency};
use crate::gameday::metric::Unit;
use crate::gameday::service::{Service, promql};
use crate::gameday::span::Span;
use crate::tui::scene::{Scene, put};
use crate::tui::theme::Role;
use crate::tui::{text, words};

/// Draws them.
pub fn draw(scene: &Scene<'_>, area: Rect, boxed: bool, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let all = all(scene);
    let burning = all.iter().filter(|(_, account)| account.burning().is_some()).count();
    let rest = match burning {
        0 => String::new(),
        count => scene.tell("budgets-burning", &[("count", count.into())]),
    };
    let inner = scene.panel(area, scene.title_of("pane-budgets", rest), boxed, buf);
    if all.is_empty() {
        for (row, says) in
            text::wrap(&scene.say("budgets-none"), usize::from(inner.width)).iter().enumerate()
        {
            let line = Line::from(scene.piece(Role::Dim, says.clone()));
            put(inner, u16::try_from(row).unwrap_or(u16::MAX), &line, buf);
        }
        return;
    }
    let mut row = 0;
    for (service, account) in all {
        for line in lines(scene, service, account, usize::from(inner.width)) {
            put(inner, row, &line, buf);
            row += 1;
        }
    }
}

/// Every service with its account, what burns first.
pub fn all<'a>(scene: &Scene<'a>) -> Vec<(&'a Service, &'a Account)> {
    let services = scene.state.header.watch.as_ref().map_or(&[][..], |watch| &watch.services);
    let mut all: Vec<_> = services.iter().zip(&scene.state.watching.accounts).collect();
    let urgency = |account: &Account| {
        account.burning().map_or(9, |pair| match pair.urgency {
            Urgency::Page => 0,
            Urgency::Ticket => 1,
        })
    };
    all.sort_by_key(|(_, account)| urgency(account));
    all
}

fn lines<'a>(
    scene: &Scene<'a>,
    service: &Service,
    account: &Account,
    width: usize,
) -> Vec<Line<'a>> {
    let spent = account.spent();
    let burning = account.burning();
    let (role, sign) = match (spent, burning) {
        (Some(spent), _) if spent >= 1.0 => (Role::Bad, "✗"),
        (_, Some(_)) => (Role::Bad, "▲"),
        (Some(spent), None) if spent > 0.75 => (Role::Warn, "◔"),
        (Some(_), None) => (Role::Good, "✓"),
        (None, None) => (Role::Warn, "–"),
    };
    let period = promql(account.period());
    let promise = Unit::Share.show(service.objective);
    let args = [("share", (&*promise).into()), ("period", (&*period).into())];
    let first = Line::from(vec![
        scene.piece(role, format!("{sign} ")),
        scene.piece(Role::Title, text::clean(&service.title).into_owned()),
        scene.piece(Role::Dim, format!(" {} ", scene.tell("budget-promise", &args))),
        scene.piece(role, left(scene, spent)),
        scene.piece(role, gone(scene, account)),
    ]);
    // What is spent, and what is left, is of that alone.
    let short = short(scene, service).map(|says| scene.piece(Role::Warn, says));
    let part = session(scene, account).map(|part| scene.piece(Role::Dim, part));
    let mut lines = vec![first];
    for piece in short.into_iter().chain(rates(scene, account)).chain(part) {
        match lines.last_mut() {
            Some(line) if lines_fit(line, &piece, width) && line.spans.len() < 5 => {
                line.push_span("  ");
                line.push_span(piece);
            }
            _ => lines.push(Line::from(vec![Piece::raw("  "), piece])),
        }
    }
    lines
}

/// How far back it is known, where that is less than its period.
fn short(scene: &Scene<'_>, service: &Service) -> Option<String> {
    let watch = scene.state.header.watch.as_ref()?;
    let place = watch.services.iter().position(|one| one.name == service.name)?;
    let says = watch.short_of(place, scene.now.wall)?;
    Some(format!("▲ {}", text::clean(&scene.told(&says))))
}

fn lines_fit(line: &Line<'_>, piece: &Piece<'_>, width: usize) -> bool {
    line.width() + 2 + piece.width() <= width
}

/// What is left of the budget of the period.
fn left(scene: &Scene<'_>, spent: Option<f64>) -> String {
    match spent {
        None => scene.say("no-data").into_owned(),
        Some(spent) if spent < 1.0 => {
            let share = Unit::Share.show(1.0 - spent.max(0.0));
            scene.tell("slo-budget-left", &[("share", (&*share).into())])
        }
        Some(spent) => {
            let times = times(spent);
            scene.tell("slo-budget-spent", &[("times", (&*times).into())])
        }
    }
}

/// When it will be gone, if it goes on so.
pub fn gone(scene: &Scene<'_>, account: &Account) -> String {
    let Some(left) = account.gone_in() else { return String::new() };
    let left = long(left);
    format!(" · {}", scene.tell("budget-gone", &[("left", (&*left).into())]))
}

/// Days where hours are too many to be read.
fn long(left: Span) -> String {
    let days = left.as_millis() / 86_400_000;
    if days >= 2 { format!("{days}d") } else { words::span(left) }
}

/// The burn rates of the windows, those that alarm in colour.
fn rates<'a>(scene: &Scene<'a>, account: &Account) -> Vec<Piece<'a>> {
    let mut pieces = vec![scene.piece(Role::Dim, scene.say("budget-burns"))];
    for pair in &PAIRS {
        let rate = |window| {
            let rate = account.rate(Over::Last(window));
            rate.map_or_else(|| "–".to_owned(), times)
        };
        let (role, word) = match (account.alarm(pair), pair.urgency) {
            (Alarm::Burning, Urgency::Page) => (Role::Bad, scene.say("budget-page")),
            (Alarm::Burning, Urgency::Ticket) => (Role::Warn, scene.say("budget-ticket")),
            _ => (Role::Dim, "".into()),
        };
        let windows = format!("{}/{}", promql(pair.short), promql(pair.long));
        let says = format!("{windows} {}/{}{word}", rate(pair.short), rate(pair.long));
        pieces.push(scene.piece(role, says));
    }
    pieces
}

/// What of the period's budget went in this watch.
fn session(scene: &Scene<'_>, account: &Account) -> Option<String> {
    let since = scene.state.watching.since?;
    let spent = account.spent_in(scene.now.since(since))?;
    let share = Unit::Share.show(spent);
    Some(scene.tell("budget-session", &[("share", (&*share).into())]))
}

fn times(rate: f64) -> String {
    if rate >= 10.0 { format!("{rate:.0}×") } else { format!("{rate:.1}×") }
}
