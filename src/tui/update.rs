//! What a key or a paste does: changes of the screen's own state, and commands to the exercise. Not the drawing,
//! and no effect of its own.

use ratatui::layout::Position;

use super::action::{self, ActionId};
use super::axis::Axis;
use super::dialog::step;
use super::draft::Edit;
use super::key::{Code, Key};
use super::keymap::{Meaning, meaning};
use super::layer::Layer;
use super::mouse::{Did, Hit, Hits, Mouse, Target, moment};
use super::overlay::moved;
use super::pane::Pane;
use super::place::Place;
use super::possible::selected;
use super::shared::possible;
use super::ui::{Mode, Overlay, Ui};
use super::{
    answer, arrange, choosing, compare, completing, debrief, journey, overlay, palette, people,
    picking, question, relay, replay, suspend, typing,
};
use crate::exercise::command::{Command, LoadChange};
use crate::exercise::said::{Said, said};
use crate::exercise::state::{InjectionRun, InjectionStatus, Stage, State};
use crate::gameday::span::Span;
use crate::lang::Message;

pub use super::answer::Outcome;

/// How many log entries a page is.
const PAGE: usize = 5;
/// The emergency stop. No chord and no keymap stands in its way.
pub const HALT: Key = Key::ctrl('x');

/// Takes a key press.
pub fn press(key: Key, state: &State, ui: &mut Ui) -> Vec<Outcome> {
    let counts = journey::counts(state, ui);
    let mut outcomes = pressed(key, state, ui);
    if counts {
        journey::stop(ui, &mut outcomes);
    }
    outcomes
}

fn pressed(key: Key, state: &State, ui: &mut Ui) -> Vec<Outcome> {
    ui.notice = None;
    if key == HALT {
        ui.begun.clear();
    }
    let mut typed = std::mem::take(&mut ui.begun);
    typed.push(key);
    match meaning(&typed, state, ui) {
        Meaning::Do(action) => return act(action.id, state, ui),
        Meaning::NotNow(action, why) => ui.complain(
            Message::plain("action-not-now")
                .naming("action", action.name_key(state, ui))
                .naming("why", why),
        ),
        Meaning::Begun => ui.begun = typed,
        Meaning::Nothing if typed.len() > 1 => {
            if key.code != Code::Esc {
                let keys: Vec<_> = typed.iter().map(ToString::to_string).collect();
                ui.complain(Message::plain("says-no-such-chord").with("keys", keys.join(" ")));
            }
        }
        Meaning::Nothing => unbound(key, state, ui),
    }
    Vec::new()
}

/// A key that asks for nothing: text where text is typed.
fn unbound(key: Key, state: &State, ui: &mut Ui) {
    match ui.layer() {
        Layer::Typing | Layer::Completing => {
            ui.draft.press(key);
            completing::refresh(state, ui);
        }
        Layer::Palette => palette::type_in(key, ui),
        Layer::Answer => answer::type_in(key, ui),
        // Any key that does not halt goes back to where one was.
        Layer::Halting => decline_halt(ui),
        Layer::Filter => ui.filter.press(key),
        Layer::Declaring => ui.overlay = None,
        Layer::Screen if ui.place == Place::Replay => replay::act::absent(key, state, ui),
        _ => {}
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
        palette::paste(text, ui);
        return;
    }
    if ui.overlay.is_some() || ui.picking.is_some() || !ui.place.is_written() {
        return;
    }
    ui.mode = Mode::Typing;
    ui.draft.paste(text);
    ui.offers.clear();
}

/// Takes what the mouse did; `hits` is what it can reach, see [`super::view::hits`].
pub fn mouse(mouse: Mouse, state: &State, ui: &mut Ui, hits: &Hits) -> Vec<Outcome> {
    let counts = matches!(mouse.did, Did::Press) && journey::counts(state, ui);
    let mut outcomes = moused(mouse, state, ui, hits);
    if counts {
        journey::stop(ui, &mut outcomes);
    }
    outcomes
}

fn moused(mouse: Mouse, state: &State, ui: &mut Ui, hits: &Hits) -> Vec<Outcome> {
    let wheel = |index: usize| hits.wheel(mouse.at).and_then(|wheel| wheel.get(index).copied());
    match mouse.did {
        Did::WheelUp => return turn(wheel(0), state, ui),
        Did::WheelDown => return turn(wheel(1), state, ui),
        Did::Drag => return replay::act::drag(mouse.at, ui, hits),
        Did::Release if ui.place == Place::Replay => ui.pressed = None,
        Did::Release => release(mouse.at, state, ui, hits),
        Did::Press => {
            (ui.notice, ui.pressed) = (None, Some(mouse.at));
            ui.begun.clear();
            if let Some(hit) = hits.at(mouse.at) {
                if let Some(wish) = replay::act::pointed(hit, mouse.at, false, ui) {
                    return vec![Outcome::Replay(wish)];
                }
                return click(hit.target, state, ui);
            }
        }
    }
    Vec::new()
}

