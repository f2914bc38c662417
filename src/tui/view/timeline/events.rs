//! What happened and will happen, as bars and dots of the timeline: faults, incidents, cards, notes. Not their drawing.

use super::lanes::{Bar, Dot};
use super::scale::Scale;
use crate::exercise::log::EntryKind;
use crate::exercise::stamp::Stamp;
use crate::exercise::state::{InjectionRun, InjectionStatus, State};
use crate::gameday::span::Span;
use crate::tui::axis::Axis;
use crate::tui::scene::Scene;
use crate::tui::theme::Role;
use crate::tui::view::replay::NOTE;
use crate::tui::{text, words};

/// The most cells of a card's or an incident's text.
const TEXT: usize = 28;

/// The injections: from when they took effect to when they were undone, and as planned.
pub(super) fn faults(scene: &Scene<'_>, axis: &Axis<'_>, scale: &Scale) -> Vec<Bar> {
    scene.state.injections.iter().filter_map(|run| fault(scene, axis, scale, run)).collect()
}

fn fault(scene: &Scene<'_>, axis: &Axis<'_>, scale: &Scale, run: &InjectionRun) -> Option<Bar> {
    let state = scene.state;
    let planned = state.planned(run.id)?;
    let began = run.t0.or(run.armed);
    let from = began.map_or_else(|| state.injection_due(run), |stamp| axis.exercise_at(stamp));
    let length = planned.experiment.duration;
    let now = state.exercise_time(scene.now);
    let (to, foreseen) = match (run.status, run.reverted) {
        (InjectionStatus::Planned, _) => (from, from + length.unwrap_or_default()),
        (_, Some(stamp)) => (axis.exercise_at(stamp), Span::ZERO),
        (InjectionStatus::Active, None) => {
            // What remains runs on by itself; in exercise time it ends so far ahead unless the clock is held.
            let since = began.map_or(Span::ZERO, |stamp| scene.now.since(stamp));
            (now, now + length.map_or(Span::ZERO, |length| length - since))
        }
        (InjectionStatus::Failed | InjectionStatus::Skipped, None) => (from, from),
        _ => (now, now),
    };
    let (role, end) = match run.status {
        InjectionStatus::Planned => (Role::Next, ""),
        InjectionStatus::Reverted => (Role::Good, "✓"),
        InjectionStatus::Skipped => (Role::Dim, "–"),
        InjectionStatus::Failed => (Role::Bad, "✗"),
        InjectionStatus::NotReverted => (Role::Bad, "▲"),
        InjectionStatus::Reverting => (Role::Warn, "◌"),
        InjectionStatus::Armed | InjectionStatus::Injecting | InjectionStatus::Active => {
            (Role::Bad, "")
        }
    };
    let age = match (run.t0, run.reverted) {
        (Some(t0), Some(end)) => format!(" {}", words::span(end.since(t0))),
        (Some(t0), None) => format!(" {}", words::span(scene.now.since(t0))),
        _ => String::new(),
    };
    let sign = match run.status {
        InjectionStatus::Planned | InjectionStatus::Armed | InjectionStatus::Injecting => {
            words::sign(run.status)
        }
        _ => "●",
    };
    let (begin, to_column) = scale.stretch(from, to.max(from))?;
    let (_, planned_column) = scale.stretch(from, foreseen.max(to).max(from))?;
    Some(Bar {
        from: begin,
        to: to_column,
        planned: planned_column,
        sign: if from < scale.from { "" } else { sign },
        end: if to > scale.to { "" } else { end },
        name: format!("{}{age}", text::clean(&planned.name)),
        style: scene.style(role),
    })
}

/// How many alerts fired so far.
pub(super) fn firing(state: &State) -> usize {
    state.watching.alerts.fired.len()
}

/// The alerts, from when they began to fire.
pub(super) fn alerts(scene: &Scene<'_>, axis: &Axis<'_>, scale: &Scale) -> Vec<Bar> {
    let now = scene.state.exercise_time(scene.now);
    let all = scene.state.watching.alerts.fired.iter();
    all.filter_map(|one| {
        // It may have begun before anybody watched.
        let seen = one.from.wall;
        let earlier = seen.saturating_sub(one.alert.since.unwrap_or(seen));
        let earlier = Span::from_millis(u64::try_from(earlier).unwrap_or_default());
        let from = axis.exercise_at(one.from) - earlier;
        let to = one.to.map_or(now, |to| axis.exercise_at(to)).max(from);
        let (begin, end) = scale.stretch(from, to)?;
        let over = one.to.is_some();
        Some(Bar {
            from: begin,
            to: end,
            planned: end,
            sign: if from < scale.from { "" } else { "▲" },
            end: if over { "✓" } else { "" },
            name: text::fit(&text::clean(&one.alert.name), TEXT),
            style: scene.style(if over { Role::Dim } else { Role::Bad }),
        })
    })
    .collect()
}

