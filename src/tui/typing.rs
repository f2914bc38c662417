//! Keys in the log's line: what is typed, for which team, and what becomes of it. Not its drawing.

use super::answer::Outcome;
use super::ui::Ui;
pub use crate::exercise::log::FACILITATOR;
use crate::exercise::log_line::{describe, parse};
use crate::exercise::state::State;

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

/// What Enter would do now; an error says why it would do nothing.
pub fn preview(state: &State, ui: &Ui) -> Result<String, String> {
    if ui.draft.is_empty() {
        return Ok("!2 title: incident · ack #1 · resolve #1 · lesson: … · anything else: a note"
            .to_owned());
    }
    let lines = written(ui);
    if let [one] = lines.as_slice() {
        return parse(one, &state.incidents).map(|line| format!("Enter: {}", describe(&line)));
    }
    for (index, line) in lines.iter().enumerate() {
        parse(line, &state.incidents).map_err(|why| format!("line {}: {why}", index + 1))?;
    }
    Ok(format!("Enter: {} lines, each an entry of its own", lines.len()))
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
    let mut outcomes = Vec::new();
    for line in written(ui) {
        match parse(line, &state.incidents) {
            Ok(line) => {
                outcomes.extend(
                    line.commands(&team, &author)
                        .into_iter()
                        .map(|one| Outcome::Send(Box::new(one))),
                );
            }
            Err(why) => {
                ui.complain(why);
                return Vec::new();
            }
        }
    }
    ui.unconfirmed = std::mem::take(&mut ui.draft).lines().to_vec();
    outcomes
}
