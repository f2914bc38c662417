//! What arrives from the feed, taken into the screen's own copy of the state. Not the waiting for it.

use super::journey;
use super::possible::selected;
use super::ui::Ui;
use super::update::follow;
use super::{toast, typing};
use crate::exercise::event::Event;
use crate::exercise::fold::apply;
use crate::exercise::participant::reveal;
use crate::exercise::said::said;
use crate::exercise::state::State;
use crate::gameday::span::Span;
use crate::port::feed::FeedItem;

/// Takes one item, at `now`. Everything taken may change the screen.
pub fn take(item: FeedItem, now: Span, state: &mut State, ui: &mut Ui) {
    match item {
        FeedItem::Event(envelope) => {
            if envelope.seq <= state.seq {
                return;
            }
            let before = selected(state, ui).map(|run| run.status);
            let stage = state.stage;
            apply(state, &envelope);
            journey::follow(stage, state, ui);
            typing::happened(&envelope.event, ui);
            ui.catch_up(state);
            if !matches!(envelope.event, Event::Sampled(_) | Event::Observed(_)) {
                ui.reckon(state);
            }
            lever_done(&envelope.event, state, ui);
            if let Some(toast) = toast::of(&envelope.event, state, envelope.stamp.elapsed, &ui.by) {
                ui.toasts.put(toast);
            }
            follow(state, ui, before);
        }
        FeedItem::Revealed(plan) => reveal(state, &plan),
        FeedItem::Refused { why, of } => {
            let back = of.is_some_and(|of| typing::refused(&of, ui));
            ui.toasts.put(toast::refused(&why, back, now));
            ui.complain(why);
        }
        FeedItem::RecordingTrouble(trouble) => {
            let before = ui.trouble.as_deref();
            if let Some(toast) = toast::recording(before, trouble.as_deref(), now) {
                ui.toasts.put(toast);
            }
            ui.trouble = trouble;
        }
    }
}

/// Reckons anew what is kept of `state` beside it, after it became another one.
pub fn anew(state: &State, ui: &mut Ui) {
    (ui.totals, ui.ledger) = Default::default();
    ui.catch_up(state);
    ui.reckon(state);
    ui.toasts.dismiss();
    ui.log_end = None;
}

/// What came of a lever that was pulled here.
fn lever_done(event: &Event, state: &State, ui: &mut Ui) {
    let Event::LeverDone { id, ok, said } = event else { return };
    let Some(run) = state.levers.iter().find(|run| run.id == *id && run.author == ui.by) else {
        return;
    };
    let lever = run.lever.to_string();
    let says = said!("log-lever-says", "{lever}: {what}", lever = lever, what = said);
    if *ok { ui.say(says) } else { ui.complain(says) }
}