/// The wheel only moves; what it cannot move it leaves without a word.
fn turn(id: Option<ActionId>, state: &State, ui: &mut Ui) -> Vec<Outcome> {
    let possible =
        |id: &ActionId| action::find(*id).is_some_and(|action| possible(action, state, ui).is_ok());
    id.filter(possible).map(|id| act(id, state, ui)).unwrap_or_default()
}

fn click(target: Target, state: &State, ui: &mut Ui) -> Vec<Outcome> {
    match target {
        Target::Action(id) => return act(id, state, ui),
        Target::Pane(pane) => ui.panes.focus_on(pane),
        Target::Fault(index) => {
            ui.panes.focus_on(Pane::Faults);
            ui.selected = index;
        }
        Target::Item(index) => overlay::select(index, ui),
        Target::Incident(index) => {
            ui.panes.focus_on(Pane::Incidents);
            ui.overlay = Some(Overlay::Incidents { selected: index });
        }
        Target::Theme(index) => ui.looks.wear(index),
        Target::Objective(index) => ui.overlay = Some(Overlay::Objectives { selected: index }),
        Target::Choice(index) => {
            ui.choice = index;
            return choose(state, ui);
        }
        Target::Offer(index) => {
            ui.offers.choose(index);
            completing::take(state, ui);
        }
        Target::Part(part) => ui.learnt.part = part,
        Target::Learnt(index) => debrief::act::select(index, ui),
        Target::Pick(index) => return picking::act::click(index, state, ui),
        Target::Row(row) => return vec![Outcome::Row(row)],
        // What is meant shows when the button goes up.
        Target::Moments { .. } | Target::Bar { .. } | Target::Cover => {}
    }
    Vec::new()
}

/// A drag over the timeline shows that stretch; a click selects the fault that is nearest.
fn release(at: Position, state: &State, ui: &mut Ui, hits: &Hits) {
    let Some(begun) = ui.pressed.take() else { return };
    let Some(Hit { area, target: Target::Moments { from, to }, .. }) = hits.at(begun).copied()
    else {
        return;
    };
    let when = |x: u16| moment(area, x, from, to);
    if at.x.abs_diff(begun.x) > 1 {
        let (left, right) = (begun.x.min(at.x), begun.x.max(at.x));
        ui.window.show(when(left), when(right.saturating_add(1)), state.foreseen_end());
    } else if let Some(index) = nearest(when(begun.x), state) {
        ui.panes.focus_on(Pane::Faults);
        ui.selected = index;
    }
}

/// The injection that begins, or began, nearest to a moment.
fn nearest(at: Span, state: &State) -> Option<usize> {
    let axis = Axis::new(state, state.now);
    let begins = |run: &InjectionRun| match run.t0.or(run.armed) {
        Some(stamp) => axis.exercise_at(stamp),
        None => state.injection_due(run),
    };
    let far = |run: &&InjectionRun| begins(run).as_millis().abs_diff(at.as_millis());
    state.injections.iter().min_by_key(far).map(|run| run.id.0)
}

fn confirm_halt(ui: &mut Ui) -> Vec<Outcome> {
    ui.halting = false;
    ui.dialog = None;
    ui.say(Message::plain("says-halting"));
    let reason = said!("why-screen-stop", "emergency stop at the screen");
    vec![Outcome::Send(Box::new(Command::Halt { by: ui.by.clone(), reason }))]
}

fn decline_halt(ui: &mut Ui) {
    ui.halting = false;
    ui.say(Message::plain("says-not-halted"));
}

/// Does an action, or says why it cannot be done now: what a key, a line of the palette and a click all lead to.
pub fn act(id: ActionId, state: &State, ui: &mut Ui) -> Vec<Outcome> {
    if let Some(why) = action::find(id).and_then(|one| possible(one, state, ui).err()) {
        ui.complain(Message::plain(why));
        return Vec::new();
    }
    if let Some(outcomes) = replay::act::act(id, state, ui) {
        return outcomes;
    }
    if let Some(outcomes) = compare::act::act(id, ui) {
        return outcomes;
    }
    if let Some(outcomes) = picking::act::act(id, state, ui) {
        return outcomes;
    }
    if let Some(outcomes) = journey::act(id, state, ui) {
        return outcomes;
    }
    if let Some(outcomes) = people::act::act(id, state, ui) {
        return outcomes;
    }
    if let Some(outcomes) = relay::act(id, state, ui) {
        return outcomes;
    }
    if arrange::act(id, state, ui) {
        return Vec::new();
    }
    let by = ui.by.clone();
    let command = match id {
        ActionId::Hold if state.held.is_some() => Command::Resume { by },
        ActionId::Hold => Command::Hold { by, reason: Said::default() },
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
        other => return on_the_screen(other, state, ui),
    };
    vec![Outcome::Send(Box::new(command))]
}

