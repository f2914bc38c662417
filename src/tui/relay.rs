//! What people in the middle of an incident pass on to others or remember: a status update, a handover, a moment. Not their texts, and not their sending.

pub mod can;
pub mod sent;
pub mod tongue;

use super::action::id::ActionId;
use super::answer::Outcome;
use super::dialog::{Dialog, Pending};
use super::replay::Wish;
use super::typing;
use super::ui::{Overlay, Ui};
use crate::exercise::command::Command;
use crate::exercise::log::FACILITATOR;
use crate::exercise::state::State;
use crate::lang::{Lang, Message};
use crate::report::{handover, update, words};

/// Does it; `None`: this is not about passing anything on.
pub fn act(id: ActionId, state: &State, ui: &mut Ui) -> Option<Vec<Outcome>> {
    match id {
        ActionId::Update => ui.dialog = Some(compose(state, ui)),
        ActionId::Pin => {
            // At the facilitator's screen faults are seen: that is nobody else's pin.
            let team = if state.participants { typing::team(state, ui) } else { FACILITATOR };
            let (team, author) = (team.to_owned(), ui.by.clone());
            ui.say(Message::plain("says-pinned"));
            let command = Command::PinMoment { team, author, text: String::new() };
            return Some(vec![Outcome::Send(Box::new(command))]);
        }
        ActionId::Moments => {
            let selected = state.pins.len().saturating_sub(1);
            ui.overlay = Some(Overlay::Moments { selected });
        }
        ActionId::GoToMoment => {
            let Some(Overlay::Moments { selected }) = ui.overlay else { return Some(Vec::new()) };
            let pin = state.pins.get(selected)?;
            ui.overlay = None;
            return Some(vec![Outcome::Replay(Wish::To(pin.at.elapsed))]);
        }
        ActionId::Handover => ui.overlay = Some(Overlay::Handover { top: 0 }),
        ActionId::CopyHandover => {
            return Some(vec![Outcome::Give {
                text: handed_over(state, ui),
                says: "says-handover-copied",
            }]);
        }
        ActionId::KeepHandover => {
            let time = words::day(state.now.wall).replace(':', "");
            let ending = format!("handover-{time}.md");
            return Some(vec![Outcome::WriteDown { ending, text: handed_over(state, ui) }]);
        }
        _ => return None,
    }
    Some(Vec::new())
}

/// The handover, in the language of the screen.
fn handed_over(state: &State, ui: &Ui) -> String {
    handover::render(state, handover::HOUR, &Lang::new(ui.tongue.language))
}

/// Asks for an update, with the text that is ready. Where the user's own template is wrong, ours stands in.
fn compose(state: &State, ui: &Ui) -> Dialog {
    let lang = Lang::new(ui.tongue.language);
    let own = ui.tongue.updates.as_deref();
    let (text, problem) = match update::text(state, &lang, own) {
        Ok(text) => (text, None),
        Err(why) => {
            let why = why.lines().next().unwrap_or_default().to_owned();
            let says = Message::plain("answer-update-template").with("why", why);
            (update::text(state, &lang, None).unwrap_or_default(), Some(says))
        }
    };
    let team = typing::team(state, ui).to_owned();
    let means = Message::plain("ask-update-means").with("team", &team);
    let question = Message::plain("ask-update");
    let mut dialog = Dialog::ask(Pending::Update { team }, question, vec![means.into()]);
    if let Some(answer) = &mut dialog.answer {
        answer.set(text.split('\n').map(str::to_owned).collect());
    }
    dialog.problem = problem;
    dialog
}
