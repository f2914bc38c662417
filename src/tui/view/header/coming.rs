//! What happens next by the plan, when, and what it will do, in plain words. Not what happens now.

use ratatui::text::Line;

use crate::gameday::metric::grouped;
use crate::gameday::plan::{Card, Phase};
use crate::gameday::span::Span;
use crate::lang::Message;
use crate::tui::fault as words_of;
use crate::tui::scene::Scene;
use crate::tui::theme::Role;
use crate::tui::{text, words};

/// Something that lies ahead.
struct Coming {
    due: Span,
    /// In plain words, and in as few as there are.
    long: String,
    short: String,
}

/// The next two things, the sooner first, in as many words as there is room for. `stopped`: the clock stands still.
pub(super) fn line<'a>(scene: &Scene<'a>, stopped: bool, room: usize) -> Line<'a> {
    let state = scene.state;
    let now = state.exercise_time(scene.now);
    let mut coming: Vec<Coming> =
        fault(scene).into_iter().chain(card(scene)).chain(phase(scene)).collect();
    coming.sort_by_key(|one| one.due);
    let line = |count: usize, long: usize| {
        let mut pieces = Vec::with_capacity(count * 2);
        for (index, one) in coming.iter().take(count).enumerate() {
            let left = words::remaining(one.due - now);
            let key = match (index, stopped) {
                (0, false) => "next-in",
                (0, true) => "next-in-after",
                _ => "then-in",
            };
            let when = scene.tell(key, &[("left", (&*left).into())]);
            let dot = if index == 0 { "" } else { " · " };
            let what = if index < long { &one.long } else { &one.short };
            pieces.push(scene.piece(Role::Title, format!("{dot}{when} ")));
            pieces.push(scene.piece(Role::Next, what.clone()));
        }
        Line::from(pieces)
    };
    [(3, 3), (2, 2), (2, 1), (1, 1), (2, 0)]
        .into_iter()
        .map(|(count, long)| line(count, long))
        .find(|line| line.width() <= room)
        .unwrap_or_else(|| line(1, 0))
}

fn fault(scene: &Scene<'_>) -> Option<Coming> {
    let state = scene.state;
    let (run, due) = state.next_injection()?;
    let experiment = &state.planned(run.id)?.experiment;
    let say = |message: Message| format!("◆ {}", text::clean(&scene.lang.message(&message)));
    let (long, short) = (say(words_of::does(experiment)), say(words_of::named(&experiment.fault)));
    Some(Coming { due, long, short })
}

fn card(scene: &Scene<'_>) -> Option<Coming> {
    let state = scene.state;
    let all = state.plan().phases.iter().enumerate().flat_map(|(phase, plan)| {
        plan.cards.iter().enumerate().map(move |(index, card)| (phase, index, card))
    });
    let over = |phase: usize| state.phases.get(phase).is_some_and(|run| run.ended.is_some());
    let shown =
        |phase, index| state.cards.iter().any(|shown| shown.planned == Some((phase, index)));
    let due = |phase: usize, card: &Card| state.phase_start(phase) + card.offset;
    let (phase, _, card) = all
        .filter(|(phase, index, _)| !over(*phase) && !shown(*phase, *index))
        .min_by_key(|(phase, _, card)| due(*phase, card))?;
    let to = card
        .to
        .as_deref()
        .map_or_else(|| scene.say("card-for-all"), |team| text::clean(team).into_owned().into());
    let says = text::clean(&card.text);
    let args = [("team", (&*to).into()), ("text", (&*says).into())];
    let long = format!("□ {}", scene.tell("next-card", &args));
    Some(Coming { due: due(phase, card), short: text::fit(&long, 30), long })
}

fn phase(scene: &Scene<'_>) -> Option<Coming> {
    let state = scene.state;
    let (index, ..) = state.current_phase()?;
    let due = state.phase_start(index) + state.phase_length(index);
    let Some(phase) = state.plan().phases.get(index + 1) else {
        let says = scene.say("next-closes").into_owned();
        return Some(Coming { due, short: says.clone(), long: says });
    };
    let name = text::clean(&phase.name);
    let short = scene.tell("next-phase", &[("phase", (&*name).into())]);
    let long = match load(phase) {
        Some(load) => {
            let args = [("phase", (&*name).into()), ("load", (&*load).into())];
            scene.tell("next-phase-load", &args)
        }
        None => short.clone(),
    };
    Some(Coming { due, long, short })
}

/// The load of a phase: at its start, and at its end where that is another.
fn load(phase: &Phase) -> Option<String> {
    let load = phase.load?;
    let first = load.rate_at(Span::ZERO, phase.duration);
    let last = load.rate_at(phase.duration, phase.duration);
    let (first, last) = (grouped(first), grouped(last));
    Some(if first == last { format!("{first}/s") } else { format!("{first}→{last}/s") })
}
