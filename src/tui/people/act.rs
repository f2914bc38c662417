//! What the actions about people do: what lies over the screen, what is to be chosen, and commands. Not the drawing.

use super::{can, items};
use crate::exercise::command::Command;
use crate::exercise::state::State;
use crate::gameday::span::Span;
use crate::lang::Message;
use crate::tui::action::id::ActionId;
use crate::tui::answer::Outcome;
use crate::tui::chooser::{About, Chooser, Leads, Typed, choices};
use crate::tui::dialog::{Dialog, Pending};
use crate::tui::line_words::role_key;
use crate::tui::typing;
use crate::tui::ui::{Overlay, Ui};

/// Does it; `None`: this is not about people.
pub fn act(id: ActionId, state: &State, ui: &mut Ui) -> Option<Vec<Outcome>> {
    match id {
        ActionId::Incidents => ui.overlay = Some(Overlay::Incidents { selected: 0 }),
        ActionId::OpenSuggested => return Some(open(state, ui)),
        ActionId::SetAside => {
            let signal = items::suggestion(state, ui)?.signal;
            return Some(send(Command::SetAside { signal, by: ui.by.clone() }));
        }
        ActionId::Link => ask(About::Cause(items::incident(state, ui)?), ui),
        ActionId::Board => {
            ui.overlay = Some(Overlay::Board { page: 0, selected: 0, from: 0 });
            ui.reckon(state);
        }
        ActionId::ShowBoard => {
            let (show, by) = (state.people.standings.is_none(), ui.by.clone());
            return Some(send(Command::ShowBoard { show, by }));
        }
        ActionId::NextKind | ActionId::TeamsLeft | ActionId::TeamsRight => turn(id, ui),
        ActionId::Deck => ui.overlay = Some(Overlay::Deck { selected: 0 }),
        ActionId::Give => ask(can::given(state, ui).ok()?, ui),
        ActionId::SeenCard => {
            let (card, _) = items::waiting(state, ui)?;
            let (team, author) = (typing::team(state, ui).to_owned(), ui.by.clone());
            return Some(send(Command::AcknowledgeCard { card, team, author }));
        }
        ActionId::Crew => ui.overlay = Some(Overlay::Crew { selected: 0 }),
        ActionId::Assign => ask(can::assigned(state, ui)?, ui),
        ActionId::AddPerson => name(Typed::Person, ui),
        ActionId::AddTeam => name(Typed::Team, ui),
        ActionId::Take => return Some(take(state, ui)),
        ActionId::DeclareReal => ui.overlay = Some(Overlay::Real),
        ActionId::ConfirmReal => {
            ui.overlay = None;
            ui.say(Message::plain("says-real"));
            let (by, reason) = (ui.by.clone(), String::new());
            return Some(send(Command::DeclareReal { by, reason }));
        }
        _ => return None,
    }
    Some(Vec::new())
}

fn send(command: Command) -> Vec<Outcome> {
    vec![Outcome::Send(Box::new(command))]
}

fn ask(about: About, ui: &mut Ui) {
    ui.chooser = Some(Chooser::new(about));
}

fn open(state: &State, ui: &mut Ui) -> Vec<Outcome> {
    let Some(found) = items::suggestion(state, ui) else { return Vec::new() };
    ui.say(Message::plain("says-opened").told("title", found.title.clone()));
    let command = Box::new(Command::OpenIncident {
        team: typing::team(state, ui).to_owned(),
        author: ui.by.clone(),
        title: String::new(),
        severity: found.severity,
        ago: Span::ZERO,
        people: Vec::new(),
        tags: Vec::new(),
        signal: Some(found.signal),
    });
    vec![Outcome::Open { command, title: found.title }]
}

/// Another page of the score board, or other teams on it.
fn turn(id: ActionId, ui: &mut Ui) {
    let Some(Overlay::Board { page, selected, from }) = &mut ui.overlay else { return };
    match id {
        ActionId::NextKind => (*page, *selected) = ((*page + 1) % items::PAGES, 0),
        ActionId::TeamsLeft => *from = from.saturating_sub(1),
        _ => *from += 1,
    }
}

/// Takes the chosen line; one that costs something is asked about once more.
fn take(state: &State, ui: &mut Ui) -> Vec<Outcome> {
    let Some(mut chooser) = ui.chooser.take() else { return Vec::new() };
    let all = choices(state, &chooser, &ui.by);
    let at = chooser.selected.min(all.len().saturating_sub(1));
    let Some(choice) = all.into_iter().nth(at) else { return Vec::new() };
    let costs = choice.hint.is_some_and(|(_, cost)| cost > 0);
    match choice.leads {
        Leads::Command(_) if costs && chooser.sure.is_none() => {
            (chooser.sure, chooser.selected) = (Some(at), 0);
            ui.chooser = Some(chooser);
        }
        Leads::Command(command) => return vec![Outcome::Send(command)],
        Leads::Back => {
            chooser.selected = chooser.sure.take().unwrap_or_default();
            ui.chooser = Some(chooser);
        }
        Leads::Typing => {
            if let About::Role(role) = chooser.about {
                name(Typed::Holder(role), ui);
            }
        }
    }
    Vec::new()
}

/// Asks for a name.
fn name(typed: Typed, ui: &mut Ui) {
    let (question, detail) = match typed {
        Typed::Holder(role) => (
            Message::plain("choose-role").naming("what", role_key(role)),
            Message::plain("ask-holder-means"),
        ),
        Typed::Person => (Message::plain("ask-person"), Message::plain("ask-person-means")),
        Typed::Team => (Message::plain("ask-team"), Message::plain("ask-team-means")),
    };
    ui.dialog = Some(Dialog::ask(Pending::Name(typed), question, vec![detail.into()]));
}
