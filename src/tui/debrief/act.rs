//! What keys do in the debrief. Not whether they may, and not its drawing.

use super::asked::Asked;
use super::{ALL, Item, PARTS, Part, improvement, items, place, selected};
use crate::exercise::command::Command;
use crate::exercise::id::InjectionId;
use crate::exercise::improvement::{Category, Proposal};
use crate::exercise::state::State;
use crate::lang::Message;
use crate::tui::action::ActionId;
use crate::tui::answer::Outcome;
use crate::tui::dialog::{Dialog, Pending};
use crate::tui::draft::Draft;
use crate::tui::picking::{Picking, Picks};
use crate::tui::ui::{Mode, Ui};
use crate::tui::{question, typing};

/// Does it; `None`: this is not about the debrief.
pub fn act(id: ActionId, state: &State, ui: &mut Ui) -> Option<Vec<Outcome>> {
    match id {
        ActionId::NextPart => ui.learnt.part = (ui.learnt.part + 1) % PARTS,
        ActionId::PreviousPart => ui.learnt.part = (ui.learnt.part + PARTS - 1) % PARTS,
        ActionId::Met => score(true, state, ui),
        ActionId::NotMet => score(false, state, ui),
        ActionId::Lesson => {
            ui.mode = Mode::Typing;
            if ui.draft.is_empty() {
                ui.draft.paste("lesson: ");
            }
        }
        ActionId::Adopt => return Some(adopt(state, ui)),
        ActionId::Amend => ui.dialog = amend(state, ui),
        ActionId::Aside => set_aside(state, ui),
        ActionId::Add => add(state, ui),
        ActionId::Classify => classify(state, ui),
        ActionId::Owner => ui.dialog = owner(state, ui),
        ActionId::Due => ui.dialog = due(state, ui),
        ActionId::Evidence => {
            if let Some(one) = improvement(state, ui) {
                ui.picking = Some(Picking::new(Picks::Evidence(one.id), state));
            }
        }
        ActionId::Settle => return Some(settle(state, ui)),
        _ => return None,
    }
    Some(Vec::new())
}

/// Selects `by` further in the part that is shown.
pub fn go(by: isize, state: &State, ui: &mut Ui) {
    let part = Part::chosen(ui);
    let at = place(state, ui, part);
    let last = items(state, ui, part).len().saturating_sub(1);
    if let Some(place) = ui.learnt.at.get_mut(part as usize) {
        *place = at.saturating_add_signed(by).min(last);
    }
}

/// Selects one of the part that is shown.
pub fn select(index: usize, ui: &mut Ui) {
    let part = Part::chosen(ui);
    if let Some(place) = ui.learnt.at.get_mut(part as usize) {
        *place = index;
    }
}

fn send(command: Command) -> Vec<Outcome> {
    vec![Outcome::Send(Box::new(command))]
}

fn ask(asked: Asked, key: &'static str, about: &str, prefilled: &str) -> Option<Dialog> {
    let about = (!about.is_empty()).then(|| about.to_owned().into()).into_iter().collect();
    let mut dialog = Dialog::ask(Pending::Debrief(Box::new(asked)), Message::plain(key), about);
    let mut draft = Draft::new();
    draft.paste(prefilled);
    dialog.answer = Some(draft);
    Some(dialog)
}

fn score(met: bool, state: &State, ui: &mut Ui) {
    ui.dialog = match selected(state, ui) {
        Some(Item::Objective(index)) => question::score(state, index, met),
        Some(Item::Injection(id)) => judge(id, met, state),
        _ => None,
    };
}

fn judge(id: InjectionId, met: bool, state: &State) -> Option<Dialog> {
    let key = if met { "debrief-ask-as-expected" } else { "debrief-ask-unexpected" };
    let name = state.name_of(id);
    ask(Asked::Judge { id, met }, key, &name, "")
}

fn team(state: &State, ui: &Ui) -> String {
    typing::team(state, ui).to_owned()
}

fn adopt(state: &State, ui: &mut Ui) -> Vec<Outcome> {
    let (by, team) = (ui.by.clone(), team(state, ui));
    let asked = match selected(state, ui) {
        Some(Item::Line(index)) => ui.learnt.lines.get(index).map(|line| {
            let evidence = line.evidence.clone();
            let asked = Asked::Write { kind: line.kind, team, proposed: None, evidence };
            (asked, line.text.clone())
        }),
        Some(Item::Proposed(index)) => ui.learnt.improvements.get(index).map(|one| {
            let says = proposal(one.category, &one.text, &one.evidence);
            (Asked::Improve { id: None, says, team, proposed: None }, one.text.clone())
        }),
        _ => None,
    };
    let Some((asked, text)) = asked else { return Vec::new() };
    match asked.command(&text, &by) {
        // Until its event is here, and for good: it is proposed no more.
        Ok(command) => {
            ui.learnt.set_aside(&text);
            send(command)
        }
        Err(why) => {
            ui.complain(why);
            Vec::new()
        }
    }
}

