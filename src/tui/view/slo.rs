//! The promises: value, target, error budget left, burn rate, and history with threshold line and fault windows.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span as Piece};

use super::history::{History, gutter};
use super::watch;
use crate::exercise::budget::{Account, Alarm, PAIRS, WINDOWS};
use crate::exercise::slo::WINDOW;
use crate::exercise::state::SloRun;
use crate::gameday::plan::Slo;
use crate::gameday::span::Span;
use crate::tui::scene::{Scene, put};
use crate::tui::stretch::Stretch;
use crate::tui::theme::Role;
use crate::tui::{text, words};

/// Draws it.
pub fn draw(scene: &Scene<'_>, area: Rect, boxed: bool, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let plan = scene.state.plan();
    let count = u16::try_from(plan.slos.len()).unwrap_or(u16::MAX);
    let inner = scene.panel(area, title(scene, columns(area, boxed, count)), boxed, buf);
    if count == 0 {
        put(inner, 0, &Line::from(scene.piece(Role::Dim, scene.say("slo-none"))), buf);
        return;
    }
    let ledger = scene.ui.ledger.current(scene.state);
    let each = (inner.height / count).max(1);
    let runs = scene.state.slos.iter().zip(ledger.accounts());
    for (index, (slo, (run, account))) in plan.slos.iter().zip(runs).enumerate() {
        let top = u16::try_from(index).unwrap_or(u16::MAX).saturating_mul(each);
        if top >= inner.height {
            break;
        }
        let room = Rect { y: inner.y + top, height: each.min(inner.height - top), ..inner };
        one(scene, slo, run, account, room, buf);
    }
}

/// How many columns every history has; `None`: each has as many as its figures leave.
fn columns(area: Rect, boxed: bool, count: u16) -> Option<u16> {
    let frame = u16::from(boxed) * 2;
    let width = area.width.saturating_sub(frame);
    let each = area.height.saturating_sub(frame.max(1)).checked_div(count)?;
    (each > 2).then(|| width - gutter(width, each >= 4))
}

/// The name, the window of the values, what a column of the history stands for, and guardrails that fire.
fn title<'a>(scene: &Scene<'a>, columns: Option<u16>) -> Line<'a> {
    let firing: Vec<_> = scene
        .state
        .guardrails
        .iter()
        .zip(&scene.state.plan().guardrails)
        .filter(|(run, _)| run.firing)
        .map(|(_, rule)| rule.when.source.as_str())
        .collect();
    let window = words::span(WINDOW);
    let stretch = columns.and_then(|columns| Stretch::of(scene, columns));
    let bin = stretch.map(|stretch| stretch.bin);
    let rest = match bin.filter(|bin| *bin > 1 && firing.is_empty()) {
        Some(bin) => {
            let column = words::span(Span::from_secs(bin));
            let args = [("window", window.as_str().into()), ("column", column.as_str().into())];
            scene.tell("slo-over-columns", &args)
        }
        None => scene.tell("slo-over", &[("window", window.as_str().into())]),
    };
    let mut title = scene.title_of("pane-slos", rest);
    if !firing.is_empty() {
        let rules = firing.join(", ");
        let says = scene.tell("slo-guardrail", &[("rules", text::clean(&rules).as_ref().into())]);
        title.spans.push(scene.piece(Role::Bad, format!("{says} ")));
    }
    title
}