/// The incidents, from opened to closed.
pub(super) fn incidents(scene: &Scene<'_>, axis: &Axis<'_>, scale: &Scale) -> Vec<Bar> {
    let now = scene.state.exercise_time(scene.now);
    let all = scene.state.incidents.iter();
    all.filter_map(|incident| {
        let from = axis.exercise_at(incident.opened);
        let closed = incident.moves.last().filter(|_| incident.status.is_closed());
        let to = closed.map_or(now, |(stamp, ..)| axis.exercise_at(*stamp)).max(from);
        let (begin, end) = scale.stretch(from, to)?;
        let name = format!("{} {} {}", incident.id, incident.severity, incident.title);
        let role = if closed.is_some() { Role::Dim } else { Role::Incident };
        Some(Bar {
            from: begin,
            to: end,
            planned: end,
            sign: if from < scale.from { "" } else { "▲" },
            end: if closed.is_some() && to <= scale.to { "✓" } else { "" },
            name: text::fit(&name, TEXT),
            style: scene.style(role),
        })
    })
    .collect()
}

/// The cards: those shown, and those to come.
pub(super) fn cards(scene: &Scene<'_>, axis: &Axis<'_>, scale: &Scale) -> Vec<Bar> {
    let state = scene.state;
    let planned = state.plan().phases.iter().enumerate().flat_map(|(phase, plan)| {
        plan.cards.iter().enumerate().map(move |(index, card)| (phase, index, card))
    });
    let shown = |place| state.cards.iter().any(|card| card.planned == Some(place));
    let coming =
        planned.filter(|(phase, index, _)| !shown((*phase, *index))).map(|(phase, _, card)| {
            (state.phase_start(phase) + card.offset, &card.text, "□", Role::Next)
        });
    let past = state.cards.iter();
    let past = past.map(|card| (axis.exercise_at(card.at), &card.text, "■", Role::Text));
    past.chain(coming)
        .filter_map(|(at, text, sign, role)| {
            let column = scale.column(at)?;
            Some(Bar {
                from: column,
                to: column,
                planned: column,
                sign,
                end: "",
                name: text::fit(text, TEXT),
                style: scene.style(role),
            })
        })
        .collect()
}

/// What people wrote.
pub(super) fn notes(scene: &Scene<'_>, scale: &Scale) -> Vec<Dot> {
    let typed = scene.state.log.iter().filter(|entry| entry.team.is_some());
    typed
        .filter_map(|entry| {
            let column = scale.column(entry.exercise_time)?;
            let (sign, role) = match entry.kind {
                EntryKind::Lesson => ("★", Role::Next),
                EntryKind::Fix => ("✚", Role::Good),
                EntryKind::Deploy => ("⇧", Role::Next),
                EntryKind::ConfigChange => ("≡", Role::Next),
                EntryKind::Update => ("»", Role::Team),
                EntryKind::Action | EntryKind::Decision => ("▸", Role::Team),
                EntryKind::Note | EntryKind::WentWell | EntryKind::WentBadly | EntryKind::Lucky => {
                    ("•", Role::Team)
                }
            };
            Some(Dot { column, sign, style: scene.style(role) })
        })
        .collect()
}

/// What was added to a recording afterwards, as far as it is behind the moment that is shown.
pub(super) fn afterwards(scene: &Scene<'_>, axis: &Axis<'_>, scale: &Scale) -> Vec<Dot> {
    let notes = scene.ui.replay.iter().flat_map(|replay| replay.notes.iter());
    let past = notes.filter(|(at, _)| *at <= scene.now.elapsed);
    past.filter_map(|(at, _)| {
        let column = scale.column(axis.exercise_at(Stamp::new(*at, 0)))?;
        Some(Dot { column, sign: NOTE, style: scene.style(Role::Next) })
    })
    .collect()
}
