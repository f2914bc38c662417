//! What keys and the mouse do where a recording is replayed: they ask something of it, or open a question. Not the playing.

use ratatui::layout::{Position, Rect};

use crate::exercise::state::State;
use crate::gameday::span::Span;
use crate::lang::Message;
use crate::tui::action;
use crate::tui::action::id::ActionId as Id;
use crate::tui::answer::Outcome;
use crate::tui::bindings::Found;
use crate::tui::dialog::{Dialog, Pending};
use crate::tui::journey;
use crate::tui::key::Key;
use crate::tui::keymap;
use crate::tui::layer::Layer;
use crate::tui::mouse::{Hit, Hits, Target, moment};
use crate::tui::place::Place;
use crate::tui::replay::{Asked, Wish, page};
use crate::tui::says::Says;
use crate::tui::ui::Ui;
use crate::tui::words;

/// Does it; `None`: this is not about a recording.
pub fn act(id: Id, state: &State, ui: &mut Ui) -> Option<Vec<Outcome>> {
    if page::is_read(ui)
        && let Some(meant) = page::meant(id)
    {
        return journey::act(meant, state, ui);
    }
    match id {
        Id::SeekTo => ui.dialog = Some(ask(Asked::When, "ask-when", &["ask-when-forms"])),
        Id::Find => ui.dialog = Some(ask(Asked::Find, "ask-find", &["ask-find-means"])),
        Id::Annotate => ui.dialog = annotate(state, ui),
        Id::DropNote => ui.dialog = drop_note(ui),
        Id::Play
        | Id::Faster
        | Id::Slower
        | Id::StepBack
        | Id::StepForward
        | Id::SeekBack
        | Id::SeekForward
        | Id::SeekStart
        | Id::SeekEnd
        | Id::NextMark(_)
        | Id::PreviousMark(_)
        | Id::NextFound
        | Id::PreviousFound
        | Id::Bookmark
        | Id::NextNote
        | Id::PreviousNote => return Some(vec![Outcome::Replay(Wish::Do(id))]),
        Id::Quit if ui.place == Place::Replay && ui.turned => return Some(vec![Outcome::Turn]),
        Id::Quit if ui.place == Place::Replay => return Some(vec![Outcome::Leave]),
        Id::Suspend if ui.place == Place::Replay => return Some(vec![Outcome::Suspend]),
        _ => return None,
    }
    Some(Vec::new())
}

fn ask(asked: Asked, question: &'static str, details: &[&'static str]) -> Dialog {
    let details = details.iter().map(|key| Message::plain(key).into()).collect();
    Dialog::ask(Pending::Replay(asked), Message::plain(question), details)
}

/// The note at the place that is shown: a new one, or the one that is there to be changed.
fn annotate(state: &State, ui: &Ui) -> Option<Dialog> {
    let replay = ui.replay.as_ref()?;
    let at = words::clock(state.exercise_time(state.now));
    let there = replay.note();
    let question = if there.is_some() { "ask-note-change" } else { "ask-note" };
    let mut dialog = Dialog::ask(
        Pending::Replay(Asked::Note(replay.seq)),
        Message::plain(question).with("at", at),
        vec![Message::plain("ask-note-means").into()],
    );
    if let (Some(answer), Some(there)) = (&mut dialog.answer, there) {
        answer.paste(&there.text);
    }
    Some(dialog)
}

fn drop_note(ui: &Ui) -> Option<Dialog> {
    let replay = ui.replay.as_ref()?;
    let note = replay.note()?;
    let details =
        if note.text.is_empty() { Vec::new() } else { vec![Says::Text(note.text.clone())] };
    Some(Dialog::confirm(
        Pending::Replay(Asked::Drop(note.seq)),
        Message::plain("ask-note-drop"),
        details,
    ))
}

/// A key of the live screen that a recording has not: it says why.
pub(in crate::tui) fn absent(key: Key, state: &State, ui: &mut Ui) {
    let live = keymap::bindings(ui).find(Layer::Screen, Place::Live, &[key]);
    if let Found::Action(id) = live
        && let Some(action) = action::find(id)
    {
        ui.complain(
            Message::plain("action-not-now")
                .naming("action", action.name_key(state, ui))
                .naming("why", "why-replay"),
        );
    }
}

/// A drag over a recording goes along with the mouse.
pub(in crate::tui) fn drag(at: Position, ui: &Ui, hits: &Hits) -> Vec<Outcome> {
    let begun = ui.pressed.and_then(|begun| hits.at(begun));
    let wish = begun.and_then(|hit| pointed(hit, at, true, ui));
    wish.map(Outcome::Replay).into_iter().collect()
}

/// Where a mouse at `at`, on what was hit or from there, points to in a recording.
pub(in crate::tui) fn pointed(hit: &Hit, at: Position, dragged: bool, ui: &Ui) -> Option<Wish> {
    if ui.place != Place::Replay {
        return None;
    }
    let (from, to) = match hit.target {
        Target::Bar { to } => (Span::ZERO, to),
        Target::Moments { from, to } => (from, to),
        _ => return None,
    };
    // The first and the last column are the beginning and the end.
    let last = Rect { width: hit.area.width.saturating_sub(1), ..hit.area };
    let moment = moment(last, at.x, from, to);
    match hit.target {
        Target::Bar { .. } => Some(Wish::To(moment)),
        // What goes along with the place would run away under the mouse.
        _ if !dragged || ui.window.factor() == 1 => Some(Wish::Exercise(moment)),
        _ => None,
    }
}
