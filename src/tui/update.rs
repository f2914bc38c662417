//! What a key or a paste does: changes of the screen's own state, and commands to the exercise. Not the drawing,
//! and no effect of its own.

use super::action::{self, ActionId};
use super::dialog::{Dialog, step};
use super::key::{Code, Key};
use super::keymap::{Meaning, meaning};
use super::lang::Message;
use super::possible::selected;
use super::ui::{Mode, Overlay, Ui};
use super::{answer, arrange, palette, question, suspend, typing};
use crate::exercise::command::{Command, LoadChange};
use crate::exercise::state::{InjectionStatus, Stage, State};
use crate::gameday::span::Span;

pub use super::answer::Outcome;

/// How many log entries a page is.
const PAGE: usize = 5;

/// Takes a key press.
pub fn press(key: Key, state: &State, ui: &mut Ui) -> Vec<Outcome> {
    ui.notice = None;
    if key == Key::ctrl('z') {
        return suspend::ask(state, ui);
    }
    if ui.halting {
        return halting(key, ui);
    }
    if key == Key::ctrl('x') {
        return act(ActionId::Halt, state, ui);
    }
    if ui.dialog.is_some() {
        return answer::press(key, ui);
    }
    if ui.palette {
        return palette::press(key, state, ui);
    }
    if key == Key::ctrl('c') {
        return act(ActionId::Quit, state, ui);
    }
    if let Some(overlay) = ui.overlay {
        return laid_over(overlay, key, state, ui);
    }
    if ui.mode == Mode::Typing {
        return typing::press(key, state, ui);
    }
    match meaning(key, ui.place, state, ui) {
        Meaning::Do(action) => act(action.id, state, ui),
        Meaning::NotNow(action, why) => {
            ui.complain(
                Message::plain("action-not-now")
                    .naming("action", action.name_key())
                    .naming("why", why),
            );
            Vec::new()
        }
        Meaning::Nothing => Vec::new(),
    }
}

/// Takes a pasted text: into the open answer, or into the log's line.
pub fn paste(text: &str, ui: &mut Ui) {
    ui.notice = None;
    if ui.halting {
        return;
    }
    if let Some(dialog) = &mut ui.dialog {
        if let Some(answer) = &mut dialog.answer {
            answer.paste(text);
        }
        return;
    }
    if ui.palette {
        ui.lever.paste(&text.replace(['\n', '\r'], " "));
        return;
    }
    if ui.overlay.is_some() {
        return;
    }
    ui.mode = Mode::Typing;
    ui.draft.paste(text);
}

/// The confirming key of the halt; any other key goes back to where one was.
fn halting(key: Key, ui: &mut Ui) -> Vec<Outcome> {
    ui.halting = false;
    if key == Key::ctrl('x') || key.code == Code::Enter {
        ui.dialog = None;
        ui.say(Message::plain("says-halting"));
        let reason = "emergency stop at the screen".to_owned();
        return vec![Outcome::Send(Box::new(Command::Halt { by: ui.by.clone(), reason }))];
    }
    ui.say(Message::plain("says-not-halted"));
    Vec::new()
}