/// What changes the screen at first.
fn on_the_screen(id: ActionId, state: &State, ui: &mut Ui) -> Vec<Outcome> {
    match id {
        ActionId::Participants => return vec![Outcome::Turn],
        ActionId::Quit if ui.turned => return vec![Outcome::Turn],
        ActionId::Quit if state.participants || ui.place == Place::Launcher => {
            return vec![Outcome::Leave];
        }
        ActionId::Quit if state.stage == Stage::Ended => return vec![Outcome::Leave],
        ActionId::LeaveWatch => return vec![Outcome::Leave],
        ActionId::Dismiss => ui.toasts.dismiss(),
        ActionId::Copy => return vec![Outcome::Copy],
        ActionId::Suspend if ui.place == Place::Launcher => return vec![Outcome::Suspend],
        ActionId::Suspend => return suspend::ask(state, ui),
        ActionId::ConfirmHalt => return confirm_halt(ui),
        ActionId::DeclineHalt => decline_halt(ui),
        ActionId::Halt => ui.halting = true,
        ActionId::Type => {
            ui.mode = Mode::Typing;
            ui.log_end = None;
        }
        ActionId::Palette => palette::open(ui),
        ActionId::Help => ui.overlay = Some(Overlay::Help { top: 0 }),
        ActionId::Objectives => ui.overlay = Some(Overlay::Objectives { selected: 0 }),
        ActionId::Themes => choosing::open(ui),
        ActionId::KeepTheme => return choosing::keep(ui),
        ActionId::SelectNext => select(ui, state, 1),
        ActionId::SelectPrevious => select(ui, state, -1),
        ActionId::LogBack => scroll(ui, state, true),
        ActionId::LogForward => scroll(ui, state, false),
        ActionId::Write
        | ActionId::NextTeam
        | ActionId::PreviousTeam
        | ActionId::StopWriting
        | ActionId::Edit(_)
        | ActionId::Confirm
        | ActionId::Decline => return in_a_line(id, state, ui),
        ActionId::TakeOffer => completing::take(state, ui),
        ActionId::OfferDown => ui.offers.go(1),
        ActionId::OfferUp => ui.offers.go(-1),
        ActionId::CloseOffers => ui.offers.close(),
        ActionId::Choose => return choose(state, ui),
        ActionId::Complete => palette::complete(state, ui),
        ActionId::ChoiceDown => palette::go(1, state, ui),
        ActionId::ChoiceUp => palette::go(-1, state, ui),
        ActionId::ClosePalette => ui.palette = false,
        ActionId::OverlayDown
        | ActionId::OverlayUp
        | ActionId::OverlayPageDown
        | ActionId::OverlayPageUp
        | ActionId::Close
        | ActionId::ScoreMet
        | ActionId::ScoreNotMet => overlay::act(id, state, ui),
        asking => ui.dialog = question::about(asking, state, ui),
    }
    Vec::new()
}

/// What is done while a line is typed or a question is open.
fn in_a_line(id: ActionId, state: &State, ui: &mut Ui) -> Vec<Outcome> {
    match id {
        ActionId::Write => return typing::submit(state, ui),
        ActionId::Confirm => return answer::confirm(ui),
        ActionId::Decline => ui.dialog = None,
        ActionId::NextTeam if ui.palette => palette::next_team(state, ui),
        ActionId::NextTeam => typing::change_team(1, state, ui),
        ActionId::PreviousTeam => typing::team_before(state, ui),
        ActionId::Edit(edit) => change(edit, state, ui),
        _ => ui.mode = Mode::Acting,
    }
    Vec::new()
}

fn change(edit: Edit, state: &State, ui: &mut Ui) {
    let filter = ui.layer() == Layer::Filter;
    let answer = ui.dialog.as_mut().and_then(|dialog| dialog.answer.as_mut());
    match answer {
        Some(answer) => answer.edit(edit),
        None if ui.palette => palette::change(edit, ui),
        None if filter => ui.filter.edit(edit),
        None => {
            ui.draft.edit(edit);
            completing::refresh(state, ui);
        }
    }
}

/// Does what the palette offers.
fn choose(state: &State, ui: &mut Ui) -> Vec<Outcome> {
    match palette::choose(state, ui) {
        palette::Chosen::Action(id) => act(id, state, ui),
        palette::Chosen::Outcomes(outcomes) => outcomes,
    }
}

fn select(ui: &mut Ui, state: &State, by: isize) {
    ui.selected = moved(ui.selected, by, state.injections.len());
}

fn scroll(ui: &mut Ui, state: &State, back: bool) {
    let end = ui.log_end.unwrap_or(state.log.len());
    let end = if back { end.saturating_sub(PAGE).max(1) } else { end + PAGE };
    ui.log_end = (end < state.log.len()).then_some(end);
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