fn one(
    scene: &Scene<'_>,
    slo: &Slo,
    run: &SloRun,
    account: &Account,
    area: Rect,
    buf: &mut Buffer,
) {
    let unit = slo.limit.metric.unit();
    let promised = slo.limit.is_bound();
    let (role, sign, word) = match (run.value, run.breached()) {
        (Some(_), _) if !promised => (Role::Text, "·", "slo-shown"),
        (_, Some(_)) => (Role::Bad, "✗", "slo-breached"),
        (None, None) => (Role::Warn, "–", "no-data"),
        (Some(_), None) => (Role::Good, "✓", "slo-kept"),
    };
    let value = run.value.map_or_else(|| scene.say("no-data").into_owned(), |one| unit.show(one));
    let blanks = 7_usize.saturating_sub(text::width(&value));
    let line = Line::from(vec![
        scene.piece(role, text::pad(&format!("{sign} {}", scene.say(word)), 11)),
        scene.piece(Role::Title, text::pad(&slo.name, names(scene, area.width))),
        scene.piece(role, format!(" {}{value} ", " ".repeat(blanks))),
        scene.piece(Role::Dim, words::limit(&slo.limit)),
    ]);
    put(area, 0, &line, buf);
    let used = cells(&line);
    let budget = budget(scene, run, account, slo);
    let extremes = account.extremes();
    if area.height <= 2 {
        return brief(scene, slo, account, area, (used, &budget), buf);
    }
    let history = History::of(scene, slo, extremes, area.width, area.height >= 4);
    let burn = burn(scene, account);
    let mut below = outside(scene, run);
    if let Some(why) = watch::silence(scene, slo.limit.metric) {
        below.insert(0, scene.piece(Role::Warn, text::fit(&why, usize::from(area.width))));
    }
    if history.is_log() {
        below.push(scene.piece(Role::Dim, scene.say("slo-log")));
    }
    // What the budget says stands beside the value where there is room, and all of it below where there is not.
    let beside = Line::from(budget.clone());
    let mut rest = burn;
    if used + 2 + cells(&beside) <= area.width {
        buf.set_line(area.x + used + 2, area.y, &beside, area.width - used - 2);
    } else {
        rest = budget.into_iter().chain(rest).collect();
    }
    let rest = spaced(rest.into_iter().chain(below), area.width);
    let top = 1 + u16::from(!rest.spans.is_empty());
    put(area, 1, &rest, buf);
    let chart = Rect { y: area.y + top, height: area.height - top, ..area };
    history.draw(scene, slo, chart, buf);
}

/// One row or two: the figures come first, the history takes what they leave.
fn brief(
    scene: &Scene<'_>,
    slo: &Slo,
    account: &Account,
    area: Rect,
    (used, budget): (u16, &[Piece<'_>]),
    buf: &mut Buffer,
) {
    let mut room = if area.height == 1 {
        let left = area.width.saturating_sub(used + 1);
        Rect { x: area.x + used + 1, width: left, ..area }
    } else {
        Rect { y: area.y + 1, height: 1, ..area }
    };
    let rate = burning(account).filter(|_| area.height > 1);
    let rate = rate.map(|(role, rate)| {
        let says = scene.tell("slo-burn", &[("rates", times(rate).as_str().into())]);
        scene.piece(role, says)
    });
    let line = spaced(budget.iter().cloned().chain(rate), room.width);
    let wide = cells(&line);
    if wide > 0 && room.width >= wide + 9 {
        let x = room.right() - wide;
        buf.set_line(x, room.y, &line, wide);
        room.width -= wide + 1;
    }
    if room.width >= 4 {
        History::of(scene, slo, account.extremes(), room.width, false).draw(scene, slo, room, buf);
    }
}

fn cells(line: &Line<'_>) -> u16 {
    u16::try_from(line.width()).unwrap_or(u16::MAX)
}

/// As many of the pieces, two blanks apart, as fit into `width`.
fn spaced<'a>(pieces: impl Iterator<Item = Piece<'a>>, width: u16) -> Line<'a> {
    let mut line = Line::default();
    for piece in pieces {
        let gap = if line.spans.is_empty() { 0 } else { 2 };
        if line.width() + gap + piece.width() > usize::from(width) {
            continue;
        }
        if gap > 0 {
            line.push_span("  ");
        }
        line.push_span(piece);
    }
    line
}

/// How wide names are: as the longest of them, where there is room.
fn names(scene: &Scene<'_>, width: u16) -> usize {
    let longest = scene.state.plan().slos.iter().map(|slo| text::width(&slo.name)).max();
    let most = if width >= 48 { 20 } else { 12 };
    longest.unwrap_or_default().clamp(12, most)
}

