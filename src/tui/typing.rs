//! Keys in the log's line: what is typed, for which team, and what becomes of it. Not its drawing.

use super::answer::Outcome;
use super::line_words::{self, Preview};
use super::pending::Pending;
use super::ui::Ui;
use crate::exercise::command::Command;
use crate::exercise::event::Event;
pub use crate::exercise::log::FACILITATOR;
use crate::exercise::log_line::{Known, parse};
use crate::exercise::state::State;
use crate::lang::Message;

/// Goes `by` teams on. Behind the teams comes the facilitator.
pub fn change_team(by: usize, state: &State, ui: &mut Ui) {
    let teams = writers(state);
    ui.team = (ui.team + by) % teams;
}

/// How many can be written for.
fn writers(state: &State) -> usize {
    let teams = state.plan().teams.len();
    if state.participants { teams.max(1) } else { teams + 1 }
}

/// Goes a team back.
pub fn team_before(state: &State, ui: &mut Ui) {
    change_team(writers(state) - 1, state, ui);
}

/// The team that types.
pub fn team<'a>(state: &'a State, ui: &Ui) -> &'a str {
    state.plan().teams.get(ui.team).map_or(FACILITATOR, String::as_str)
}

/// What can be written about at this screen.
pub fn known(state: &State) -> Known<'_> {
    Known::of(state, !state.participants)
}

/// What Enter would do now; nothing: nothing is typed.
///
/// # Errors
/// Why it would do nothing.
pub fn preview(state: &State, ui: &Ui) -> Result<Option<Preview>, Message> {
    if ui.draft.is_empty() {
        return Ok(None);
    }
    let known = known(state);
    let lines = written(ui);
    if let [one] = lines.as_slice() {
        let line = parse(one, &known).map_err(|why| line_words::wrong(&why))?;
        return Ok(Some(line_words::does(&line, &known, team(state, ui), &ui.by)));
    }
    for (index, line) in lines.iter().enumerate() {
        parse(line, &known).map_err(|why| in_line(index, line_words::wrong(&why)))?;
    }
    let lines = Message::plain("line-lines").with("count", lines.len().to_string());
    Ok(Some(Preview { does: vec![lines], warns: Vec::new() }))
}

fn in_line(index: usize, why: Message) -> Message {
    let number = (index + 1).to_string();
    Message::plain("line-of-lines").with("number", number).saying("why", why)
}

fn written(ui: &Ui) -> Vec<&String> {
    let lines: Vec<_> = ui.draft.lines().iter().filter(|line| !line.trim().is_empty()).collect();
    if lines.is_empty() { ui.draft.lines().iter().take(1).collect() } else { lines }
}

/// All lines or none: what cannot be understood stays where it was typed.
pub fn submit(state: &State, ui: &mut Ui) -> Vec<Outcome> {
    if ui.draft.is_empty() {
        return Vec::new();
    }
    let (team, author) = (team(state, ui).to_owned(), ui.by.clone());
    let known = known(state);
    let lines = written(ui);
    let mut pending = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        match parse(line, &known) {
            Ok(understood) => {
                pending.push(Pending::new(line, understood.commands(&team, &author)));
            }
            Err(why) => {
                let why = line_words::wrong(&why);
                let why = if lines.len() > 1 { in_line(index, why) } else { why };
                ui.complain(why);
                return Vec::new();
            }
        }
    }
    let sent = pending.iter().flat_map(|one| one.left().cloned());
    let outcomes = sent.map(|one| Outcome::Send(Box::new(one))).collect();
    ui.draft = super::draft::Draft::new();
    ui.offers.clear();
    ui.unconfirmed.extend(pending);
    outcomes
}

/// Something happened; perhaps it is what a line that was handed over asked for.
pub fn happened(event: &Event, ui: &mut Ui) {
    if ui.unconfirmed.iter_mut().any(|one| one.happened(event)) {
        ui.unconfirmed.retain(|one| one.left().next().is_some());
    }
}

/// Something was refused: the line it was, if it was one, goes back to where it was typed, before what is typed there;
/// gives whether it was one.
pub fn refused(of: &Command, ui: &mut Ui) -> bool {
    // Of two that are the same the first may have been followed.
    let found = ui.unconfirmed.iter().rposition(|one| one.left().any(|left| left == of));
    if let Some(found) = found {
        let lines = ui.unconfirmed.remove(found).lines();
        put_back(lines, ui);
    }
    found.is_some()
}

/// Puts lines before what is typed.
pub fn put_back(mut lines: Vec<String>, ui: &mut Ui) {
    if !ui.draft.is_empty() {
        lines.extend_from_slice(ui.draft.lines());
    }
    if !lines.is_empty() {
        ui.draft.set(lines);
        ui.offers.clear();
    }
}

/// Lines from an earlier screen that were never seen to be written: they are typed again, and the person is told.
pub fn give_back(lines: Vec<String>, ui: &mut Ui) {
    let first = lines.iter().find(|line| !line.trim().is_empty()).cloned();
    if let Some(first) = first {
        put_back(lines, ui);
        ui.complain(Message::plain("line-not-written").with("text", super::text::fit(&first, 60)));
    }
}

/// Everything that was typed and is not seen to be written.
pub fn unwritten(ui: &Ui) -> Vec<String> {
    let pending = ui.unconfirmed.iter().flat_map(Pending::lines);
    // These alone are beginnings that the program itself may have made.
    let begins = |line: &str| matches!(line, "lesson:" | "well:" | "badly:" | "lucky:");
    let typed = ui.draft.lines().iter();
    let typed = typed.filter(|line| !line.trim().is_empty() && !begins(line.trim()));
    pending.chain(typed.cloned()).collect()
}