fn act(id: ActionId, state: &State, ui: &mut Ui) -> Vec<Outcome> {
    if let Some(why) = action::find(id).and_then(|one| (one.when)(state, ui).err()) {
        ui.complain(Message::plain(why));
        return Vec::new();
    }
    if arrange::act(id, state, ui) {
        return Vec::new();
    }
    let by = ui.by.clone();
    let command = match id {
        ActionId::Halt => {
            ui.halting = true;
            return Vec::new();
        }
        ActionId::Quit if state.stage == Stage::Ended => return vec![Outcome::Leave],
        ActionId::Type => {
            ui.mode = Mode::Typing;
            ui.log_end = None;
            return Vec::new();
        }
        ActionId::Lever => {
            ui.palette = true;
            return Vec::new();
        }
        ActionId::Help => return open(ui, Overlay::Help { top: 0 }),
        ActionId::Objectives => return open(ui, Overlay::Objectives { selected: 0 }),
        ActionId::SelectNext => return select(ui, state, 1),
        ActionId::SelectPrevious => return select(ui, state, -1),
        ActionId::LogBack => return scroll(ui, state, true),
        ActionId::LogForward => return scroll(ui, state, false),
        ActionId::Hold => Command::Hold { by, reason: String::new() },
        ActionId::Resume => Command::Resume { by },
        ActionId::Extend => {
            let length = state.current_phase().map_or(Span::ZERO, |(_, phase, _)| phase.duration);
            Command::ExtendPhase { amount: step(length), by }
        }
        ActionId::Delay => {
            let Some(run) = selected(state, ui) else { return Vec::new() };
            let phase = state.plan().phases.get(run.phase);
            let amount = step(phase.map_or(Span::ZERO, |phase| phase.duration));
            Command::DelayInjection { id: run.id, amount, by }
        }
        ActionId::LoadUp => Command::ChangeLoad { change: LoadChange::Up, by },
        ActionId::LoadDown => Command::ChangeLoad { change: LoadChange::Down, by },
        ActionId::LoadPlan => Command::ChangeLoad { change: LoadChange::BackToPlan, by },
        asking => {
            ui.dialog = question::about(asking, state, ui);
            return Vec::new();
        }
    };
    vec![Outcome::Send(Box::new(command))]
}

fn open(ui: &mut Ui, overlay: Overlay) -> Vec<Outcome> {
    ui.overlay = Some(overlay);
    Vec::new()
}

fn select(ui: &mut Ui, state: &State, by: isize) -> Vec<Outcome> {
    ui.selected = moved(ui.selected, by, state.injections.len());
    Vec::new()
}

fn moved(at: usize, by: isize, count: usize) -> usize {
    at.saturating_add_signed(by).min(count.saturating_sub(1))
}

fn scroll(ui: &mut Ui, state: &State, back: bool) -> Vec<Outcome> {
    let end = ui.log_end.unwrap_or(state.log.len());
    let end = if back { end.saturating_sub(PAGE).max(1) } else { end + PAGE };
    ui.log_end = (end < state.log.len()).then_some(end);
    Vec::new()
}

fn laid_over(overlay: Overlay, key: Key, state: &State, ui: &mut Ui) -> Vec<Outcome> {
    let by = match key.code {
        Code::Char('j') | Code::Down => 1,
        Code::Char('k') | Code::Up => -1,
        Code::PageDown => 10,
        Code::PageUp => -10,
        Code::Esc | Code::Char('q' | '?' | 'o') | Code::Enter => {
            ui.overlay = None;
            return Vec::new();
        }
        Code::Char(score @ ('m' | 'n')) => {
            if let Overlay::Objectives { selected } = overlay {
                ui.dialog = scoring(state, ui, selected, score == 'm');
            }
            return Vec::new();
        }
        _ => 0,
    };
    ui.overlay = Some(match overlay {
        Overlay::Help { top } => Overlay::Help { top: moved(top, by, action::ACTIONS.len()) },
        Overlay::Objectives { selected } => {
            Overlay::Objectives { selected: moved(selected, by, state.plan().objectives.len()) }
        }
    });
    Vec::new()
}

fn scoring(state: &State, ui: &mut Ui, objective: usize, met: bool) -> Option<Dialog> {
    let found = question::score(state, objective, met);
    if found.is_none() {
        ui.complain(Message::plain("says-measured"));
    }
    found
}

/// Keeps the selection where something happens: called after the state changed.
pub fn follow(state: &State, ui: &mut Ui, before: Option<InjectionStatus>) {
    let now = selected(state, ui).map(|run| run.status);
    let finished =
        before.is_some_and(|status| !status.is_over()) && now.is_some_and(InjectionStatus::is_over);
    if finished && let Some((next, _)) = state.next_injection() {
        ui.selected = next.id.0;
    }
}