/// What is left of the error budget of this exercise; of a promise without one, how far it is from its limit.
fn budget<'a>(scene: &Scene<'a>, run: &SloRun, account: &Account, slo: &Slo) -> Vec<Piece<'a>> {
    let period = scene.state.foreseen_end();
    if let Some(spent) = account.spent(period) {
        let piece = if spent < 1.0 {
            // What is nearly spent is not spent, and what is nearly whole is not whole.
            let left = ((1.0 - spent) * 100.0).round();
            let left = if spent > 0.0 { left.clamp(1.0, 99.0) } else { left };
            let role = if left < 25.0 { Role::Warn } else { Role::Dim };
            let share = format!("{left}%");
            scene.piece(role, scene.tell("slo-budget-left", &[("share", share.as_str().into())]))
        } else {
            let spent = times(spent);
            scene.piece(
                Role::Bad,
                scene.tell("slo-budget-spent", &[("times", spent.as_str().into())]),
            )
        };
        return vec![piece];
    }
    let Some(value) = run.value else { return Vec::new() };
    let unit = slo.limit.metric.unit();
    let far = |key, by: f64| scene.tell(key, &[("value", words::short(unit, by).as_str().into())]);
    let piece = match (slo.limit.min, slo.limit.max) {
        (_, Some(max)) if value > max => scene.piece(Role::Bad, far("slo-over-by", value - max)),
        (Some(min), _) if value < min => scene.piece(Role::Bad, far("slo-under-by", min - value)),
        (_, Some(max)) => scene.piece(Role::Dim, far("slo-below", max - value)),
        (Some(min), None) => scene.piece(Role::Dim, far("slo-above", value - min)),
        (None, None) => return Vec::new(),
    };
    vec![piece]
}

/// `4.5×`, `30×`.
fn times(rate: f64) -> String {
    let tenths = (rate * 10.0).round() / 10.0;
    if tenths >= 10.0 { format!("{rate:.0}×") } else { format!("{tenths}×") }
}

/// The rate of the pair that burns, or else of the shortest window that has one.
fn burning(account: &Account) -> Option<(Role, f64)> {
    for (pair, role) in PAIRS.into_iter().zip([Role::Bad, Role::Warn]) {
        if account.alarm(pair) == Some(Alarm::Burning) {
            return account.rate(pair.short).map(|rate| (role, rate));
        }
    }
    WINDOWS.into_iter().find_map(|window| account.rate(window)).map(|rate| (Role::Dim, rate))
}

/// How fast the budget burns over every window, and the alarm in words.
fn burn<'a>(scene: &Scene<'a>, account: &Account) -> Vec<Piece<'a>> {
    let Some(ceiling) = account.ceiling() else { return Vec::new() };
    let role = burning(account).map_or(Role::Dim, |(role, _)| role);
    let rates: Vec<String> = WINDOWS
        .into_iter()
        .map(|window| {
            let rate = account.rate(window).map_or_else(|| "–".to_owned(), times);
            format!("{rate} {}", window_name(window))
        })
        .collect();
    let rates = rates.join(" · ");
    let mut pieces =
        vec![scene.piece(role, scene.tell("slo-burn", &[("rates", rates.as_str().into())]))];
    let [fast, slow] = PAIRS.map(|pair| account.alarm(pair));
    let alarm = match (fast, slow) {
        (Some(Alarm::Burning), _) => Some((Role::Bad, scene.say("slo-burn-fast"))),
        (_, Some(Alarm::Burning)) => Some((Role::Warn, scene.say("slo-burn-slow"))),
        _ => None,
    };
    if let Some((role, says)) = alarm {
        pieces.insert(0, scene.piece(role, says));
    } else if fast == Some(Alarm::Impossible) {
        let most = times(ceiling);
        let says = scene.tell("slo-burn-most", &[("times", most.as_str().into())]);
        pieces.push(scene.piece(Role::Dim, says));
    }
    pieces
}

/// `30s`, `2m`.
fn window_name(window: Span) -> String {
    let secs = window.as_millis() / 1_000;
    if secs.is_multiple_of(60) { format!("{}m", secs / 60) } else { format!("{secs}s") }
}

/// How often and how long the promise was broken.
fn outside<'a>(scene: &Scene<'a>, run: &SloRun) -> Vec<Piece<'a>> {
    if run.violations.is_empty() {
        return Vec::new();
    }
    let time = run
        .violations
        .iter()
        .fold(Span::ZERO, |sum, one| sum + one.to.unwrap_or(scene.now).since(one.from));
    let time = words::span(time);
    let args = [("count", run.violations.len().into()), ("time", time.as_str().into())];
    vec![scene.piece(Role::Warn, scene.tell("slo-outside", &args))]
}
