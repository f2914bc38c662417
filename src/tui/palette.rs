//! Keys in the line for levers: what is typed, how it goes on, for which team it is pulled. Not its drawing.

use super::answer::Outcome;
use super::key::{Code, Key};
use super::typing;
use super::ui::Ui;
use crate::exercise::command::Command;
use crate::exercise::lever::Lever;
use crate::exercise::lever::complete::completed;
use crate::exercise::lever::names::Names;
use crate::exercise::lever::parse::parse;
use crate::exercise::state::State;

/// Takes a key while a lever is typed.
pub fn press(key: Key, state: &State, ui: &mut Ui) -> Vec<Outcome> {
    // Behind the teams comes the facilitator, who pulls no lever.
    let teams = state.plan().teams.len();
    match key.code {
        Code::Esc => ui.palette = false,
        Code::Char('c') if key.ctrl => ui.palette = false,
        Code::Tab => {
            if let Some(line) = completed(&line(ui), &names(state)) {
                ui.lever.set(vec![line]);
            }
        }
        Code::BackTab => ui.team = (ui.team + 1) % teams.max(1),
        Code::Enter => return submit(state, ui),
        _ => ui.lever.press(key),
    }
    Vec::new()
}

/// What is typed, blanks at the end and all.
pub fn line(ui: &Ui) -> String {
    ui.lever.lines().join(" ")
}

/// The names that can be typed.
pub fn names(state: &State) -> Names {
    Names::of(&state.topology).and_of(state.plan())
}

/// What Enter would pull now; an error says why it would pull nothing.
pub fn preview(state: &State, ui: &Ui) -> Result<Lever, String> {
    let lever = parse(&line(ui), &names(state))?;
    if ui.team >= state.plan().teams.len() {
        return Err("levers are pulled by a team: Shift-Tab chooses one".to_owned());
    }
    Ok(lever)
}

fn submit(state: &State, ui: &mut Ui) -> Vec<Outcome> {
    match preview(state, ui) {
        Ok(lever) => {
            ui.palette = false;
            ui.lever.clear();
            ui.say(format!("{lever}: being done"));
            let team = typing::team(state, ui).to_owned();
            let author = ui.by.clone();
            vec![Outcome::Send(Box::new(Command::PullLever { lever, team, author }))]
        }
        Err(why) => {
            ui.complain(why);
            Vec::new()
        }
    }
}