fn proposal(category: Category, text: &str, evidence: &[u64]) -> Proposal {
    let (text, evidence) = (text.to_owned(), evidence.to_vec());
    Proposal { category, text, owner: None, due: None, evidence }
}

fn amend(state: &State, ui: &Ui) -> Option<Dialog> {
    let team = team(state, ui);
    match selected(state, ui)? {
        Item::Line(index) => {
            let line = ui.learnt.lines.get(index)?;
            let proposed = Some(line.text.clone());
            let evidence = line.evidence.clone();
            let asked = Asked::Write { kind: line.kind, team, proposed, evidence };
            ask(asked, "debrief-ask-line", "", &line.text)
        }
        Item::Proposed(index) => {
            let one = ui.learnt.improvements.get(index)?;
            let says = proposal(one.category, &one.text, &one.evidence);
            let proposed = Some(one.text.clone());
            let asked = Asked::Improve { id: None, says, team, proposed };
            ask(asked, "debrief-ask-improvement", "", &one.text)
        }
        _ => {
            let one = improvement(state, ui)?;
            let (id, says) = (Some(one.id), one.says.clone());
            let asked = Asked::Improve { id, says, team, proposed: None };
            ask(asked, "debrief-ask-improvement", "", &one.says.text)
        }
    }
}

fn set_aside(state: &State, ui: &mut Ui) {
    let text = match selected(state, ui) {
        Some(Item::Line(index)) => ui.learnt.lines.get(index).map(|one| one.text.clone()),
        Some(Item::Proposed(index)) => {
            ui.learnt.improvements.get(index).map(|one| one.text.clone())
        }
        _ => None,
    };
    if let Some(text) = text {
        ui.learnt.set_aside(&text);
    } else if let Some(one) = improvement(state, ui) {
        ui.dialog = ask(Asked::Drop(one.id), "debrief-ask-drop", &one.says.text, "");
    }
}

fn add(state: &State, ui: &mut Ui) {
    match Part::chosen(ui).kind() {
        Some(kind) => {
            let (team, evidence) = (team(state, ui), Vec::new());
            let asked = Asked::Write { kind, team, proposed: None, evidence };
            ui.dialog = ask(asked, "debrief-ask-line", "", "");
        }
        None => ui.picking = Some(Picking::new(Picks::Category(None), state)),
    }
}

/// Asks what a new improvement of a category says.
pub fn improve(category: Category, state: &State, ui: &mut Ui) {
    let says = proposal(category, "", &[]);
    let asked = Asked::Improve { id: None, says, team: team(state, ui), proposed: None };
    ui.dialog = ask(asked, "debrief-ask-improvement", category.name(), "");
}

fn classify(state: &State, ui: &mut Ui) {
    if let Some(Item::Incident(id)) = selected(state, ui) {
        ui.picking = Some(Picking::new(Picks::Cause(id), state));
    } else if let Some(one) = improvement(state, ui) {
        ui.picking = Some(Picking::new(Picks::Category(Some(one.id)), state));
    }
}

fn owner(state: &State, ui: &Ui) -> Option<Dialog> {
    let one = improvement(state, ui)?;
    let asked = Asked::Owner { id: one.id, says: one.says.clone(), team: team(state, ui) };
    let owner = one.says.owner.as_deref().unwrap_or_default();
    ask(asked, "debrief-ask-owner", &one.says.text, owner)
}

fn due(state: &State, ui: &Ui) -> Option<Dialog> {
    let one = improvement(state, ui)?;
    let asked = Asked::Due { id: one.id, says: one.says.clone(), team: team(state, ui) };
    let due = one.says.due.map(|due| due.to_string()).unwrap_or_default();
    ask(asked, "debrief-ask-due", &one.says.text, &due)
}

fn settle(state: &State, ui: &Ui) -> Vec<Outcome> {
    let Some(Item::Earlier(index)) = selected(state, ui) else { return Vec::new() };
    let Some(known) = ui.learnt.known.get(index) else { return Vec::new() };
    let (exercise, entry) = (known.exercise.clone(), known.taught.entry);
    send(Command::SettleEarlier { exercise, entry, done: known.done.is_none(), by: ui.by.clone() })
}

/// How many in each part wait for somebody.
pub fn waiting(state: &State, ui: &Ui) -> [usize; PARTS] {
    ALL.map(|part| {
        items(state, ui, part).iter().filter(|item| super::waits(**item, state, ui)).count()
    })
}
